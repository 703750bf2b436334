//! An invoice's status as a pure function of the payments seen, the best chain, the clock and the
//! merchant's decisions. It is computed again on every event: nothing is final because it was once
//! true.
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
pub use view::{
    Change, Decision, InvoiceFlag, InvoiceRequest, InvoiceStatus, InvoiceView, PaymentState,
    PaymentView, Reason, TimeRange, Verdict, VerdictAnswer,
};
pub use watch::WATCH_LAPSE;
