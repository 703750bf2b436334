//! An invoice as the page shows it.

use super::assess::{Assessed, assess};
use super::facts::ChainFacts;
use super::record::InvoiceRecord;
use super::uri::payment_uri;
use super::verdict::verdict;
use super::view::{InvoiceView, PaymentState, PaymentView};
use crate::params::SpendRule;
use crate::payments::{Payment, Standing};
use crate::primitives::UnixTime;

/// Payments that are shown: the largest ones. A flood of dust is counted, not listed.
const SHOWN: usize = 200;

/// An invoice as it is now.
#[must_use]
pub fn view(
    record: &InvoiceRecord,
    payments: &[Payment],
    facts: &ChainFacts<'_>,
    now: UnixTime,
) -> InvoiceView {
    let payments = record.archived.as_deref().unwrap_or(payments);
    let assessment = assess(record, payments, facts, now);
    let due = record.request.due;
    let remaining = due.saturating_sub(assessment.credit);
    let mut shown: Vec<&Assessed<'_>> = assessment.payments.iter().collect();
    if shown.len() > SHOWN {
        shown.sort_by_key(|own| std::cmp::Reverse((own.counts, own.payment.value)));
        shown.truncate(SHOWN);
        shown.sort_by_key(|own| (own.payment.first_seen, own.payment.txid));
    }
    InvoiceView {
        id: record.id,
        request: record.request.clone(),
        script: record.script.to_hex_string(),
        created: record.created,
        expires: record.expires(),
        need: assessment.need,
        credit: assessment.credit,
        remaining,
        excess: assessment.credit.saturating_sub(due),
        status: assessment.status,
        flags: assessment.flags.clone(),
        payments: shown.into_iter().map(payment_view).collect(),
        changes: record.changes.clone(),
        alarm: record.alarm.clone(),
        verdict: verdict(record, &assessment, facts, now),
        uri: payment_uri(
            &facts.params.uri_scheme,
            &record.request.address,
            remaining,
            &record.request.label,
            (facts.params.spend_rule == SpendRule::Ed25519).then_some(facts.params.name.as_str()),
        ),
        transactions_looked_at: record.transactions_looked_at,
        scanned: record.scanned_to.map(|to| (record.scan_from, to)),
    }
}

fn payment_view(own: &Assessed<'_>) -> PaymentView {
    let payment = own.payment;
    PaymentView {
        txid: payment.txid.to_string(),
        value: payment.value,
        state: match payment.standing {
            Standing::Seen => PaymentState::Seen,
            Standing::Conflicted { by } => PaymentState::Conflicted { by: by.to_string() },
            Standing::Replaced { by } => PaymentState::Replaced { by: by.to_string() },
            Standing::Mined { block, height } => PaymentState::Mined {
                depth: own.confirmations,
                block: block.to_string(),
                height,
            },
            Standing::Reorged { .. } => PaymentState::Reorged,
            Standing::Dead { by } => PaymentState::Dead { by: by.to_string() },
        },
        first_seen: payment.first_seen,
        seen_by: payment.seen_by.clone(),
        conflict_seen_by: payment.conflict_seen_by.clone(),
        counts: own.counts,
    }
}
