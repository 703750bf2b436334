//! The vectors of `docs/consensus.md`, read as another implementation would read them.

use crate::data::{from_hex, params};
use crate::say;
use farthing_core::bitcoin::consensus::deserialize;
use farthing_core::bitcoin::{Amount, ScriptBuf, Transaction, TxOut};
use farthing_core::consensus::{
    SpendContext, SpentCoin, check_block, check_reward, check_spend, sighash,
};
use farthing_core::keys::SecretKey;
use farthing_core::merkle::block::VerifiedBlock;
use farthing_core::params::NetworkParams;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
#[cfg(target_family = "wasm")]
use wasm_bindgen_test::wasm_bindgen_test as test;

macro_rules! vectors {
    ($name:literal) => {
        read(include_str!(concat!("../../../docs/vectors/", $name)))
    };
}

fn read<T: DeserializeOwned>(text: &str) -> Vec<T> {
    serde_json::from_str(text).unwrap()
}

fn bytes(hex: &str) -> Vec<u8> {
    from_hex(hex.as_bytes())
}

fn script(hex: &str) -> ScriptBuf {
    ScriptBuf::from_bytes(bytes(hex))
}

/// A named network's first header takes some hashes to find: each is made once.
#[derive(Default)]
struct Networks(BTreeMap<String, NetworkParams>);

impl Networks {
    fn get(&mut self, name: &str) -> &NetworkParams {
        self.0
            .entry(name.to_owned())
            .or_insert_with(|| params(name))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SighashVector {
    network: String,
    transaction: String,
    coins: Vec<OutputVector>,
    input: usize,
    sighash: String,
    secret_key: String,
    signature: String,
}

#[derive(Deserialize)]
struct OutputVector {
    amount: u64,
    script: String,
}

#[test]
fn farthing_signature_hashes() {
    let vectors: Vec<SighashVector> = vectors!("sighash.json");
    let mut networks = Networks::default();
    for vector in &vectors {
        let transaction: Transaction = deserialize(&bytes(&vector.transaction)).unwrap();
        let coins: Vec<TxOut> = vector
            .coins
            .iter()
            .map(|coin| TxOut {
                value: Amount::from_sat(coin.amount),
                script_pubkey: script(&coin.script),
            })
            .collect();
        let params = networks.get(&vector.network);
        let hash = sighash(params, &transaction, &coins, vector.input).unwrap();
        assert_eq!(hex::encode(hash), vector.sighash);
        let key = SecretKey::from_seed(&bytes(&vector.secret_key).try_into().unwrap());
        assert_eq!(hex::encode(key.sign(&hash)), vector.signature);
    }
    assert_eq!(vectors.len(), 9);
    say(&format!("{} signature hashes", vectors.len()));
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
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

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CoinVector {
    amount: u64,
    script: String,
    height: u32,
    coinbase: bool,
    median_time_past: u32,
}

impl From<&CoinVector> for SpentCoin {
    fn from(coin: &CoinVector) -> Self {
        SpentCoin {
            amount: coin.amount,
            script_pubkey: script(&coin.script),
            height: coin.height,
            coinbase: coin.coinbase,
            median_time_past: coin.median_time_past,
        }
    }
}

#[test]
fn farthing_transactions() {
    let vectors: Vec<TransactionVector> = vectors!("transactions.json");
    let mut networks = Networks::default();
    let (mut valid, mut refused) = (0, 0);
    for vector in &vectors {
        let about = &vector.about;
        let Ok(transaction) = deserialize::<Transaction>(&bytes(&vector.transaction)) else {
            // Without an input the codec takes what follows for a witness.
            let rule = vector.refused.as_deref();
            assert_eq!(rule, Some("bad-txns-vin-empty"), "{about}");
            continue;
        };
        let coins: Vec<SpentCoin> = vector.coins.iter().map(SpentCoin::from).collect();
        let context = SpendContext {
            height: vector.height,
            median_time_past: vector.median_time_past,
        };
        match check_spend(networks.get(&vector.network), &transaction, &coins, context) {
            Ok(fee) => {
                assert_eq!(Some(fee), vector.fee, "{about}");
                valid += 1;
            }
            Err(rule) => {
                assert_eq!(
                    Some(rule.code()),
                    vector.refused.as_deref(),
                    "{about}: {rule}"
                );
                refused += 1;
            }
        }
    }
    assert!(valid >= 28 && refused >= 60, "{valid} and {refused}");
    say(&format!("{valid} transactions valid, {refused} refused"));
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct BlockVector {
    about: String,
    network: String,
    height: u32,
    median_time_past: u32,
    fees: u64,
    block: String,
    refused: Option<String>,
}

impl BlockVector {
    fn check(&self, params: &NetworkParams) -> Result<(), &'static str> {
        let block = VerifiedBlock::parse_limited(&bytes(&self.block), params.max_block_weight)
            .map_err(|error| error.code())?;
        check_block(params, &block, self.height, self.median_time_past)
            .and_then(|()| check_reward(params, &block, self.height, self.fees))
            .map_err(|rule| rule.code())
    }
}

#[test]
fn farthing_blocks() {
    let vectors: Vec<BlockVector> = vectors!("blocks.json");
    let mut networks = Networks::default();
    for vector in &vectors {
        let result = vector.check(networks.get(&vector.network));
        assert_eq!(result.err(), vector.refused.as_deref(), "{}", vector.about);
    }
    assert!(vectors.len() > 30, "{}", vectors.len());
    say(&format!("{} blocks", vectors.len()));
}
