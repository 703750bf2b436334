//! The verdict: what the till knows, not only what it concludes.
//!
//! "Cannot tell" is an answer of its own. A conflict is said first, whatever else is unknown: it is
//! the one thing that hostile peers cannot make a merchant miss by keeping silent about the rest.

use super::assess::Assessment;
use super::attacker;
use super::facts::{ChainFacts, Freshness, SILENCE, freshness};
use super::record::InvoiceRecord;
use super::view::{InvoiceFlag, TimeRange, Verdict, VerdictAnswer};
use crate::params::SpendRule;
use crate::primitives::{U256, UnixTime};
use std::collections::BTreeSet;

/// Headers that one graphics card of today hashes in a second, as an attacker would. Published
/// benchmarks of hashcat (mode 1400) give a card of 2022, an RTX 4090, 22 thousand million SHA-256 a
/// second; a header takes two compressions of it once the first 64 bytes are done with. To the
/// nearest power of ten, for the order of magnitude is all that the verdict says: a rig of ten cards,
/// or a rented machine made for it, is faster by as much again or far more.
pub const CARD_HASHES_PER_SECOND: f64 = 1e10;

pub(super) fn verdict(
    record: &InvoiceRecord,
    assessment: &Assessment<'_>,
    facts: &ChainFacts<'_>,
    now: UnixTime,
) -> Verdict {
    let depth = assessment.depth.unwrap_or(0);
    let operators: BTreeSet<&String> = facts.operators.iter().collect();
    let seen_by = assessment
        .payments
        .iter()
        .filter(|own| own.counts)
        .flat_map(|own| &own.payment.seen_by);
    let conflict_seen_by = assessment
        .payments
        .iter()
        .flat_map(|own| &own.payment.conflict_seen_by);

    // Where anybody can rent the hash power, no share is a safe guess.
    let rentable = facts.params.spend_rule == SpendRule::Ed25519;
    let attacker_share =
        (!rentable).then(|| f64::from(record.request.attacker_share_ppm) / 1_000_000.0);
    let attacker_chance = attacker_share
        .filter(|_| assessment.depth.is_some())
        .map(|share| attacker::catch_up(share, depth));
    let work_behind_log2 = depth
        .checked_sub(1)
        .and_then(|below| facts.tip.checked_sub(below))
        .and_then(|height| (facts.work_from)(height))
        .and_then(log2);
    Verdict {
        answer: answer(record, assessment, facts, now),
        seen_by: connected(&operators, seen_by),
        conflict_seen_by: connected(&operators, conflict_seen_by),
        operators: operators.into_iter().cloned().collect(),
        silent_for: facts.last_heard.map(|heard| now.saturating_sub(heard)),
        tip_age: now.saturating_sub(facts.tip_time),
        tip_stale: freshness(facts.params, facts.tip_time, now) == Freshness::Stale,
        depth,
        work_behind_log2,
        rentable,
        rewrite_seconds: work_behind_log2
            .filter(|_| rentable)
            .map(|log2| log2.exp2() / CARD_HASHES_PER_SECOND),
        attacker_share,
        attacker_chance,
        value_at_risk: attacker_chance
            .map(|chance| attacker::value_at_risk(chance, record.request.due)),
        trusts_peers: facts.params.trusts_peers,
        not_watched: not_watched(record, now),
    }
}

fn answer(
    record: &InvoiceRecord,
    assessment: &Assessment<'_>,
    facts: &ChainFacts<'_>,
    now: UnixTime,
) -> VerdictAnswer {
    let depth = assessment.depth;
    if assessment.flags.contains(&InvoiceFlag::Conflict) && depth.is_none() {
        return VerdictAnswer::Conflict;
    }
    let silent = facts
        .last_heard
        .is_none_or(|heard| now.saturating_sub(heard) >= SILENCE);
    if facts.operators.is_empty()
        || silent
        || freshness(facts.params, facts.tip_time, now) == Freshness::Stale
    {
        return VerdictAnswer::CannotTell;
    }
    match depth {
        Some(0) => VerdictAnswer::SeenUnverified,
        Some(depth) if depth >= record.request.confirmations => VerdictAnswer::Confirmed,
        Some(_) => VerdictAnswer::Confirming,
        None if assessment.credit > 0 => VerdictAnswer::TooLittle,
        None if is_blind(record, facts, now) => VerdictAnswer::CannotTell,
        None => VerdictAnswer::NothingSeen,
    }
}

/// Whether a payment in time may be there unseen: announced while nobody watched, or in a block
/// that was not looked at yet. The newest block is on its way, that much is forgiven.
fn is_blind(record: &InvoiceRecord, facts: &ChainFacts<'_>, now: UnixTime) -> bool {
    let behind = facts.tip.saturating_sub(
        record
            .scanned_to
            .unwrap_or(record.scan_from.saturating_sub(1)),
    );
    behind > 1 || record.watch.missed_before(now.min(record.expires()))
}

/// The gaps until now. An open one is told from its first second on.
fn not_watched(record: &InvoiceRecord, now: UnixTime) -> Vec<TimeRange> {
    record
        .watch
        .gaps()
        .iter()
        .filter(|gap| gap.to.is_none() || gap.from < now)
        .copied()
        .collect()
}

fn connected<'a>(
    operators: &BTreeSet<&String>,
    names: impl Iterator<Item = &'a String>,
) -> Vec<String> {
    let names: BTreeSet<&String> = names.filter(|name| operators.contains(name)).collect();
    names.into_iter().cloned().collect()
}

fn log2(work: U256) -> Option<f64> {
    if work.is_zero() {
        return None;
    }
    let (bits, exponent) = work.most_significant_bits();
    // 53 of the 64 bits are enough to show, and an exponent is at most 192.
    Some(libm::log2(bits as f64) + exponent as f64)
}
