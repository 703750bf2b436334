//! The table itself.
//!
//! `minimum_work` of bitcoin is the sum of its retarget periods up to height 832,608, which the
//! tests add up again from the headers. Those of the test networks are the ones that Bitcoin Core
//! ships (version 31), known for heights 4,842,348 (testnet3), 123,613 (testnet4) and 293,175
//! (signet).

use super::genesis::{from_facts, from_name, is_valid_name};
use super::{
    AddressRules, Emergency, Lwma, NetworkParams, Retarget, SpendRule, Subsidy,
    UnknownNetworkError, VersionRules,
};
use crate::primitives::{BlockHeight, U256};
use bitcoin::BlockHash;
use bitcoin::hashes::Hash;

/// Every name that the table knows.
pub(super) const NAMES: [&str; 6] = [
    "bitcoin", "testnet4", "testnet3", "signet", "regtest", "practice",
];

/// The Merkle root of the block that Satoshi Nakamoto made, which test networks took over.
const FIRST_MERKLE_ROOT: &str = "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b";

/// 2^224 - 1: difficulty 1.
const BITCOIN_LIMIT: U256 = U256::from_limbs([u64::MAX, u64::MAX, u64::MAX, 0xffff_ffff]);
/// 0x377ae at bit 216.
const SIGNET_LIMIT: U256 = U256::from_limbs([0, 0, 0, 0x0377_ae00_0000]);
/// 2^255 - 1: every other hash will do.
const TRIVIAL_LIMIT: U256 = U256::from_limbs([u64::MAX, u64::MAX, u64::MAX, u64::MAX >> 1]);
/// 2^240 - 1: 65,536 hashes, less than a tenth of a second in one tab, so that the slowest tab
/// alone keeps a network alive.
const FARTHING_LIMIT: U256 = U256::from_limbs([u64::MAX, u64::MAX, u64::MAX, 0xffff_ffff_ffff]);
/// 2^234 - 1: about 4 million hashes, one to three seconds in one tab, so that mining is work that
/// one can watch.
const PRACTICE_LIMIT: U256 = U256::from_limbs([u64::MAX, u64::MAX, u64::MAX, 0x03ff_ffff_ffff]);

const BITCOIN_RETARGET: Retarget = Retarget::Interval {
    interval: 2016,
    timespan: 1_209_600,
    min_difficulty_after: None,
    bip94: false,
};

/// Settled by simulation: docs/retarget.md has the figures.
const FARTHING_LWMA: Lwma = Lwma {
    window: 30,
    longest: 6,
    floor: 20,
    emergency: Some(Emergency {
        after: 300,
        every: 150,
    }),
};

const EVERY_VERSION_RULE: VersionRules = VersionRules {
    bip34_height: 1,
    bip66_height: 1,
    bip65_height: 1,
};

/// Last hashes of retarget periods of bitcoin.
const BITCOIN_CHECKPOINTS: [(BlockHeight, &str); 10] = [
    (
        10_079,
        "000000009b0a4b2833b4a0aa61171ee75b8eb301ac45a18713795a72e461a946",
    ),
    (
        100_799,
        "0000000000025afe84e27423011af25f777e5a94545dbd00fd04bebe9050f7dd",
    ),
    (
        201_599,
        "000000000000041fb61665c8a31b8b5c3ae8fe81903ea81530c979d5094e6f9d",
    ),
    (
        302_399,
        "00000000000000000ee9b585e0a707347d7c80f3a905f48fa32d448917335366",
    ),
    (
        403_199,
        "00000000000000000404b6939e6c35a5448386e5d58f318c82ce2fefb7d73e47",
    ),
    (
        503_999,
        "000000000000000000720da39f66f29337b9a29223e1ce05fd5ee57bb72a9223",
    ),
    (
        604_799,
        "00000000000000000002fb021eeb13e47021920faf6e5daa3c40bc552c4d248e",
    ),
    (
        705_599,
        "000000000000000000029da63650d127e160033c93393da77302320bd8ee4958",
    ),
    (
        806_399,
        "00000000000000000002f985a10a40897d04888ac10c8ac75867a50b016eb6ef",
    ),
    (
        832_607,
        "000000000000000000010e2bc83838d1b9479b88341e4d0033dff524d16d5ef5",
    ),
];

