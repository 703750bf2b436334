//! Whose place a new connection takes when all are taken.
//!
//! As in Bitcoin Core: some are safe for what is hard to fake, a long stay, blocks and transactions
//! brought lately, a short round trip, an address group of its own; of the rest the largest address
//! group loses its youngest. Who floods us with connections thus takes places from himself.

use crate::client::PeerId;
use crate::node::limits;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// What is known of a connection that came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::node) struct Candidate {
    pub(in crate::node) peer: PeerId,
    pub(in crate::node) group: String,
    pub(in crate::node) since_ms: u64,
    pub(in crate::node) brought_block_ms: u64,
    pub(in crate::node) brought_transaction_ms: u64,
    pub(in crate::node) round_trip_ms: Option<u64>,
    pub(in crate::node) unwelcome: bool,
}

/// The one that goes; none: all are safe.
pub(in crate::node) fn select(candidates: &[Candidate]) -> Option<PeerId> {
    if let Some(unwelcome) = candidates.iter().find(|candidate| candidate.unwelcome) {
        return Some(unwelcome.peer);
    }
    let mut left: Vec<&Candidate> = candidates.iter().collect();
    // Of each of the first few groups the one that stayed longest.
    left.sort_by_key(|candidate| candidate.since_ms);
    let mut groups = BTreeSet::new();
    left.retain(|candidate| {
        groups.len() >= limits::PROTECTED || !groups.insert(candidate.group.clone())
    });
    protect(
        &mut left,
        |candidate| candidate.round_trip_ms.is_some(),
        |candidate| candidate.round_trip_ms.unwrap_or(u64::MAX),
    );
    protect(
        &mut left,
        |candidate| candidate.brought_transaction_ms > 0,
        |candidate| Reverse(candidate.brought_transaction_ms),
    );
    protect(
        &mut left,
        |candidate| candidate.brought_block_ms > 0,
        |candidate| Reverse(candidate.brought_block_ms),
    );
    protect(&mut left, |_| true, |candidate| candidate.since_ms);
    let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
    for candidate in &left {
        *sizes.entry(&candidate.group).or_default() += 1;
    }
    let size = |candidate: &Candidate| sizes.get(candidate.group.as_str()).copied();
    left.into_iter()
        .max_by_key(|candidate| (size(candidate), candidate.since_ms, candidate.peer))
        .map(|candidate| candidate.peer)
}

/// Takes the best few out of those that may go.
fn protect<K: Ord>(
    left: &mut Vec<&Candidate>,
    has_merit: impl Fn(&Candidate) -> bool,
    merit: impl Fn(&Candidate) -> K,
) {
    left.sort_by_key(|candidate| (!has_merit(candidate), merit(candidate)));
    let safe = left.iter().take_while(|candidate| has_merit(candidate));
    let safe = safe.count().min(limits::PROTECTED);
    left.drain(..safe);
}

/// Addresses that one hand is likely to hold: the first two bytes of an IPv4 address, the first four
/// of an IPv6 address, otherwise the name itself.
pub(in crate::node) fn group(host: &str) -> String {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    match bare.parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(IpAddr::V4(address)) => {
            let [a, b, ..] = address.octets();
            format!("{a}.{b}")
        }
        Ok(IpAddr::V6(address)) => {
            let [a, b, ..] = address.segments();
            format!("{a:x}:{b:x}")
        }
        Err(_) => bare.to_owned(),
    }
}
