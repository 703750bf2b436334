use super::super::{NetworkParams, SpendRule};
use super::AddressError;
use crate::keys::SecretKey;
use bitcoin::bech32::{Bech32, Bech32m, Fe32, Hrp, segwit};
use bitcoin::{Address, Network, ScriptBuf, WitnessProgram, WitnessVersion, base58};
use proptest::prelude::*;

const P2PKH: &str = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa";
const P2SH: &str = "3P14159f73E4gFr7JterCCQh9QjiTjiZrG";
/// BIP173's and BIP350's examples.
const P2WPKH: &str = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";
const P2TR: &str = "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0";
const REGTEST_P2WPKH: &str = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080";

fn network(name: &str) -> NetworkParams {
    NetworkParams::by_name(name).unwrap()
}

fn script(network_name: &str, address: &str) -> Result<ScriptBuf, AddressError> {
    network(network_name).script_from_address(address)
}

fn refused(network_name: &str, address: &str) -> String {
    script(network_name, address).unwrap_err().to_string()
}

fn program(version: WitnessVersion, bytes: &[u8]) -> ScriptBuf {
    ScriptBuf::new_witness_program(&WitnessProgram::new(version, bytes).unwrap())
}

#[test]
fn known_addresses_and_their_scripts() {
    for (network_name, address, hex) in [
        (
            "bitcoin",
            P2PKH,
            "76a91462e907b15cbf27d5425399ebf6f0fb50ebb88f1888ac",
        ),
        (
            "bitcoin",
            P2SH,
            "a914e9c3dd0c07aac76179ebc76a6c78d4d67c6c160a87",
        ),
        (
            "bitcoin",
            P2WPKH,
            "0014751e76e8199196d454941c45d1b3a323f1433bd6",
        ),
        (
            "testnet4",
            "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7",
            "00201863143c14c5166804bd19203356da136c985678cd4d27a1b8c6329604903262",
        ),
        (
            "bitcoin",
            P2TR,
            "512079be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
        ),
        ("bitcoin", "bc1sw50qgdz25j", "6002751e"),
        (
            "regtest",
            REGTEST_P2WPKH,
            "0014751e76e8199196d454941c45d1b3a323f1433bd6",
        ),
    ] {
        let found = script(network_name, address).unwrap();
        assert_eq!(found.to_hex_string(), hex, "{address}");
        let back = network(network_name).address_from_script(&found);
        assert_eq!(back.as_deref(), Some(address));
    }
}

#[test]
fn capitals_are_the_same_address() {
    let found = script("bitcoin", &P2WPKH.to_ascii_uppercase()).unwrap();
    let shown = network("bitcoin").address_from_script(&found);
    assert_eq!(shown.as_deref(), Some(P2WPKH));
}

#[test]
fn an_address_of_another_network_is_named() {
    assert_eq!(
        refused("regtest", P2WPKH),
        "expected an address of regtest, which begins with bcrt1, m, n or 2, \
         found bc1: an address of bitcoin"
    );
    assert_eq!(
        refused("regtest", P2PKH),
        "expected an address of regtest, which begins with bcrt1, m, n or 2, \
         found version 0: an address of bitcoin"
    );
    assert_eq!(
        refused("bitcoin", "mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn"),
        "expected an address of bitcoin, which begins with bc1, 1 or 3, \
         found version 111: an address of testnet4, testnet3, signet or regtest"
    );
    assert_eq!(
        refused("practice", P2WPKH),
        "expected an address of practice, which begins with fthp1, found bc1: an address of bitcoin"
    );
}

/// bcoin 1.0 writes regtest addresses with a prefix of its own.
#[test]
fn the_regtest_prefix_of_bcoin_is_not_ours() {
    let prefix = Hrp::parse("rb").unwrap();
    let theirs = segwit::encode(prefix, Fe32::Q, &[7; 20]).unwrap();
    assert_eq!(
        refused("regtest", &theirs),
        "expected an address of regtest, which begins with bcrt1, m, n or 2, \
         found rb1: an unknown network"
    );
}

