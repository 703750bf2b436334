//! Four lanes: SSE2, which every x86-64 has.

use core::arch::x86_64::{
    __m128i, _mm_add_epi32, _mm_and_si128, _mm_castsi128_ps, _mm_cmpgt_epi32, _mm_cvtsi128_si32,
    _mm_movemask_ps, _mm_or_si128, _mm_set1_epi32, _mm_setr_epi32, _mm_shuffle_epi32,
    _mm_slli_epi32, _mm_srli_epi32, _mm_xor_si128,
};

pub(super) type V = __m128i;
pub(super) const LANES: u32 = 4;

#[target_feature(enable = "sse2")]
#[inline]
pub(super) fn splat(x: u32) -> V {
    _mm_set1_epi32(x.cast_signed())
}

#[target_feature(enable = "sse2")]
#[inline]
pub(super) fn from_lanes(lanes: [u32; 4]) -> V {
    let [a, b, c, d] = lanes.map(u32::cast_signed);
    _mm_setr_epi32(a, b, c, d)
}

#[target_feature(enable = "sse2")]
#[inline]
pub(super) fn to_lanes(x: V) -> [u32; 4] {
    [
        _mm_cvtsi128_si32(x),
        _mm_cvtsi128_si32(_mm_shuffle_epi32::<1>(x)),
        _mm_cvtsi128_si32(_mm_shuffle_epi32::<2>(x)),
        _mm_cvtsi128_si32(_mm_shuffle_epi32::<3>(x)),
    ]
    .map(i32::cast_unsigned)
}

#[target_feature(enable = "sse2")]
#[inline]
pub(super) fn numbers() -> V {
    _mm_setr_epi32(0, 1, 2, 3)
}

#[target_feature(enable = "sse2")]
#[inline]
pub(super) fn add(a: V, b: V) -> V {
    _mm_add_epi32(a, b)
}

#[target_feature(enable = "sse2")]
#[inline]
pub(super) fn xor(a: V, b: V) -> V {
    _mm_xor_si128(a, b)
}

#[target_feature(enable = "sse2")]
#[inline]
pub(super) fn and(a: V, b: V) -> V {
    _mm_and_si128(a, b)
}

#[target_feature(enable = "sse2")]
#[inline]
pub(super) fn choose(mask: V, a: V, b: V) -> V {
    xor(b, and(mask, xor(a, b)))
}

#[target_feature(enable = "sse2")]
#[inline]
pub(super) fn rotate<const R: i32, const L: i32>(x: V) -> V {
    const { assert!(R + L == 32) };
    _mm_or_si128(_mm_srli_epi32::<R>(x), _mm_slli_epi32::<L>(x))
}

#[target_feature(enable = "sse2")]
#[inline]
pub(super) fn shift<const R: i32>(x: V) -> V {
    _mm_srli_epi32::<R>(x)
}

#[target_feature(enable = "sse2")]
#[inline]
pub(super) fn at_most(a: V, b: V) -> u8 {
    // Compared as signed numbers: both are moved by half of their range.
    let half = splat(1 << 31);
    let above = _mm_cmpgt_epi32(xor(a, half), xor(b, half));
    let above = _mm_movemask_ps(_mm_castsi128_ps(above));
    // Four bits.
    above as u8 ^ 0b1111
}
