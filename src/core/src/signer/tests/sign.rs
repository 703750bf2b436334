//! Signing: the transaction is the request's and nothing else, and whatever a person would not have
//! meant is refused.

use super::*;
use crate::consensus::{RuleError, SpendContext, SpentCoin, check_spend};
use crate::signer::{MAX_FEE_RATE, MAX_INDEX};
use crate::wallet::{DUST, KeyPath, SpendInput, SpendOutput, SpendRequest};
use bitcoin::consensus::encode::deserialize_hex;
use bitcoin::{ScriptBuf, Transaction};

const OTHERS: &str = "fthp1";
const COIN: u64 = 500_000_000;
const FEE: u64 = 300;

const fn path(account: u32, index: u32) -> KeyPath {
    KeyPath { account, index }
}

fn txid(seed: u8) -> String {
    hex::encode([seed; 32])
}

/// Another person's address on the same network.
fn their_address() -> String {
    let mut theirs = signer();
    let create = KeysCommand::Create {
        passphrase: PASSPHRASE.to_owned(),
        words: 12,
    };
    let (_, keys, _) = opened(&theirs.handle(create, &entropy(77)).unwrap());
    assert!(keys[0].address.starts_with(OTHERS));
    keys[0].address.clone()
}

fn request() -> SpendRequest {
    let input = |seed, index| SpendInput {
        txid: txid(seed),
        vout: u32::from(seed),
        amount: COIN,
        path: path(0, index),
        sequence: 0xffff_fffd,
    };
    SpendRequest {
        inputs: vec![input(1, 0), input(2, 5)],
        outputs: vec![
            SpendOutput::Payment {
                address: their_address(),
                amount: 700_000_000,
            },
            SpendOutput::Change {
                path: path(0, 9),
                amount: 2 * COIN - 700_000_000 - FEE,
            },
        ],
        fee: FEE,
        lock_time: 120,
        replaces: None,
    }
}

fn sign(request: SpendRequest) -> Result<Transaction, SignerError> {
    let (mut signer, ..) = restored();
    let reply = signer.handle(KeysCommand::Sign { request }, &entropy(2))?;
    let KeysReply::Signed { transaction, txid } = &reply else {
        unreachable!("a signature was asked for");
    };
    let transaction: Transaction = deserialize_hex(transaction).unwrap();
    assert_eq!(transaction.compute_txid().to_string(), *txid);
    Ok(transaction)
}

fn refusal(change: impl FnOnce(&mut SpendRequest)) -> SignerError {
    let mut request = request();
    change(&mut request);
    sign(request).expect_err("it must be refused")
}

fn set_amount(output: &mut SpendOutput, units: u64) {
    match output {
        SpendOutput::Payment { amount, .. } | SpendOutput::Change { amount, .. } => *amount = units,
    }
}

/// The coins as the chain would know them: of the wallet's keys at these indexes.
fn coins(indexes: [usize; 2]) -> Vec<SpentCoin> {
    let (.., keys) = restored();
    indexes
        .map(|index| SpentCoin {
            amount: COIN,
            script_pubkey: params().script_from_address(&keys[index].address).unwrap(),
            height: 100,
            coinbase: false,
            median_time_past: 1_000,
        })
        .to_vec()
}

const CONTEXT: SpendContext = SpendContext {
    height: 121,
    median_time_past: 2_000,
};

#[test]
fn a_signed_request_is_valid_and_says_what_was_asked() {
    let request = request();
    let transaction = sign(request.clone()).unwrap();
    let fee = check_spend(&params(), &transaction, &coins([0, 5]), CONTEXT);
    assert_eq!(fee, Ok(FEE));

    assert_eq!(transaction.lock_time.to_consensus_u32(), 120);
    for (input, asked) in transaction.input.iter().zip(&request.inputs) {
        assert_eq!(input.previous_output.txid.to_string(), asked.txid);
        assert_eq!(input.previous_output.vout, asked.vout);
        assert_eq!(input.sequence.0, asked.sequence);
    }
    let (.., keys) = restored();
    let script = |address: &str| params().script_from_address(address).unwrap();
    let paid: Vec<(ScriptBuf, u64)> = transaction
        .output
        .iter()
        .map(|o| (o.script_pubkey.clone(), o.value.to_sat()))
        .collect();
    assert_eq!(
        paid,
        [
            (script(&their_address()), 700_000_000),
            (script(&keys[9].address), 2 * COIN - 700_000_000 - FEE),
        ]
    );
}

#[test]
fn the_tills_coins_are_signed_for_with_the_tills_keys() {
    let mut request = request();
    request.inputs.truncate(1);
    request.inputs[0].path = path(1, 3);
    request.outputs = vec![SpendOutput::Payment {
        address: their_address(),
        amount: COIN - FEE,
    }];
    let transaction = sign(request).unwrap();
    let coins = &coins([503, 0])[..1];
    assert_eq!(
        check_spend(&params(), &transaction, coins, CONTEXT),
        Ok(FEE)
    );
}

#[test]
fn a_lie_about_an_amount_makes_the_signature_worthless() {
    let mut lied = request();
    lied.inputs[0].amount += 1;
    lied.inputs[1].amount -= 1;
    let transaction = sign(lied).unwrap();
    assert_eq!(
        check_spend(&params(), &transaction, &coins([0, 5]), CONTEXT),
        Err(RuleError::Signature { input: 0 })
    );
}

