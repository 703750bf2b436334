//! Every kernel, beside `sha2` written as plainly as it can be.

use super::{Claim, Hit, Job, Kernel, Miscount, Search, Slice, hash_headers, hash_headers_with};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

/// Bitcoin's first header.
const GENESIS: &str = "01000000\
    0000000000000000000000000000000000000000000000000000000000000000\
    3ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a\
    29ab5f49ffff001d1dac2b7c";
const GENESIS_NONCE: u32 = 2_083_236_893;
/// BIP320's bits.
const ROLLING: u32 = 0x1fff_e000;

fn bytes<const N: usize>(hex: &str) -> [u8; N] {
    let mut bytes = [0; N];
    for (byte, digits) in bytes.iter_mut().zip(hex.as_bytes().chunks(2)) {
        let digits = std::str::from_utf8(digits).unwrap();
        *byte = u8::from_str_radix(digits, 16).unwrap();
    }
    bytes
}

fn genesis() -> Job {
    let mut header = bytes(GENESIS);
    header[76..].fill(0);
    Job {
        header,
        target: bytes("00000000ffff0000000000000000000000000000000000000000000000000000"),
        version_mask: 0,
    }
}

/// The hash as a number.
fn plain(header: &[u8; 80]) -> [u8; 32] {
    let mut hash: [u8; 32] = Sha256::digest(Sha256::digest(header)).into();
    hash.reverse();
    hash
}

/// Every kernel that runs here, by its name.
fn each(test: impl Fn(Kernel, &str)) {
    let mut names = Vec::new();
    for kernel in Kernel::all() {
        names.push(kernel.name());
        test(kernel, kernel.name());
        assert_eq!(
            Kernel::named(kernel.name()).map(Kernel::name),
            Some(kernel.name())
        );
    }
    assert!(names.starts_with(&["scalar", "sha2"]), "{names:?}");
    #[cfg(target_arch = "x86_64")]
    assert!(names.contains(&"four lanes"), "{names:?}");
    assert!(names.contains(&Kernel::best().name()), "{names:?}");
    assert!(Kernel::named("").is_none());
}

#[test]
fn the_nonce_of_the_first_block_of_bitcoin() {
    let hit = Hit {
        nonce: GENESIS_NONCE,
        version: 1,
    };
    each(|kernel, name| {
        let search = Search::with_kernel(&genesis(), kernel);
        assert_eq!(search.versions(), 1, "{name}");
        let from = GENESIS_NONCE - 5_000;
        let found = search.run(0, from, 10_000);
        assert_eq!(found.hits, [hit], "{name}");
        assert!(!found.exhausted);
        // The others of its lanes were tried with it.
        let behind = found.next - GENESIS_NONCE;
        assert!((1..=kernel.lanes()).contains(&behind), "{name}: {behind}");
        assert_eq!(found.hashes, u64::from(found.next - from));
        let before = Slice {
            next: GENESIS_NONCE,
            exhausted: false,
            hashes: 5_000,
            hits: Vec::new(),
        };
        assert_eq!(search.run(0, from, 5_000), before, "{name}: up to it");
        assert_eq!(search.run(0, GENESIS_NONCE, 1).hits, [hit], "{name}");
        let after = search.run(0, GENESIS_NONCE + 1, 5_000);
        assert_eq!(after.hits, [], "{name}");
        assert_eq!(search.header(hit), bytes(GENESIS));
        assert_eq!(
            search.hash(hit),
            bytes("6fe28c0ab6f1b372c1a6a246ae63f74f931e8365e15a089c68d6190000000000")
        );
    });
}

