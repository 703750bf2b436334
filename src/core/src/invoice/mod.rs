//! An invoice's status as a pure function of the payments seen, the best chain, the clock and the
//! merchant's decisions. It is computed again on every event: nothing is final because it was once
//! true.
//!
//! The rules, by the numbers that the tests carry. `need` is what is due less the tolerance,
//! `credit(k)` what the live payments with k confirmations or more add up to, N the confirmations
//! that the merchant asked for.
//!
//! 1. Settled at `credit(N) >= need`, else confirming at `credit(1)`, else seen at `credit(0)`;
//!    else awaiting until the expiry, and expired after it.
//! 2. Payments add up. The depth is the largest k at which `credit(k)` is enough.
//! 3. Too little is partial: the same address goes on waiting, and the link asks for the rest.
//! 4. Too much settles, and the excess is shown.
//! 5. Enough only after the expiry is late, and settles by a decision alone; where part of the time
//!    before was not watched, its time is unknown. Expired is said only of a time that was watched.
//! 6. A replaced payment counts no more. Where its replacement pays as much it was bumped, and the
//!    depth starts again; where it pays less, that is an alarm.
//! 7. A payment in conflict counts when it is mined, and not before. The loser is dead, and so is
//!    whatever spends it.
//! 8. A payment whose block left the chain is unconfirmed again: a settled invoice falls back, with
//!    an alarm, and the transaction is sent anew.
//! 9. A day in no block is stuck, not invalid.
//! 10. An address has one open invoice at a time. A payment is for the one that was open when it
//!     was first seen, and both invoices say that this is a guess.
//! 11. Handing over the goods for an unconfirmed payment is the merchant's decision about one sale
//!     below the cap; it settles nothing.
//! 12. N is the merchant's own: nothing less settles, nothing more is waited for.
//!
//! | file | what is in it |
//! |---|---|
//! | `view` | the words of an invoice, as stored and as shown |
//! | `request` | [`validate`] and [`open`]: what may be asked for, and where |
//! | `record` | [`InvoiceRecord`]: what is stored, and the merchant's decisions |
//! | `watch` | when the network was watched |
//! | `facts` | [`ChainFacts`]: what is known of chain and network |
//! | `assess` | the pure function: credit, status, flags |
//! | `update` | [`update()`]: what changed, why, and whether it is an alarm |
//! | `verdict` | what the till knows |
//! | `attacker` | the odds that an attacker catches up |
//! | `uri` | the payment link |
//! | `show` | [`view()`]: the invoice as the page shows it |

mod assess;
pub mod attacker;
mod facts;
mod record;
mod request;
mod show;
#[cfg(test)]
mod tests;
mod update;
mod uri;
mod verdict;
mod view;
mod watch;

pub use facts::{ChainFacts, Freshness, freshness};
pub use record::{DEFAULT_RISK_CAP, DecisionError, InvoiceRecord};
pub use request::{RequestError, open, validate};
pub use show::view;
pub use update::update;
pub use uri::{decimal, payment_uri};
pub use verdict::CARD_HASHES_PER_SECOND;
pub use view::{
    Change, Decision, InvoiceFlag, InvoiceRequest, InvoiceStatus, InvoiceView, PaymentState,
    PaymentView, Reason, TimeRange, Verdict, VerdictAnswer,
};
pub use watch::WATCH_LAPSE;
