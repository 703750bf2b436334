//! Eight lanes: AVX2.

use core::arch::x86_64::{
    __m256i, _mm256_add_epi32, _mm256_and_si256, _mm256_castsi256_ps, _mm256_cmpgt_epi32,
    _mm256_extract_epi32, _mm256_movemask_ps, _mm256_or_si256, _mm256_set1_epi32,
    _mm256_setr_epi32, _mm256_slli_epi32, _mm256_srli_epi32, _mm256_xor_si256,
};

pub(super) type V = __m256i;
pub(super) const LANES: u32 = 8;

#[target_feature(enable = "avx2")]
#[inline]
pub(super) fn splat(x: u32) -> V {
    _mm256_set1_epi32(x.cast_signed())
}

#[target_feature(enable = "avx2")]
#[inline]
pub(super) fn from_lanes(lanes: [u32; 8]) -> V {
    let [a, b, c, d, e, f, g, h] = lanes.map(u32::cast_signed);
    _mm256_setr_epi32(a, b, c, d, e, f, g, h)
}

#[target_feature(enable = "avx2")]
#[inline]
pub(super) fn to_lanes(x: V) -> [u32; 8] {
    [
        _mm256_extract_epi32::<0>(x),
        _mm256_extract_epi32::<1>(x),
        _mm256_extract_epi32::<2>(x),
        _mm256_extract_epi32::<3>(x),
        _mm256_extract_epi32::<4>(x),
        _mm256_extract_epi32::<5>(x),
        _mm256_extract_epi32::<6>(x),
        _mm256_extract_epi32::<7>(x),
    ]
    .map(i32::cast_unsigned)
}

#[target_feature(enable = "avx2")]
#[inline]
pub(super) fn numbers() -> V {
    _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7)
}

#[target_feature(enable = "avx2")]
#[inline]
pub(super) fn add(a: V, b: V) -> V {
    _mm256_add_epi32(a, b)
}

#[target_feature(enable = "avx2")]
#[inline]
pub(super) fn xor(a: V, b: V) -> V {
    _mm256_xor_si256(a, b)
}

#[target_feature(enable = "avx2")]
#[inline]
pub(super) fn and(a: V, b: V) -> V {
    _mm256_and_si256(a, b)
}

#[target_feature(enable = "avx2")]
#[inline]
pub(super) fn choose(mask: V, a: V, b: V) -> V {
    xor(b, and(mask, xor(a, b)))
}

#[target_feature(enable = "avx2")]
#[inline]
pub(super) fn rotate<const R: i32, const L: i32>(x: V) -> V {
    const { assert!(R + L == 32) };
    _mm256_or_si256(_mm256_srli_epi32::<R>(x), _mm256_slli_epi32::<L>(x))
}

#[target_feature(enable = "avx2")]
#[inline]
pub(super) fn shift<const R: i32>(x: V) -> V {
    _mm256_srli_epi32::<R>(x)
}

#[target_feature(enable = "avx2")]
#[inline]
pub(super) fn at_most(a: V, b: V) -> u8 {
    // Compared as signed numbers: both are moved by half of their range.
    let half = splat(1 << 31);
    let above = _mm256_cmpgt_epi32(xor(a, half), xor(b, half));
    let above = _mm256_movemask_ps(_mm256_castsi256_ps(above));
    !(above as u8)
}
