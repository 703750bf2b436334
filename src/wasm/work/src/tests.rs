//! In a browser's worker, against Bitcoin's first block.

use super::Searcher;
use wasm_bindgen_test::wasm_bindgen_test;

const HEADER: &str = "01000000\
    0000000000000000000000000000000000000000000000000000000000000000\
    3ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a\
    29ab5f49ffff001d";
const TARGET: &str = "00000000ffff0000000000000000000000000000000000000000000000000000";
const NONCE: u32 = 2_083_236_893;

#[wasm_bindgen_test]
fn the_first_block_is_found_again() {
    let search = Searcher::new(&format!("{HEADER}00000000"), TARGET).expect("it is a header");
    assert_eq!(search.search(NONCE - 2_000, 2_000), None);
    assert_eq!(search.search(NONCE - 2_000, 2_001), Some(NONCE));
    assert_eq!(search.header(NONCE), format!("{HEADER}1dac2b7c"));
    assert_eq!(
        search.hash(NONCE),
        "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f"
    );
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
        assert!(Searcher::new(header, target).is_err(), "{header} {target}");
    }
}
