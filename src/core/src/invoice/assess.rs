//! Where an invoice stands: a pure function of the payments seen, the best chain, the clock and the
//! merchant's decisions.
//!
//! `credit(k)` is the sum of the live payments with at least k confirmations. Replaced and dead
//! ones never count; one in conflict counts when it is mined.

use super::facts::ChainFacts;
use super::record::InvoiceRecord;
use super::view::{Decision, InvoiceFlag, InvoiceStatus};
use crate::payments::{Payment, Standing};
use crate::primitives::UnixTime;

/// Seconds in no block until a payment is called stuck.
const STUCK: u32 = 24 * 60 * 60;

/// What follows from the facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Assessment<'a> {
    /// The payments of this invoice, oldest first.
    pub(super) payments: Vec<Assessed<'a>>,
    pub(super) need: u64,
    pub(super) credit: u64,
    /// The largest k with `credit(k) >= need`; none where even `credit(0)` is too little.
    pub(super) depth: Option<u32>,
    pub(super) status: InvoiceStatus,
    pub(super) flags: Vec<InvoiceFlag>,
}

/// A payment, and how many confirmations it has if it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Assessed<'a> {
    pub(super) payment: &'a Payment,
    pub(super) confirmations: u32,
    pub(super) counts: bool,
}

impl Assessment<'_> {
    /// Units of live payments with at least so many confirmations.
    pub(super) fn credit_at(&self, confirmations: u32) -> u64 {
        self.payments
            .iter()
            .filter(|payment| payment.counts && payment.confirmations >= confirmations)
            .fold(0u64, |sum, payment| {
                sum.saturating_add(payment.payment.value)
            })
    }

    /// Whether what stands against a payment pays this invoice at least as much.
    pub(super) fn is_bumped(&self, payment: &Payment) -> bool {
        payment.standing.against().is_some_and(|by| {
            self.payments
                .iter()
                .any(|other| other.payment.txid == by && other.payment.value >= payment.value)
        })
    }
}

/// Looks at an invoice.
pub(super) fn assess<'a>(
    record: &InvoiceRecord,
    payments: &'a [Payment],
    facts: &ChainFacts<'_>,
    now: UnixTime,
) -> Assessment<'a> {
    let mut own: Vec<Assessed<'a>> = payments
        .iter()
        .filter(|payment| record.owns(payment))
        .map(|payment| assessed(payment, facts))
        .collect();
    own.sort_by_key(|own| (own.payment.first_seen, own.payment.txid));

    let mut assessment = Assessment {
        payments: own,
        need: record.need(),
        credit: 0,
        depth: None,
        status: InvoiceStatus::Awaiting,
        flags: Vec::new(),
    };
    assessment.credit = assessment.credit_at(0);
    assessment.depth = depth(&assessment);
    let late = late(record, &assessment);
    assessment.status = status(record, &assessment, late, now);
    assessment.flags = flags(record, &assessment, late, now);
    assessment
}

fn assessed<'a>(payment: &'a Payment, facts: &ChainFacts<'_>) -> Assessed<'a> {
    let confirmations = match payment.standing {
        Standing::Mined { height, .. } => facts
            .tip
            .checked_sub(height)
            .map_or(0, |above| above.saturating_add(1)),
        _ => 0,
    };
    // A coinbase cannot be spent before it matures, and dies with its block.
    let mature = !payment.coinbase || confirmations >= facts.params.coinbase_maturity.max(1);
    Assessed {
        payment,
        confirmations,
        counts: payment.standing.is_live() && mature,
    }
}

fn depth(assessment: &Assessment<'_>) -> Option<u32> {
    let mut counted: Vec<&Assessed<'_>> = assessment
        .payments
        .iter()
        .filter(|payment| payment.counts)
        .collect();
    counted.sort_by_key(|payment| std::cmp::Reverse(payment.confirmations));
    reach(
        counted
            .iter()
            .map(|payment| (payment.payment.value, payment.confirmations)),
        assessment.need,
    )
}

