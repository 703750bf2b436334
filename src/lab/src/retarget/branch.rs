//! What a private branch costs whose times are chosen for the cheapest targets.
//!
//! Whoever cuts a till off from all others can show it a branch of his own. He begins at a block of
//! the true chain and needs so many headers; the last may be no later than the till's clock allows.

use super::blocks::{Blocks, Window};
use super::rule::{Difficulty, Rule, bits_of_hashes, hashes};
use super::scenario::WORK;
use farthing_core::headers::{Past, median_time};
use farthing_core::params::NetworkParams;

/// How often the seconds are dealt out anew, each time in pieces half as large.
const ROUNDS: u32 = 8;

/// The hashes of the cheapest branch of so many headers that was found, as a share of those of as
/// many blocks of the true chain, when it has `elapsed` seconds since the block that it begins at. The
/// search moves seconds from one solve time to another while that makes the branch cheaper.
#[must_use]
pub fn cheapest(network: &NetworkParams, rule: Rule, headers: usize, elapsed: u32) -> f64 {
    let blocks = Blocks::steady(bits_of_hashes(WORK), network.spacing);
    let window = blocks.window(blocks.first_tip());
    let difficulty = Difficulty::new(network, rule, &window);
    let cost = |solves: &[u32]| cost(&difficulty, window.clone(), solves);
    let seconds = elapsed + network.max_future;
    let even = vec![seconds / headers as u32; headers];
    let mut one = vec![1; headers];
    one[0] = seconds - (headers as u32 - 1);
    let best = [even, one].into_iter().map(|start| descend(start, cost));
    let best = best.min_by(f64::total_cmp).unwrap_or(f64::INFINITY);
    best / (WORK as f64 * headers as f64)
}

fn descend(mut solves: Vec<u32>, cost: impl Fn(&[u32]) -> f64) -> f64 {
    let mut best = cost(&solves);
    let mut piece = solves.iter().sum::<u32>() / 2;
    for _ in 0..ROUNDS {
        let mut better = true;
        while better {
            better = false;
            for from in 0..solves.len() {
                for to in 0..solves.len() {
                    let moved = piece.min(solves[from] - 1);
                    if from == to || moved == 0 {
                        continue;
                    }
                    let mut other = solves.clone();
                    other[from] -= moved;
                    other[to] += moved;
                    let found = cost(&other);
                    if found < best {
                        (best, solves, better) = (found, other, true);
                    }
                }
            }
        }
        piece = (piece / 2).max(1);
    }
    best
}

fn cost(difficulty: &Difficulty, mut window: Window, solves: &[u32]) -> f64 {
    let mut sum = 0.0;
    for solve in solves {
        let median = median_time(&window, window.next()).expect("a window holds eleven headers");
        let time = (window.last().time + solve).max(median + 1);
        let bits = difficulty.bits(&window, time);
        sum += hashes(bits);
        window.push(Past { time, bits });
    }
    sum
}