#[test]
fn the_first_block_of_bitcoin_is_found_among_rolled_versions() {
    each(|kernel, name| {
        let mut job = genesis();
        job.version_mask = ROLLING;
        // Its version is the twenty-first of those that this job's may become.
        let rolled = 1 ^ 0b1_0100 << 13;
        job.header[..4].copy_from_slice(&u32::to_le_bytes(rolled));
        let search = Search::with_kernel(&job, kernel);
        assert_eq!(search.versions(), 65_536 / 16, "{name}");
        let hit = Hit {
            nonce: GENESIS_NONCE,
            version: 1,
        };
        let from = GENESIS_NONCE - 100;
        assert_eq!(search.run(0, from, 200).hits, [], "{name}");
        let found = search.run(1, from, 200);
        assert_eq!(found.hits, [hit], "{name}");
        assert_eq!(found.hashes, 16 * u64::from(found.next - from), "{name}");
        assert_eq!(search.header(hit), bytes(GENESIS), "{name}");
    });
}

#[test]
fn a_hash_that_is_the_target_meets_it_and_one_more_does_not() {
    each(|kernel, name| {
        let meets = |target| {
            let job = Job {
                target,
                ..genesis()
            };
            let slice = Search::with_kernel(&job, kernel).run(0, GENESIS_NONCE, 1);
            !slice.hits.is_empty()
        };
        let hash = plain(&bytes(GENESIS));
        assert!(meets(hash), "{name}");
        // Less by one in each word, of which the first that is no zero is the second.
        for word in 1..8 {
            let mut less = hash;
            less[4 * word + 3] -= 1;
            assert!(!meets(less), "{name}: word {word}");
            let mut more = hash;
            more[4 * word + 3] += 1;
            assert!(meets(more), "{name}: word {word}");
        }
    });
}

/// The target's first word is the hash's: the words after it decide.
#[test]
fn the_edge_of_an_easy_target() {
    each(|kernel, name| {
        let mut job = genesis();
        for nonce in 0..50 {
            let header = Search::new(&job).header(Hit { nonce, version: 1 });
            let hash = plain(&header);
            let top = u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]);
            for (word, rest, expected) in [
                (top, [0xff; 28], true),
                (top, [0; 28], false),
                (top.wrapping_sub(1), [0xff; 28], false),
                (top.wrapping_add(1), [0; 28], true),
            ] {
                job.target[..4].copy_from_slice(&word.to_be_bytes());
                job.target[4..].copy_from_slice(&rest);
                let hits = Search::with_kernel(&job, kernel).run(0, nonce, 1).hits;
                assert_eq!(
                    hits.len(),
                    usize::from(expected),
                    "{name}: {nonce} {word:x}"
                );
            }
        }
    });
}

#[test]
fn the_last_nonce_is_tried_and_none_after_it() {
    each(|kernel, name| {
        let mut job = genesis();
        job.target = [0; 32];
        let slice = |next, exhausted, hashes| Slice {
            next,
            exhausted,
            hashes,
            hits: Vec::new(),
        };
        let search = Search::with_kernel(&job, kernel);
        assert_eq!(
            search.run(0, u32::MAX - 2, u32::MAX),
            slice(0, true, 3),
            "{name}"
        );
        assert_eq!(
            search.run(0, u32::MAX - 2, 2),
            slice(u32::MAX, false, 2),
            "{name}"
        );
        assert_eq!(search.run(0, 0, 0), slice(0, false, 0), "{name}");
        assert_eq!(
            search.run(1, 5, 5),
            slice(0, true, 0),
            "{name}: no such group"
        );
        let last = Hit {
            nonce: u32::MAX,
            version: 1,
        };
        job.target = plain(&search.header(last));
        let found = Search::with_kernel(&job, kernel).run(0, u32::MAX - 2, u32::MAX);
        let expected = Slice {
            hits: vec![last],
            ..slice(0, true, 3)
        };
        assert_eq!(found, expected, "{name}");
    });
}

