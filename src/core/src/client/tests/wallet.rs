//! A wallet in the machine: found in blocks, stored before it is answered, paid from, restored.

use super::chain::{Chain, genesis, grow, mine, pay};
use super::peer::Peer;
use super::world::{Disk, World};
use crate::client::{Command, Event, NoticeKind, Reply};
use crate::wallet::tests::owner::Owner;
use crate::wallet::{SpendOutput, SpendRequest, WalletEntryState, WalletKey, WalletView};
use bitcoin::Transaction;
use bitcoin::p2p::message::NetworkMessage;
use bitcoin::p2p::message_blockdata::Inventory;

const ME: Owner = Owner(1);
const OTHER: Owner = Owner(2);
/// After the first second of such networks.
const START: u32 = 1_800_000_000;
const NETWORK: &str = "practice";

fn watch(world: &mut World, keys: Vec<WalletKey>, birth: Option<u32>) {
    let reply = world.ask(Command::WatchWallet { keys, birth });
    assert_eq!(reply, Ok(Reply::Done));
}

fn keys(world: &World) -> Vec<WalletKey> {
    ME.keys(&world.params, 10)
}

fn view(world: &mut World) -> WalletView {
    world.pass(300);
    let told = world.events.iter().rev().find_map(|event| match event {
        Event::Wallet { wallet } => Some(wallet.as_ref().clone()),
        _ => None,
    });
    told.expect("the wallet was told")
}

/// A chain in which some blocks pay us.
fn paid_chain(world: &World, blocks: u32, paid_at: &[u32]) -> Chain {
    let mut chain = genesis(&world.params);
    for height in 1..=blocks {
        let txs = match paid_at.contains(&height) {
            true => vec![pay(height as u8, ME.script(0, 0), 10_000)],
            false => Vec::new(),
        };
        mine(&mut chain, txs, START - 5_000 + height * 30, 0);
    }
    chain
}

fn connect(world: &mut World, operators: &[&str], chain: &Chain) {
    let peers = operators
        .iter()
        .map(|name| (*name, Peer::new(&world.params, chain.clone())))
        .collect();
    world.connect(peers);
    world.pass(1_000);
}

/// A peer mines a block, and says so.
fn mined(world: &mut World, operator: &str, txs: Vec<Transaction>) {
    let time = world.now.unix();
    let peer = world.peers.get_mut(operator).expect("a peer");
    let block = mine(&mut peer.chain, txs, time, 9);
    let headers = NetworkMessage::Headers(vec![block.header]);
    world.say(operator, headers);
    world.pass(1_000);
}

fn prepare(world: &mut World, amount: u64) -> SpendRequest {
    let to = OTHER.address(&world.params, 0, 0);
    let reply = world.ask(Command::PreparePayment {
        account: 0,
        to,
        amount: Some(amount),
        fee_rate: None,
        change_index: 1,
    });
    match reply {
        Ok(Reply::Spend { request }) => request,
        other => panic!("expected a request, found {other:?}"),
    }
}

fn submit(world: &mut World, tx: &Transaction) {
    let hex = bitcoin::consensus::encode::serialize_hex(tx);
    let reply = world.ask(Command::SubmitTransaction { hex });
    assert!(matches!(reply, Ok(Reply::Transaction { .. })), "{reply:?}");
}

fn offered(world: &World, operator: &str, tx: &Transaction) -> usize {
    let item = Inventory::WTx(tx.compute_wtxid());
    let heard = world.peers[operator].heard.iter();
    heard
        .filter(|message| matches!(message, NetworkMessage::Inv(items) if items.contains(&item)))
        .count()
}

fn got(world: &World, operator: &str, tx: &Transaction) -> bool {
    let heard = &world.peers[operator].heard;
    heard.contains(&NetworkMessage::Tx(tx.clone()))
}

#[test]
fn a_restored_wallet_is_found_in_all_blocks() {
    let mut world = World::restored(NETWORK, Disk::default(), START);
    let chain = paid_chain(&world, 60, &[3, 30, 60]);
    let keys = keys(&world);
    watch(&mut world, keys, Some(0));
    connect(&mut world, &["a"], &chain);
    let wallet = view(&mut world);
    assert_eq!(wallet.accounts[0].spendable, 30_000);
    assert_eq!(
        (wallet.scanned_from, wallet.scanned_to, wallet.tip),
        (0, 60, 60)
    );
    assert_eq!(wallet.history.len(), 3);
}

