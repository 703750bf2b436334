//! The vectors for whoever implements the rules anew: `docs/vectors/*.json`.
//!
//! They are written from the cases by
//! `FARTHING_WRITE_VECTORS=1 cargo test -p farthing-core consensus::tests::vectors`, and otherwise
//! compared with them. They are also read as another implementation would read them.

use super::rules::block_outcome;
use super::{
    BlockCase, NETWORK, NEXT_TIME, PARAMS, SpendCase, block_cases, lock_cases, output, script,
    secret, signature_cases, spend_cases, unsigned,
};
use crate::consensus::{SpendContext, SpentCoin, check_spend, sighash};
use crate::keys;
use crate::params::NetworkParams;
use bitcoin::consensus::encode::{deserialize_hex, serialize_hex};
use bitcoin::hashes::Hash;
use bitcoin::sighash::{Prevouts, SighashCache, TapSighashType};
use bitcoin::{ScriptBuf, Transaction, TxOut};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// A coin with what the rules ask of it.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CoinVector {
    amount: u64,
    script: String,
    height: u32,
    coinbase: bool,
    median_time_past: u32,
}

/// A transaction in a block of this height and median time, and its fee or the rule's code.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct TransactionVector {
    about: String,
    network: String,
    height: u32,
    median_time_past: u32,
    transaction: String,
    coins: Vec<CoinVector>,
    fee: Option<u64>,
    refused: Option<String>,
}

/// A block, whose header has no proof of work, and the rule's code that refuses it.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct BlockVector {
    about: String,
    network: String,
    height: u32,
    median_time_past: u32,
    /// What its transactions leave to the coinbase; the coins are not given.
    fees: u64,
    block: String,
    refused: Option<String>,
}

/// One input's hash and signature.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SighashVector {
    about: String,
    network: String,
    /// The genesis hash in the order of its bytes, not as people write it.
    genesis: String,
    transaction: String,
    coins: Vec<OutputVector>,
    input: usize,
    /// BIP341's signing data.
    signing_data: String,
    sighash: String,
    /// RFC 8032's private key.
    secret_key: String,
    public_key: String,
    signature: String,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct OutputVector {
    amount: u64,
    script: String,
}

impl From<&SpendCase> for TransactionVector {
    fn from(case: &SpendCase) -> Self {
        let coin = |coin: &SpentCoin| CoinVector {
            amount: coin.amount,
            script: coin.script_pubkey.to_hex_string(),
            height: coin.height,
            coinbase: coin.coinbase,
            median_time_past: coin.median_time_past,
        };
        Self {
            about: case.about.to_owned(),
            network: NETWORK.to_owned(),
            height: case.context.height,
            median_time_past: case.context.median_time_past,
            transaction: serialize_hex(&case.transaction),
            coins: case.coins.iter().map(coin).collect(),
            fee: case.outcome.ok(),
            refused: case.outcome.err().map(str::to_owned),
        }
    }
}

impl From<&BlockCase> for BlockVector {
    fn from(case: &BlockCase) -> Self {
        Self {
            about: case.about.to_owned(),
            network: NETWORK.to_owned(),
            height: 1,
            median_time_past: NEXT_TIME,
            fees: case.fees,
            block: serialize_hex(&case.block),
            refused: case.outcome.err().map(str::to_owned),
        }
    }
}

/// Three networks, transactions of one and of two inputs, each input.
fn sighash_vectors() -> Vec<SighashVector> {
    let mut vectors = Vec::new();
    for network in ["practice", "practice:harbour-wren", NETWORK] {
        let params = NetworkParams::by_name(network).unwrap();
        let locked = lock_cases::lock_times().swap_remove(0);
        for (about, case) in [
            (
                "two inputs, two outputs",
                signature_cases::all().swap_remove(0),
            ),
            ("a lock time and a sequence number", locked),
        ] {
            for input in 0..case.coins.len() {
                vectors.push(sighash_vector(about, &params, &case, input));
            }
        }
    }
    vectors
}

fn sighash_vector(
    about: &str,
    params: &NetworkParams,
    case: &SpendCase,
    input: usize,
) -> SighashVector {
    let prevouts: Vec<TxOut> = case
        .coins
        .iter()
        .map(|coin| output(coin.amount, coin.script_pubkey.clone()))
        .collect();
    let mut signing_data = Vec::new();
    SighashCache::new(&case.transaction)
        .taproot_encode_signing_data_to(
            &mut signing_data,
            input,
            &Prevouts::All(&prevouts),
            None,
            None,
            TapSighashType::Default,
        )
        .unwrap();
    let hash = sighash(params, &case.transaction, &prevouts, input).unwrap();
    SighashVector {
        about: about.to_owned(),
        network: params.name.clone(),
        genesis: hex::encode(params.genesis.block_hash().to_byte_array()),
        transaction: serialize_hex(&case.transaction),
        coins: prevouts
            .iter()
            .map(|coin| OutputVector {
                amount: coin.value.to_sat(),
                script: coin.script_pubkey.to_hex_string(),
            })
            .collect(),
        input,
        signing_data: hex::encode(signing_data),
        sighash: hex::encode(hash),
        secret_key: hex::encode([1; 32]),
        public_key: hex::encode(secret(1).public().to_bytes()),
        signature: hex::encode(secret(1).sign(&hash)),
    }
}

