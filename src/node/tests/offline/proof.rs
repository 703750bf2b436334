use super::{data, farthing, farthing_with_input, read};

const CHECK: [&str; 3] = ["proof", "check", "--network"];
const HEX: &str = "merkleblock/rustbitcoin_merkle_block.hex";
const RAW: &str = "merkleblock/bcoin_merkle300025.raw";
const TXID: &str = "220ebc64e21abece964927322cba69180ed853bb187fbc6923bac7d010b9d87a";

fn check_input(network: &str, input: &[u8]) -> super::Ended {
    farthing_with_input(&[&CHECK[..], &[network, "-"]].concat(), input)
}

#[test]
fn raw_and_hex() {
    let (Some(hex), Some(raw)) = (data(HEX), data(RAW)) else {
        return;
    };
    let ended = farthing(&[&CHECK[..], &["bitcoin", &hex]].concat());
    assert_eq!(ended.status, 0, "{}", ended.error);
    assert_eq!(
        ended.fact("block"),
        "0000000000013b8ab2cd513b0261a14096412195a72a0c4827d229dcc7e0f7af"
    );
    assert_eq!(ended.fact("holds"), format!("{TXID} at position 3"));
    assert_eq!(ended.fact("work"), "the header meets its own target");

    let ended = farthing(&[&CHECK[..], &["bitcoin", "--json", &raw]].concat());
    assert_eq!(ended.status, 0);
    let json = ended.json();
    assert_eq!(json["meetsTarget"], true);
    assert_eq!(json["claimedTransactions"], 461);
    assert_eq!(json["matches"][0]["position"], 396);
    assert_eq!(json["matches"][1]["position"], 397);
}

#[test]
fn hex_with_line_ends_from_standard_input() {
    let Some(hex) = data(HEX) else { return };
    let mut text = read(&hex).trim_ascii().to_vec();
    text.insert(200, b'\n');
    text.extend(b"\r\n");
    assert_eq!(check_input("bitcoin", &text).status, 0);

    text[10] = b'x';
    let ended = check_input("bitcoin", &text);
    assert_eq!(ended.status, 1);
    assert_eq!(
        ended.error,
        "farthing: -: expected hex digits, found 'x' at character 11\n"
    );
}

#[test]
fn flipped_bits_are_refused() {
    let Some(raw) = data(RAW) else { return };
    let honest = read(&raw);
    // In the version, the root, the nonce, a hash, the count of hashes, the bits.
    for byte in [0, 40, 78, 84, 200, 404, 408] {
        let mut bytes = honest.clone();
        bytes[byte] ^= 0x10;
        let ended = check_input("bitcoin", &bytes);
        assert_eq!(ended.status, 1, "byte {byte}: {}", ended.out);
        assert!(ended.error.contains("expected"), "{}", ended.error);
    }
}

#[test]
fn a_header_without_work_is_refused_although_the_tree_is_right() {
    let Some(raw) = data(RAW) else { return };
    let mut bytes = read(&raw);
    bytes[76] ^= 1;
    let ended = check_input("bitcoin", &bytes);
    assert_eq!(ended.status, 1);
    // What the tree holds is said too, and nothing that claims the work.
    assert_eq!(ended.fact("claimed size"), "461");
    assert_eq!(ended.out.matches("at position").count(), 2);
    assert!(!ended.out.contains("meets its own target"), "{}", ended.out);
    assert!(
        ended.error.contains("expected a hash of at most"),
        "{}",
        ended.error
    );
}

#[test]
fn truncated_and_continued_files_are_refused() {
    let Some(raw) = data(RAW) else { return };
    let mut bytes = read(&raw);
    for (length, expected) in [
        (
            79,
            "expected a header of 80 bytes at byte 0, found the end after 79 bytes",
        ),
        (
            100,
            "expected a hash of 32 bytes at byte 85, found the end after 100 bytes",
        ),
    ] {
        let ended = check_input("bitcoin", &bytes[..length]);
        assert_eq!(ended.status, 1);
        assert!(ended.error.contains(expected), "{}", ended.error);
    }
    bytes.push(0);
    let ended = check_input("bitcoin", &bytes);
    assert_eq!(ended.status, 1);
    assert!(ended.error.contains("expected 409 bytes, found 410"));
}

#[test]
fn a_target_that_the_network_does_not_allow_is_refused() {
    let Some(raw) = data(RAW) else { return };
    // regtest's easiest target.
    let mut bytes = read(&raw);
    bytes[72..76].copy_from_slice(&[0xff, 0xff, 0x7f, 0x20]);
    let ended = check_input("bitcoin", &bytes);
    assert_eq!(ended.status, 1);
    assert!(
        ended
            .error
            .contains("expected a target of at most 0x1d00ffff, found 0x207fffff"),
        "{}",
        ended.error
    );
}

#[test]
fn a_proof_of_nothing_is_none() {
    let Some(block) = data("merkleblock/rustbitcoin_block_13b8a.hex") else {
        return;
    };
    let block = hex::decode(read(&block).trim_ascii()).unwrap();
    // The header, nine transactions, the root as only hash, and a bit that says: nothing below.
    let mut bytes = block[..80].to_vec();
    bytes.extend([9, 0, 0, 0, 1]);
    bytes.extend(&block[36..68]);
    bytes.extend([1, 0]);
    let ended = check_input("bitcoin", &bytes);
    assert_eq!(ended.status, 1);
    assert!(
        ended
            .error
            .contains("expected at least one proved transaction, found none"),
        "{}",
        ended.error
    );
}

#[test]
fn the_network_must_be_named() {
    let ended = farthing(&["proof", "check", "-"]);
    assert_eq!(ended.status, 2);
    assert!(ended.error.contains("--network"));
}
