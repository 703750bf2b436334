use super::{NOW, coin, params, parent, script, solve, spend};
use crate::consensus::{check_block, check_reward};
use crate::merkle::block::VerifiedBlock;
use crate::mining::{BlockTemplate, Candidate, CandidateError, TemplateError, TemplateParent};
use bitcoin::{OutPoint, ScriptBuf};
use proptest::prelude::*;

fn template() -> BlockTemplate {
    let params = params();
    let first = spend(&[coin(1)], 0);
    let child = spend(&[OutPoint::new(first.compute_txid(), 0)], 500);
    let transactions = [(first, 30), (child, 12)];
    BlockTemplate::make(&params, &parent(&params), &transactions, NOW)
}

fn refused(change: impl FnOnce(&mut BlockTemplate)) -> TemplateError {
    let mut template = template();
    change(&mut template);
    Candidate::from_template(&params(), &template, script(1), 0).unwrap_err()
}

#[test]
fn a_template_becomes_a_valid_block() {
    let params = params();
    let candidate = Candidate::from_template(&params, &template(), script(1), 7).unwrap();
    assert_eq!(candidate.height(), 1);
    assert_eq!(candidate.value(), 500_000_042);
    assert_eq!(candidate.header().time, NOW);
    let block = candidate.block_with(solve(&candidate)).unwrap();
    let block = VerifiedBlock::check(block).unwrap();
    check_block(&params, &block, 1, params.genesis.time).unwrap();
    check_reward(&params, &block, 1, 42).unwrap();
    let coinbase = &block.block().txdata[0];
    assert_eq!(coinbase.output[0].script_pubkey, script(1));
    assert_eq!(block.txids().len(), 3);
}

#[test]
fn workers_with_another_extra_nonce_search_another_header() {
    let params = params();
    let of = |extra_nonce| {
        Candidate::from_template(&params, &template(), script(1), extra_nonce).unwrap()
    };
    assert_eq!(of(1).header(), of(1).header());
    assert_ne!(of(1).header().merkle_root, of(2).header().merkle_root);
}

#[test]
fn only_the_nonce_and_the_rolled_bits_are_the_workers() {
    let params = params();
    let candidate = Candidate::from_template(&params, &template(), script(1), 7).unwrap();
    let found = solve(&candidate);
    for change in 0..6 {
        let mut header = found;
        let with = |bit: u32| {
            let version = header.version.to_consensus() ^ (1 << bit);
            bitcoin::block::Version::from_consensus(version)
        };
        match change {
            0 => header.time += 1,
            1 => header.version = bitcoin::block::Version::ONE,
            2 => header.merkle_root = params.genesis.merkle_root,
            // The bits beside those that may roll.
            3 => header.version = with(12),
            4 => header.version = with(29),
            _ => header.prev_blockhash = "11".repeat(32).parse().unwrap(),
        }
        let result = candidate.block_with(header);
        assert_eq!(result, Err(CandidateError::OtherHeader), "{change}");
    }
    for bit in 13..=28 {
        let mut rolled = found;
        let version = rolled.version.to_consensus() ^ (1 << bit);
        rolled.version = bitcoin::block::Version::from_consensus(version);
        while crate::primitives::hash_value(&rolled.block_hash()) > candidate.target() {
            rolled.nonce += 1;
        }
        let block = candidate.block_with(rolled).unwrap();
        assert_eq!(block.header, rolled, "{bit}");
    }
    let mut header = found;
    while crate::primitives::hash_value(&header.block_hash()) <= candidate.target() {
        header.nonce += 1;
    }
    let result = candidate.block_with(header);
    assert!(matches!(result, Err(CandidateError::HighHash { .. })));
}

