//! Whatever the order of blocks, reorganisations and announcements: the wallet is what it would be
//! had it been told the blocks of today's chain alone, and no unit is made or lost.

use super::world::{FTH, ME, OTHER, T0, World, foreign};
use crate::merkle::block::VerifiedBlock;
use crate::wallet::{Scanned, Wallet, WalletEntryState, WalletView};
use bitcoin::{Transaction, Txid};
use proptest::prelude::*;
use std::collections::BTreeSet;

#[derive(Debug, Clone)]
enum Step {
    /// A block for us, with what waits.
    Earn,
    /// A block for somebody else, with some of what waits.
    Mine { every: usize },
    /// Blocks leave.
    Undo { count: usize },
    /// Somebody pays us.
    Receive { coin: u8, amount: u64 },
    /// We pay somebody.
    Pay { share: u64 },
    /// We raise the fee of what waits.
    Replace,
    /// Storage, and back.
    Reload,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => Just(Step::Earn),
        3 => (1usize..3).prop_map(|every| Step::Mine { every }),
        2 => (1usize..4).prop_map(|count| Step::Undo { count }),
        2 => (0u8..6, 1u64..5).prop_map(|(coin, amount)| Step::Receive { coin, amount }),
        4 => (1u64..99).prop_map(|share| Step::Pay { share }),
        1 => Just(Step::Replace),
        1 => Just(Step::Reload),
    ]
}

/// Every transaction ever made, as the nodes of the world know them.
struct Life {
    world: World,
    made: Vec<Transaction>,
    /// Of these, other people's that a block held once.
    held: BTreeSet<Txid>,
}

impl Life {
    fn run(&mut self, step: &Step) {
        let world = &mut self.world;
        world.now += 10;
        match step {
            Step::Earn => {
                world.earn(1);
            }
            Step::Mine { every } => {
                let waiting: Vec<Transaction> =
                    world.wallet.to_send().into_iter().cloned().collect();
                let some = waiting.len().div_ceil(*every);
                // Children only with their parents: these come first.
                let mut chosen: Vec<Transaction> = Vec::new();
                for tx in waiting.into_iter().take(some) {
                    let has_parents = tx.input.iter().all(|input| {
                        let parent = input.previous_output.txid;
                        let beside = chosen.iter().any(|tx| tx.compute_txid() == parent);
                        beside || world.wallet.has_mined(&parent)
                    });
                    if has_parents {
                        chosen.push(tx);
                    }
                }
                world.mine(chosen);
            }
            Step::Undo { count } => {
                let count = (*count).min(world.chain.len());
                world.undo(count);
            }
            Step::Receive { coin, amount } => {
                let to = ME.script(0, u32::from(*coin));
                let tx = foreign(*coin, to, amount * FTH);
                let mined = world.chain.iter().any(|block| {
                    let spends = |tx: &Transaction| tx.input[0].previous_output.txid;
                    let mut all = block.transactions();
                    all.any(|(_, other)| spends(other) == spends(&tx))
                });
                if !mined {
                    world.seen(&tx);
                    self.made.push(tx.clone());
                    if amount % 2 == 0 {
                        self.held.insert(tx.compute_txid());
                        self.world.mine(vec![tx]);
                    }
                }
            }
            Step::Pay { share } => {
                let account = world.account();
                let amount = (account.spendable + account.change) * share / 100;
                let order = world.order(Some(amount));
                if let Ok(request) = world.wallet.prepare(&order, world.tip(), &[9; 32]) {
                    let tx = ME.sign(&world.params, &request);
                    assert!(world.wallet.seen(&tx, None, world.now));
                    self.made.push(tx);
                }
            }
            Step::Replace => {
                let Some(txid) = world.wallet.to_send().first().map(|tx| tx.compute_txid()) else {
                    return;
                };
                let (tip, seed) = (world.tip(), [8; 32]);
                let request = world.wallet.prepare_replacement(&txid, None, 7, tip, &seed);
                if let Ok(request) = request {
                    let tx = ME.sign(&world.params, &request);
                    assert!(world.wallet.seen(&tx, None, world.now));
                    self.made.push(tx);
                }
            }
            Step::Reload => {
                let keys = world.wallet.encode_keys().expect("JSON");
                let mut back = Wallet::decode_keys(&world.params, &keys).expect("unchanged");
                for page in world.wallet.pages() {
                    world.wallet.page_lost(page);
                }
                for page in world.wallet.take_changes() {
                    if let Some(bytes) = page.bytes {
                        back.decode_page(page.page, &bytes).expect("unchanged");
                    }
                }
                world.wallet = back;
            }
        }
    }
}