#[test]
fn a_new_wallet_begins_at_the_tip() {
    let mut world = World::restored(NETWORK, Disk::default(), START);
    let chain = paid_chain(&world, 20, &[3]);
    let keys = keys(&world);
    watch(&mut world, keys, None);
    connect(&mut world, &["a"], &chain);
    let wallet = view(&mut world);
    assert_eq!((wallet.scanned_from, wallet.accounts[0].spendable), (21, 0));
    assert_eq!(world.block_requests("a"), 0, "no block is fetched for it");
    mined(&mut world, "a", vec![pay(77, ME.script(0, 4), 500)]);
    let wallet = view(&mut world);
    assert_eq!(wallet.accounts[0].spendable, 500);
    assert_eq!((wallet.scanned_to, wallet.tip), (21, 21));
}

#[test]
fn the_scan_goes_on_after_a_restart_from_where_it_was() {
    let mut world = World::restored(NETWORK, Disk::default(), START);
    let chain = paid_chain(&world, 60, &[3, 30, 60]);
    let keys = keys(&world);
    watch(&mut world, keys, Some(0));
    connect(&mut world, &["a"], &chain[..41].to_vec());
    assert_eq!(view(&mut world).accounts[0].spendable, 20_000);
    world.pass(2_000);
    let mut next = World::restored(NETWORK, world.disk.clone(), START + 100);
    let wallet = view(&mut next);
    assert_eq!(
        wallet.accounts[0].spendable, 20_000,
        "known before any peer"
    );
    assert_eq!(wallet.scanned_to, 40);
    connect(&mut next, &["a"], &chain);
    assert_eq!(view(&mut next).accounts[0].spendable, 30_000);
    assert_eq!(next.block_requests("a"), 20, "none is fetched twice");
}

#[test]
fn keys_that_join_are_looked_for_from_the_birth_on() {
    let mut world = World::restored(NETWORK, Disk::default(), START);
    let mut chain = genesis(&world.params);
    mine(
        &mut chain,
        vec![pay(1, ME.script(0, 0), 1_000)],
        START - 900,
        0,
    );
    mine(
        &mut chain,
        vec![pay(2, ME.script(0, 14), 2_000)],
        START - 800,
        0,
    );
    grow(&mut chain, 10, START - 100, 0);
    let few = keys(&world);
    watch(&mut world, few.clone(), Some(0));
    connect(&mut world, &["a"], &chain);
    assert_eq!(view(&mut world).accounts[0].spendable, 1_000);
    let fetched = world.block_requests("a");
    watch(&mut world, few, Some(0));
    world.pass(1_000);
    assert_eq!(world.block_requests("a"), fetched, "nothing is new");
    let more = ME.keys(&world.params, 20);
    watch(&mut world, more, Some(0));
    world.pass(1_000);
    let wallet = view(&mut world);
    assert_eq!(wallet.accounts[0].spendable, 3_000);
    assert_eq!(
        (wallet.accounts[0].next_index, wallet.accounts[0].keys),
        (15, 20)
    );
}

#[test]
fn a_wallet_is_answered_when_it_is_stored_and_not_where_it_cannot_be() {
    let mut world = World::restored(NETWORK, Disk::default(), START);
    world.disk_error = Some("the disk is full".to_owned());
    let keys = keys(&world);
    let reply = world.ask(Command::WatchWallet {
        keys: keys.clone(),
        birth: Some(0),
    });
    let error = reply.expect_err("not stored").message;
    assert!(error.contains("the disk is full"), "{error}");
    world.disk_error = None;
    watch(&mut world, keys, Some(0));
    assert!(world.disk.records.contains_key("wallet/keys"));
}

#[test]
fn a_payment_is_stored_sent_and_sent_again_until_it_is_mined() {
    let mut world = World::restored(NETWORK, Disk::default(), START);
    let chain = paid_chain(&world, 10, &[3]);
    let keys = keys(&world);
    watch(&mut world, keys, Some(0));
    connect(&mut world, &["a"], &chain);
    let request = prepare(&mut world, 4_000);
    let tx = ME.sign(&world.params, &request);
    submit(&mut world, &tx);
    assert!(got(&world, "a", &tx));
    assert_eq!(offered(&world, "a", &tx), 1);
    world.pass(61_000);
    assert_eq!(offered(&world, "a", &tx), 2, "again after a minute");
    // Another tab, another node: the payment goes on.
    let mut next = World::restored(NETWORK, world.disk.clone(), START + 200);
    connect(&mut next, &["b"], &chain);
    assert!(got(&next, "b", &tx));
    let wallet = view(&mut next);
    assert_eq!(wallet.accounts[0].change, 10_000 - 4_000 - request.fee);
    mined(&mut next, "b", vec![tx.clone()]);
    let before = offered(&next, "b", &tx);
    next.pass(120_000);
    assert_eq!(offered(&next, "b", &tx), before, "no more");
    let state = &view(&mut next).history[0].state;
    assert!(
        matches!(state, WalletEntryState::Mined { depth: 1, .. }),
        "{state:?}"
    );
}

