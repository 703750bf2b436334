use super::{Job, Search};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

/// Bitcoin's first header.
const GENESIS: &str = "01000000\
    0000000000000000000000000000000000000000000000000000000000000000\
    3ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a\
    29ab5f49ffff001d1dac2b7c";
const GENESIS_NONCE: u32 = 2_083_236_893;

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
    }
}

/// As plainly as it can be written: the hash as people write it.
fn plain(header: &[u8; 80]) -> [u8; 32] {
    let mut hash: [u8; 32] = Sha256::digest(Sha256::digest(header)).into();
    hash.reverse();
    hash
}

#[test]
fn the_nonce_of_the_first_block_of_bitcoin() {
    let search = Search::new(&genesis());
    let from = GENESIS_NONCE - 5_000;
    assert_eq!(search.run(from, 10_000), Some(GENESIS_NONCE));
    assert_eq!(search.run(from, 5_000), None, "up to the nonce before");
    assert_eq!(search.run(GENESIS_NONCE, 1), Some(GENESIS_NONCE));
    assert_eq!(search.run(GENESIS_NONCE + 1, 5_000), None);
    assert_eq!(search.header(GENESIS_NONCE), bytes(GENESIS));
    assert_eq!(
        search.hash(GENESIS_NONCE),
        bytes("6fe28c0ab6f1b372c1a6a246ae63f74f931e8365e15a089c68d6190000000000")
    );
}

#[test]
fn a_hash_that_is_the_target_meets_it_and_one_more_does_not() {
    let mut job = genesis();
    job.target = plain(&bytes(GENESIS));
    assert_eq!(Search::new(&job).run(GENESIS_NONCE, 1), Some(GENESIS_NONCE));
    // The hash's last byte is not zero: no borrow.
    job.target[31] -= 1;
    assert_eq!(Search::new(&job).run(GENESIS_NONCE, 1), None);
}

#[test]
fn the_last_nonce_is_tried_and_none_after_it() {
    let mut job = genesis();
    job.target = [0; 32];
    assert_eq!(Search::new(&job).run(u32::MAX - 2, u32::MAX), None);
    assert_eq!(Search::new(&job).run(0, 0), None);
    job.target = plain(&Search::new(&job).header(u32::MAX));
    assert_eq!(
        Search::new(&job).run(u32::MAX - 2, u32::MAX),
        Some(u32::MAX)
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Any header, and targets from the hardest that 300 nonces may meet to the easiest.
    #[test]
    fn slices_agree_with_plain_double_sha256(
        header in prop::collection::vec(any::<u8>(), 80),
        target in prop::collection::vec(any::<u8>(), 32),
        zeros in 0..2_usize,
        from in any::<u32>(),
        slice in 1..100_u32,
    ) {
        let mut job = Job { header: header.try_into().unwrap(), target: target.try_into().unwrap() };
        job.target[..zeros].fill(0);
        let search = Search::new(&job);
        let last = from.saturating_add(299);
        let meets = |nonce: &u32| plain(&search.header(*nonce)) <= job.target;
        let expected = (from..=last).find(meets);
        let mut found = None;
        let mut at = from;
        while found.is_none() && at <= last {
            found = search.run(at, slice.min(last - at + 1));
            match at.checked_add(slice) {
                Some(next) => at = next,
                None => break,
            }
        }
        prop_assert_eq!(found, expected);
        let mut shown = search.hash(from);
        shown.reverse();
        prop_assert_eq!(shown, plain(&search.header(from)));
    }
}
