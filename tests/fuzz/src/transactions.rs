//! Transactions by the closed list: any bytes, and signed spends of which something was changed.
//! Every byte of a spend is signed, so no other transaction with its signatures may pass; and no
//! spend makes money.

use crate::mine::practice;
use crate::script::Script;
use crate::spend::{key, outpoint, output, script, spend};
use farthing_core::bitcoin::absolute::LockTime;
use farthing_core::bitcoin::consensus::{deserialize, serialize};
use farthing_core::bitcoin::{Amount, OutPoint, ScriptBuf, Sequence, Transaction, TxOut};
use farthing_core::chain::Coin;
use farthing_core::consensus::{
    SpendContext, check_spend, check_transaction, output_kind, script_of_key,
};
use farthing_core::keys::{PublicKey, verify};

/// Feeds the form and the spends.
pub fn transactions(data: &[u8]) {
    let mut script = Script::new(data);
    match script.below(4) {
        0 => any_bytes(&mut script),
        1 => keys(&mut script),
        _ => damaged_spend(&mut script),
    }
}

/// Whatever parses is judged, with coins that the script makes up.
fn any_bytes(script: &mut Script<'_>) {
    let params = practice();
    let bytes = script.piece(3_000);
    let Ok(transaction) = deserialize::<Transaction>(bytes) else {
        return;
    };
    assert_eq!(
        serialize(&transaction),
        bytes,
        "one transaction has one form"
    );
    let form = check_transaction(&params, &transaction);
    let coins: Vec<_> = transaction.input.iter().map(|_| coin(script)).collect();
    let spend = check_spend(&params, &transaction, &coins, context(script));
    if spend.is_ok() {
        assert_eq!(form, Ok(()), "a spend without the form");
    }
}

fn coin(script: &mut Script<'_>) -> Coin {
    let amount = match script.one_in(8) {
        true => script.number(),
        false => 1 + u64::from(script.number::<u32>()),
    };
    Coin {
        amount,
        script_pubkey: match script.one_in(8) {
            true => ScriptBuf::from_bytes(script.piece(60).to_vec()),
            false => self::script(script.byte()),
        },
        height: script.number(),
        coinbase: script.one_in(2),
        median_time_past: script.number(),
    }
}

fn context(script: &mut Script<'_>) -> SpendContext {
    SpendContext {
        height: script.number(),
        median_time_past: script.number(),
    }
}

/// Keys and signatures of any bytes: what is taken for a key says itself again.
fn keys(script: &mut Script<'_>) {
    let bytes = script.hash();
    if let Ok(public) = PublicKey::from_bytes(&bytes) {
        assert_eq!(public.to_bytes(), bytes, "a key in another encoding");
        assert!(output_kind(0, &script_of_key(&public)).is_ok());
        let mut signature = [0; 64];
        signature[..32].copy_from_slice(&script.hash());
        signature[32..].copy_from_slice(&script.hash());
        assert!(!verify(&public, script.piece(100), &signature), "a forgery");
    }
    let _ = output_kind(0, &ScriptBuf::from_bytes(script.rest().to_vec()));
}

/// A true spend passes, with the fee that is left; what differs in anything does not.
fn damaged_spend(script: &mut Script<'_>) {
    let params = practice();
    let context = SpendContext {
        height: 1_000,
        median_time_past: 1_800_000_000,
    };
    let coins: Vec<(OutPoint, Coin)> = (0..=script.below(4) as u8)
        .map(|number| {
            let coin = Coin {
                amount: 1_000 + u64::from(script.number::<u16>()),
                script_pubkey: self::script(number),
                height: 10,
                coinbase: number == 0,
                median_time_past: 1_700_000_000,
            };
            (outpoint(number), coin)
        })
        .collect();
    let all: u64 = coins.iter().map(|(_, coin)| coin.amount).sum();
    let mut left = all;
    let mut outputs = Vec::new();
    for _ in 0..=script.below(4) {
        let units = u64::from(script.number::<u16>()).min(left.saturating_sub(1));
        left -= units;
        outputs.push(match script.one_in(6) {
            true => TxOut {
                value: Amount::ZERO,
                script_pubkey: data_output(script.piece(75)),
            },
            false => output(script.byte(), units),
        });
    }
    let mut transaction = spend(&params, &coins, outputs);
    if script.one_in(4) {
        transaction.lock_time = LockTime::from_consensus(script.number());
        transaction.input[0].sequence = Sequence::from_consensus(script.number());
        crate::spend::sign(&params, &mut transaction, &coins);
    }
    let paid: u64 = transaction
        .output
        .iter()
        .map(|output| output.value.to_sat())
        .sum();
    let coins: Vec<Coin> = coins.into_iter().map(|(_, coin)| coin).collect();
    let passed = check_spend(&params, &transaction, &coins, context);
    if let Ok(fee) = &passed {
        assert_eq!(fee + paid, all, "money was made or lost");
    }
    let bytes = serialize(&transaction);
    while script.more() {
        let mut changed = bytes.clone();
        let at = script.below(changed.len());
        changed[at] ^= script.byte();
        let Ok(other) = deserialize::<Transaction>(&changed) else {
            continue;
        };
        let mut coins = coins.clone();
        if other == transaction {
            // Another coin than was signed for.
            let before = coins.clone();
            let at = script.below(coins.len());
            match script.below(2) {
                0 => coins[at].amount ^= u64::from(script.byte()),
                _ => coins[at].script_pubkey = script_of_key(&key(script.byte()).public()),
            }
            if coins == before {
                continue;
            }
        }
        let passed = check_spend(&params, &other, &coins, context);
        assert!(passed.is_err(), "a spend that nobody signed");
    }
}

fn data_output(data: &[u8]) -> ScriptBuf {
    let mut script = vec![0x6a];
    if !data.is_empty() {
        script.push(data.len() as u8);
        script.extend(data);
    }
    ScriptBuf::from_bytes(script)
}
