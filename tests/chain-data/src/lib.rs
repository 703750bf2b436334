//! Every file of real chain data and every published vector, verified by the core's public calls: the
//! same checks, with the same answers, natively and in a worker of a real browser.
//!
//! `cargo test -p chain-data-tests`, and the same with `--target wasm32-unknown-unknown`.
#![cfg(test)]

mod blocks;
mod consensus;
mod data;
mod ed25519;
mod filters;
mod flips;
mod proofs;
mod ranges;
mod retargets;

#[cfg(target_family = "wasm")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// Makes a test of each check, for the place that it is compiled for. A check says what it
/// verified.
macro_rules! tests {
    ($($name:ident: $check:path;)*) => {$(
        #[cfg_attr(not(target_family = "wasm"), test)]
        #[cfg_attr(target_family = "wasm", wasm_bindgen_test::wasm_bindgen_test)]
        fn $name() {
            say(&unless_absent($check));
        }
    )*};
}

fn unless_absent(check: impl FnOnce() -> String) -> String {
    if data::is_absent() {
        "skipped: there is no real chain data; set FARTHING_DATA".to_owned()
    } else {
        check()
    }
}

tests! {
    main_from_the_start: ranges::main_from_the_start;
    main_from_the_middle_of_a_period: ranges::main_from_the_middle_of_a_period;
    main_500_from_300000: ranges::main_500_from_300000;
    testnet3_with_its_twenty_minute_rule: ranges::testnet3;
    a_fork_of_testnet3_is_a_branch: ranges::testnet3_fork;
    testnet4: ranges::testnet4;
    signet: ranges::signet;
    the_branch_that_broke_bip66_is_refused: ranges::bip66_fork;
    all_413_retargets: retargets::all;
    total_work_at_827_heights: retargets::total_work;
    hashes_of_413_periods_agree_with_another_client: retargets::checkpoints_agree;
    a_wrong_target_is_refused_at_every_retarget: retargets::wrong_targets;
    blocks_1_to_255: blocks::first_blocks;
    every_block: blocks::every_block;
    a_flipped_bit_in_a_block_is_refused: blocks::flipped;
    every_merkleblock: proofs::every_merkleblock;
    a_flipped_bit_in_a_merkleblock_proves_nothing_else: proofs::flipped;
    every_bit_of_sample_headers_counts: flips::every_bit;
    filters_of_bip158: filters::vectors;
    scripts_in_filters_of_bip158: filters::scripts;
}

#[cfg(not(target_family = "wasm"))]
fn say(text: &str) {
    println!("{text}");
}

#[cfg(target_family = "wasm")]
fn say(text: &str) {
    wasm_bindgen_test::console_log!("{text}");
}