#[test]
fn which_output_is_the_change_is_stored_with_the_payment() {
    let mut world = World::restored(NETWORK, Disk::default(), START);
    let chain = paid_chain(&world, 10, &[3]);
    let keys = keys(&world);
    watch(&mut world, keys, Some(0));
    connect(&mut world, &["a"], &chain);
    // To an address of the account that pays: the transaction does not tell which one is the change.
    let reply = world.ask(Command::PreparePayment {
        account: 0,
        to: ME.address(&world.params, 0, 4),
        amount: Some(4_000),
        fee_rate: None,
        change_index: 1,
    });
    let Ok(Reply::Spend { request }) = reply else {
        panic!("expected a request, found {reply:?}");
    };
    let tx = ME.sign(&world.params, &request);
    submit(&mut world, &tx);
    let mut next = World::restored(NETWORK, world.disk.clone(), START + 200);
    connect(&mut next, &["a"], &chain);
    let reply = next.ask(Command::PrepareReplacement {
        txid: tx.compute_txid().to_string(),
        fee_rate: Some(3_000),
        change_index: 2,
    });
    let Ok(Reply::Spend { request }) = reply else {
        panic!("expected a request, found {reply:?}");
    };
    let to = ME.address(&next.params, 0, 4);
    let paid = request.outputs.iter().any(|output| {
        matches!(output, SpendOutput::Payment { address, amount: 4_000 } if *address == to)
    });
    assert!(paid, "{:?}", request.outputs);
}

#[test]
fn a_payment_of_our_own_that_no_node_hears_is_kept_for_the_next_one() {
    let mut world = World::restored(NETWORK, Disk::default(), START);
    let chain = paid_chain(&world, 10, &[3]);
    let keys = keys(&world);
    watch(&mut world, keys, Some(0));
    connect(&mut world, &["a"], &chain);
    let request = prepare(&mut world, 4_000);
    let tx = ME.sign(&world.params, &request);
    world.unreachable = vec!["a".to_owned()];
    world.cut("a");
    submit(&mut world, &tx);
    assert!(
        world
            .disk
            .records
            .keys()
            .any(|key| key.starts_with("wallet/page/"))
    );
    assert!(!got(&world, "a", &tx));
    world.unreachable.clear();
    world.pass(120_000);
    assert!(got(&world, "a", &tx));
    // What is not ours is not kept: nobody else will send it.
    world.unreachable = vec!["a".to_owned()];
    world.cut("a");
    let hex = bitcoin::consensus::encode::serialize_hex(&pay(9, OTHER.script(0, 0), 100));
    assert!(world.ask(Command::SubmitTransaction { hex }).is_err());
}

#[test]
fn coins_are_not_chosen_before_every_block_is_known() {
    let mut world = World::restored(NETWORK, Disk::default(), START);
    let chain = paid_chain(&world, 40, &[3]);
    let keys = keys(&world);
    watch(&mut world, keys, Some(0));
    let mut peer = Peer::new(&world.params, chain);
    peer.habits.no_blocks = true;
    world.connect(vec![("a", peer)]);
    world.pass(1_000);
    let to = OTHER.address(&world.params, 0, 0);
    let reply = world.ask(Command::PreparePayment {
        account: 0,
        to,
        amount: Some(400),
        fee_rate: None,
        change_index: 1,
    });
    let error = reply.expect_err("it knows nothing yet").message;
    assert!(error.contains("0 of 40"), "{error}");
}

#[test]
fn the_fee_rate_that_peers_ask_for_is_proposed_within_reason() {
    let mut world = World::restored(NETWORK, Disk::default(), START);
    let chain = paid_chain(&world, 10, &[3, 4, 5, 6, 7]);
    let keys = keys(&world);
    watch(&mut world, keys, Some(0));
    connect(&mut world, &["a"], &chain);
    let least = prepare(&mut world, 4_000).fee;
    world.say("a", NetworkMessage::FeeFilter(2_000));
    assert_eq!(prepare(&mut world, 4_000).fee, 2 * least);
    world.say("a", NetworkMessage::FeeFilter(i64::MAX));
    let most = prepare(&mut world, 4_000).fee;
    assert!(
        most <= 51 * least * 3,
        "{most} for {least}: no node names our fee"
    );
    world.say("a", NetworkMessage::FeeFilter(-1));
    assert_eq!(prepare(&mut world, 4_000).fee, least);
    // One among others does not make us pay more, whether they ask for anything or not.
    world.say("a", NetworkMessage::FeeFilter(i64::MAX));
    connect(&mut world, &["a", "b"], &chain);
    assert_eq!(prepare(&mut world, 4_000).fee, least);
    world.say("b", NetworkMessage::FeeFilter(2_000));
    assert_eq!(prepare(&mut world, 4_000).fee, 2 * least);
    connect(&mut world, &["a", "b", "c"], &chain);
    assert_eq!(prepare(&mut world, 4_000).fee, 2 * least);
    world.say("c", NetworkMessage::FeeFilter(1_000));
    assert_eq!(prepare(&mut world, 4_000).fee, 2 * least);
}

