//! In a browser's worker, against Bitcoin's first block: with this module's kernels, and so with all of
//! them, since the tests are run of both modules.

use super::Searcher;
use farthing_work::{Hit, Job, Kernel, Search, hash_headers_with};
use wasm_bindgen_test::wasm_bindgen_test;

const HEADER: &str = "01000000\
    0000000000000000000000000000000000000000000000000000000000000000\
    3ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a\
    29ab5f49ffff001d";
const TARGET: &str = "00000000ffff0000000000000000000000000000000000000000000000000000";
const NONCE: u32 = 2_083_236_893;
const HASH: &str = "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f";

#[wasm_bindgen_test]
fn the_first_block_is_found_again() {
    let search = Searcher::new(&format!("{HEADER}00000000"), TARGET, 0).expect("it is a header");
    assert_eq!((search.groups(), search.versions()), (1, 1));
    let before = search.search(0, NONCE - 2_000, 2_000);
    assert_eq!((before.next, before.exhausted), (NONCE, false));
    assert!(before.headers.is_empty() && before.hashed.is_empty());
    let found = search.search(0, NONCE - 2_000, 4_000);
    assert_eq!(found.headers, [format!("{HEADER}1dac2b7c")]);
    assert_eq!(found.hashed, [HASH]);
    assert_eq!(found.hashes, f64::from(found.next - NONCE + 2_000));
}

#[wasm_bindgen_test]
fn the_first_block_is_believed_and_no_other_claim() {
    let search = Searcher::new(&format!("{HEADER}00000000"), TARGET, 0).expect("it is a header");
    assert_eq!(search.words(0).len(), 4 + 16);
    let found = search
        .check(0, NONCE - 5, 10, &[NONCE, 0])
        .expect("it is right");
    assert_eq!(found.headers, [format!("{HEADER}1dac2b7c")]);
    assert_eq!(found.hashed, [HASH]);
    assert_eq!(
        (found.next, found.exhausted, found.hashes),
        (NONCE + 5, false, 10.0)
    );
    let last = search
        .check(0, u32::MAX - 9, 10, &[])
        .expect("nothing is claimed");
    assert_eq!((last.next, last.exhausted), (0, true));
    assert!(
        search
            .check(0, NONCE - 5, 10, &[NONCE, 0, NONCE + 1, 0])
            .is_err()
    );
}

/// Beside `sha2`, which is a kernel as well: every nonce of a slice is a hit, or about half of them.
#[wasm_bindgen_test]
fn all_kernels_of_this_module_agree() {
    let simd = cfg!(target_feature = "simd128");
    let names: Vec<_> = Kernel::all().map(Kernel::name).collect();
    let expected = match simd {
        true => &["scalar", "sha2", "four lanes"][..],
        false => &["scalar", "sha2"],
    };
    assert_eq!(names, expected);
    let best = if simd { "four lanes" } else { "scalar" };
    assert_eq!(Kernel::best().name(), best);
    for top in [0xff, 0x7f, 0x03] {
        let mut job = Job {
            header: [0xa5; 80],
            target: [0xff; 32],
            version_mask: 0x1fff_e000,
        };
        job.target[0] = top;
        let all = |kernel: Kernel| {
            let search = Search::with_kernel(&job, kernel);
            let (mut at, mut hits) = (u32::MAX - 700, Vec::<Hit>::new());
            loop {
                let slice = search.run(77, at, 100);
                hits.extend(slice.hits);
                if slice.exhausted {
                    break;
                }
                at = slice.next;
            }
            hits.sort_by_key(|hit| (hit.nonce, hit.version));
            hits
        };
        let plain = Kernel::named("sha2").map(all).expect("it is everywhere");
        assert!(!plain.is_empty());
        for kernel in Kernel::all() {
            assert_eq!(all(kernel), plain, "{}", kernel.name());
        }
    }
    let headers: Vec<[u8; 80]> = (0..23).map(|number| [number; 80]).collect();
    let plain = Kernel::named("sha2").map(|kernel| hash_headers_with(kernel, &headers));
    for kernel in Kernel::all() {
        assert_eq!(Some(hash_headers_with(kernel, &headers)), plain);
    }
}

#[wasm_bindgen_test]
fn what_is_no_header_or_no_target_is_refused() {
    let header = format!("{HEADER}00000000");
    for (header, target) in [
        (HEADER, TARGET),
        ("", TARGET),
        (&header.replace('3', "x"), TARGET),
        (&header, ""),
        (&header, &TARGET[2..]),
    ] {
        assert!(
            Searcher::new(header, target, 0).is_err(),
            "{header} {target}"
        );
    }
}
