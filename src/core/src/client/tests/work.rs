//! Work handed out, and blocks that come of it.

use super::chain::{Chain, genesis, grow, mine};
use super::peer::Peer;
use super::world::{Disk, World};
use crate::client::{Command, Event, Reply, WorkView};
use crate::mining::{BlockTemplate, TemplateParent};
use crate::primitives::hash_value;
use crate::wallet::tests::owner::Owner;
use bitcoin::absolute::LockTime;
use bitcoin::block::Header;
use bitcoin::p2p::message::NetworkMessage;
use bitcoin::p2p::message_blockdata::{GetHeadersMessage, Inventory};
use bitcoin::transaction::Version;
use bitcoin::{Amount, OutPoint, Transaction, TxIn, TxOut, Witness};

const ME: Owner = Owner(1);
const OTHER: Owner = Owner(2);
/// After the first second of such networks.
const START: u32 = 1_800_000_000;

fn world(blocks: u32) -> World {
    let mut world = World::restored("practice", Disk::default(), START);
    let mut chain = genesis(&world.params);
    if blocks > 0 {
        grow(&mut chain, blocks, START - 100, 0);
    }
    connect(&mut world, &chain);
    world
}

fn connect(world: &mut World, chain: &Chain) {
    let peer = Peer::new(&world.params, chain.clone());
    world.connect(vec![("a", peer)]);
    world.pass(1_000);
}

fn prepare(world: &mut World, template: Option<BlockTemplate>) -> Result<WorkView, String> {
    let address = ME.address(&world.params, 0, 0);
    let reply = world.ask(Command::PrepareWork {
        template,
        address,
        extra_nonce: 1,
    });
    match reply {
        Ok(Reply::Work { work }) => Ok(work),
        Ok(other) => panic!("expected work, found {other:?}"),
        Err(error) => Err(error.message),
    }
}

/// What a worker does.
fn search(work: &WorkView, meets: bool) -> Header {
    let mut header: Header =
        bitcoin::consensus::encode::deserialize_hex(&work.header).expect("80 bytes");
    let target = crate::primitives::U256::from_str_radix(&work.target, 16).expect("a number");
    while (hash_value(&header.block_hash()) <= target) != meets {
        header.nonce += 1;
    }
    header
}

fn submit(world: &mut World, id: u32, header: &Header) -> Result<Reply, String> {
    let header = bitcoin::consensus::encode::serialize_hex(header);
    let reply = world.ask(Command::SubmitWork { id, header });
    reply.map_err(|error| error.message)
}

/// Prepares, searches, submits.
fn find(world: &mut World) -> Header {
    let work = prepare(world, None).expect("work");
    let header = search(&work, true);
    assert_eq!(submit(world, work.id, &header), Ok(Reply::Done));
    world.pass(300);
    header
}

/// What a node on the same chain proposes.
fn template(world: &World, txs: &[(Transaction, u64)]) -> BlockTemplate {
    let chain = &world.peers["a"].chain;
    let mut times: Vec<u32> = chain.iter().rev().take(11).map(|b| b.header.time).collect();
    times.sort_unstable();
    let parent = TemplateParent {
        hash: chain.last().expect("genesis").block_hash(),
        height: chain.len() as u32 - 1,
        median_time_past: times[times.len() / 2],
        bits: world.params.genesis.bits.to_consensus(),
    };
    BlockTemplate::make(&world.params, &parent, txs, world.now.unix())
}

fn wallet_of(world: &mut World) -> crate::wallet::WalletView {
    world.pass(300);
    let told = world.events.iter().rev().find_map(|event| match event {
        Event::Wallet { wallet } => Some(wallet.as_ref().clone()),
        _ => None,
    });
    told.expect("the wallet was told")
}

#[test]
fn a_block_of_our_own_reaches_the_node_and_pays_the_wallet() {
    let mut world = world(5);
    let keys = ME.keys(&world.params, 3);
    let reply = world.ask(Command::WatchWallet {
        keys,
        birth: Some(0),
    });
    assert_eq!(reply, Ok(Reply::Done));
    world.pass(1_000);
    let work = prepare(&mut world, None).expect("work");
    assert_eq!(
        (work.height, work.transactions, work.value),
        (6, 1, 500_000_000)
    );
    let header = search(&work, true);
    assert_eq!(submit(&mut world, work.id, &header), Ok(Reply::Done));
    let node = &world.peers["a"];
    assert_eq!(
        node.chain.len(),
        7,
        "it asked for the block that was announced"
    );
    assert_eq!(node.chain[6].header, header);
    assert_eq!(world.height(), 6);
    assert_eq!(wallet_of(&mut world).accounts[0].spendable, 500_000_000);
    assert_eq!(world.block_requests("a"), 5, "its own block is not fetched");
    let hash = header.block_hash().to_string();
    assert!(matches!(
        world.ask(Command::GetBlock { block: hash }),
        Ok(Reply::Block { .. })
    ));
}

