//! One lane: plain numbers.

pub(super) type V = u32;
pub(super) const LANES: u32 = 1;

/// A number in every lane.
#[inline]
pub(super) fn splat(x: u32) -> V {
    x
}

/// Lanes from their numbers.
#[inline]
pub(super) fn from_lanes([x]: [u32; 1]) -> V {
    x
}

/// The numbers of the lanes.
#[inline]
pub(super) fn to_lanes(x: V) -> [u32; 1] {
    [x]
}

/// In each lane how many are before it.
#[inline]
pub(super) fn numbers() -> V {
    0
}

#[inline]
pub(super) fn add(a: V, b: V) -> V {
    a.wrapping_add(b)
}

#[inline]
pub(super) fn xor(a: V, b: V) -> V {
    a ^ b
}

#[inline]
pub(super) fn and(a: V, b: V) -> V {
    a & b
}

/// The bits of `a` where those of `mask` are set, else of `b`.
#[inline]
pub(super) fn choose(mask: V, a: V, b: V) -> V {
    b ^ (mask & (a ^ b))
}

/// To the right by `R` bits; the other 32 are `L`.
#[inline]
pub(super) fn rotate<const R: u32, const L: u32>(x: V) -> V {
    const { assert!(R + L == 32) };
    x.rotate_right(R)
}

/// To the right by `R` bits.
#[inline]
pub(super) fn shift<const R: u32>(x: V) -> V {
    x >> R
}

/// A bit for each lane, the lowest for the first: whether it is at most the other's.
#[inline]
pub(super) fn at_most(a: V, b: V) -> u8 {
    (a <= b).into()
}