#[test]
fn templates_that_lead_to_no_valid_block_are_refused() {
    let params = params();
    let field = |error: TemplateError| match error {
        TemplateError::Field { field, .. } => field,
        other => panic!("{other}"),
    };
    let result = refused(|t| t.previousblockhash = "x".into());
    assert_eq!(field(result), "previousblockhash");
    assert_eq!(field(refused(|t| t.bits = "zz".into())), "bits");
    assert_eq!(field(refused(|t| t.target = "00".into())), "target");
    let result = refused(|t| t.bits = "00000000".into());
    assert!(matches!(result, TemplateError::Bits(_)));
    let result = refused(|t| t.bits = "2100ffff".into());
    assert!(matches!(result, TemplateError::AboveLimit { .. }));
    let result = refused(|t| t.coinbasevalue += 1);
    let limit = 500_000_042;
    assert_eq!(
        result,
        TemplateError::Value {
            limit,
            found: limit + 1
        }
    );
    let result = refused(|t| {
        t.transactions.pop();
        t.coinbasevalue -= 12;
    });
    assert!(matches!(result, TemplateError::Commitment { .. }));
    let odd = Candidate::from_template(&params, &template(), ScriptBuf::new(), 0);
    assert!(matches!(odd, Err(TemplateError::Rule(_))));
}

#[test]
fn transactions_of_a_template_are_checked() {
    let position = |error: TemplateError| match error {
        TemplateError::Transaction { position, reason } => (position, reason),
        other => panic!("{other}"),
    };
    let (at, reason) = position(refused(|t| t.transactions.swap(0, 1)));
    assert_eq!(at, 1);
    assert!(reason.contains("comes later"), "{reason}");
    let (at, reason) = position(refused(|t| t.transactions[1].txid = "00".repeat(32)));
    assert_eq!(at, 2);
    assert!(reason.contains("its id is"), "{reason}");
    let (at, _) = position(refused(|t| t.transactions[0].data.truncate(20)));
    assert_eq!(at, 1);
    let (at, reason) = position(refused(|t| {
        let twice = t.transactions[0].clone();
        let mut other = spend(&[coin(1)], 212);
        other.output.truncate(1);
        other.output[0].value = bitcoin::Amount::from_sat(5);
        t.transactions.push(crate::mining::TemplateTransaction {
            data: bitcoin::consensus::encode::serialize_hex(&other),
            txid: other.compute_txid().to_string(),
            ..twice
        });
    }));
    assert_eq!(at, 3);
    assert!(reason.contains("another one spends"), "{reason}");
}

#[test]
fn a_template_of_too_much_weight_is_refused() {
    let params = params();
    let heavy: Vec<_> = (1..=9).map(|n| (spend(&[coin(n)], 12_000), 0)).collect();
    let mut roomy = params.clone();
    roomy.max_block_weight *= 2;
    let fits = BlockTemplate::make(&params, &parent(&params), &heavy, NOW);
    assert!(Candidate::from_template(&params, &fits, script(1), 0).is_ok());
    let template = BlockTemplate::make(&roomy, &parent(&params), &heavy, NOW);
    assert!(template.transactions.len() > fits.transactions.len());
    let result = Candidate::from_template(&params, &template, script(1), 0);
    assert!(matches!(
        result,
        Err(TemplateError::Weight { limit: 398_000 })
    ));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// Every block that is mined is one that the list allows, at the heights where the push of the
    /// height changes its form too.
    #[test]
    fn what_is_mined_is_valid(
        height in prop::sample::select(vec![0, 15, 16, 126, 127, 254, 32_766, 32_767, 8_388_607]),
        extra_nonce in any::<u64>(),
        fees in prop::collection::vec(0..1_000_u64, 0..12),
    ) {
        let params = params();
        let parent = TemplateParent { height, ..parent(&params) };
        let transactions: Vec<_> = (1..)
            .zip(&fees)
            .map(|(number, fee)| (spend(&[coin(number)], 300), *fee))
            .collect();
        let template = BlockTemplate::make(&params, &parent, &transactions, NOW);
        let candidate =
            Candidate::from_template(&params, &template, script(1), extra_nonce).unwrap();
        let block = candidate.block_with(solve(&candidate)).unwrap();
        let block = VerifiedBlock::check(block).unwrap();
        prop_assert_eq!(check_block(&params, &block, height + 1, NOW - 1), Ok(()));
        let all: u64 = fees.iter().sum();
        prop_assert_eq!(check_reward(&params, &block, height + 1, all), Ok(()));
        prop_assert!(all == 0 || check_reward(&params, &block, height + 1, all - 1).is_err());
    }
}