/// What another processor begins from leads to the hash: the state after four rounds is the midstate's.
#[test]
fn the_words_for_another_processor_are_those_of_the_header() {
    let mut job = genesis();
    job.version_mask = ROLLING;
    let search = Search::new(&job);
    let words = search.words(3);
    assert_eq!(words.len(), 4 + 16 * 16);
    let big_endian = |bytes: &[u8]| u32::from_be_bytes(bytes.try_into().unwrap());
    assert_eq!(
        words[..3],
        [64, 68, 72].map(|at| big_endian(&job.header[at..at + 4]))
    );
    assert_eq!(words[3], 0);
    // The forty-ninth version: 48 on the mask's bits.
    let header = search.header(Hit {
        nonce: 0,
        version: 1 ^ 48 << 13,
    });
    assert_eq!(words[4..12], super::library::midstate(&header));
    let begun = super::lanes::Version::new(
        words[4..12].try_into().unwrap(),
        &[words[0], words[1], words[2]],
    );
    assert_eq!(words[12..20], begun.begun);
    assert_eq!(
        Search::new(&genesis()).words(1),
        words[..4],
        "a group that there is not"
    );
}

#[test]
fn what_another_processor_claims_is_hashed_again() {
    let mut job = genesis();
    job.version_mask = 0b11 << 13;
    let search = Search::new(&job);
    let all = 0..=u32::MAX;
    let claim = Claim {
        nonce: GENESIS_NONCE,
        version: 0,
    };
    let hit = Hit {
        nonce: GENESIS_NONCE,
        version: 1,
    };
    assert_eq!(
        search.check(0, all.clone(), &[claim, claim]),
        Ok(vec![hit]),
        "once"
    );
    assert_eq!(search.check(0, all.clone(), &[]), Ok(vec![]));
    for wrong in [
        Claim {
            nonce: GENESIS_NONCE + 1,
            ..claim
        },
        Claim {
            version: 1,
            ..claim
        },
    ] {
        let nonce = wrong.nonce;
        assert_eq!(
            search.check(0, all.clone(), &[claim, wrong]),
            Err(Miscount::Hash { nonce })
        );
    }
    let beyond = Claim {
        version: 4,
        ..claim
    };
    assert_eq!(
        search.check(0, all.clone(), &[beyond]),
        Err(Miscount::Version {
            version: 4,
            versions: 4
        })
    );
    let nonce = GENESIS_NONCE;
    for others in [nonce + 1..=u32::MAX, 0..=nonce - 1] {
        assert_eq!(
            search.check(0, others, &[claim]),
            Err(Miscount::Nonce { nonce })
        );
    }
    // Its first word is the target's, and the rest is past it: near, and no hit.
    job.target = plain(&bytes(GENESIS));
    job.target[31] -= 1;
    assert_eq!(
        Search::new(&job).check(0, all.clone(), &[claim]),
        Ok(vec![])
    );
}

#[test]
fn the_groups_of_a_mask_hold_each_version_once() {
    for mask in [
        0,
        1,
        0b1010,
        1 << 31,
        0x8000_0001,
        ROLLING & 0x00ff_e000,
        0x003f_f0f0,
    ] {
        let mut job = genesis();
        // Every hash will do.
        job.target = [0xff; 32];
        job.version_mask = mask;
        let search = Search::new(&job);
        let mut versions = Vec::new();
        for group in 0..search.versions() {
            let found = search.run(group, 9, 1);
            assert_eq!((found.next, found.hashes), (10, found.hits.len() as u64));
            assert_eq!(found.hits.len(), search.group_size() as usize);
            assert!(found.hits.len() <= 16);
            versions.extend(found.hits.iter().map(|hit| hit.version));
        }
        assert_eq!(versions.first(), Some(&1), "the job's own is the first");
        assert_eq!(versions.len(), 1 << mask.count_ones());
        assert!(versions.iter().all(|version| version & !mask == 1 & !mask));
        versions.sort_unstable();
        versions.dedup();
        assert_eq!(versions.len(), 1 << mask.count_ones(), "{mask:x}");
    }
    let mut job = genesis();
    job.version_mask = u32::MAX;
    assert_eq!(Search::new(&job).versions(), 1 << 28);
}

