use super::{data, farthing, farthing_with_input, read};

const TESTNET_BLOCK: &str = "blocks/bitcoinj_block_testnet21066.dat";

#[test]
fn every_block_of_the_data() {
    for (network, file, transactions, witnesses) in [
        ("bitcoin", "blocks/bcoin_block300025.raw", 461, "none"),
        ("bitcoin", "blocks/bitcoinj_block227835.dat", 122, "none"),
        (
            "bitcoin",
            "blocks/bitcoinj_block481829.dat",
            2020,
            "verified",
        ),
        ("testnet3", TESTNET_BLOCK, 2, "none"),
        ("bitcoin", "blocks/core_block413567.raw", 1557, "none"),
        (
            "bitcoin",
            "blocks/rustbitcoin_main_taproot.raw",
            2500,
            "verified",
        ),
        (
            "bitcoin",
            "merkleblock/rustbitcoin_block_13b8a.hex",
            9,
            "none",
        ),
    ] {
        let Some(file) = data(file) else { return };
        let ended = farthing(&["block", "--network", network, "--json", &file]);
        assert_eq!(ended.status, 0, "{file}: {}", ended.out);
        let json = ended.json();
        assert_eq!(json["meetsTarget"], true);
        assert_eq!(json["transactionCount"], transactions);
        assert_eq!(json["witnesses"], witnesses);
        let listed = json["transactions"].as_array().unwrap();
        assert_eq!(listed.len(), transactions);
    }
}

#[test]
fn text_says_what_a_person_asks_first() {
    let Some(file) = data(TESTNET_BLOCK) else {
        return;
    };
    let ended = farthing(&["block", "--network", "testnet3", &file]);
    assert_eq!(ended.status, 0, "{}", ended.error);
    assert_eq!(
        ended.fact("block"),
        "0000000004053156021d8e42459d284220a7f6e087bf78f30179c3703ca4eefa"
    );
    assert_eq!(ended.fact("transactions"), "2");
    assert_eq!(ended.fact("work"), "the header meets its own target");
}

#[test]
fn a_flipped_bit_in_any_transaction_is_refused() {
    let Some(file) = data(TESTNET_BLOCK) else {
        return;
    };
    let honest = read(&file);
    for byte in [85, 130, 200, 300, honest.len() - 1] {
        let mut bytes = honest.clone();
        bytes[byte] ^= 1;
        let ended = farthing_with_input(&["block", "--network", "testnet3", "-"], &bytes);
        assert_eq!(ended.status, 1, "byte {byte}");
        assert!(ended.error.contains("expected"), "{}", ended.error);
    }
}

#[test]
fn a_flipped_bit_in_the_header_is_refused_for_its_work() {
    let Some(file) = data(TESTNET_BLOCK) else {
        return;
    };
    let mut bytes = read(&file);
    bytes[70] ^= 1;
    let ended = farthing_with_input(&["block", "--network", "testnet3", "--json", "-"], &bytes);
    assert_eq!(ended.status, 1);
    let json = ended.json();
    assert_eq!(json["ok"], false);
    assert_eq!(json["meetsTarget"], false);
    let error = json["error"].as_str().unwrap();
    assert!(error.contains("expected a hash of at most"), "{error}");
}

#[test]
fn a_truncated_block_says_where() {
    let Some(file) = data("blocks/bcoin_block300025.raw") else {
        return;
    };
    let bytes = read(&file);
    let ended = farthing_with_input(&["block", "--json", "-"], &bytes[..100_000]);
    assert_eq!(ended.status, 1);
    let json = ended.json();
    let error = json["error"].as_str().unwrap();
    assert!(error.starts_with("-: expected transaction "), "{error}");
    assert!(
        error.ends_with("found the end after 100000 bytes"),
        "{error}"
    );
    assert!(json["byte"].as_u64().unwrap() < 100_000);
}

#[test]
fn a_block_heavier_than_the_network_allows_is_refused() {
    let Some(file) = data("blocks/core_block413567.raw") else {
        return;
    };
    let ended = farthing(&["block", "--network", "practice", &file]);
    assert_eq!(ended.status, 1);
    assert!(
        ended
            .error
            .contains("expected a weight of at most 400000, found 3999548"),
        "{}",
        ended.error
    );
}
