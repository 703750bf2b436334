//! Which code hashes: what runs here is asked at run time.

use crate::lanes::{Passed, Work};
use crate::{lanes, library};
use std::fmt;

/// Code that hashes, of which the processor is known to run it. All of them find the same.
#[derive(Clone, Copy)]
pub struct Kernel(&'static Code);

struct Code {
    name: &'static str,
    lanes: u32,
    scan: fn(&Work, u32, u64) -> Option<Passed>,
    hash: fn(&[[u8; 80]], &mut [[u8; 32]]),
}

/// One hash at a time, with nothing but what every processor has.
static SCALAR: Code = Code {
    name: "scalar",
    lanes: 1,
    scan: lanes::scalar::scan,
    hash: lanes::scalar::hash,
};

/// The `sha2` crate: the processor's own SHA instructions where it has some.
static LIBRARY: Code = Code {
    name: "sha2",
    lanes: 1,
    scan: library::scan,
    hash: library::hash_each,
};

/// Four hashes in 128 bits: `simd128` of WebAssembly.
#[cfg(target_feature = "simd128")]
static FOUR: Code = Code {
    name: "four lanes",
    lanes: 4,
    scan: lanes::four::scan,
    hash: lanes::four::hash,
};

/// Four hashes in 128 bits: SSE2.
#[cfg(target_arch = "x86_64")]
static FOUR: Code = Code {
    name: "four lanes",
    lanes: 4,
    scan: x86::scan_four,
    hash: x86::hash_four,
};

/// Eight hashes in 256 bits: AVX2.
#[cfg(target_arch = "x86_64")]
static EIGHT: Code = Code {
    name: "eight lanes",
    lanes: 8,
    scan: x86::scan_eight,
    hash: x86::hash_eight,
};

impl Kernel {
    /// Those that run here.
    pub fn all() -> impl Iterator<Item = Self> {
        let all: [Option<&'static Code>; _] = [
            Some(&SCALAR),
            Some(&LIBRARY),
            #[cfg(any(target_arch = "x86_64", target_feature = "simd128"))]
            Some(&FOUR),
            #[cfg(target_arch = "x86_64")]
            is_x86_feature_detected!("avx2").then_some(&EIGHT),
        ];
        all.into_iter().flatten().map(Self)
    }

    /// The fastest of them, as `npm run bench:work` measures them.
    #[must_use]
    pub fn best() -> Self {
        #[cfg(target_arch = "x86_64")]
        return Self(match () {
            () if is_x86_feature_detected!("avx2") => &EIGHT,
            () if is_x86_feature_detected!("sha") => &LIBRARY,
            () => &FOUR,
        });
        #[cfg(target_feature = "simd128")]
        return Self(&FOUR);
        // The library knows the SHA instructions of other processors; WebAssembly has none.
        #[cfg(not(any(target_arch = "x86_64", target_feature = "simd128")))]
        return Self(match cfg!(target_family = "wasm") {
            true => &SCALAR,
            false => &LIBRARY,
        });
    }

    /// The one of this name, if it runs here.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|kernel| kernel.name() == name)
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.name
    }

    /// How many nonces it tries at a time.
    #[must_use]
    pub fn lanes(self) -> u32 {
        self.0.lanes
    }

    /// Tries so many nonces or a few more, all lanes at a time, until the most significant word of a
    /// hash is at most the target's.
    pub(crate) fn scan(self, work: &Work, from: u32, nonces: u64) -> Option<Passed> {
        (self.0.scan)(work, from, nonces)
    }

    /// Hashes headers.
    pub(crate) fn hash(self, headers: &[[u8; 80]], hashes: &mut [[u8; 32]]) {
        (self.0.hash)(headers, hashes);
    }
}

impl fmt::Debug for Kernel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Kernel({})", self.name())
    }
}

/// What was compiled for features of the processor: calls from code that was not are the only ones that the
/// compiler cannot judge.
#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code)]
mod x86 {
    use crate::lanes::{Passed, Work, eight, four};

    pub(super) fn scan_four(work: &Work, from: u32, nonces: u64) -> Option<Passed> {
        // SAFETY: every x86-64 has SSE2.
        unsafe { four::scan(work, from, nonces) }
    }

    pub(super) fn hash_four(headers: &[[u8; 80]], hashes: &mut [[u8; 32]]) {
        // SAFETY: every x86-64 has SSE2.
        unsafe { four::hash(headers, hashes) }
    }

    pub(super) fn scan_eight(work: &Work, from: u32, nonces: u64) -> Option<Passed> {
        // SAFETY: `EIGHT` is private, and handed out after `is_x86_feature_detected!("avx2")` alone.
        unsafe { eight::scan(work, from, nonces) }
    }

    pub(super) fn hash_eight(headers: &[[u8; 80]], hashes: &mut [[u8; 32]]) {
        // SAFETY: as above.
        unsafe { eight::hash(headers, hashes) }
    }
}
