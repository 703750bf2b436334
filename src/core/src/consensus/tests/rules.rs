//! Each rule of the list, by its cases.

use super::{
    BlockCase, NEXT_TIME, PARAMS, SpendCase, block_cases, form_cases, lock_cases, signature_cases,
    spend_cases,
};
use crate::consensus::{RuleError, check_block, check_reward, check_spend, check_transaction};
use crate::merkle::block::VerifiedBlock;
use crate::params::NetworkParams;
use std::collections::BTreeSet;

fn outcome(case: &SpendCase) -> Result<u64, &'static str> {
    check_spend(&PARAMS, &case.transaction, &case.coins, case.context).map_err(|rule| rule.code())
}

fn hold(cases: &[SpendCase]) {
    for case in cases {
        assert_eq!(outcome(case), case.outcome, "{}", case.about);
    }
}

/// As a node does it: the body first, then the form, then what the coinbase takes.
pub(super) fn block_outcome(case: &BlockCase) -> Result<(), &'static str> {
    let limit = PARAMS.max_block_weight;
    let block =
        VerifiedBlock::check_limited(case.block.clone(), limit).map_err(|error| error.code())?;
    check_block(&PARAMS, &block, 1, NEXT_TIME).map_err(|rule| rule.code())?;
    check_reward(&PARAMS, &block, 1, case.fees).map_err(|rule| rule.code())
}

#[test]
fn outputs_pay_to_public_keys_or_are_data() {
    hold(&form_cases::outputs());
}

#[test]
fn inputs_spend_each_coin_once_with_one_signature_and_nothing_else() {
    hold(&form_cases::inputs());
}

/// The one rule that a check of coins alone would not see: both inputs spend a coin that exists.
#[test]
fn one_coin_in_two_inputs_creates_nothing() {
    let cases = form_cases::inputs();
    let twice = cases
        .iter()
        .find(|case| case.about.contains("CVE-2018-17144"));
    let twice = twice.expect("the case is in the list");
    let rule = check_transaction(&PARAMS, &twice.transaction).unwrap_err();
    assert!(matches!(rule, RuleError::DuplicateInput { .. }), "{rule}");
    assert_eq!(outcome(twice), Err("bad-txns-inputs-duplicate"));
}

#[test]
fn amounts_are_bounded_to_the_unit() {
    hold(&form_cases::amounts());
}

#[test]
fn a_transaction_is_never_as_long_as_a_node_of_the_tree() {
    hold(&form_cases::sizes());
    for (size, case) in (63..).zip(form_cases::sizes()) {
        assert_eq!(case.transaction.base_size(), size);
    }
}

#[test]
fn a_transaction_weighs_at_most_what_a_block_may() {
    let too_heavy = Err("bad-txns-oversize");
    hold(&[
        form_cases::of_weight(400_000, Ok(0)),
        form_cases::of_weight(400_004, too_heavy),
    ]);
}

#[test]
fn a_coinbase_matures() {
    hold(&lock_cases::maturity());
}

#[test]
fn lock_times_are_those_of_bip113() {
    hold(&lock_cases::lock_times());
}

#[test]
fn sequence_locks_are_those_of_bip68() {
    hold(&lock_cases::sequence_locks());
}

#[test]
fn a_signature_is_for_one_transaction_of_one_network() {
    hold(&signature_cases::all());
}

#[test]
fn blocks_are_what_the_list_says() {
    for case in block_cases::all() {
        assert_eq!(block_outcome(&case), case.outcome, "{}", case.about);
    }
}

/// A block that came without its witnesses says nothing about the block with them.
#[test]
fn only_a_body_without_witnesses_leaves_its_hash_unjudged() {
    for case in block_cases::all() {
        let Ok(block) = VerifiedBlock::check_limited(case.block, u64::MAX) else {
            continue;
        };
        if let Err(rule) = check_block(&PARAMS, &block, 1, NEXT_TIME) {
            let stripped = case.about == "without any witness";
            assert_eq!(rule.is_mutation(), stripped, "{}: {rule}", case.about);
        }
    }
}

/// Weight is counted here too, since a block may have been parsed with another network's limit.
#[test]
fn the_weight_of_a_block_is_counted_whoever_parsed_it() {
    let heavy = block_cases::all()
        .into_iter()
        .find(|case| case.outcome == Err("bad-blk-weight"));
    let block = VerifiedBlock::check(heavy.expect("the case is in the list").block).unwrap();
    let rule = check_block(&PARAMS, &block, 1, NEXT_TIME).unwrap_err();
    assert_eq!(rule.code(), "bad-blk-weight");
}

#[test]
fn other_networks_are_not_judged() {
    let bitcoin = NetworkParams::by_name("bitcoin").unwrap();
    let case = &form_cases::outputs()[0];
    let result = check_transaction(&bitcoin, &case.transaction);
    assert!(matches!(result, Err(RuleError::OtherRules { .. })));
    let block = VerifiedBlock::check(block_cases::all().swap_remove(0).block).unwrap();
    let result = check_block(&bitcoin, &block, 1, NEXT_TIME);
    assert!(matches!(result, Err(RuleError::OtherRules { .. })));
}

/// A rule without a case could be taken out unnoticed.
#[test]
fn every_rule_has_a_case_that_it_refuses() {
    let spends = spend_cases()
        .into_iter()
        .filter_map(|case| case.outcome.err());
    let blocks = block_cases::all()
        .into_iter()
        .filter_map(|case| case.outcome.err());
    let refused: BTreeSet<&str> = spends.chain(blocks).chain(["bad-txns-oversize"]).collect();
    let rules: Vec<&str> = RULES.split_whitespace().collect();
    assert_eq!(refused, rules.iter().copied().collect());
}

/// The codes of `docs/consensus.md`.
const RULES: &str = "bad-blk-length bad-blk-weight bad-cb-amount bad-cb-height bad-cb-length \
    bad-cb-missing bad-cb-multiple bad-signature bad-txnmrklroot bad-txns-duplicate \
    bad-txns-in-belowout bad-txns-inputs-duplicate bad-txns-inputs-missingorspent \
    bad-txns-inputs-unspendable bad-txns-inputvalues-outofrange bad-txns-nonfinal \
    bad-txns-oversize bad-txns-premature-spend-of-coinbase bad-txns-prevout-null \
    bad-txns-scriptsig-not-empty bad-txns-size-64 bad-txns-txouttotal-toolarge bad-txns-vin-empty \
    bad-txns-vout-data-amount bad-txns-vout-empty bad-txns-vout-key bad-txns-vout-script \
    bad-txns-vout-toolarge bad-txns-witness-form bad-witness-commitment-missing \
    bad-witness-merkle-match bad-witness-nonce-size non-BIP68-final unexpected-witness";
