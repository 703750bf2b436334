//! Blocks at height 1: coinbase, commitment, weight, and the transactions in them.

use super::{BlockCase, NEXT_TIME, PARAMS, as_it_is, form_cases, output, raw, script, signed};
use crate::merkle::root;
use crate::mining::{coinbase, witness_commitment};
use bitcoin::absolute::LockTime;
use bitcoin::block::{Header, Version};
use bitcoin::hashes::Hash;
use bitcoin::{
    Amount, Block, CompactTarget, OutPoint, Sequence, Transaction, TxMerkleNode, Txid, Witness,
};

/// What the first blocks create.
const SUBSIDY: u64 = 500_000_000;

/// A well-formed transaction of the coin with this number.
fn spend(number: u8) -> Transaction {
    let pay = vec![output(900, script(2))];
    let case = signed("", pay, Ok(100), |transaction, _, _| {
        transaction.input[0].previous_output =
            OutPoint::new(Txid::from_byte_array([number; 32]), 0);
    });
    case.transaction
}

/// A block whose header commits to these transactions, without proof of work.
fn block(txdata: Vec<Transaction>) -> Block {
    let leaves: Vec<_> = txdata
        .iter()
        .map(|t| t.compute_txid().to_raw_hash())
        .collect();
    let root = root::compute(&leaves).map(|root| root.hash);
    Block {
        header: Header {
            version: Version::from_consensus(0x2000_0000),
            prev_blockhash: PARAMS.genesis.block_hash(),
            merkle_root: root.map_or_else(TxMerkleNode::all_zeros, TxMerkleNode::from_raw_hash),
            time: NEXT_TIME + 1,
            bits: CompactTarget::from_consensus(0x1f00_ffff),
            nonce: 0,
        },
        txdata,
    }
}

fn honest_coinbase(others: &[Transaction], value: u64) -> Transaction {
    coinbase(1, script(4), value, 7, witness_commitment(others))
}

/// A block with one spend, whose coinbase is changed.
fn changed(
    about: &'static str,
    outcome: Result<(), &'static str>,
    change: impl FnOnce(&mut Transaction),
) -> BlockCase {
    let others = [spend(1)];
    let mut first = honest_coinbase(&others, SUBSIDY + 100);
    change(&mut first);
    case(about, outcome, [&[first][..], &others].concat())
}

/// A block with these transactions after an honest coinbase.
fn with(
    about: &'static str,
    outcome: Result<(), &'static str>,
    others: Vec<Transaction>,
) -> BlockCase {
    let first = honest_coinbase(&others, SUBSIDY);
    case(about, outcome, [vec![first], others].concat())
}

fn case(
    about: &'static str,
    outcome: Result<(), &'static str>,
    transactions: Vec<Transaction>,
) -> BlockCase {
    BlockCase {
        about,
        block: block(transactions),
        fees: 100,
        outcome,
        large: false,
    }
}

pub(super) fn all() -> Vec<BlockCase> {
    [coinbases(), commitments(), contents(), weights(), mutated()]
        .into_iter()
        .flatten()
        .collect()
}

fn coinbases() -> Vec<BlockCase> {
    let height_rule = Err("bad-cb-height");
    let script_sig = |about, outcome, hex: &str| {
        let script = raw(hex);
        changed(about, outcome, |first| first.input[0].script_sig = script)
    };
    let value = |about, outcome, value| {
        changed(about, outcome, |first| {
            first.output[0].value = Amount::from_sat(value)
        })
    };
    let hundred = |size: usize| format!("51{}", "00".repeat(size - 1));
    vec![
        value("subsidy and fees", Ok(()), SUBSIDY + 100),
        value("one unit less", Ok(()), SUBSIDY + 99),
        value("one unit more", Err("bad-cb-amount"), SUBSIDY + 101),
        script_sig("the height, padded to two bytes", Ok(()), "5100"),
        script_sig("the height alone", Err("bad-cb-length"), "51"),
        script_sig("a script of 100 bytes", Ok(()), &hundred(100)),
        script_sig("a script of 101 bytes", Err("bad-cb-length"), &hundred(101)),
        script_sig("another height", height_rule, "5200"),
        script_sig("the height in a longer form", height_rule, "010100"),
        changed(
            "a coinbase that pays to nothing of the list",
            Err("bad-txns-vout-script"),
            |first| {
                first.output[0].script_pubkey = raw("51");
            },
        ),
        changed(
            "a coinbase that pays to no public key",
            Err("bad-txns-vout-key"),
            |first| {
                let point = format!("602002{}", "00".repeat(31));
                first.output[0].script_pubkey = raw(&point);
            },
        ),
        changed(
            "a coinbase with an amount above all money",
            Err("bad-txns-vout-toolarge"),
            |first| {
                first.output[0].value = Amount::from_sat(super::ALL + 1);
            },
        ),
        changed(
            "a coinbase with a lock time",
            Err("bad-txns-nonfinal"),
            |first| {
                first.lock_time = LockTime::from_consensus(1);
                first.input[0].sequence = Sequence::ZERO;
            },
        ),
    ]
}

