use super::{Ended, farthing_with_input};

/// The first payment of all, in block 170.
const FIRST_PAYMENT: &str = "0100000001c997a5e56e104102fa209c6a852dd90660a20b2d9c352423edce25857fcd3704000000004847304402204e45e16932b8af514961a1d3a1a25fdf3f4f7732e9d624c6c61548ab5fb8cd410220181522ec8eca07de4860a4acdd12909d831cc56cbbac4622082221a8768d1d0901ffffffff0200ca9a3b00000000434104ae1a62fe09c5f51b13905f07f06b99a2f7159b2225f374cd378d71302fa28414e7aab37397f554a7df5f142c21c1b7303b8a0626f1baded5c72a704f7e6cd84cac00286bee0000000043410411db93e1dcdb8a016b49840f8c53bc1eb68a382e97b1482ecad7b148a6909a5cb2e0eaddfb84ccf9744464f82e160bfa9b8b64f9d4c03f999b8643f656b412a3ac00000000";

fn inspect(input: &[u8]) -> Ended {
    farthing_with_input(&["tx", "--json", "-"], input)
}

fn error(ended: &Ended) -> String {
    ended.json()["error"].as_str().unwrap().to_owned()
}

#[test]
fn the_first_payment() {
    let ended = inspect(FIRST_PAYMENT.as_bytes());
    assert_eq!(ended.status, 0, "{}", ended.out);
    let json = ended.json();
    assert_eq!(
        json["txid"],
        "f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16"
    );
    assert_eq!(json["coinbase"], false);
    assert_eq!(json["outputs"][0]["value"], 1_000_000_000_u64);
    assert_eq!(json["outputs"][0]["type"], "p2pk");
    assert_eq!(
        json["inputs"][0]["spends"],
        "0437cd7f8525ceed2324359c2d0ba26006d92d856a9c20fa0241106ee5a597c9:0"
    );

    let raw = hex::decode(FIRST_PAYMENT).unwrap();
    assert_eq!(inspect(&raw).json(), json);

    let text = farthing_with_input(&["tx", "-"], &raw);
    assert_eq!(text.status, 0);
    assert!(
        text.fact("output 1")
            .starts_with("4000000000 to script 410411db93")
    );
}

#[test]
fn an_address_is_shown_as_its_network_writes_it() {
    // The same, with one output to a key hash.
    let mut hex = FIRST_PAYMENT[..FIRST_PAYMENT.len() - 8 - 2 * 76].to_owned();
    hex.push_str("00286bee00000000160014751e76e8199196d454941c45d1b3a323f1433bd600000000");
    for (network, address) in [
        ("bitcoin", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"),
        ("regtest", "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"),
    ] {
        let arguments = ["tx", "--network", network, "--json", "-"];
        let ended = farthing_with_input(&arguments, hex.as_bytes());
        assert_eq!(ended.status, 0, "{}", ended.out);
        assert_eq!(ended.json()["outputs"][1]["address"], address);
    }
}

#[test]
fn truncated_continued_and_garbled() {
    let raw = hex::decode(FIRST_PAYMENT).unwrap();
    let ended = inspect(&raw[..100]);
    assert_eq!(ended.status, 1);
    assert_eq!(
        error(&ended),
        "-: expected a transaction, found the end after 100 bytes"
    );
    let ended = inspect(&[&raw[..], &[0]].concat());
    assert_eq!(ended.status, 1);
    assert_eq!(
        error(&ended),
        "-: expected a transaction of 275 bytes, found 276"
    );
    let ended = inspect(&FIRST_PAYMENT.as_bytes()[..101]);
    assert_eq!(ended.status, 1);
    assert_eq!(
        error(&ended),
        "-: expected an even number of hex digits, found 101"
    );
}

#[test]
fn more_than_there_is_and_one_coin_twice() {
    let rich = FIRST_PAYMENT.replace("00ca9a3b00000000", "00ca9a3b00ffffff");
    let ended = inspect(rich.as_bytes());
    assert_eq!(ended.status, 1);
    assert!(error(&ended).contains("expected outputs of at most 2100000000000000 units together"));

    // CVE-2018-17144: the input a second time.
    let (start, rest) = FIRST_PAYMENT.split_at(10);
    let (input, rest) = rest.split_at(2 * (36 + 1 + 72 + 4));
    let twice = format!("{}02{input}{input}{rest}", &start[..8]);
    let ended = inspect(twice.as_bytes());
    assert_eq!(ended.status, 1);
    assert!(
        error(&ended).contains("expected each coin once"),
        "{}",
        ended.out
    );
    assert!(error(&ended).ends_with("again in input 1"), "{}", ended.out);
}