#[test]
fn a_signature_is_worth_nothing_on_another_network() {
    let transaction = sign(request()).unwrap();
    let other = NetworkParams::by_name("practice:copper-mark").unwrap();
    assert_eq!(
        check_spend(&other, &transaction, &coins([0, 5]), CONTEXT),
        Err(RuleError::Signature { input: 0 })
    );
}

#[test]
fn a_fee_other_than_the_one_shown_is_refused() {
    for (stated, computed) in [(FEE + 1, FEE), (0, FEE), (u64::MAX, FEE)] {
        let error = refusal(|request| request.fee = stated);
        assert_eq!(error, SignerError::Fee { computed, stated });
    }
    // The same, where an amount moved and the fee did not.
    let error = refusal(|request| set_amount(&mut request.outputs[1], 1_000));
    assert!(
        matches!(error, SignerError::Fee { stated: FEE, .. }),
        "{error}"
    );
}

#[test]
fn a_fee_that_nobody_means_is_refused_and_the_highest_is_signed() {
    let with_fee = |fee: u64| {
        let mut request = request();
        set_amount(&mut request.outputs[1], 2 * COIN - 700_000_000 - fee);
        request.fee = fee;
        sign(request)
    };
    let limit = sign(request()).unwrap().vsize() as u64 * MAX_FEE_RATE;
    assert!(with_fee(limit).is_ok());
    let error = with_fee(limit + 1).unwrap_err();
    assert_eq!(
        error,
        SignerError::HighFee {
            limit,
            found: limit + 1
        }
    );
    assert!(error.to_string().ends_with("it is taken for a mistake"));
}

#[test]
fn outputs_above_the_inputs_are_refused() {
    let error = refusal(|request| set_amount(&mut request.outputs[0], 2 * COIN));
    assert!(matches!(error, SignerError::Overspent { .. }), "{error}");
}

#[test]
fn amounts_that_overflow_are_refused() {
    for amount in [u64::MAX, u64::MAX - COIN, params().subsidy.max_money()] {
        let error = refusal(|request| request.inputs[0].amount = amount);
        assert!(matches!(error, SignerError::Amounts { .. }), "{error}");
        let error = refusal(|request| set_amount(&mut request.outputs[0], amount));
        assert!(matches!(error, SignerError::Amounts { .. }), "{error}");
    }
}

#[test]
fn a_key_that_no_wallet_watches_is_refused() {
    for unknown in [
        path(2, 0),
        path(0, MAX_INDEX),
        path(u32::MAX, 0),
        path(0, u32::MAX),
    ] {
        let of_coin = refusal(|request| request.inputs[1].path = unknown);
        assert_eq!(of_coin, SignerError::Path { path: unknown });
        let of_change = refusal(|request| {
            let amount = 2 * COIN - 700_000_000 - FEE;
            request.outputs[1] = SpendOutput::Change {
                path: unknown,
                amount,
            };
        });
        assert_eq!(of_change, SignerError::Path { path: unknown });
    }
}

#[test]
fn dust_and_nothing_are_refused() {
    for found in [0, 1, DUST - 1] {
        let error = refusal(|request| {
            set_amount(&mut request.outputs[0], 2 * COIN - FEE - found);
            set_amount(&mut request.outputs[1], found);
        });
        assert_eq!(error, SignerError::Dust { output: 1, found });
    }
    let mut least = request();
    set_amount(&mut least.outputs[0], 2 * COIN - FEE - DUST);
    set_amount(&mut least.outputs[1], DUST);
    assert!(sign(least).is_ok());
}

#[test]
fn an_address_of_another_network_is_refused() {
    let pay = |to: &str| {
        refusal(|request| {
            request.outputs[0] = SpendOutput::Payment {
                address: to.to_owned(),
                amount: 700_000_000,
            };
        })
    };
    let farthing = NetworkParams::farthing("town").unwrap();
    let script = params().script_from_address(&their_address()).unwrap();
    let theirs = farthing.address_from_script(&script).unwrap();
    for address in [
        theirs.as_str(),
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
        "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
        "nonsense",
        "",
    ] {
        let error = pay(address);
        assert!(
            matches!(error, SignerError::Address { output: 0, .. }),
            "{error}"
        );
    }
    assert!(pay(&theirs).to_string().contains("practice:harbour-wren"));
}

#[test]
fn what_the_network_would_refuse_is_not_signed() {
    let error = refusal(|request| {
        request.inputs[1] = request.inputs[0].clone();
    });
    assert!(matches!(
        error,
        SignerError::Rule(RuleError::DuplicateInput { .. })
    ));

    let nothing = refusal(|request| {
        request.inputs.clear();
        request.outputs.clear();
        request.fee = 0;
    });
    assert_eq!(nothing, SignerError::Rule(RuleError::NoInput));

    let time = refusal(|request| request.lock_time = 500_000_000);
    assert_eq!(time, SignerError::LockTime { found: 500_000_000 });

    let id = refusal(|request| request.inputs[0].txid = "12".to_owned());
    assert!(matches!(id, SignerError::Txid { input: 0, .. }));

    let many = refusal(|request| {
        request.inputs = vec![request.inputs[0].clone(); 5000];
    });
    assert!(matches!(many, SignerError::TooMany { .. }));
}

#[test]
fn a_locked_signer_signs_nothing() {
    let (mut signer, ..) = restored();
    let sign = || KeysCommand::Sign { request: request() };
    assert!(signer.handle(sign(), &entropy(2)).is_ok());
    signer.lock();
    assert_eq!(refused(&mut signer, sign()), SignerError::Locked);
    assert_eq!(refused(&mut self::signer(), sign()), SignerError::Locked);
}