fn path(name: &str) -> PathBuf {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/vectors");
    PathBuf::from(folder).join(name)
}

/// The file says what the code says.
fn compare_or_write<T: Serialize + DeserializeOwned + PartialEq>(name: &str, vectors: &[T]) {
    let text = serde_json::to_string_pretty(vectors).unwrap() + "\n";
    if std::env::var_os("FARTHING_WRITE_VECTORS").is_some_and(|value| value == "1") {
        std::fs::write(path(name), &text).unwrap();
    }
    assert!(
        read::<T>(name).as_slice() == vectors,
        "docs/vectors/{name} is not what the cases say: write it anew with FARTHING_WRITE_VECTORS=1"
    );
}

fn read<T: DeserializeOwned>(name: &str) -> Vec<T> {
    serde_json::from_str(&std::fs::read_to_string(path(name)).unwrap()).unwrap()
}

#[test]
fn the_files_are_what_the_cases_say() {
    let transactions: Vec<TransactionVector> =
        spend_cases().iter().map(TransactionVector::from).collect();
    compare_or_write("transactions.json", &transactions);
    let blocks: Vec<BlockVector> = block_cases::all()
        .iter()
        .filter(|case| !case.large)
        .map(BlockVector::from)
        .collect();
    compare_or_write("blocks.json", &blocks);
    compare_or_write("sighash.json", &sighash_vectors());
}

#[test]
fn transactions_from_the_file() {
    let vectors: Vec<TransactionVector> = read("transactions.json");
    assert!(vectors.len() >= 90, "{}", vectors.len());
    for vector in vectors {
        let about = &vector.about;
        let params = NetworkParams::by_name(&vector.network).unwrap();
        let Ok(transaction) = deserialize_hex::<Transaction>(&vector.transaction) else {
            // Without an input the codec takes what follows for a witness.
            assert_eq!(
                vector.refused.as_deref(),
                Some("bad-txns-vin-empty"),
                "{about}"
            );
            continue;
        };
        let coins: Vec<SpentCoin> = vector
            .coins
            .iter()
            .map(|coin| SpentCoin {
                amount: coin.amount,
                script_pubkey: ScriptBuf::from_hex(&coin.script).unwrap(),
                height: coin.height,
                coinbase: coin.coinbase,
                median_time_past: coin.median_time_past,
            })
            .collect();
        let context = SpendContext {
            height: vector.height,
            median_time_past: vector.median_time_past,
        };
        let result = check_spend(&params, &transaction, &coins, context);
        assert_eq!(
            result.as_ref().ok(),
            vector.fee.as_ref(),
            "{about}: {result:?}"
        );
        let code = result.err().map(|rule| rule.code().to_owned());
        assert_eq!(code, vector.refused, "{about}");
    }
}

#[test]
fn blocks_from_the_file() {
    let vectors: Vec<BlockVector> = read("blocks.json");
    assert!(vectors.len() > 30, "{}", vectors.len());
    for vector in vectors {
        assert_eq!(vector.network, PARAMS.name);
        assert_eq!((vector.height, vector.median_time_past), (1, NEXT_TIME));
        let outcome = block_outcome(&BlockCase {
            about: "",
            block: deserialize_hex(&vector.block).unwrap(),
            fees: vector.fees,
            outcome: Ok(()),
            large: false,
        });
        assert_eq!(outcome.err(), vector.refused.as_deref(), "{}", vector.about);
    }
}

#[test]
fn signatures_from_the_file() {
    for vector in read::<SighashVector>("sighash.json") {
        let params = NetworkParams::by_name(&vector.network).unwrap();
        let transaction: Transaction = deserialize_hex(&vector.transaction).unwrap();
        let coins: Vec<TxOut> = vector
            .coins
            .iter()
            .map(|coin| output(coin.amount, ScriptBuf::from_hex(&coin.script).unwrap()))
            .collect();
        let hash = sighash(&params, &transaction, &coins, vector.input).unwrap();
        assert_eq!(hex::encode(hash), vector.sighash);
        let bytes = |text: &str| hex::decode(text).unwrap();
        let seed: [u8; 32] = bytes(&vector.secret_key).try_into().unwrap();
        let key = keys::SecretKey::from_seed(&seed);
        assert_eq!(hex::encode(key.public().to_bytes()), vector.public_key);
        assert_eq!(hex::encode(key.sign(&hash)), vector.signature);
        let signature: [u8; 64] = bytes(&vector.signature).try_into().unwrap();
        assert!(keys::verify(&key.public(), &hash, &signature));
    }
}

/// One network's signature is worth nothing on another.
#[test]
fn the_same_transaction_has_another_hash_on_every_network() {
    let vectors = sighash_vectors();
    let mut hashes: Vec<&str> = vectors
        .iter()
        .map(|vector| vector.sighash.as_str())
        .collect();
    hashes.sort_unstable();
    hashes.dedup();
    assert_eq!(hashes.len(), vectors.len());
}

#[test]
fn a_hash_needs_every_coin_and_an_input() {
    let transaction = unsigned(2, vec![output(1, script(2))]);
    let coins = [output(1, script(1)), output(2, script(1))];
    assert!(sighash(&PARAMS, &transaction, &coins, 1).is_ok());
    assert!(sighash(&PARAMS, &transaction, &coins, 2).is_err());
    assert!(sighash(&PARAMS, &transaction, &coins[..1], 0).is_err());
}
