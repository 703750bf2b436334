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
        .chain(["farthing:class-4b"])
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

/// A practice network of one's own is mined for real, and known from its name without any work.
#[test]
fn an_own_practice_network_asks_for_work_but_its_first_header_does_not() {
    let (own, bare) = (by_name("practice:class-4b"), by_name("practice"));
    assert_eq!(own.genesis.bits.to_consensus(), 0x1e03_ffff);
    assert_eq!(own.pow_limit, (U256::ONE << 234) - U256::ONE);
    assert!(own.genesis.nonce < 100, "{}", own.genesis.nonce);
    assert!(hash_value(&own.genesis.block_hash()) <= bare.pow_limit);
    assert_eq!(own.versions.bip34_height, 1);
    assert_eq!(own.retarget, Retarget::Never);
    assert_eq!(own.coinbase_maturity, 1);
    assert_eq!(own.addresses.bech32_prefix, "fthp");
    let header = bitcoin::consensus::serialize(&own.genesis);
    let report = crate::headers::range::check(&own, 0, &header, None).unwrap();
    assert_eq!(report.work, U256::from(0x40_0010));
    assert_eq!(
        own.genesis.block_hash().to_string(),
        "3d02ffc33d0307a63f9c63ed7dc7116554ebe85270c825b090b6a9fd1afe0efc",
        "a changed first header is another network"
    );
}

#[test]
fn the_first_block_of_a_named_network_is_known_whole() {
    for name in ["practice", "practice:class-4b", "farthing:class-4b"] {
        let params = by_name(name);
        let block = params.genesis_block().unwrap();
        assert_eq!(block.header, params.genesis);
        assert!(block.check_merkle_root());
        let name_in_it = block.txdata[0].input[0].script_sig.as_bytes();
        assert!(name_in_it.ends_with(name.as_bytes()));
    }
    assert_eq!(by_name("bitcoin").genesis_block(), None);
}

#[test]
fn the_subsidy_halves_until_nothing_is_left() {
    let subsidy = by_name("farthing:class-4b").subsidy;
    for (height, units) in [
        (0, 500_000_000),
        (2_099_999, 500_000_000),
        (2_100_000, 250_000_000),
        (2_100_000 * 28, 1),
        (2_100_000 * 29, 0),
        (2_100_000 * 64, 0),
        (u32::MAX, 0),
    ] {
        assert_eq!(subsidy.at(height), units, "{height}");
    }
    let all: u64 = (0..29).map(|n| subsidy.at(2_100_000 * n) * 2_100_000).sum();
    assert!(all < subsidy.max_money() && all > subsidy.max_money() / 100 * 99);
    assert_eq!(subsidy.max_money(), 21_000_000 * 100_000_000);
    assert_eq!(
        by_name("bitcoin").subsidy.max_money(),
        21_000_000 * 100_000_000
    );
    assert_eq!(by_name("regtest").subsidy.at(150), 2_500_000_000);
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
