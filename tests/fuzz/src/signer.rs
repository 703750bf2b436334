//! Requests to the keys worker: what it signs is what was asked for, to the last unit, and every
//! node takes it; what it refuses leaves it as it was.

use crate::mine::practice;
use crate::script::Script;
use crate::spend::address;
use farthing_core::bitcoin::consensus::encode::deserialize_hex;
use farthing_core::bitcoin::{OutPoint, ScriptBuf, Transaction};
use farthing_core::chain::Coin;
use farthing_core::consensus::{SpendContext, check_spend};
use farthing_core::keys::vault::Cost;
use farthing_core::params::NetworkParams;
use farthing_core::signer::{KeysCommand, KeysReply, Signer};
use farthing_core::wallet::{KeyPath, SpendInput, SpendOutput, SpendRequest};
use std::cell::RefCell;

const PHRASE: &str = "abandon abandon abandon abandon abandon abandon abandon abandon abandon \
                      abandon abandon about";
const FRESH: [u8; 64] = [5; 64];

thread_local! {
    /// Opening costs Argon2id: once.
    static SIGNER: RefCell<Option<Open>> = const { RefCell::new(None) };
}

struct Open {
    signer: Signer,
    params: NetworkParams,
    /// The scripts of the first keys of each account.
    scripts: Vec<(KeyPath, ScriptBuf)>,
}

impl Open {
    fn new() -> Self {
        let params = practice();
        let mut signer = Signer::with_cost(params.clone(), Cost::FLOOR);
        let restore = KeysCommand::Restore {
            phrase: PHRASE.to_owned(),
            passphrase: "correct horse".to_owned(),
        };
        let reply = signer.handle(restore, &FRESH);
        let reply = reply.unwrap_or_else(|error| unreachable!("a known phrase: {error}"));
        let KeysReply::Opened { keys, .. } = &reply else {
            unreachable!("restoring opens");
        };
        let scripts = keys.iter().map(|key| {
            let script = params.script_from_address(&key.address);
            (key.path, script.expect("an address of its own"))
        });
        Self {
            scripts: scripts.collect(),
            signer,
            params,
        }
    }

    fn script(&self, path: KeyPath) -> Option<ScriptBuf> {
        let found = self.scripts.iter().find(|(other, _)| *other == path);
        found.map(|(_, script)| script.clone())
    }
}

/// Feeds an open signer.
pub fn signer(data: &[u8]) {
    SIGNER.with_borrow_mut(|held| {
        let open = held.get_or_insert_with(Open::new);
        let mut script = Script::new(data);
        while script.more() {
            act(open, &mut script);
        }
    });
}

fn act(open: &mut Open, script: &mut Script<'_>) {
    match script.below(8) {
        0 => derive(open, script),
        1 => {
            // Whatever opens anew costs Argon2id, and is the vault's to be fed.
            let command = serde_json::from_slice(script.piece(2_000));
            if let Ok(command @ KeysCommand::DeriveKeys { count: 0..=20, .. }) = command {
                let _ = open.signer.handle(command, &FRESH);
            } else if let Ok(KeysCommand::Sign { request }) = &command {
                sign(open, request.clone());
            }
        }
        2 => {
            // Refused before any passphrase is stretched.
            let mut record = script.piece(300).to_vec();
            record.push(0);
            let command = KeysCommand::Unlock {
                record,
                passphrase: script.text(),
            };
            assert!(open.signer.handle(command, &FRESH).is_err());
        }
        _ => {
            let request = request(open, script);
            sign(open, request);
        }
    }
}

fn derive(open: &mut Open, script: &mut Script<'_>) {
    let command = KeysCommand::DeriveKeys {
        account: script.number::<u8>().into(),
        from: script.number(),
        count: match script.one_in(4) {
            true => u32::MAX - u32::from(script.byte()),
            false => script.below(8) as u32,
        },
    };
    if let Ok(reply) = open.signer.handle(command, &FRESH) {
        let KeysReply::Keys { keys } = &reply else {
            unreachable!("keys were asked for");
        };
        for key in keys {
            let script = open.params.script_from_address(&key.address);
            let script = script.expect("an address of its own");
            if let Some(known) = open.script(key.path) {
                assert_eq!(script, known, "one path, two keys");
            }
        }
    }
}

