//! Which coins to spend.
//!
//! First the search for a set that needs no change (branch and bound, Mark Erhardt, "An Evaluation
//! of Coin Selection Strategies", 2016, as Bitcoin Core has it): change costs a fee twice, and tells
//! which output was the payment. Where none is found, coins are drawn at random until they are
//! enough with a change that is worth having (Core's single random draw): a fixed order would make a
//! wallet's coins all large or all dust. The seed is an argument: the same inputs choose the same.

use super::coins::Spendable;
use super::size::{INPUT, OUTPUT, fee, least_output, weight};
use bitcoin::hashes::{Hash, HashEngine, sha256};

/// Coins in one payment: 92,000 units of weight, a quarter of what nodes relay.
pub(super) const MOST_COINS: usize = 400;
/// Coins that are looked at, the largest.
const CONSIDERED: usize = 2_000;
/// Branches that are looked at.
const TRIES: u32 = 100_000;

/// What is to be found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Target {
    /// Units that the outputs add up to, without change.
    pub(super) amount: u64,
    /// How many outputs that are.
    pub(super) outputs: usize,
    /// Units for 1,000 virtual bytes.
    pub(super) rate: u64,
    /// How many coins it may be.
    pub(super) most: usize,
}

/// Coins, and what is left of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Selection {
    pub(super) coins: Vec<Spendable>,
    /// Change that is worth having.
    pub(super) change: Option<u64>,
    pub(super) fee: u64,
}

/// Why nothing was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shortage {
    /// Not enough, with the fee of all coins together.
    Funds { needed: u64, found: u64 },
    /// Enough in more coins than one payment may have.
    Coins,
}

/// Chooses.
pub(super) fn select(
    coins: &[Spendable],
    target: Target,
    seed: &[u8; 32],
) -> Result<Selection, Shortage> {
    let cost = fee(INPUT, target.rate);
    let coins = worth(coins, cost);
    if let Some(chosen) = exact(&coins, target) {
        return Ok(finish(chosen, target));
    }
    let mut drawn = coins.clone();
    shuffle(&mut drawn, seed);
    if let Some(chosen) = fill(&drawn, target) {
        return Ok(finish(chosen, target));
    }
    // The largest are the fewest.
    if let Some(chosen) = fill(&coins, target) {
        return Ok(finish(chosen, target));
    }
    let found = total(&coins);
    let all = coins.len();
    match is_enough(&coins, target) {
        true => Err(Shortage::Coins),
        false => Err(Shortage::Funds {
            needed: target
                .amount
                .saturating_add(fee(weight(all.max(1), target.outputs), target.rate)),
            found,
        }),
    }
}

/// Everything, in as many coins as one payment may have: the largest first. What is left after the
/// fee.
pub(super) fn sweep(coins: &[Spendable], rate: u64) -> Option<(Vec<Spendable>, u64)> {
    let cost = fee(INPUT, rate);
    let mut coins = worth(coins, cost);
    coins.truncate(MOST_COINS);
    let fee = fee(weight(coins.len(), 1), rate);
    let left = total(&coins).checked_sub(fee)?;
    (!coins.is_empty()).then_some((coins, left))
}

/// The coins that bring more than they cost, the largest first. No amount is more than all that can
/// exist (2^51 units), so that the sum of so many fits.
fn worth(coins: &[Spendable], cost: u64) -> Vec<Spendable> {
    let worth = coins.iter().filter(|coin| coin.amount > cost);
    let mut worth: Vec<Spendable> = worth.copied().collect();
    worth.sort_by_key(|coin| (std::cmp::Reverse(coin.amount), coin.outpoint));
    worth.truncate(CONSIDERED);
    worth
}

fn total(coins: &[Spendable]) -> u64 {
    coins.iter().map(|coin| coin.amount).sum()
}

