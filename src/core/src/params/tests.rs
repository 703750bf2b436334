use super::*;
use crate::primitives::{bits_from_target, hash_value, target_from_bits};
use bitcoin::Network;
use std::collections::BTreeSet;

fn by_name(name: &str) -> NetworkParams {
    NetworkParams::by_name(name).unwrap()
}

#[test]
fn first_headers_have_the_known_hashes() {
    for (name, hash) in [
        (
            "bitcoin",
            "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f",
        ),
        (
            "testnet4",
            "00000000da84f2bafbbc53dee25a72ae507ff4914b867c565be350b0da8bf043",
        ),
        (
            "testnet3",
            "000000000933ea01ad0ee984209779baaec3ced90fa3f408719526f8d77f4943",
        ),
        (
            "signet",
            "00000008819873e925422c1ff0f99f7cc9bbb232af63a077a480a3633bee1ef6",
        ),
        (
            "regtest",
            "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206",
        ),
    ] {
        assert_eq!(by_name(name).genesis.block_hash().to_string(), hash);
    }
}

#[test]
fn bitcoin_networks_agree_with_the_bitcoin_crate() {
    for (name, network) in [
        ("bitcoin", Network::Bitcoin),
        ("testnet4", Network::Testnet4),
        ("testnet3", Network::Testnet),
        ("signet", Network::Signet),
        ("regtest", Network::Regtest),
    ] {
        let ours = by_name(name);
        assert_eq!(
            ours.genesis,
            bitcoin::constants::genesis_block(network).header
        );
        assert_eq!(ours.magic, network.magic().to_bytes());
    }
}

#[test]
fn every_first_header_meets_its_target_and_the_limit() {
    for name in NetworkParams::names()
        .iter()
        .copied()
        .chain(["farthing:class-4b", "practice:class-4b"])
    {
        let params = by_name(name);
        let bits = params.genesis.bits.to_consensus();
        assert_eq!(params.name, name);
        assert_eq!(bits, bits_from_target(params.pow_limit), "{name}");
        let target = target_from_bits(bits).unwrap();
        assert!(target <= params.pow_limit, "{name}");
        assert!(hash_value(&params.genesis.block_hash()) <= target, "{name}");
    }
}

#[test]
fn a_name_makes_a_network_of_its_own() {
    let names = [
        "practice",
        "practice:a",
        "practice:b",
        "farthing:a",
        "farthing:b",
    ];
    let magics: BTreeSet<_> = names.iter().map(|name| by_name(name).magic).collect();
    assert_eq!(magics.len(), names.len());
    let made = NetworkParams::farthing("a").unwrap();
    assert_eq!(made, by_name("farthing:a"));
    assert_eq!(
        made.genesis.block_hash().to_string(),
        "00007b8e0dad25cfff4af457d54584a78c9c813f8728061b7405c6a730955cc6",
        "a changed first header is another network"
    );
}

#[test]
fn unknown_names_are_refused_with_the_known_ones() {
    let long = format!("farthing:{}", "x".repeat(65));
    for name in [
        "",
        "Bitcoin",
        "main",
        "farthing",
        "farthing:",
        "farthing:Upper",
        "farthing:a b",
        "practice:\u{e9}",
        "bitcoin:a",
        long.as_str(),
    ] {
        let error = NetworkParams::by_name(name).unwrap_err();
        assert_eq!(error.found, name);
        assert!(error.to_string().contains("bitcoin, testnet4"), "{error}");
    }
    assert!(NetworkParams::farthing(&"x".repeat(64)).is_ok());
}

#[test]
fn checkpoints_ascend_and_end_periods() {
    let params = by_name("bitcoin");
    assert!(
        params
            .checkpoints
            .windows(2)
            .all(|pair| pair[0].0 < pair[1].0)
    );
    assert!(
        params
            .checkpoints
            .iter()
            .all(|(height, _)| height % 2016 == 2015)
    );
}
