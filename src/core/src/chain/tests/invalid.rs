//! Blocks that break a rule: marked, with what follows them, and nothing else changes.

use super::builder::{Builder, LATER, script, seal, sign, spend};
use super::support::{give, give_all, proposed, stands_on};
use crate::chain::{Arrival, BlockRefusal, BlockRuleError, Chain, Coin};
use crate::consensus::RuleError;
use crate::headers::RuleError as HeaderRule;
use bitcoin::{Amount, Block, OutPoint, ScriptBuf, TxOut, Witness};

/// A chain of four blocks with some coins, and a proposed block after it that breaks a rule.
struct Case {
    builder: Builder,
    tip: usize,
}

impl Case {
    fn new() -> Self {
        let mut builder = Builder::new();
        let tip = builder.grow(0, 4)[3];
        Self { builder, tip }
    }

    fn coin(&self, n: usize) -> (OutPoint, Coin) {
        self.builder.coin(self.tip, n)
    }

    fn propose(&self, extra: u64, spends: Vec<bitcoin::Transaction>) -> Block {
        let subsidy = self.builder.params.subsidy.at(5);
        self.builder.propose(self.tip, subsidy + extra, spends)
    }

    fn spend(&self, coins: &[(OutPoint, Coin)], fee: u64) -> bitcoin::Transaction {
        let sum: u64 = coins.iter().map(|(_, coin)| coin.amount).sum();
        spend(&self.builder.params, coins, &[(1, sum - fee)])
    }

    /// The block is refused with this code, its hash is marked, what follows it is refused, and the
    /// chain is as it was and goes on.
    #[track_caller]
    fn refused(mut self, block: Block, code: &str) -> BlockRuleError {
        let mut chain = self.builder.chain();
        let valid: Vec<_> = (1..=self.tip).collect();
        give_all(&mut chain, &self.builder, &valid);
        let bad = self.builder.add(self.tip, block);
        let child = self.builder.grow(bad, 1)[0];
        assert_eq!(proposed(&chain, &self.builder.block(bad)), code);
        let error = chain
            .accept_block(self.builder.block(bad), LATER)
            .unwrap_err();
        assert_eq!(error.code(), code, "{error}");
        assert!(error.is_misbehaviour());
        assert!(error.to_string().len() < 500);
        let BlockRefusal::Invalid(invalid) = error else {
            panic!("{error}");
        };
        assert_eq!(invalid.hash, self.builder.hash(bad));
        stands_on(&chain, &self.builder, self.tip);
        self.is_marked(&mut chain, bad, child);
        // Over a restart too.
        let mut chain = Chain::open(self.builder.params.clone(), chain.into_store()).unwrap();
        stands_on(&chain, &self.builder, self.tip);
        self.is_marked(&mut chain, bad, child);
        let next = self.builder.grow(self.tip, 1)[0];
        assert_eq!(
            give(&mut chain, &self.builder, next).arrival,
            Arrival::Connected
        );
        stands_on(&chain, &self.builder, next);
        invalid.error
    }

    #[track_caller]
    fn is_marked(&self, chain: &mut Chain<crate::chain::MemoryStore>, bad: usize, child: usize) {
        assert_eq!(chain.headers().tip().hash, self.builder.hash(self.tip));
        assert_eq!(chain.missing_blocks(9), []);
        assert_eq!(chain.has_block(&self.builder.hash(bad)), Ok(false));
        let proposal = chain.check_proposal(self.builder.block(bad), LATER);
        assert_eq!(proposal.unwrap_err().code(), "duplicate-invalid");
        assert_eq!(
            proposed(chain, &self.builder.block(child)),
            "inconclusive-not-best-prevblk"
        );
        let again = chain
            .accept_block(self.builder.block(bad), LATER)
            .unwrap_err();
        assert_eq!(again.code(), "duplicate-invalid");
        let follows = chain
            .accept_block(self.builder.block(child), LATER)
            .unwrap_err();
        assert_eq!(follows.code(), "bad-prevblk");
        let header = self.builder.block(child).header;
        let error = chain.accept_header(header, LATER).unwrap_err();
        assert!(matches!(error.rule, HeaderRule::InvalidParent { .. }));
        assert!(error.is_misbehaviour());
    }
}

#[test]
fn a_coinbase_that_takes_too_much() {
    let case = Case::new();
    let spent = case.spend(&[case.coin(0)], 10);
    let block = case.propose(11, vec![spent]);
    let error = case.refused(block, "bad-cb-amount");
    assert!(
        matches!(error, BlockRuleError::Rule(RuleError::Reward { limit, found })
        if found == limit + 1)
    );
}

#[test]
fn a_coin_that_is_spent_twice() {
    // In one transaction (CVE-2018-17144), in one block, and in two blocks.
    let case = Case::new();
    let coin = [case.coin(0)];
    let twice = case.spend(&[case.coin(0), case.coin(0)], 0);
    let block = case.propose(0, vec![twice]);
    case.refused(block, "bad-txns-inputs-duplicate");

    let case = Case::new();
    let spends = vec![case.spend(&coin, 0), case.spend(&coin, 1)];
    let block = case.propose(0, spends);
    case.refused(block, "bad-txns-inputs-missingorspent");

    let mut case = Case::new();
    let first = case.spend(&coin, 0);
    case.tip = case.builder.grow_with(case.tip, vec![first], 0);
    let second = case.spend(&coin, 1);
    let subsidy = case.builder.params.subsidy.at(6);
    let block = case.builder.propose(case.tip, subsidy, vec![second]);
    let error = case.refused(block, "bad-txns-inputs-missingorspent");
    assert!(matches!(error, BlockRuleError::MissingCoin { .. }));
}