#[test]
fn any_number_of_headers_is_hashed() {
    each(|kernel, name| {
        for count in [0, 1, 2, 3, 4, 5, 7, 8, 9, 31] {
            let headers: Vec<[u8; 80]> = (0..count).map(|number| [number; 80]).collect();
            let expected: Vec<[u8; 32]> = headers
                .iter()
                .map(|header| Sha256::digest(Sha256::digest(header)).into())
                .collect();
            assert_eq!(hash_headers_with(kernel, &headers), expected, "{name}");
            assert_eq!(hash_headers(&headers), expected);
        }
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Any header, any bits of its version, and targets from the hardest that some hundred nonces may meet
    /// to the easiest: every kernel finds each hit once and nothing else, whatever the slices are.
    #[test]
    fn all_kernels_agree_with_plain_double_sha256(
        header in prop::collection::vec(any::<u8>(), 80),
        target in prop::collection::vec(any::<u8>(), 32),
        zeros in 0..2_usize,
        mask in any::<u32>(),
        // Few bits, so that plain hashing keeps up.
        bits in prop::collection::vec(0..32_u32, 0..6),
        from in prop_oneof![any::<u32>(), u32::MAX - 99..=u32::MAX],
        slice in 1..100_u32,
    ) {
        let mask = mask & bits.iter().fold(0, |mask, bit| mask | 1 << bit);
        let mut job = Job {
            header: header.try_into().unwrap(),
            target: target.try_into().unwrap(),
            version_mask: mask,
        };
        job.target[..zeros].fill(0);
        let last = from.saturating_add(99);
        let [a, b, c, d, ..] = job.header;
        let own = u32::from_le_bytes([a, b, c, d]);
        let mut versions = vec![own];
        for bit in (0..32).map(|bit| 1 << bit).filter(|bit| mask & bit != 0) {
            versions.extend(versions.clone().iter().map(|version| version ^ bit));
        }
        let mut expected = Vec::new();
        for version in versions {
            for nonce in from..=last {
                let mut header = job.header;
                header[..4].copy_from_slice(&version.to_le_bytes());
                header[76..].copy_from_slice(&nonce.to_le_bytes());
                if plain(&header) <= job.target {
                    expected.push((version, nonce));
                }
            }
        }
        expected.sort_unstable();
        for kernel in Kernel::all() {
            let search = Search::with_kernel(&job, kernel);
            let mut found = Vec::new();
            for group in 0..search.versions() {
                let mut at = from;
                let mut hashes = 0;
                loop {
                    let did = search.run(group, at, slice.min(last - at + 1));
                    hashes += did.hashes;
                    found.extend(did.hits.iter().map(|hit| (hit.version, hit.nonce)));
                    for hit in did.hits {
                        let mut hash = search.hash(hit);
                        hash.reverse();
                        prop_assert_eq!(hash, plain(&search.header(hit)));
                    }
                    if did.exhausted || did.next > last {
                        break;
                    }
                    at = did.next;
                }
                let tried = u64::from(last - from) + 1;
                prop_assert_eq!(hashes, tried * (1 << mask.count_ones()) / u64::from(search.versions()));
            }
            found.sort_unstable();
            prop_assert_eq!(&found, &expected, "{}", kernel.name());
        }
    }

    #[test]
    fn all_kernels_hash_headers_alike(
        headers in prop::collection::vec(prop::collection::vec(any::<u8>(), 80), 0..20),
    ) {
        let headers: Vec<[u8; 80]> = headers.into_iter().map(|header| header.try_into().unwrap()).collect();
        for kernel in Kernel::all() {
            for (header, mut hash) in headers.iter().zip(hash_headers_with(kernel, &headers)) {
                hash.reverse();
                prop_assert_eq!(hash, plain(header), "{}", kernel.name());
            }
        }
    }
}