/// The tag at which the values, summed in order, reach what is needed.
fn reach(values: impl Iterator<Item = (u64, u32)>, need: u64) -> Option<u32> {
    let mut sum = 0u64;
    for (value, tag) in values {
        sum = sum.saturating_add(value);
        if sum >= need {
            return Some(tag);
        }
    }
    None
}

/// Late, or at an unknown time: the flag that holds the invoice back until it is accepted.
fn late(record: &InvoiceRecord, assessment: &Assessment<'_>) -> Option<InvoiceFlag> {
    let mut counted: Vec<(u64, UnixTime)> = assessment
        .payments
        .iter()
        .filter(|payment| payment.counts)
        .map(|payment| (payment.payment.value, payment.payment.since))
        .collect();
    counted.sort_by_key(|(_, since)| *since);
    let enough_at = reach(counted.into_iter(), assessment.need)?;
    if enough_at <= record.expires() {
        None
    } else if record.watch.missed_before(record.expires()) {
        Some(InvoiceFlag::TimeUnknown)
    } else {
        Some(InvoiceFlag::Late)
    }
}

fn status(
    record: &InvoiceRecord,
    assessment: &Assessment<'_>,
    late: Option<InvoiceFlag>,
    now: UnixTime,
) -> InvoiceStatus {
    if record.is_cancelled() {
        return InvoiceStatus::Cancelled;
    }
    let of = record.request.confirmations;
    let held_back = late.is_some() && record.decided(Decision::AcceptLate).is_none();
    match assessment.depth {
        Some(depth) if depth >= of && !held_back => InvoiceStatus::Settled { depth },
        Some(0) => InvoiceStatus::Seen,
        Some(depth) => InvoiceStatus::Confirming { depth, of },
        None if now <= record.expires() => InvoiceStatus::Awaiting,
        // Of a time that was not watched, "not paid" cannot be said.
        None if !record.watched_to_the_end() => InvoiceStatus::Awaiting,
        None => InvoiceStatus::Expired,
    }
}

fn flags(
    record: &InvoiceRecord,
    assessment: &Assessment<'_>,
    late: Option<InvoiceFlag>,
    now: UnixTime,
) -> Vec<InvoiceFlag> {
    let any = |test: &dyn Fn(&Assessed<'_>) -> bool| assessment.payments.iter().any(test);
    let paid = assessment.credit >= assessment.need;
    let mut flags = Vec::new();
    let mut flag = |flag, holds| {
        if holds {
            flags.push(flag);
        }
    };
    flag(InvoiceFlag::Partial, assessment.credit > 0 && !paid);
    flag(InvoiceFlag::Over, assessment.credit > record.request.due);
    flag(InvoiceFlag::Late, late == Some(InvoiceFlag::Late));
    flag(
        InvoiceFlag::TimeUnknown,
        late == Some(InvoiceFlag::TimeUnknown),
    );
    flag(
        InvoiceFlag::Stuck,
        any(&|own| {
            own.counts
                && own.confirmations == 0
                && now.saturating_sub(own.payment.waiting_since) >= STUCK
        }),
    );
    flag(
        InvoiceFlag::Conflict,
        any(&|own| match own.payment.standing {
            Standing::Conflicted { .. } => true,
            // What is lost for good is an alarm, and a conflict until the sale is paid otherwise.
            Standing::Replaced { .. } | Standing::Dead { .. } => {
                !paid && !assessment.is_bumped(own.payment)
            }
            _ => false,
        }),
    );
    flag(
        InvoiceFlag::Bumped,
        any(&|own| {
            matches!(
                own.payment.standing,
                Standing::Replaced { .. } | Standing::Dead { .. }
            ) && assessment.is_bumped(own.payment)
        }),
    );
    flag(
        InvoiceFlag::Reorged,
        any(&|own| matches!(own.payment.standing, Standing::Reorged { .. })),
    );
    flag(
        InvoiceFlag::AcceptedAtRisk,
        record.decided(Decision::AcceptAtRisk).is_some(),
    );
    flag(
        InvoiceFlag::Marked,
        record.decided(Decision::Refund).is_some(),
    );
    flag(
        InvoiceFlag::Ambiguous,
        record.after_another || record.until.is_some(),
    );
    flags
}