#[test]
fn payments_of_our_own_go_into_a_block_of_our_own_and_nobody_elses() {
    let mut world = world(1);
    let keys = ME.keys(&world.params, 3);
    world
        .ask(Command::WatchWallet {
            keys,
            birth: Some(0),
        })
        .expect("stored");
    world.pass(1_000);
    find(&mut world);
    let to = OTHER.address(&world.params, 0, 0);
    let pay = |world: &mut World| {
        let reply = world.ask(Command::PreparePayment {
            account: 0,
            to: to.clone(),
            amount: Some(1_000),
            fee_rate: None,
            change_index: 1,
        });
        let Ok(Reply::Spend { request }) = reply else {
            panic!("expected a request, found {reply:?}");
        };
        let tx = ME.sign(&world.params, &request);
        let hex = bitcoin::consensus::encode::serialize_hex(&tx);
        world.ask(Command::SubmitTransaction { hex }).expect("sent");
        tx
    };
    let (first, second) = (pay(&mut world), pay(&mut world));
    // Somebody else's payment to us: whether its coin exists, nobody here can know.
    let foreign = super::chain::pay(9, ME.script(0, 2), 5_000);
    world.relay("a", &foreign);
    let work = prepare(&mut world, None).expect("work");
    assert_eq!(
        (work.transactions, work.value),
        (3, 500_000_000),
        "the subsidy alone"
    );
    let header = search(&work, true);
    assert_eq!(submit(&mut world, work.id, &header), Ok(Reply::Done));
    let block = world.peers["a"].chain.last().expect("the block").clone();
    assert_eq!(block.txdata[1..], [first, second]);
    let wallet = wallet_of(&mut world);
    assert_eq!(
        (wallet.accounts[0].change, wallet.accounts[0].incoming),
        (0, 5_000)
    );
}

#[test]
fn a_nodes_template_is_taken_where_all_of_it_agrees() {
    let mut world = world(20);
    let good = template(&world, &[]);
    let work = prepare(&mut world, Some(good.clone())).expect("work");
    assert_eq!(work.previous, good.previousblockhash);
    let header = search(&work, true);
    assert_eq!(submit(&mut world, work.id, &header), Ok(Reply::Done));
    assert_eq!(world.peers["a"].chain.len(), 22);
}

#[test]
fn a_template_that_does_not_agree_with_our_own_headers_is_refused() {
    let mut world = world(20);
    let good = template(&world, &[]);
    let now = world.now.unix();
    let mut refused = |change: &dyn Fn(&mut BlockTemplate), said: &str| {
        let mut bad = good.clone();
        change(&mut bad);
        let error = prepare(&mut world, Some(bad)).expect_err(said);
        assert!(error.contains(said), "{error} should say {said}");
    };
    refused(&|t| t.previousblockhash = "00".repeat(32), "parent");
    refused(&|t| t.previousblockhash = String::new(), "parent");
    refused(&|t| t.height = 20, "height");
    refused(&|t| t.bits = "1d00ffff".to_owned(), "target");
    refused(&|t| t.target = "00".repeat(32), "target");
    refused(&|t| (t.mintime, t.curtime) = (0, 1), "time");
    refused(&|t| t.curtime = now + 1_000, "time");
    refused(&|t| t.coinbasevalue += 1, "coinbase value");
    refused(&|t| t.coinbasevalue = u64::MAX, "coinbase value");
    refused(
        &|t| t.default_witness_commitment = "6a24aa21a9ed".to_owned(),
        "commitment",
    );
    let junk = crate::mining::TemplateTransaction {
        data: "00".to_owned(),
        txid: String::new(),
        hash: String::new(),
        fee: 1,
        weight: 4,
        depends: Vec::new(),
    };
    refused(&|t| t.transactions = vec![junk.clone()], "transaction");
    assert_eq!(world.client.works.len(), 0);
}