/// Whether these coins pay for themselves and the outputs.
fn is_enough(coins: &[Spendable], target: Target) -> bool {
    let fee = fee(weight(coins.len(), target.outputs), target.rate);
    total(coins) >= target.amount.saturating_add(fee)
}

/// The first coins that leave a change worth having; or all of them, if they are just enough.
fn fill(coins: &[Spendable], target: Target) -> Option<Vec<Spendable>> {
    let least = least_output(target.rate);
    let with_change = Target {
        amount: target.amount.saturating_add(least),
        outputs: target.outputs + 1,
        ..target
    };
    let mut chosen = Vec::new();
    for coin in coins.iter().take(target.most) {
        chosen.push(*coin);
        if is_enough(&chosen, with_change) {
            return Some(chosen);
        }
    }
    (coins.len() <= target.most && is_enough(&chosen, target)).then_some(chosen)
}

/// Fee and change of the chosen coins.
fn finish(coins: Vec<Spendable>, target: Target) -> Selection {
    let total = total(&coins);
    let with_change = fee(weight(coins.len(), target.outputs + 1), target.rate);
    let left = total.saturating_sub(target.amount);
    let change = left
        .checked_sub(with_change)
        .filter(|change| *change >= least_output(target.rate));
    Selection {
        fee: left - change.unwrap_or(0),
        change,
        coins,
    }
}

/// A set that adds up to the target, or to a little more than a change would cost. `coins` are
/// sorted, the largest first. Depth first: each coin is tried in, then out; a branch ends where it
/// is too much already, or where all that is left is too little.
fn exact(coins: &[Spendable], target: Target) -> Option<Vec<Spendable>> {
    let cost = fee(INPUT, target.rate);
    let values: Vec<u64> = coins.iter().map(|coin| coin.amount - cost).collect();
    let goal = target
        .amount
        .saturating_add(fee(weight(0, target.outputs), target.rate));
    // To make change, and to spend it some day.
    let slack = fee(OUTPUT, target.rate).saturating_add(cost);
    let limit = goal.saturating_add(slack);
    let mut left: u64 = values.iter().sum();
    let (mut sum, mut at) = (0u64, 0usize);
    let mut chosen: Vec<usize> = Vec::new();
    let mut best: Option<(u64, Vec<usize>)> = None;
    for _ in 0..TRIES {
        let hopeless = sum.saturating_add(left) < goal || sum > limit || chosen.len() > target.most;
        let found = !hopeless && sum >= goal;
        if found && best.as_ref().is_none_or(|(least, _)| sum < *least) {
            best = Some((sum, chosen.clone()));
            if sum == goal {
                break;
            }
        }
        if hopeless || found || at >= values.len() {
            // Back to the last coin that is in: from here on it is out.
            let Some(last) = chosen.pop() else {
                break;
            };
            left += values[last + 1..at].iter().sum::<u64>();
            sum -= values[last];
            at = last + 1;
            continue;
        }
        let value = values[at];
        left -= value;
        // A coin like the one just left out leads where that one led.
        let same_as_omitted = at > 0 && values[at - 1] == value && chosen.last() != Some(&(at - 1));
        if !same_as_omitted {
            chosen.push(at);
            sum += value;
        }
        at += 1;
    }
    best.map(|(_, chosen)| chosen.into_iter().map(|at| coins[at]).collect())
}

/// Fisher and Yates, with numbers from the seed.
fn shuffle(coins: &mut [Spendable], seed: &[u8; 32]) {
    for last in (1..coins.len()).rev() {
        let mut engine = sha256::Hash::engine();
        engine.input(seed);
        engine.input(&(last as u64).to_le_bytes());
        let hash = sha256::Hash::from_engine(engine).to_byte_array();
        let mut word = [0; 8];
        word.copy_from_slice(&hash[..8]);
        // The bias of the remainder does not matter here.
        let other = u64::from_le_bytes(word) % (last as u64 + 1);
        coins.swap(last, other as usize);
    }
}
