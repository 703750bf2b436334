use super::{data, farthing, farthing_with_input, read};

const CHECK: [&str; 3] = ["headers", "check", "--network"];
const MAIN: &str = "headers/main_0_10236.bin";

fn check(arguments: &[&str]) -> super::Ended {
    farthing(&[&CHECK, arguments].concat())
}

fn check_input(arguments: &[&str], input: &[u8]) -> super::Ended {
    farthing_with_input(&[&CHECK, arguments, &["-"]].concat(), input)
}

#[test]
fn bitcoin_from_its_first_header() {
    let Some(file) = data(MAIN) else { return };
    let ended = check(&["bitcoin", &file]);
    assert_eq!(ended.status, 0, "{}", ended.error);
    assert_eq!(ended.fact("headers"), "10237");
    assert_eq!(ended.fact("first height"), "0");
    assert_eq!(ended.fact("last height"), "10236");
    assert_eq!(
        ended.fact("tip"),
        "000000004f74d42205b9d7ae1cb5c1591e723894a71358fce73b7e0919628161"
    );
    assert_eq!(
        ended.fact("total work"),
        "000000000000000000000000000000000000000000000000000027fd27fd27fd"
    );
    assert!(!ended.out.contains("not checked"));
}

#[test]
fn the_same_in_json() {
    let Some(file) = data(MAIN) else { return };
    let ended = check(&["bitcoin", "--json", &file]);
    assert_eq!(ended.status, 0);
    let json = ended.json();
    assert_eq!(json["ok"], true);
    assert_eq!(json["network"], "bitcoin");
    assert_eq!(json["count"], 10_237);
    assert_eq!(json["firstHeight"], 0);
    assert_eq!(json["lastHeight"], 10_236);
    assert_eq!(json["anchored"], true);
    assert_eq!(json["unchecked"], serde_json::json!([]));
}

#[test]
fn every_other_network_of_the_data() {
    for (network, file, count) in [
        ("testnet3", "headers/test3_0_9999.bin", "10000"),
        ("testnet4", "headers/test4_0_100.bin", "101"),
        ("signet", "headers/signet_0_2015.bin", "2016"),
    ] {
        let Some(file) = data(file) else { return };
        let ended = check(&[network, &file]);
        assert_eq!(ended.status, 0, "{}", ended.error);
        assert_eq!(ended.fact("headers"), count);
    }
}

#[test]
fn a_piece_says_what_it_could_not_check() {
    let Some(file) = data("headers/main_40000_49999.bin") else {
        return;
    };
    let ended = check(&["bitcoin", "--from", "40000", &file]);
    assert_eq!(ended.status, 0, "{}", ended.error);
    assert_eq!(ended.fact("last height"), "49999");
    assert!(
        ended
            .out
            .contains("height 40320: the target by the retarget rule")
    );

    // From a retarget boundary on, only what lies before the piece is wanting.
    let boundary = &read(&file)[(40_320 - 40_000) * 80..];
    let ended = check_input(&["bitcoin", "--from", "40320", "--json"], boundary);
    assert_eq!(ended.status, 0, "{}", ended.out);
    let unchecked = ended.json()["unchecked"].clone();
    let heights: Vec<u64> = unchecked
        .as_array()
        .unwrap()
        .iter()
        .map(|unchecked| unchecked["last"].as_u64().unwrap())
        .collect();
    assert!(
        heights.iter().all(|&height| height <= 40_330),
        "{unchecked}"
    );
}

#[test]
fn a_flipped_bit_is_found_with_its_height_and_byte() {
    let Some(file) = data(MAIN) else { return };
    let mut bytes = read(&file)[..80 * 300].to_vec();
    bytes[80 * 170 + 40] ^= 1;
    let ended = check_input(&["bitcoin"], &bytes);
    assert_eq!(ended.status, 1);
    assert_eq!(ended.out, "");
    let start = "farthing: -: header at height 170: expected a hash of at most 00000000ffff";
    assert!(ended.error.starts_with(start), "{}", ended.error);
    assert!(
        ended.error.ends_with("(at byte 13600)\n"),
        "{}",
        ended.error
    );

    let ended = check_input(&["bitcoin", "--json"], &bytes);
    assert_eq!(ended.status, 1);
    let json = ended.json();
    assert_eq!(json["ok"], false);
    assert_eq!(json["height"], 170);
    assert!(json["error"].as_str().unwrap().contains("at height 170"));
}

#[test]
fn a_truncated_file_is_refused_at_its_end() {
    let Some(file) = data(MAIN) else { return };
    let bytes = read(&file);
    let ended = check_input(&["bitcoin"], &bytes[..80 * 10 + 79]);
    assert_eq!(ended.status, 1);
    assert!(
        ended.error.contains("header at height 10:") && ended.error.contains("79"),
        "{}",
        ended.error
    );
}

#[test]
fn another_network_is_refused() {
    let Some(file) = data(MAIN) else { return };
    for network in ["testnet3", "testnet4", "signet", "regtest", "practice"] {
        let ended = check(&[network, &file]);
        assert_eq!(ended.status, 1, "{network}");
        let expected = "header at height 0: expected the network's first header";
        assert!(ended.error.contains(expected), "{}", ended.error);
    }
}

#[test]
fn a_gap_is_refused() {
    let Some(file) = data(MAIN) else { return };
    let mut bytes = read(&file)[..80 * 20].to_vec();
    bytes.drain(80 * 7..80 * 8);
    let ended = check_input(&["bitcoin"], &bytes);
    assert_eq!(ended.status, 1);
    let expected = "header at height 7: expected the parent";
    assert!(ended.error.contains(expected), "{}", ended.error);
}

#[test]
fn hex_of_one_header_a_line() {
    let Some(file) = data("headers/btcrelay_500from300k.txt") else {
        return;
    };
    let ended = check(&["bitcoin", "--from", "300000", &file]);
    assert_eq!(ended.status, 0, "{}", ended.error);
    assert_eq!(ended.fact("headers"), "500");
    assert_eq!(ended.fact("last height"), "300499");
}

#[test]
fn nothing_at_all_is_refused() {
    let ended = check_input(&["bitcoin"], &[]);
    assert_eq!(ended.status, 1);
    assert_eq!(ended.error, "farthing: -: expected bytes, found none\n");
}

#[test]
fn wrong_usage_has_a_status_of_its_own() {
    assert_eq!(check(&["bitcoin"]).status, 2);
    let unknown = check_input(&["dogecoin"], &[]);
    assert_eq!(unknown.status, 2);
    assert!(unknown.error.contains("unknown network \"dogecoin\""));
    let absent = check(&["bitcoin", "/no/such/file"]);
    assert_eq!(absent.status, 2);
    assert!(
        absent
            .error
            .starts_with("farthing: /no/such/file: cannot be read")
    );
}