/// The target of a network of real difficulty doubles while no block comes: work of our own follows
/// it, and a template is judged by its own time, not by the second in which it is looked at.
#[test]
fn work_gets_easier_while_no_block_comes() {
    let mut world = World::restored("farthing:wait", Disk::default(), START);
    let chain = genesis(&world.params);
    connect(&mut world, &chain);
    for _ in 0..6 {
        world.pass(5_000);
        find(&mut world);
    }
    let tip = world.peers["a"].chain.last().expect("a block").header;
    let target = |work: &WorkView| {
        crate::primitives::U256::from_str_radix(&work.target, 16).expect("a number")
    };
    let hard = target(&prepare(&mut world, None).expect("work"));
    let proposal = |world: &World, wait: u32, target| {
        let parent = TemplateParent {
            hash: tip.block_hash(),
            height: 6,
            median_time_past: tip.time - 15,
            bits: crate::primitives::bits_from_target(target),
        };
        BlockTemplate::make(&world.params, &parent, &[], tip.time + wait)
    };
    let left = u64::from(tip.time + 301) * 1_000 - world.now.unix_ms;
    world.pass(left);
    let work = prepare(&mut world, None).expect("work");
    let eased = target(&work);
    assert_eq!(
        eased >> 226,
        (hard >> 225),
        "doubled, up to the compact form"
    );
    let early = proposal(&world, 299, hard);
    prepare(&mut world, Some(early)).expect("right for its time");
    let late = proposal(&world, 300, eased);
    prepare(&mut world, Some(late)).expect("right for its time");
    let wrong = proposal(&world, 299, eased);
    let error = prepare(&mut world, Some(wrong)).expect_err("too easy for its time");
    assert!(error.contains("target"), "{error}");
    let wrong = proposal(&world, 300, hard);
    assert!(prepare(&mut world, Some(wrong)).is_err());
    let header = search(&work, true);
    assert_eq!(submit(&mut world, work.id, &header), Ok(Reply::Done));
}

#[test]
fn work_on_an_older_block_is_stale_and_said_to_be() {
    let mut world = world(5);
    let work = prepare(&mut world, None).expect("work");
    let header = search(&work, true);
    let time = world.now.unix();
    let peer = world.peers.get_mut("a").expect("a peer");
    let block = mine(&mut peer.chain, Vec::new(), time, 4);
    world.say("a", NetworkMessage::Headers(vec![block.header]));
    assert_eq!(world.client.works.len(), 0, "nothing of it is kept");
    let error = submit(&mut world, work.id, &header).expect_err("stale");
    assert!(error.contains("a newer block has come"), "{error}");
    assert_eq!(world.height(), 6);
}

#[test]
fn what_does_not_meet_the_target_or_is_another_header_is_refused() {
    let mut world = world(5);
    let work = prepare(&mut world, None).expect("work");
    let high = search(&work, false);
    assert!(submit(&mut world, work.id, &high).is_err());
    let mut other = search(&work, true);
    other.time += 1;
    assert!(submit(&mut world, work.id, &other).is_err());
    let cut = Command::SubmitWork {
        id: work.id,
        header: work.header[2..].to_owned(),
    };
    assert!(world.ask(cut).is_err());
    assert_eq!(world.height(), 5);
    assert_eq!(world.peers["a"].chain.len(), 6);
    // It is still open.
    let header = search(&work, true);
    assert_eq!(submit(&mut world, work.id, &header), Ok(Reply::Done));
}

#[test]
fn each_worker_and_each_tab_has_a_coinbase_of_its_own() {
    let mut world = world(5);
    let address = ME.address(&world.params, 0, 0);
    let mut headers = std::collections::BTreeSet::new();
    for extra_nonce in 0..100 {
        let reply = world.ask(Command::PrepareWork {
            template: None,
            address: address.clone(),
            extra_nonce,
        });
        let Ok(Reply::Work { work }) = reply else {
            panic!("expected work, found {reply:?}");
        };
        headers.insert(work.header);
    }
    assert_eq!(headers.len(), 100);
}