/// Id, units that came and went, and whether it is a coinbase.
type MinedEntry = (String, u64, u64, bool);

/// What does not depend on when something was first seen: the balances, and where each stands.
fn essence(view: &WalletView) -> (Vec<(u64, u64)>, Vec<MinedEntry>) {
    let balances = view.accounts.iter().map(|a| (a.spendable, a.immature));
    let mut mined: Vec<_> = view
        .history
        .iter()
        .filter(|entry| matches!(entry.state, WalletEntryState::Mined { .. }))
        .map(|entry| (entry.txid.clone(), entry.received, entry.sent, entry.mined))
        .collect();
    mined.sort();
    (balances.collect(), mined)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_order_of_events_equals_the_chain_told_from_scratch(
        steps in prop::collection::vec(step(), 1..30),
    ) {
        let (world, made, held) = (World::new(), Vec::new(), BTreeSet::new());
        let mut life = Life { world, made, held };
        life.world.earn(2);
        for step in &steps {
            life.run(step);
        }
        let Life { mut world, made, held } = life;
        let keys = ME.keys(&world.params, 10);
        let mut fresh = Wallet::new(world.params.clone(), &keys).expect("good keys");
        for (height, block) in (1..).zip(&world.chain) {
            fresh.connect_block(block, height);
        }
        // What no block holds is told to both: the nodes still have it.
        let mut old = world.wallet.clone();
        for tx in &made {
            // Work once spoke for it: a wallet that never saw the block knows less, and rightly
            // takes it for an announcement.
            if held.contains(&tx.compute_txid()) && !fresh.has_mined(&tx.compute_txid()) {
                let block = world.block(OTHER.script(0, 0), vec![tx.clone()]);
                fresh.connect_block(&block, world.tip() + 1);
                fresh.disconnect_blocks(&[block.hash()], T0);
            }
            old.seen(tx, None, T0);
            fresh.seen(tx, None, T0);
        }
        let tip = world.tip();
        let scanned = Scanned { from: 1, to: tip, tip };
        let (old, fresh) = (old.view(scanned), fresh.view(scanned));
        prop_assert_eq!(essence(&old), essence(&fresh));
        conserved(&old, &world.chain);
    }
}

/// What the chain holds for the wallet's keys is what came less what went.
fn conserved(view: &WalletView, chain: &[VerifiedBlock]) {
    let mined = view
        .history
        .iter()
        .filter(|entry| matches!(entry.state, WalletEntryState::Mined { .. }));
    let (mut came, mut went) = (0, 0);
    for entry in mined {
        came += entry.received;
        went += entry.sent;
    }
    let mut unspent = std::collections::BTreeMap::new();
    for block in chain {
        for (txid, tx) in block.transactions() {
            for input in &tx.input {
                unspent.remove(&input.previous_output);
            }
            for (vout, output) in (0u32..).zip(&tx.output) {
                if (0..10).any(|index| output.script_pubkey == ME.script(0, index)) {
                    unspent.insert(bitcoin::OutPoint::new(txid, vout), output.value.to_sat());
                }
            }
        }
    }
    let on_chain: u64 = unspent.values().sum();
    assert_eq!(came - went, on_chain);
    let account = &view.accounts[0];
    let shown = account.spendable + account.immature;
    assert!(shown <= on_chain, "what waits may have spent some of it");
    // What waits: its coins went out of the balance, its change came in.
    let waiting = view
        .history
        .iter()
        .filter(|entry| matches!(entry.state, WalletEntryState::Unconfirmed { .. }));
    let (mut comes, mut goes) = (0, 0);
    for entry in waiting {
        comes += entry.received;
        goes += entry.sent;
    }
    let all = shown + account.change + account.incoming;
    assert_eq!(all, on_chain + comes - goes, "no unit is made or lost");
}
