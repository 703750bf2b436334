use super::{farthing, farthing_with_input};

const BITCOIN: &str = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";

#[test]
fn what_an_address_stands_for() {
    let ended = farthing(&["address", BITCOIN]);
    assert_eq!(ended.status, 0, "{}", ended.error);
    assert_eq!(ended.fact("network"), "bitcoin");
    assert_eq!(ended.fact("type"), "p2wpkh");
    assert_eq!(
        ended.fact("script"),
        "0014751e76e8199196d454941c45d1b3a323f1433bd6"
    );
}

#[test]
fn test_networks_share_their_addresses() {
    let ended = farthing(&["address", "--json", "mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn"]);
    assert_eq!(ended.status, 0, "{}", ended.out);
    let json = ended.json();
    assert_eq!(json["type"], "p2pkh");
    assert_eq!(
        json["networks"],
        serde_json::json!(["testnet4", "testnet3", "signet", "regtest"])
    );
}

#[test]
fn from_standard_input_with_a_line_end() {
    let ended = farthing_with_input(&["address", "-"], format!("{BITCOIN}\r\n").as_bytes());
    assert_eq!(ended.status, 0, "{}", ended.error);
    assert_eq!(ended.fact("address"), BITCOIN);
}

#[test]
fn another_network_and_a_typing_error_are_told_apart() {
    let ended = farthing(&["address", "--network", "regtest", BITCOIN]);
    assert_eq!(ended.status, 1);
    assert_eq!(
        ended.error,
        "farthing: expected an address of regtest, which begins with bcrt1, m, n or 2, \
         found bc1: an address of bitcoin\n"
    );

    let typed = BITCOIN.replace("w508", "w509");
    for arguments in [
        &["address", "--json", &typed][..],
        &["address", "--json", "--network", "bitcoin", &typed],
    ] {
        let ended = farthing(arguments);
        assert_eq!(ended.status, 1);
        let json = ended.json();
        assert_eq!(json["ok"], false);
        let error = json["error"].as_str().unwrap();
        assert!(error.contains("mistyped"), "{error}");
    }
}

#[test]
fn no_address_at_all() {
    for text in ["", "hello", "bc1q w508", "\u{202e}"] {
        let ended = farthing(&["address", text]);
        assert_eq!(ended.status, 1, "{text:?}");
        assert!(ended.error.contains("expected"), "{}", ended.error);
    }
    assert_eq!(farthing(&["address"]).status, 2);
}