impl NetworkParams {
    /// The network of this name: `bitcoin`, `testnet4`, `testnet3`, `signet`, `regtest`,
    /// `practice`, `practice:NAME` or `farthing:NAME`.
    ///
    /// # Errors
    /// No network has this name.
    pub fn by_name(name: &str) -> Result<Self, UnknownNetworkError> {
        match name {
            "bitcoin" => Ok(bitcoin()),
            "testnet4" => Ok(testnet4()),
            "testnet3" => Ok(testnet3()),
            "signet" => Ok(signet()),
            "regtest" => Ok(regtest()),
            "practice" => Ok(practice()),
            _ => match name.split_once(':') {
                Some(("farthing", own)) if is_valid_name(own) => Ok(farthing(name)),
                Some(("practice", own)) if is_valid_name(own) => Ok(own_practice(name)),
                _ => Err(UnknownNetworkError {
                    found: name.to_owned(),
                }),
            },
        }
    }

    /// The farthing network of this name: `by_name("farthing:NAME")`.
    ///
    /// # Errors
    /// The name has other characters than a-z, 0-9 and -, none, or more than 64.
    pub fn farthing(name: &str) -> Result<Self, UnknownNetworkError> {
        Self::by_name(&format!("farthing:{name}"))
    }

    /// Every network of the table that has a fixed name.
    #[must_use]
    pub fn names() -> &'static [&'static str] {
        &NAMES
    }
}

/// The main network; what the test networks share with it is taken from here.
fn bitcoin() -> NetworkParams {
    NetworkParams {
        name: "bitcoin".to_owned(),
        magic: [0xf9, 0xbe, 0xb4, 0xd9],
        default_port: 8333,
        genesis: from_facts(FIRST_MERKLE_ROOT, 1_231_006_505, 0x1d00_ffff, 2_083_236_893),
        pow_limit: BITCOIN_LIMIT,
        retarget: BITCOIN_RETARGET,
        spacing: 600,
        max_future: 7200,
        versions: VersionRules {
            bip34_height: 227_931,
            bip66_height: 363_725,
            bip65_height: 388_381,
        },
        addresses: AddressRules {
            bech32_prefix: "bc".to_owned(),
            p2pkh_version: Some(0),
            p2sh_version: Some(5),
        },
        subsidy: Subsidy {
            initial: 5_000_000_000,
            halving_interval: 210_000,
        },
        coinbase_maturity: 100,
        max_block_weight: 4_000_000,
        spend_rule: SpendRule::Script,
        checkpoints: BITCOIN_CHECKPOINTS.iter().map(checkpoint).collect(),
        minimum_work: U256::from_limbs([0x5138_89a0_030b_d7b4, 0x6cba_5548, 0, 0]),
        trusts_peers: false,
        unit: "BTC".to_owned(),
        uri_scheme: "bitcoin".to_owned(),
    }
}

fn checkpoint((height, hash): &(BlockHeight, &str)) -> (BlockHeight, BlockHash) {
    let hash = hash
        .parse()
        .expect("the table's checkpoints are 64 hex digits, and a test reads each");
    (*height, hash)
}

/// What the test networks share.
fn test_network(name: &str, magic: [u8; 4], default_port: u16) -> NetworkParams {
    NetworkParams {
        name: name.to_owned(),
        magic,
        default_port,
        versions: EVERY_VERSION_RULE,
        addresses: AddressRules {
            bech32_prefix: "tb".to_owned(),
            p2pkh_version: Some(111),
            p2sh_version: Some(196),
        },
        checkpoints: Vec::new(),
        unit: "tBTC".to_owned(),
        ..bitcoin()
    }
}

/// testnet's 20-minute exception.
const fn test_retarget(bip94: bool) -> Retarget {
    Retarget::Interval {
        interval: 2016,
        timespan: 1_209_600,
        min_difficulty_after: Some(1200),
        bip94,
    }
}

fn testnet4() -> NetworkParams {
    NetworkParams {
        genesis: from_facts(
            "7aa0a7ae1e223414cb807e40cd57e667b718e42aaf9306db9102fe28912b7b4e",
            1_714_777_860,
            0x1d00_ffff,
            393_743_547,
        ),
        retarget: test_retarget(true),
        minimum_work: U256::from_limbs([0xfe15_d017_7d08_6304, 0x09a0, 0, 0]),
        ..test_network("testnet4", [0x1c, 0x16, 0x3f, 0x28], 48333)
    }
}