#[test]
fn typing_errors_are_said_to_be_such() {
    let checksum =
        "expected a matching checksum, found another: a character is mistyped, missing or extra";
    for (network_name, address) in [
        ("bitcoin", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5"),
        ("bitcoin", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t"),
        ("bitcoin", "bc1"),
        ("bitcoin", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb"),
        ("bitcoin", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfN"),
        ("regtest", "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt081"),
        // A typing error in another network's address is a typing error first.
        ("regtest", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5"),
    ] {
        assert_eq!(refused(network_name, address), checksum, "{address}");
    }
    assert_eq!(
        refused("bitcoin", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3to"),
        "expected characters of bech32, without 1, b, i and o, after the prefix, \
         found 'o' at character 42"
    );
    assert_eq!(
        refused("bitcoin", "1A1zP1eP5QGefi2DMPTfTL5SLmv7Div0Na"),
        "expected characters of base58, without 0, O, I and l, found '0' at character 32"
    );
    assert_eq!(
        refused("bitcoin", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3T4"),
        "expected only small or only capital letters, found both"
    );
    assert_eq!(
        refused("bitcoin", "bc1qw508 d6q"),
        "expected letters and digits, found ' ' at character 9"
    );
    assert_eq!(
        refused("bitcoin", "hello"),
        "expected an address that begins with bc1, 1 or 3, found \"hell\""
    );
    assert_eq!(
        refused("bitcoin", ""),
        "expected an address that begins with bc1, 1 or 3, found nothing"
    );
    assert_eq!(
        refused("bitcoin", &"1".repeat(91)),
        "expected an address of at most 90 characters, found 91"
    );
}

/// Each kind of program has one checksum: version 0 bech32's, every other bech32m's (BIP350).
#[test]
fn the_other_checksum_is_refused() {
    let prefix = Hrp::parse("bc").unwrap();
    let data = |version: u8, program: &[u8]| {
        let mut data = vec![Fe32::try_from(version).unwrap()];
        data.extend(
            bitcoin::bech32::primitives::iter::ByteIterExt::bytes_to_fes(program.iter().copied()),
        );
        data
    };
    let chars = |data: Vec<Fe32>, bech32m: bool| -> String {
        use bitcoin::bech32::primitives::iter::Fe32IterExt;
        let data = data.into_iter();
        if bech32m {
            data.with_checksum::<Bech32m>(&prefix).chars().collect()
        } else {
            data.with_checksum::<Bech32>(&prefix).chars().collect()
        }
    };
    for (version, right) in [(0, false), (1, true)] {
        let address = chars(data(version, &[7; 32]), right);
        assert!(script("bitcoin", &address).is_ok(), "{address}");
        let address = chars(data(version, &[7; 32]), !right);
        assert_eq!(
            script("bitcoin", &address),
            Err(AddressError::Checksum),
            "{address}"
        );
    }
    // Version 0 has 20 or 32 bytes.
    let address = chars(data(0, &[7; 25]), false);
    assert!(matches!(
        script("bitcoin", &address),
        Err(AddressError::Program { .. })
    ));
}

#[test]
fn base58_of_another_length_is_no_destination() {
    for (length, found) in [
        (20, "a version and 19 bytes"),
        (22, "a version and 21 bytes"),
    ] {
        let address = base58::encode_check(&vec![0; length]);
        assert_eq!(
            refused("bitcoin", &address),
            format!("expected a version and a hash of 20 bytes, found {found}")
        );
    }
    assert!(script("bitcoin", &base58::encode_check(&[])).is_err());
}

#[test]
fn farthing_networks_pay_to_one_kind_of_program() {
    for (name, beginning) in [("practice", "fthp1"), ("farthing:class-3b", "fth1")] {
        let params = network(name);
        let key = SecretKey::from_seed(&[7; 32]).public();
        let good = program(WitnessVersion::V16, &key.to_bytes());
        let address = params.address_from_script(&good).unwrap();
        assert!(address.starts_with(beginning), "{address}");
        assert_eq!(params.script_from_address(&address), Ok(good));

        // The same kinds of script that Bitcoin has are nobody's here.
        let prefix = Hrp::parse(&params.addresses.bech32_prefix).unwrap();
        for (version, length) in [(0, 20), (0, 32), (1, 32), (16, 20), (16, 33)] {
            let fe = Fe32::try_from(version).unwrap();
            let address = segwit::encode(prefix, fe, &vec![7; length]).unwrap();
            assert_eq!(
                refused(name, &address),
                format!(
                    "expected a witness program of version 16 and 32 bytes, \
                     found version {version} and {length} bytes"
                )
            );
        }
        let taproot = program(WitnessVersion::V1, &[7; 32]);
        assert_eq!(params.address_from_script(&taproot), None);
        assert_eq!(params.spend_rule, SpendRule::Ed25519);
    }
}

/// Money sent there would be in no block: the list of rules has no such output.
#[test]
fn an_address_of_no_public_key_is_refused() {
    let practice = network("practice");
    let prefix = Hrp::parse("fthp").unwrap();
    let mut small_order = [0; 32];
    small_order[0] = 1;
    let mut no_point = [0; 32];
    no_point[0] = 2;
    let mut not_canonical = [0xff; 32];
    not_canonical[0] = 0xf0;
    not_canonical[31] = 0x7f;
    for (bytes, reason) in [
        (small_order, "expected a point that is not of small order"),
        (no_point, "expected the encoding of a point of Ed25519"),
        (not_canonical, "expected the canonical encoding"),
    ] {
        let address = segwit::encode(prefix, Fe32::try_from(16).unwrap(), &bytes).unwrap();
        let found = refused("practice", &address);
        let expected = format!("expected a public key that can be paid to, found {reason}");
        assert!(found.starts_with(&expected), "{found}");
        let script = program(WitnessVersion::V16, &bytes);
        assert_eq!(practice.address_from_script(&script), None);
        // Bitcoin asks nothing of such a program.
        assert!(network("bitcoin").address_from_script(&script).is_some());
    }
}

#[test]
fn scripts_without_address() {
    let bitcoin = network("bitcoin");
    for hex in [
        "",
        "6a0461626364",
        "51",
        "00",
        "0013751e76e8199196d454941c45d1b3a323f1433b",
    ] {
        let script = ScriptBuf::from_hex(hex).unwrap();
        assert_eq!(bitcoin.address_from_script(&script), None, "{hex}");
    }
    let practice = network("practice");
    let p2pkh = script("bitcoin", P2PKH).unwrap();
    assert_eq!(practice.address_from_script(&p2pkh), None);
}

const PAIRS: [(&str, Network); 5] = [
    ("bitcoin", Network::Bitcoin),
    ("testnet4", Network::Testnet4),
    ("testnet3", Network::Testnet),
    ("signet", Network::Signet),
    ("regtest", Network::Regtest),
];

proptest! {
    /// Scripts that have an address, against the `bitcoin` crate's own.
    #[test]
    fn addresses_are_those_of_the_bitcoin_crate(
        which in 0..PAIRS.len(),
        kind in 0..5_u8,
        bytes in any::<[u8; 32]>(),
    ) {
        let (name, theirs) = PAIRS[which];
        let hash = &bytes[..20];
        let script = match kind {
            0 => ScriptBuf::from_bytes([&[0x76, 0xa9, 20], hash, &[0x88, 0xac]].concat()),
            1 => ScriptBuf::from_bytes([&[0xa9, 20], hash, &[0x87]].concat()),
            2 => program(WitnessVersion::V0, hash),
            3 => program(WitnessVersion::V0, &bytes),
            _ => program(WitnessVersion::V1, &bytes),
        };
        let expected = Address::from_script(&script, theirs).unwrap().to_string();
        let params = network(name);
        prop_assert_eq!(params.address_from_script(&script), Some(expected.clone()));
        prop_assert_eq!(params.script_from_address(&expected), Ok(script));
    }

    #[test]
    fn a_changed_character_is_never_an_address(
        which in 0..4_usize,
        at in any::<prop::sample::Index>(),
        to in prop::char::range('0', 'z'),
    ) {
        let honest = [P2PKH, P2SH, P2WPKH, P2TR][which];
        let at = at.index(honest.len());
        let mut changed: Vec<char> = honest.chars().collect();
        prop_assume!(changed[at] != to);
        changed[at] = to;
        let changed: String = changed.into_iter().collect();
        prop_assert!(script("bitcoin", &changed).is_err(), "{}", changed);
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC*", ascii in "[ -~]{0,95}") {
        for name in ["bitcoin", "regtest", "practice"] {
            let params = network(name);
            for text in [&text, &ascii] {
                if let Ok(script) = params.script_from_address(text) {
                    prop_assert!(params.address_from_script(&script).is_some());
                }
            }
        }
    }

    #[test]
    fn no_script_makes_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..50)) {
        let script = ScriptBuf::from_bytes(bytes);
        for name in ["bitcoin", "practice"] {
            let params = network(name);
            if let Some(address) = params.address_from_script(&script) {
                prop_assert_eq!(params.script_from_address(&address), Ok(script.clone()));
            }
        }
    }
}