fn path(script: &mut Script<'_>) -> KeyPath {
    match script.one_in(16) {
        true => KeyPath {
            account: script.number(),
            index: script.number(),
        },
        false => KeyPath {
            account: script.below(2) as u32,
            index: script.below(500) as u32,
        },
    }
}

/// A request that mostly adds up.
fn request(open: &Open, script: &mut Script<'_>) -> SpendRequest {
    let amount = |script: &mut Script<'_>| match script.one_in(16) {
        true => script.number::<u64>(),
        false => u64::from(script.number::<u32>()),
    };
    let inputs: Vec<_> = (0..script.below(5))
        .map(|_| SpendInput {
            txid: match script.one_in(16) {
                true => script.text(),
                false => hex::encode(script.hash()),
            },
            vout: script.byte().into(),
            amount: amount(script),
            path: path(script),
            sequence: match script.one_in(4) {
                true => script.number(),
                false => 0xffff_fffd,
            },
        })
        .collect();
    let all = inputs
        .iter()
        .fold(0, |sum: u64, input| sum.saturating_add(input.amount));
    let mut left = all.saturating_sub(script.number::<u16>().into());
    let mut outputs = Vec::new();
    for _ in 0..script.below(5) {
        let part = match script.one_in(2) {
            true => left,
            false => u64::from(script.number::<u16>()).min(left),
        };
        left -= part;
        outputs.push(match script.one_in(3) {
            true => SpendOutput::Change {
                path: path(script),
                amount: part,
            },
            false => SpendOutput::Payment {
                address: match script.one_in(16) {
                    true => script.text(),
                    false => address(&open.params, script.byte()),
                },
                amount: part,
            },
        });
    }
    let paid = all.saturating_sub(outputs.iter().map(units).fold(0, u64::saturating_add));
    SpendRequest {
        inputs,
        outputs,
        fee: match script.one_in(16) {
            true => script.number(),
            false => paid,
        },
        lock_time: match script.one_in(8) {
            true => script.number(),
            false => 100,
        },
        replaces: None,
    }
}

fn units(output: &SpendOutput) -> u64 {
    match output {
        SpendOutput::Payment { amount, .. } | SpendOutput::Change { amount, .. } => *amount,
    }
}

fn sign(open: &mut Open, request: SpendRequest) {
    let command = KeysCommand::Sign {
        request: request.clone(),
    };
    let Ok(reply) = open.signer.handle(command, &FRESH) else {
        return;
    };
    let KeysReply::Signed { transaction, txid } = &reply else {
        unreachable!("a signature was asked for");
    };
    let transaction: Transaction = deserialize_hex(transaction).expect("hex of a transaction");
    assert_eq!(transaction.compute_txid().to_string(), *txid);
    assert_eq!(transaction.input.len(), request.inputs.len());
    assert_eq!(transaction.output.len(), request.outputs.len());
    assert_eq!(transaction.lock_time.to_consensus_u32(), request.lock_time);
    for (input, asked) in transaction.input.iter().zip(&request.inputs) {
        let txid = asked.txid.parse().expect("it was signed");
        assert_eq!(input.previous_output, OutPoint::new(txid, asked.vout));
        assert_eq!(input.sequence.to_consensus_u32(), asked.sequence);
    }
    for (output, asked) in transaction.output.iter().zip(&request.outputs) {
        assert_eq!(output.value.to_sat(), units(asked));
        let script = match asked {
            SpendOutput::Payment { address, .. } => open.params.script_from_address(address).ok(),
            SpendOutput::Change { path, .. } => open.script(*path),
        };
        // Paths past the first keys are not known here.
        assert!(script.is_none_or(|script| script == output.script_pubkey));
    }
    let coins: Option<Vec<Coin>> = request
        .inputs
        .iter()
        .map(|input| {
            Some(Coin {
                amount: input.amount,
                script_pubkey: open.script(input.path)?,
                height: 1,
                coinbase: false,
                median_time_past: 1,
            })
        })
        .collect();
    if let Some(coins) = coins {
        // So late that no lock holds it back.
        let context = SpendContext {
            height: 499_999_999,
            median_time_past: u32::MAX,
        };
        let fee = check_spend(&open.params, &transaction, &coins, context);
        assert_eq!(fee, Ok(request.fee), "no node would take what was signed");
    }
}