fn testnet3() -> NetworkParams {
    NetworkParams {
        genesis: from_facts(FIRST_MERKLE_ROOT, 1_296_688_602, 0x1d00_ffff, 414_098_458),
        retarget: test_retarget(false),
        versions: VersionRules {
            bip34_height: 21_111,
            bip66_height: 330_776,
            bip65_height: 581_885,
        },
        minimum_work: U256::from_limbs([0xe1c6_49f3_708d_14b6, 0x17dd, 0, 0]),
        ..test_network("testnet3", [0x0b, 0x11, 0x09, 0x07], 18333)
    }
}

fn signet() -> NetworkParams {
    NetworkParams {
        genesis: from_facts(FIRST_MERKLE_ROOT, 1_598_918_400, 0x1e03_77ae, 52_613_770),
        pow_limit: SIGNET_LIMIT,
        minimum_work: U256::from_limbs([0x0b46_3ea0_a4b8, 0, 0, 0]),
        trusts_peers: true,
        ..test_network("signet", [0x0a, 0x03, 0xcf, 0x40], 38333)
    }
}

fn regtest() -> NetworkParams {
    let shared = test_network("regtest", [0xfa, 0xbf, 0xb5, 0xda], 18444);
    NetworkParams {
        genesis: from_facts(FIRST_MERKLE_ROOT, 1_296_688_602, 0x207f_ffff, 2),
        pow_limit: TRIVIAL_LIMIT,
        retarget: Retarget::Never,
        addresses: AddressRules {
            bech32_prefix: "bcrt".to_owned(),
            ..shared.addresses
        },
        subsidy: Subsidy {
            halving_interval: 150,
            ..shared.subsidy
        },
        minimum_work: U256::ZERO,
        trusts_peers: true,
        ..shared
    }
}

fn farthing(name: &str) -> NetworkParams {
    own_network(name, "fth", FARTHING_LIMIT, FARTHING_LIMIT)
}

/// For tests and lessons, which make their headers by hand: any version and every other hash will
/// do.
fn practice() -> NetworkParams {
    NetworkParams {
        versions: VersionRules {
            bip34_height: BlockHeight::MAX,
            bip66_height: BlockHeight::MAX,
            bip65_height: BlockHeight::MAX,
        },
        ..practice_of("practice", TRIVIAL_LIMIT)
    }
}

/// A practice network of one's own, on which mining is real.
fn own_practice(name: &str) -> NetworkParams {
    practice_of(name, PRACTICE_LIMIT)
}

/// What practice networks share. The first header is asked for no work, so that a name is enough to
/// know the network at once.
fn practice_of(name: &str, pow_limit: U256) -> NetworkParams {
    NetworkParams {
        default_port: 19960,
        retarget: Retarget::Never,
        coinbase_maturity: 1,
        trusts_peers: true,
        ..own_network(name, "fthp", pow_limit, TRIVIAL_LIMIT)
    }
}

/// A network of our own: its first header, whose hash is at most `genesis_limit`, and its magic come
/// from its name.
fn own_network(
    name: &str,
    bech32_prefix: &str,
    pow_limit: U256,
    genesis_limit: U256,
) -> NetworkParams {
    let genesis = from_name(name, pow_limit, genesis_limit);
    let [a, b, c, d, ..] = genesis.block_hash().to_byte_array();
    NetworkParams {
        name: name.to_owned(),
        magic: [a, b, c, d],
        default_port: 9960,
        genesis,
        pow_limit,
        retarget: Retarget::Lwma(FARTHING_LWMA),
        spacing: 30,
        max_future: 90,
        versions: EVERY_VERSION_RULE,
        addresses: AddressRules {
            bech32_prefix: bech32_prefix.to_owned(),
            p2pkh_version: None,
            p2sh_version: None,
        },
        subsidy: Subsidy {
            initial: 500_000_000,
            halving_interval: 2_100_000,
        },
        coinbase_maturity: 20,
        max_block_weight: 400_000,
        spend_rule: SpendRule::Ed25519,
        checkpoints: Vec::new(),
        minimum_work: U256::ZERO,
        trusts_peers: false,
        unit: "FTH".to_owned(),
        uri_scheme: "farthing".to_owned(),
    }
}
