//! What changed since an invoice was last told, with reasons that a person can read.
//!
//! A change for the worse raises an alarm that stays until it is acknowledged: a conflict, a double
//! spend, a replacement that pays less, a payment's block abandoned, any fall from settled or
//! confirming.

use super::assess::{Assessment, assess};
use super::facts::ChainFacts;
use super::record::{InvoiceRecord, Told};
use super::view::{Change, Decision, InvoiceStatus, Reason};
use crate::payments::{Payment, Standing};
use crate::primitives::UnixTime;

/// Looks at an invoice again, and notes and returns what changed. The record is to be stored
/// with the payments that it rests on.
pub fn update(
    record: &mut InvoiceRecord,
    payments: &[Payment],
    facts: &ChainFacts<'_>,
    now: UnixTime,
) -> Vec<Change> {
    let archived = record.archived.clone();
    let assessment = assess(record, archived.as_deref().unwrap_or(payments), facts, now);
    let decided: Vec<Decision> = std::mem::take(&mut record.untold);
    let mut reasons: Vec<(Reason, bool)> = decided
        .iter()
        .map(|decision| {
            (
                Reason::Decided {
                    decision: *decision,
                },
                false,
            )
        })
        .collect();
    reasons.extend(payment_reasons(&record.told, &assessment));

    let (before, after) = (record.told.status, assessment.status);
    let worse = decided.is_empty() && is_worse(before, after);
    if reasons.is_empty() && is_news(before, after) {
        reasons.push((status_reason(before, after, facts), false));
    }
    if worse && let Some((_, alarm)) = reasons.last_mut() {
        *alarm = true;
    }

    record.told = Told {
        status: after,
        flags: assessment.flags.clone(),
        credit: assessment.credit,
        payments: assessment
            .payments
            .iter()
            .map(|own| (own.payment.txid, own.payment.standing))
            .collect(),
    };
    let changes: Vec<Change> = reasons
        .into_iter()
        .map(|(reason, alarm)| Change {
            at: now,
            status: after,
            reason,
            alarm,
        })
        .collect();
    for change in &changes {
        record.tell(change.clone());
    }
    changes
}

/// What happened to each payment, oldest first, and whether it is bad news.
fn payment_reasons(told: &Told, assessment: &Assessment<'_>) -> Vec<(Reason, bool)> {
    let mut reasons = Vec::new();
    for own in &assessment.payments {
        let payment = own.payment;
        let before = told.payments.get(&payment.txid).copied();
        if before == Some(payment.standing) {
            continue;
        }
        let txid = payment.txid.to_string();
        let still_pays = assessment.is_bumped(payment);
        if let (Some(Standing::Mined { height, .. }), false) = (
            before,
            matches!(
                payment.standing,
                Standing::Mined { .. } | Standing::Dead { .. }
            ),
        ) {
            reasons.push((
                Reason::ReorganisedOut {
                    txid: txid.clone(),
                    height,
                },
                true,
            ));
        }
        reasons.push(match payment.standing {
            Standing::Seen => (Reason::PaymentSeen { txid }, false),
            Standing::Mined { height, .. } => (Reason::PaymentMined { txid, height }, false),
            Standing::Reorged { .. } => continue,
            Standing::Conflicted { by } => (
                Reason::ConflictSeen {
                    txid,
                    by: by.to_string(),
                },
                !still_pays,
            ),
            Standing::Replaced { by } => (
                Reason::PaymentReplaced {
                    txid,
                    by: by.to_string(),
                    still_pays,
                },
                !still_pays,
            ),
            // The bump of a payment that was replaced before is no news when it is mined.
            Standing::Dead { .. }
                if still_pays && matches!(before, Some(Standing::Replaced { .. })) =>
            {
                continue;
            }
            Standing::Dead { by } if still_pays => (
                Reason::PaymentReplaced {
                    txid,
                    by: by.to_string(),
                    still_pays,
                },
                false,
            ),
            Standing::Dead { by } => (
                Reason::DoubleSpent {
                    txid,
                    by: by.to_string(),
                },
                true,
            ),
        });
    }
    for txid in told.payments.keys() {
        if !assessment
            .payments
            .iter()
            .any(|own| own.payment.txid == *txid)
        {
            reasons.push((
                Reason::PaymentForgotten {
                    txid: txid.to_string(),
                },
                false,
            ));
        }
    }
    reasons
}

/// A change of status that no payment and no decision explains: time, or blocks above.
fn status_reason(before: InvoiceStatus, after: InvoiceStatus, facts: &ChainFacts<'_>) -> Reason {
    if after == InvoiceStatus::Expired {
        Reason::TimeRanOut
    } else if is_worse(before, after) {
        Reason::DepthLost { height: facts.tip }
    } else {
        Reason::BlockAdded { height: facts.tip }
    }
}

/// Growth over what is settled, or past what is wanted, is no news.
fn is_news(before: InvoiceStatus, after: InvoiceStatus) -> bool {
    match (before, after) {
        (InvoiceStatus::Settled { .. }, InvoiceStatus::Settled { .. }) => false,
        (
            InvoiceStatus::Confirming { depth: was, .. },
            InvoiceStatus::Confirming { depth: is, of },
        ) => was.min(of) != is.min(of),
        (before, after) => before != after,
    }
}

/// A fall from settled or confirming.
fn is_worse(before: InvoiceStatus, after: InvoiceStatus) -> bool {
    let rank = |status| match status {
        InvoiceStatus::Draft | InvoiceStatus::Expired | InvoiceStatus::Cancelled => (0, 0),
        InvoiceStatus::Awaiting => (1, 0),
        InvoiceStatus::Seen => (2, 0),
        InvoiceStatus::Confirming { depth, of } => (3, depth.min(of)),
        InvoiceStatus::Settled { .. } => (4, 0),
    };
    rank(before) >= (3, 0) && rank(after) < rank(before)
}
