//! What a transaction weighs when it is signed, and what that costs. Each input carries one
//! signature of 64 bytes as its only witness item, so the weight is known before anything is signed.

/// The lowest fee rate that nodes relay, in units for 1,000 virtual bytes (Bitcoin Core's
/// `-minrelaytxfee`). It is also what each replacement must add (`-incrementalrelayfee`).
pub const LEAST_FEE_RATE: u64 = 1_000;
/// Nobody means to pay more: a slip of the finger, or a node that asks for our money.
pub const MOST_FEE_RATE: u64 = 1_000_000;
/// Nodes do not relay an output that costs a third of its value to spend at their rate of
/// 3,000: 101 virtual bytes come and go with each (Bitcoin Core's `GetDustThreshold`).
pub const DUST: u64 = 303;

/// Version, lock time, marker and flag, and the two counts, of three bytes each at most.
const FRAME: u64 = 4 * (4 + 4 + 3 + 3) + 2;
/// Outpoint, empty script, sequence; then the count of items, a length, a signature.
pub(super) const INPUT: u64 = 4 * (36 + 1 + 4) + 1 + 1 + 64;
/// Amount, length, a witness program of 32 bytes.
pub(super) const OUTPUT: u64 = 4 * (8 + 1 + 34);

/// The weight of a signed transaction, to be on the safe side by up to 16.
pub(super) fn weight(inputs: usize, outputs: usize) -> u64 {
    FRAME + INPUT * inputs as u64 + OUTPUT * outputs as u64
}

/// Virtual bytes, as nodes count them: a quarter of the weight, rounded up.
pub(super) fn virtual_size(weight: u64) -> u64 {
    weight.div_ceil(4)
}

/// The fee of so much weight at a rate, rounded up.
pub(super) fn fee(weight: u64, rate: u64) -> u64 {
    (virtual_size(weight).saturating_mul(rate)).div_ceil(1_000)
}

/// Under this amount a coin costs more to spend than it is worth, or nobody relays it.
pub(super) fn least_output(rate: u64) -> u64 {
    fee(INPUT, rate).max(DUST)
}
