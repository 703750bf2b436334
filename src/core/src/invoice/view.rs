//! The words of an invoice, as stored and as shown. Amounts are integer units (satoshi), times
//! seconds since 1970.

use crate::primitives::{BlockHeight, UnixTime};
use serde::{Deserialize, Serialize};

/// What is due, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct InvoiceRequest {
    /// What the merchant calls it: `Table 7`. May be empty.
    pub label: String,
    /// The address that is to be paid.
    pub address: String,
    /// Units due; not zero.
    pub due: u64,
    /// Parts per million of `due` that may be missing; under 1,000,000.
    pub tolerance_ppm: u32,
    /// Confirmations until it is settled; 0 to 100.
    pub confirmations: u32,
    /// Seconds until it expires.
    pub expires_in: u32,
    /// The share of all hash power that an attacker is thought to have, in parts per million.
    pub attacker_share_ppm: u32,
    /// The most units due for which the cashier may hand over at risk; none: 1,000,000.
    #[serde(default)]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub risk_cap: Option<u64>,
}

/// A decision of the merchant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum Decision {
    /// Stop watching; the address stays this invoice's.
    Cancel,
    /// Hand over before the confirmations are there.
    AcceptAtRisk,
    /// Take a payment that came after the expiry.
    AcceptLate,
    /// Note that the amount (or the excess) is to be given back.
    Refund,
    /// The merchant has read the alarm.
    Acknowledge,
}

/// Where an invoice stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum InvoiceStatus {
    /// Not stored yet.
    Draft,
    /// Nothing enough was seen.
    Awaiting,
    /// Enough was seen, unverified, in no block.
    Seen,
    /// Enough is in blocks, not deep enough.
    Confirming {
        /// The largest k for which enough has k confirmations.
        depth: u32,
        /// How many are wanted.
        of: u32,
    },
    /// Enough has the wanted confirmations.
    Settled {
        /// The largest k for which enough has k confirmations.
        depth: u32,
    },
    /// The time ran out while the network was being watched.
    Expired,
    /// The merchant stopped it.
    Cancelled,
}

/// What else is true of an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum InvoiceFlag {
    /// Something was paid, and it is not enough.
    Partial,
    /// More was paid than is due.
    Over,
    /// Enough was first there after the expiry.
    Late,
    /// Enough came while this client was away: before or after the expiry is unknown.
    TimeUnknown,
    /// A payment has been in no block for 24 hours.
    Stuck,
    /// Another transaction spends the same coin as a payment.
    Conflict,
    /// A payment was replaced by one that still pays.
    Bumped,
    /// A payment's block left the best chain.
    Reorged,
    /// The merchant handed over before it was settled.
    AcceptedAtRisk,
    /// The merchant noted a refund.
    Marked,
    /// Another invoice had the same address before or after: whose a payment is was told by time
    /// alone.
    Ambiguous,
}

/// How one payment stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum PaymentState {
    /// Announced, unverified.
    Seen,
    /// Another unconfirmed transaction spends one of its coins.
    Conflicted {
        /// That transaction.
        by: String,
    },
    /// Everybody who announced it has since announced another in its place.
    Replaced {
        /// That transaction.
        by: String,
    },
    /// In a block of the best chain.
    Mined {
        /// Confirmations: 1 for the tip.
        depth: u32,
        /// The block.
        block: String,
        /// Its height.
        height: BlockHeight,
    },
    /// Its block left the best chain.
    Reorged,
    /// A block holds another spend of one of its coins, or of an ancestor's.
    Dead {
        /// That transaction.
        by: String,
    },
}

/// A payment to an invoice: one transaction, all its outputs to the invoice's script together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct PaymentView {
    /// The transaction.
    pub txid: String,
    /// Units that it pays to the invoice.
    pub value: u64,
    /// How it stands.
    pub state: PaymentState,
    /// When this client first saw it.
    pub first_seen: UnixTime,
    /// The operators that announced it.
    pub seen_by: Vec<String>,
    /// The operators that announced a transaction in conflict with it.
    pub conflict_seen_by: Vec<String>,
    /// Whether it counts now.
    pub counts: bool,
}

/// From one moment to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct TimeRange {
    /// The first second.
    pub from: UnixTime,
    /// The last second; none while it lasts.
    pub to: Option<UnixTime>,
}

/// One change of an invoice, with its reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Change {
    /// When.
    pub at: UnixTime,
    /// What it became.
    pub status: InvoiceStatus,
    /// Why.
    pub reason: Reason,
    /// Whether it is worse than before: the till raises an alarm until it is acknowledged.
    pub alarm: bool,
}