#[test]
fn a_hit_that_comes_while_64_workers_get_other_work_counts() {
    let mut world = world(5);
    let round = |world: &mut World| -> Vec<WorkView> {
        let works = (0..64).map(|_| prepare(world, None).expect("work"));
        works.collect()
    };
    let first = round(&mut world);
    // Renewed, twice: a worker hears of it within a slice.
    round(&mut world);
    round(&mut world);
    let header = search(&first[0], true);
    assert_eq!(submit(&mut world, first[0].id, &header), Ok(Reply::Done));
    assert_eq!(world.height(), 6);
}

#[test]
fn open_work_is_bounded_and_holds_the_transactions_of_a_proposal_once() {
    let mut world = world(20);
    // That its coins exist is the node's word.
    let proposal = |world: &World, units: u64| {
        let chain = &world.peers["a"].chain;
        let coin = OutPoint::new(chain[1].txdata[0].compute_txid(), 0);
        let payment = Transaction {
            version: Version::TWO,
            lock_time: LockTime::ZERO,
            input: vec![TxIn {
                previous_output: coin,
                witness: Witness::from_slice(&[[7; 64]]),
                ..TxIn::default()
            }],
            output: vec![TxOut {
                value: Amount::from_sat(units),
                script_pubkey: ME.script(0, 0),
            }],
        };
        template(world, &[(payment, 1_000)])
    };
    for units in 1..=4 {
        let proposal = proposal(&world, units);
        for _ in 0..64 {
            prepare(&mut world, Some(proposal.clone())).expect("work");
        }
    }
    assert_eq!(world.client.works.len(), 256);
    assert_eq!(world.client.works.lists(), 4);
    // One worker, and a node that proposes something else all the time.
    for units in 5..100 {
        let proposal = proposal(&world, units);
        prepare(&mut world, Some(proposal)).expect("work");
        assert!(world.client.works.lists() <= 8);
    }
    assert_eq!(world.client.works.len(), 8);
    for _ in 0..600 {
        prepare(&mut world, None).expect("work");
    }
    assert_eq!(world.client.works.len(), 512);
    assert_eq!(world.client.works.lists(), 1);
}

#[test]
fn blocks_found_while_no_node_answered_are_announced_to_the_next_one() {
    let mut world = world(5);
    let below = world.peers["a"].chain[5].block_hash();
    world.unreachable = vec!["a".to_owned()];
    world.cut("a");
    let (first, second) = (find(&mut world), find(&mut world));
    assert_eq!(world.height(), 7);
    world.unreachable.clear();
    world.pass(120_000);
    let tip = Inventory::Block(second.block_hash());
    let heard = &world.peers["a"].heard;
    assert!(heard.contains(&NetworkMessage::Inv(vec![tip])));
    // Who does not know what lies below asks for it.
    world.say(
        "a",
        NetworkMessage::GetHeaders(GetHeadersMessage::new(vec![below], super::chain::no_hash())),
    );
    let answer = NetworkMessage::Headers(vec![first, second]);
    assert!(world.peers["a"].heard.contains(&answer));
    assert_eq!(world.peers["a"].chain.len(), 8);
    // Nothing is said of a chain that we do not have.
    let heard = world.peers["a"].heard.len();
    let genesis = world.params.genesis.block_hash();
    world.say(
        "a",
        NetworkMessage::GetHeaders(GetHeadersMessage::new(
            vec![genesis],
            super::chain::no_hash(),
        )),
    );
    assert_eq!(world.peers["a"].heard.len(), heard);
}

#[test]
fn a_block_that_was_not_found_here_is_not_served() {
    let mut world = world(5);
    let hash = world.peers["a"].chain[5].block_hash();
    world.say(
        "a",
        NetworkMessage::GetData(vec![Inventory::WitnessBlock(hash)]),
    );
    let answer = NetworkMessage::NotFound(vec![Inventory::WitnessBlock(hash)]);
    assert!(world.peers["a"].heard.contains(&answer));
}

#[test]
fn a_network_whose_rules_are_not_ours_has_no_work() {
    let mut world = World::new("regtest");
    let error = prepare_on(&mut world).expect_err("not ours");
    assert!(
        error.contains("expected a farthing or practice network"),
        "{error}"
    );
}

fn prepare_on(world: &mut World) -> Result<Reply, String> {
    let reply = world.ask(Command::PrepareWork {
        template: None,
        address: "bcrt1qcr8te4kr609gcawutmrza0j4xv80jy8zeqchgx".to_owned(),
        extra_nonce: 0,
    });
    reply.map_err(|error| error.message)
}
