//! Four lanes: WebAssembly's `simd128`.

use core::arch::wasm32::{
    u32x4, u32x4_add, u32x4_bitmask, u32x4_extract_lane, u32x4_le, u32x4_shl, u32x4_shr,
    u32x4_splat, v128, v128_and, v128_bitselect, v128_or, v128_xor,
};

pub(super) type V = v128;
pub(super) const LANES: u32 = 4;

#[inline]
pub(super) fn splat(x: u32) -> V {
    u32x4_splat(x)
}

#[inline]
pub(super) fn from_lanes([a, b, c, d]: [u32; 4]) -> V {
    u32x4(a, b, c, d)
}

#[inline]
pub(super) fn to_lanes(x: V) -> [u32; 4] {
    [
        u32x4_extract_lane::<0>(x),
        u32x4_extract_lane::<1>(x),
        u32x4_extract_lane::<2>(x),
        u32x4_extract_lane::<3>(x),
    ]
}

#[inline]
pub(super) fn numbers() -> V {
    u32x4(0, 1, 2, 3)
}

#[inline]
pub(super) fn add(a: V, b: V) -> V {
    u32x4_add(a, b)
}

#[inline]
pub(super) fn xor(a: V, b: V) -> V {
    v128_xor(a, b)
}

#[inline]
pub(super) fn and(a: V, b: V) -> V {
    v128_and(a, b)
}

#[inline]
pub(super) fn choose(mask: V, a: V, b: V) -> V {
    v128_bitselect(a, b, mask)
}

#[inline]
pub(super) fn rotate<const R: u32, const L: u32>(x: V) -> V {
    const { assert!(R + L == 32) };
    v128_or(u32x4_shr(x, R), u32x4_shl(x, L))
}

#[inline]
pub(super) fn shift<const R: u32>(x: V) -> V {
    u32x4_shr(x, R)
}

#[inline]
pub(super) fn at_most(a: V, b: V) -> u8 {
    u32x4_bitmask(u32x4_le(a, b))
}