/// Why an invoice changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum Reason {
    /// It was made.
    Created,
    /// A payment was announced.
    PaymentSeen {
        /// The transaction.
        txid: String,
    },
    /// A payment is in a block.
    PaymentMined {
        /// The transaction.
        txid: String,
        /// The block's height.
        height: BlockHeight,
    },
    /// The chain grew over the payment.
    BlockAdded {
        /// The new tip's height.
        height: BlockHeight,
    },
    /// Another spend of the same coin was seen.
    ConflictSeen {
        /// The payment.
        txid: String,
        /// The other transaction.
        by: String,
    },
    /// A payment was replaced.
    PaymentReplaced {
        /// The payment.
        txid: String,
        /// The other transaction.
        by: String,
        /// Whether the other pays this invoice at least as much.
        still_pays: bool,
    },
    /// A payment's block was abandoned.
    ReorganisedOut {
        /// The payment.
        txid: String,
        /// The abandoned block's height.
        height: BlockHeight,
    },
    /// A block holds another spend of the payment's coin.
    DoubleSpent {
        /// The payment.
        txid: String,
        /// The other transaction.
        by: String,
    },
    /// Blocks over the payment left the best chain; the payment is still in it.
    DepthLost {
        /// The new tip's height.
        height: BlockHeight,
    },
    /// A payment was dropped: one operator announced more than can be kept.
    PaymentForgotten {
        /// The transaction.
        txid: String,
    },
    /// The time ran out.
    TimeRanOut,
    /// The merchant decided.
    Decided {
        /// What.
        decision: Decision,
    },
}

/// What the till concludes, and all that it concludes it from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Verdict {
    /// The conclusion.
    pub answer: VerdictAnswer,
    /// Operators that are connected now.
    pub operators: Vec<String>,
    /// Of these, the ones that announced a payment that counts.
    pub seen_by: Vec<String>,
    /// The ones that announced a transaction in conflict with a payment.
    pub conflict_seen_by: Vec<String>,
    /// Seconds since any operator said anything; none: none ever did.
    pub silent_for: Option<u32>,
    /// Seconds since the tip's own time; the network's spacing scales what is stale.
    pub tip_age: u32,
    /// No block for so long that nothing may be called confirmed.
    pub tip_stale: bool,
    /// The largest k for which enough has k confirmations.
    pub depth: u32,
    /// Hashes, expected, behind the shallowest payment needed, as a logarithm to base 2; none
    /// without a confirmation.
    pub work_behind_log2: Option<f64>,
    /// The attacker's share that was assumed; none on a network where no share can be offered.
    pub attacker_share: Option<f64>,
    /// The odds that such an attacker catches up (Rosenfeld 2014), 0 to 1.
    pub attacker_chance: Option<f64>,
    /// These odds times the amount, in units, rounded up.
    pub value_at_risk: Option<u64>,
    /// Anybody can rent the hash power to rewrite this chain: proof of work alone makes no payment
    /// safe, however deep it is.
    pub rentable: bool,
    /// Seconds that one graphics card takes for the work behind the payment; none without a
    /// confirmation, or where hash power of that order cannot be rented.
    pub rewrite_seconds: Option<f64>,
    /// The headers are cheap to make on this network: the peers are trusted.
    pub trusts_peers: bool,
    /// When the till was not watching since the invoice was made.
    pub not_watched: Vec<TimeRange>,
}

/// The conclusion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum VerdictAnswer {
    /// No operator answers, or the newest block is too old, or the time in question was not watched.
    CannotTell,
    /// Nothing was seen while watching.
    NothingSeen,
    /// Something was seen, not enough.
    TooLittle,
    /// Enough was seen; a light client cannot know that its coins exist.
    SeenUnverified,
    /// Verified in blocks, not yet as deep as the merchant wants.
    Confirming,
    /// Verified in blocks, as deep as the merchant wants.
    Confirmed,
    /// The same coin was spent elsewhere: do not hand over.
    Conflict,
}

/// An invoice as the page shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct InvoiceView {
    /// Its number, from 1.
    pub id: u32,
    /// What was asked for.
    pub request: InvoiceRequest,
    /// The script that is watched, in hex: derived here from the address.
    pub script: String,
    /// When it was made.
    pub created: UnixTime,
    /// When it expires.
    pub expires: UnixTime,
    /// The least that pays it: `due` less the tolerance.
    pub need: u64,
    /// Units that count now, with any number of confirmations.
    pub credit: u64,
    /// Units that are missing from `due`.
    pub remaining: u64,
    /// Units over `due`.
    pub excess: u64,
    /// Where it stands.
    pub status: InvoiceStatus,
    /// What else is true.
    pub flags: Vec<InvoiceFlag>,
    /// Every payment ever seen, oldest first.
    pub payments: Vec<PaymentView>,
    /// Every change, oldest first.
    pub changes: Vec<Change>,
    /// An alarm that was not acknowledged: the newest change that carries one.
    pub alarm: Option<Change>,
    /// The conclusion and its reasons.
    pub verdict: Verdict,
    /// The payment link for what remains: BIP321's `bitcoin:` or `farthing:`.
    pub uri: String,
    /// Transactions that were looked at for it.
    pub transactions_looked_at: u32,
    /// Blocks are scanned for it from this height; up to which, if any were.
    pub scanned: Option<(BlockHeight, BlockHeight)>,
}
