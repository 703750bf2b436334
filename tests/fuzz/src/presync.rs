//! Chains that must first show their work: honest ones, short ones, and peers who show one chain and
//! send another.

use crate::mine::{mine, practice, unmined};
use crate::script::Script;
use farthing_core::bitcoin::block::Header;
use farthing_core::headers::{HeaderTree, Presync, PresyncStep};
use farthing_core::params::NetworkParams;
use farthing_core::primitives::U256;

/// Later than every header.
const LATER: u32 = 4_000_000_000;
/// Headers of one answer.
const ANSWER: usize = 400;

/// Feeds one peer's download, and gives what it releases to a tree.
pub fn presync(data: &[u8]) {
    let mut script = Script::new(data);
    let enough = 1 + script.below(1_500) as u64;
    let params = NetworkParams {
        // The first header and each after it are two hashes of work.
        minimum_work: U256::from(2 * (enough + 1)),
        ..practice()
    };
    let first = chain(&params, script.below(1_600), 0);
    let fork = script.below(first.len() + 1);
    let mut second = first[..fork].to_vec();
    let tail = script.below(800);
    second.extend(chain_after(
        second.last().unwrap_or(&params.genesis),
        tail,
        1,
    ));
    let now = match script.one_in(8) {
        // The clock stands near the chain's start: only so many headers can be true.
        true => params.genesis.time + script.below(400) as u32,
        false => LATER,
    };

    let mut tree = HeaderTree::new(params.clone());
    let secret = script.hash();
    let mut download = Presync::new(&tree, &params.genesis.block_hash(), secret, now)
        .expect("the first header is there");
    let mut released: Vec<Header> = Vec::new();
    while script.more() {
        let peer = match script.one_in(4) || download.is_second_pass() && script.one_in(2) {
            true => &second,
            false => &first,
        };
        let from = match script.one_in(16) {
            true => script.below(peer.len() + 1),
            false => (download.height() as usize).min(peer.len()),
        };
        let count = script.below(ANSWER + 1).min(peer.len() - from);
        let more = !script.one_in(8);
        let mut answer = peer[from..from + count].to_vec();
        if script.one_in(16)
            && let Some(header) = answer.last_mut()
        {
            header.nonce ^= script.number::<u32>();
        }
        assert!(download.locator().len() <= 101);
        match download.process(&answer, more, now) {
            Err(_) => break,
            Ok(PresyncStep::TooLittleWork { found, expected }) => {
                assert!(found < expected);
                assert_eq!(
                    released.len(),
                    0,
                    "too little work, and headers came through"
                );
                break;
            }
            Ok(PresyncStep::Continue { headers }) => {
                assert_eq!(headers.len(), 0, "released before the work was shown twice");
            }
            Ok(PresyncStep::Done { headers }) => {
                released.extend(headers);
                break;
            }
        }
    }
    for header in &released {
        tree.accept(*header, now)
            .expect("what is released keeps every rule");
    }
    if !released.is_empty() {
        assert!(
            tree.tip().work >= params.minimum_work,
            "released without the work"
        );
    }
}

fn chain(params: &NetworkParams, count: usize, salt: u64) -> Vec<Header> {
    chain_after(&params.genesis, count, salt)
}

fn chain_after(parent: &Header, count: usize, salt: u64) -> Vec<Header> {
    let bits = parent.bits.to_consensus();
    let mut last = *parent;
    (0..count)
        .map(|_| {
            last = unmined(last.block_hash(), last.time + 30, bits, salt);
            mine(&mut last);
            last
        })
        .collect()
}
