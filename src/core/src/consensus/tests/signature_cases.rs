//! Signatures: each thing that they cover, changed after the signing.

use super::{NETWORK, SpendCase, as_it_is, output, raw, script, secret, signed};
use crate::consensus::sighash;
use crate::params::NetworkParams;
use crate::primitives::U256;
use bitcoin::absolute::LockTime;
use bitcoin::transaction::Version;
use bitcoin::{Amount, Sequence, Witness};

/// The order of Ed25519's group: 2^252 + 27742317777372353535851937790883648493.
const ORDER: U256 = U256::from_limbs([0x5812_631a_5cf5_d3ed, 0x14de_f9de_a2f7_9cd6, 0, 1 << 60]);

pub(super) fn all() -> Vec<SpendCase> {
    let mut cases = vec![
        signed("two inputs, two outputs", pay(), Ok(1_100), second_input),
        signed(
            "a coin that is an OP_RETURN",
            pay(),
            Err("bad-txns-inputs-unspendable"),
            |_, coins, _| coins[0].script_pubkey = raw("6a"),
        ),
    ];
    cases.extend(changed_after_signing());
    cases.extend(other_signatures());
    cases
}

fn pay() -> Vec<bitcoin::TxOut> {
    vec![output(600, script(2)), output(300, script(1))]
}

fn second_input(
    transaction: &mut bitcoin::Transaction,
    coins: &mut Vec<crate::consensus::SpentCoin>,
    _: &mut crate::consensus::SpendContext,
) {
    let mut second = transaction.input[0].clone();
    second.previous_output.vout = 9;
    transaction.input.push(second);
    coins.push(super::coin(1_000));
}

fn changed_after_signing() -> Vec<SpendCase> {
    let changed = |about, change: fn(&mut SpendCase)| {
        let mut case = signed(about, pay(), Err("bad-signature"), second_input);
        change(&mut case);
        case
    };
    vec![
        changed("another version", |case| {
            case.transaction.version = Version(3)
        }),
        changed("another lock time", |case| {
            case.transaction.lock_time = LockTime::from_consensus(5)
        }),
        changed("another outpoint", |case| {
            case.transaction.input[1].previous_output.vout = 8
        }),
        changed("another sequence number in another input", |case| {
            case.transaction.input[1].sequence = Sequence(0xffff_fffd);
        }),
        changed("another amount of an output", |case| {
            case.transaction.output[1].value = Amount::from_sat(299);
        }),
        changed("another key of an output", |case| {
            case.transaction.output[0].script_pubkey = script(3)
        }),
        changed("one output more", |case| {
            case.transaction.output.push(output(0, raw("6a")))
        }),
        changed("one output less", |case| {
            case.transaction.output.truncate(1)
        }),
        changed("another amount of a coin", |case| case.coins[1].amount += 1),
        changed("another key of a coin", |case| {
            case.coins[1].script_pubkey = script(3)
        }),
        changed("the signatures of two inputs swapped", |case| {
            let [first, second] = case.transaction.input.as_mut_slice() else {
                unreachable!("two inputs");
            };
            std::mem::swap(&mut first.witness, &mut second.witness);
        }),
    ]
}

fn other_signatures() -> Vec<SpendCase> {
    let with = |about, signature: &dyn Fn(&SpendCase) -> [u8; 64]| {
        let mut case = signed(about, pay(), Err("bad-signature"), as_it_is);
        let signature = signature(&case);
        case.transaction.input[0].witness = Witness::from_slice(&[signature]);
        case
    };
    let prevouts = [output(1_000, script(1))];
    let message = |network: &str, case: &SpendCase| {
        let params = NetworkParams::by_name(network).unwrap();
        sighash(&params, &case.transaction, &prevouts, 0).unwrap()
    };
    vec![
        with("by another key", &|case| {
            secret(3).sign(&message(NETWORK, case))
        }),
        with("for another network", &|case| {
            secret(1).sign(&message("farthing:vectors-2", case))
        }),
        with(
            "S plus the group's order: another form of the same signature",
            &|case| {
                let mut signature = secret(1).sign(&message(NETWORK, case));
                let s = U256::try_from_le_slice(&signature[32..]).unwrap() + ORDER;
                signature[32..].copy_from_slice(&s.to_le_bytes::<32>());
                signature
            },
        ),
        with("zeros", &|_| [0; 64]),
    ]
}