#[test]
fn a_reorganisation_takes_coins_away_and_brings_them_back() {
    let mut world = World::restored(NETWORK, Disk::default(), START);
    let chain = paid_chain(&world, 10, &[9]);
    let keys = keys(&world);
    watch(&mut world, keys, Some(0));
    connect(&mut world, &["a"], &chain);
    assert_eq!(view(&mut world).accounts[0].spendable, 10_000);
    let payment = chain[9].txdata[1].clone();
    let mut other = chain[..8].to_vec();
    grow(&mut other, 5, START, 3);
    world.peers.get_mut("a").expect("a peer").chain = other.clone();
    let headers = other[8..].iter().map(|block| block.header).collect();
    world.say("a", NetworkMessage::Headers(headers));
    world.pass(1_000);
    let wallet = view(&mut world);
    assert_eq!(
        (wallet.accounts[0].spendable, wallet.accounts[0].incoming),
        (0, 10_000)
    );
    mined(&mut world, "a", vec![payment]);
    assert_eq!(view(&mut world).accounts[0].spendable, 10_000);
}

#[test]
fn a_page_that_cannot_be_read_is_set_aside_and_looked_for_again() {
    let mut world = World::restored(NETWORK, Disk::default(), START);
    let chain = paid_chain(&world, 20, &[3, 9]);
    let keys = keys(&world);
    watch(&mut world, keys, Some(0));
    connect(&mut world, &["a"], &chain);
    world.pass(2_000);
    for key in ["wallet/page/0", "wallet/scan", "wallet/keys"] {
        let mut disk = world.disk.clone();
        let record = disk.records.get_mut(key).expect("it is stored");
        record[9] ^= 1;
        let mut next = World::restored(NETWORK, disk, START + 100);
        assert!(!next.notices(NoticeKind::Storage).is_empty(), "{key}");
        assert!(
            next.disk.records.contains_key(&format!("corrupt/{key}")),
            "{key}"
        );
        let keys = ME.keys(&next.params, 10);
        watch(&mut next, keys, Some(0));
        connect(&mut next, &["a"], &chain);
        assert_eq!(view(&mut next).accounts[0].spendable, 20_000, "{key}");
        // And what was found again is stored again.
        next.pass(2_000);
        let mut last = World::restored(NETWORK, next.disk.clone(), START + 200);
        assert_eq!(view(&mut last).accounts[0].spendable, 20_000, "{key}");
    }
}

#[test]
fn a_wallet_that_is_forgotten_or_replaced_leaves_nothing_behind() {
    let mut world = World::restored(NETWORK, Disk::default(), START);
    let chain = paid_chain(&world, 20, &[3, 9]);
    let mine = keys(&world);
    watch(&mut world, mine.clone(), Some(0));
    connect(&mut world, &["a"], &chain);
    world.pass(2_000);
    let other = OTHER.keys(&world.params, 3);
    watch(&mut world, other, Some(0));
    world.pass(2_000);
    let wallet = view(&mut world);
    assert_eq!(wallet.accounts[0].spendable, 0);
    assert!(wallet.history.is_empty());
    assert!(
        !world
            .disk
            .records
            .keys()
            .any(|key| key.starts_with("wallet/page/"))
    );
    watch(&mut world, mine, Some(0));
    world.pass(2_000);
    assert_eq!(view(&mut world).accounts[0].spendable, 20_000);
    assert_eq!(world.ask(Command::ForgetWallet), Ok(Reply::Done));
    world.pass(2_000);
    assert!(
        !world
            .disk
            .records
            .keys()
            .any(|key| key.starts_with("wallet/"))
    );
    assert_eq!(
        world.ask(Command::ForgetWallet),
        Ok(Reply::Done),
        "twice is no fault"
    );
}

#[test]
fn a_storage_that_fails_once_loses_no_coin() {
    let mut world = World::restored(NETWORK, Disk::default(), START);
    let chain = paid_chain(&world, 20, &[3, 9]);
    let keys = keys(&world);
    watch(&mut world, keys, Some(0));
    world.disk_error = Some("the disk is full".to_owned());
    connect(&mut world, &["a"], &chain);
    world.pass(3_000);
    world.disk_error = None;
    mined(&mut world, "a", Vec::new());
    world.pass(3_000);
    let mut next = World::restored(NETWORK, world.disk.clone(), START + 100);
    assert_eq!(view(&mut next).accounts[0].spendable, 20_000);
}