fn commitments() -> Vec<BlockCase> {
    vec![
        changed(
            "no commitment, with witnesses",
            Err("unexpected-witness"),
            |first| {
                first.output.truncate(1);
            },
        ),
        case(
            "no commitment and no witnesses",
            Err("bad-witness-commitment-missing"),
            vec![{
                let mut first = honest_coinbase(&[], SUBSIDY);
                first.output.truncate(1);
                first.input[0].witness = Witness::new();
                first
            }],
        ),
        changed(
            "another commitment",
            Err("bad-witness-merkle-match"),
            |first| {
                first.output[1].script_pubkey = raw(&format!("6a24aa21a9ed{}", "00".repeat(32)));
            },
        ),
        changed(
            "no witness in the coinbase",
            Err("bad-witness-nonce-size"),
            |first| {
                first.input[0].witness = Witness::new();
            },
        ),
        changed(
            "a witness of 31 bytes in the coinbase",
            Err("bad-witness-nonce-size"),
            |first| {
                first.input[0].witness = Witness::from_slice(&[[0; 31]]);
            },
        ),
        changed(
            "two witness items in the coinbase",
            Err("bad-witness-nonce-size"),
            |first| {
                first.input[0].witness.push([0; 32]);
            },
        ),
        {
            let mut case = changed("without any witness", Err("bad-witness-nonce-size"), |_| {});
            for transaction in &mut case.block.txdata {
                for input in &mut transaction.input {
                    input.witness = Witness::new();
                }
            }
            case
        },
        {
            let mut case = changed(
                "another signature than was committed to",
                Err("bad-witness-merkle-match"),
                |_| {},
            );
            case.block.txdata[1].input[0].witness = Witness::from_slice(&[[7; 64]]);
            case
        },
    ]
}

fn contents() -> Vec<BlockCase> {
    let not_final = signed(
        "",
        vec![output(900, script(2))],
        Ok(100),
        |transaction, _, _| {
            transaction.lock_time = LockTime::from_consensus(1);
            transaction.input[0].sequence = Sequence::ZERO;
        },
    );
    let node_size = signed("", vec![output(0, raw("6a02abab"))], Ok(1_000), as_it_is);
    let mut twice = spend(1);
    twice.input.push(twice.input[0].clone());
    vec![
        with("a coinbase alone", Ok(()), vec![]),
        with("three spends", Ok(()), vec![spend(1), spend(2), spend(3)]),
        with(
            "a spend that is not final",
            Err("bad-txns-nonfinal"),
            vec![not_final.transaction],
        ),
        with(
            "a transaction of 64 bytes",
            Err("bad-txns-size-64"),
            vec![spend(1), node_size.transaction],
        ),
        with(
            "one coin in two inputs (CVE-2018-17144)",
            Err("bad-txns-inputs-duplicate"),
            vec![twice],
        ),
        with(
            "a second coinbase",
            Err("bad-cb-multiple"),
            vec![honest_coinbase(&[], 0)],
        ),
        case(
            "no coinbase",
            Err("bad-cb-missing"),
            vec![spend(1), spend(2)],
        ),
        case("no transaction", Err("bad-blk-length"), vec![]),
    ]
}

/// Blocks of exactly the limit, and of the next weight.
fn weights() -> Vec<BlockCase> {
    let of = |about, outcome, weight| {
        let empty = with("", Ok(()), vec![]).block.weight().to_wu();
        let filled = form_cases::of_weight(weight - empty, Ok(0)).transaction;
        let case = BlockCase {
            large: true,
            ..with(about, outcome, vec![filled])
        };
        assert_eq!(case.block.weight().to_wu(), weight);
        case
    };
    vec![
        of("a weight of 400,000", Ok(()), 400_000),
        of("a weight of 400,004", Err("bad-blk-weight"), 400_004),
    ]
}

/// Lists of transactions that are not what the header commits to.
fn mutated() -> Vec<BlockCase> {
    let mut other = changed(
        "another transaction than in the header",
        Err("bad-txnmrklroot"),
        |_| {},
    );
    other.block.txdata[1] = spend(2);
    let two = with(
        "the tail repeated (CVE-2012-2459)",
        Err("bad-txns-duplicate"),
        vec![spend(1), spend(2)],
    );
    let mut repeated = two;
    repeated.block.txdata.push(spend(2));
    vec![other, repeated]
}