#[test]
fn a_coin_that_never_was_or_comes_later() {
    let case = Case::new();
    let (mut outpoint, coin) = case.coin(0);
    outpoint.vout += 7;
    let invented = case.spend(&[(outpoint, coin)], 0);
    let block = case.propose(0, vec![invented]);
    case.refused(block, "bad-txns-inputs-missingorspent");

    let case = Case::new();
    let first = case.spend(&[case.coin(0)], 0);
    let made = OutPoint::new(first.compute_txid(), 0);
    let coin = Coin {
        amount: first.output[0].value.to_sat(),
        script_pubkey: script(1),
        ..case.coin(0).1
    };
    let second = case.spend(&[(made, coin)], 0);
    let block = case.propose(0, vec![second, first]);
    case.refused(block, "bad-txns-inputs-missingorspent");
}

#[test]
fn money_out_of_nothing() {
    let case = Case::new();
    let (outpoint, coin) = case.coin(0);
    let more = spend(
        &case.builder.params,
        &[(outpoint, coin.clone())],
        &[(1, coin.amount + 1)],
    );
    let block = case.propose(0, vec![more]);
    case.refused(block, "bad-txns-in-belowout");
    // Two amounts whose sum overflows.
    let case = Case::new();
    let over = spend(
        &case.builder.params,
        &[(outpoint, coin.clone())],
        &[(1, u64::MAX), (1, 2)],
    );
    let block = case.propose(0, vec![over]);
    case.refused(block, "bad-txns-vout-toolarge");
}

#[test]
fn a_signature_of_another_key() {
    let case = Case::new();
    let (outpoint, coin) = case.coin(0);
    let foreign = Coin {
        script_pubkey: script(3),
        ..coin
    };
    let mut theft = case.spend(&[(outpoint, foreign)], 0);
    let block = case.propose(0, vec![theft.clone()]);
    case.refused(block, "bad-signature");
    // And one that signs something else.
    let case = Case::new();
    sign(&case.builder.params, &mut theft, &[case.coin(0)]);
    theft.output[0].script_pubkey = script(2);
    let block = case.propose(0, vec![theft]);
    case.refused(block, "bad-signature");
}

#[test]
fn a_coinbase_of_another_height_and_an_output_that_is_not_in_the_list() {
    let mut case = Case::new();
    let subsidy = case.builder.params.subsidy.at(5);
    let mut block = case.builder.propose(case.tip - 1, subsidy, Vec::new());
    block.header.prev_blockhash = case.builder.hash(case.tip);
    block.header.time += 60;
    case.refused(seal(block), "bad-cb-height");

    case = Case::new();
    let mut block = case.propose(0, Vec::new());
    block.txdata[0].output.push(TxOut {
        value: Amount::ZERO,
        script_pubkey: ScriptBuf::from_bytes(vec![0x51]),
    });
    case.refused(seal(block), "bad-txns-vout-script");
}

#[test]
fn no_coinbase_and_two_of_them() {
    let case = Case::new();
    let spent = case.spend(&[case.coin(0)], 0);
    let mut block = case.propose(0, vec![spent]);
    block.txdata.remove(0);
    case.refused(seal(block), "bad-cb-missing");

    let case = Case::new();
    let mut block = case.propose(0, Vec::new());
    let mut second = block.txdata[0].clone();
    second.output[0].script_pubkey = script(1);
    block.txdata.push(second);
    case.refused(seal(block), "bad-cb-multiple");
}

#[test]
fn no_commitment_to_the_witnesses() {
    let case = Case::new();
    let spent = case.spend(&[case.coin(0)], 0);
    let mut block = case.propose(0, vec![spent]);
    block.txdata[0].output.truncate(1);
    case.refused(seal(block), "unexpected-witness");

    let case = Case::new();
    let mut block = case.propose(0, Vec::new());
    block.txdata[0].output.truncate(1);
    block.txdata[0].input[0].witness = Witness::new();
    case.refused(seal(block), "bad-witness-commitment-missing");
}

#[test]
fn a_block_that_is_too_heavy() {
    let case = Case::new();
    let (outpoint, coin) = case.coin(0);
    let mut heavy = case.spend(&[(outpoint, coin.clone())], 0);
    let data =
        ScriptBuf::new_op_return(bitcoin::script::PushBytesBuf::try_from(vec![7; 200]).unwrap());
    let note = TxOut {
        value: Amount::ZERO,
        script_pubkey: data,
    };
    // As many as one transaction may have: it fits, a block around it does not.
    let limit = case.builder.params.max_block_weight;
    while heavy.weight().to_wu() + 4 * note.size() as u64 <= limit - 12 {
        heavy.output.push(note.clone());
    }
    sign(&case.builder.params, &mut heavy, &[(outpoint, coin)]);
    assert!(heavy.weight().to_wu() <= limit);
    let block = case.propose(0, vec![heavy]);
    let over = block.weight().to_wu() - limit;
    assert!(over < 2_000, "{over}");
    case.refused(block, "bad-blk-weight");
}
