//! Every question of a client, and its answer.

use super::coins::pay;
use super::world::World;
use crate::filters;
use bitcoin::bip158::FilterHash;
use bitcoin::block::Block;
use bitcoin::hashes::Hash;
use bitcoin::p2p::ServiceFlags;
use bitcoin::p2p::message::NetworkMessage;
use bitcoin::p2p::message_blockdata::{GetBlocksMessage, GetHeadersMessage, Inventory};
use bitcoin::p2p::message_filter::{CFCheckpt, GetCFCheckpt, GetCFHeaders, GetCFilters};
use bitcoin::{BlockHash, Txid};

/// A guest at a node with so many blocks.
fn guest(count: u32) -> (World, Vec<Block>) {
    let mut world = World::new();
    world.node("alice", &[]);
    let blocks = world.mine("alice", count, 1);
    world.guest("guest", "alice");
    (world, blocks)
}

/// What comes back.
fn ask(world: &mut World, message: NetworkMessage) -> Vec<NetworkMessage> {
    world.stranger_mut("guest").heard.clear();
    world.say("guest", message);
    world.pass(1_000);
    let heard = &world.stranger_mut("guest").heard;
    heard
        .iter()
        .filter(|message| !matches!(message, NetworkMessage::Ping(_)))
        .cloned()
        .collect()
}

fn zero() -> BlockHash {
    BlockHash::all_zeros()
}

#[test]
fn it_says_what_it_offers() {
    let (mut world, _) = guest(2);
    let heard = &world.stranger_mut("guest").heard;
    let Some(NetworkMessage::Version(version)) = heard.first() else {
        panic!("expected version, found {heard:?}");
    };
    let all = ServiceFlags::NETWORK | ServiceFlags::WITNESS | ServiceFlags::COMPACT_FILTERS;
    assert_eq!(version.services, all);
    assert_eq!(version.start_height, 2);
    assert!(heard.contains(&NetworkMessage::SendHeaders));
}

#[test]
fn headers_follow_the_locator_up_to_the_stop() {
    let (mut world, blocks) = guest(5);
    let mut headers = |locator: Vec<BlockHash>, stop| {
        let question = GetHeadersMessage::new(locator, stop);
        match ask(&mut world, NetworkMessage::GetHeaders(question)).as_slice() {
            [NetworkMessage::Headers(headers)] => headers
                .iter()
                .map(|header| header.block_hash())
                .collect::<Vec<_>>(),
            other => panic!("expected headers, found {other:?}"),
        }
    };
    let hash = |at: usize| blocks[at].block_hash();
    assert_eq!(headers(vec![hash(2)], zero()), [hash(3), hash(4)]);
    assert_eq!(headers(vec![hash(0)], hash(2)), [hash(1), hash(2)]);
    let unknown = BlockHash::from_byte_array([5; 32]);
    assert_eq!(headers(vec![unknown, hash(3)], zero()), [hash(4)]);
    assert_eq!(headers(vec![unknown], zero()).len(), 5, "from the first on");
    assert_eq!(headers(vec![hash(4)], zero()), []);
    assert_eq!(headers(vec![], hash(1)), [hash(1)], "one by its name");
}

#[test]
fn getblocks_is_answered_by_inv() {
    let (mut world, blocks) = guest(4);
    let question = GetBlocksMessage::new(vec![blocks[1].block_hash()], zero());
    let items = blocks[2..]
        .iter()
        .map(|block| Inventory::Block(block.block_hash()));
    assert_eq!(
        ask(&mut world, NetworkMessage::GetBlocks(question)),
        [NetworkMessage::Inv(items.collect())]
    );
}

#[test]
fn blocks_come_with_and_without_witnesses() {
    let (mut world, blocks) = guest(1);
    let hash = blocks[0].block_hash();
    let question = NetworkMessage::GetData(vec![Inventory::WitnessBlock(hash)]);
    assert_eq!(
        ask(&mut world, question),
        [NetworkMessage::Block(blocks[0].clone())]
    );
    let question = NetworkMessage::GetData(vec![Inventory::Block(hash)]);
    match ask(&mut world, question).as_slice() {
        [NetworkMessage::Block(block)] => {
            assert_eq!(block.block_hash(), hash);
            assert!(block.txdata[0].input[0].witness.is_empty());
            assert!(block.check_merkle_root());
        }
        other => panic!("expected a block, found {other:?}"),
    }
}

#[test]
fn a_waiting_transaction_comes_by_either_name() {
    let (mut world, blocks) = guest(2);
    let payment = pay(&blocks[0].txdata[0], 1, 2, 1_000, 500);
    world.pay("alice", &payment);
    let names = [
        Inventory::WTx(payment.compute_wtxid()),
        Inventory::WitnessTransaction(payment.compute_txid()),
    ];
    world.pass(1_000);
    for name in names {
        assert_eq!(
            ask(&mut world, NetworkMessage::GetData(vec![name])),
            [NetworkMessage::Tx(payment.clone())]
        );
    }
    let mempool = NetworkMessage::Inv(vec![Inventory::WTx(payment.compute_wtxid())]);
    let all = [mempool];
    assert_eq!(ask(&mut world, NetworkMessage::MemPool), all);
    assert_eq!(ask(&mut world, NetworkMessage::MemPool), [], "too soon");
    world.pass(60_000);
    assert_eq!(ask(&mut world, NetworkMessage::MemPool), all);
}

#[test]
fn what_is_not_there_is_said_in_one_message() {
    let (mut world, blocks) = guest(1);
    let items = vec![
        Inventory::WitnessBlock(BlockHash::from_byte_array([1; 32])),
        Inventory::WitnessTransaction(Txid::from_byte_array([2; 32])),
        // A block filtered by a bloom filter, of which there is none.
        Inventory::Unknown {
            inv_type: 3,
            hash: blocks[0].block_hash().to_byte_array(),
        },
    ];
    assert_eq!(
        ask(&mut world, NetworkMessage::GetData(items.clone())),
        [NetworkMessage::NotFound(items)]
    );
}

#[test]
fn filters_and_their_headers_fit_together() {
    let (mut world, blocks) = guest(6);
    let stop_hash = blocks[5].block_hash();
    let question = GetCFilters {
        filter_type: 0,
        start_height: 3,
        stop_hash,
    };
    let answers = ask(&mut world, NetworkMessage::GetCFilters(question));
    assert_eq!(answers.len(), 4);
    let question = GetCFHeaders {
        filter_type: 0,
        start_height: 3,
        stop_hash,
    };
    let headers = match ask(&mut world, NetworkMessage::GetCFHeaders(question)).as_slice() {
        [NetworkMessage::CFHeaders(headers)] => headers.clone(),
        other => panic!("expected cfheaders, found {other:?}"),
    };
    let mut previous = headers.previous_filter_header.to_byte_array();
    for (at, answer) in answers.iter().enumerate() {
        let NetworkMessage::CFilter(message) = answer else {
            panic!("expected cfilter, found {answer:?}");
        };
        assert_eq!(message.block_hash, blocks[2 + at].block_hash());
        assert_eq!(headers.filter_hashes[at], FilterHash::hash(&message.filter));
        previous = filters::header(&message.filter, &previous);
    }
    let stored = world.at("alice").chain().filter(&stop_hash);
    let stored = stored.expect("memory").expect("connected");
    assert_eq!(previous, stored.header);
    // From the first block on there is none before.
    let question = GetCFHeaders {
        filter_type: 0,
        start_height: 0,
        stop_hash,
    };
    match ask(&mut world, NetworkMessage::GetCFHeaders(question)).as_slice() {
        [NetworkMessage::CFHeaders(headers)] => {
            assert_eq!(headers.previous_filter_header.to_byte_array(), [0; 32]);
            assert_eq!(headers.filter_hashes.len(), 7);
        }
        other => panic!("expected cfheaders, found {other:?}"),
    }
    let question = GetCFCheckpt {
        filter_type: 0,
        stop_hash,
    };
    let none = CFCheckpt {
        filter_type: 0,
        stop_hash,
        filter_headers: Vec::new(),
    };
    assert_eq!(
        ask(&mut world, NetworkMessage::GetCFCheckpt(question)),
        [NetworkMessage::CFCheckpt(none)]
    );
}

/// Filters of a branch that was left are served from where it begins, and from below.
#[test]
fn filters_of_a_branch_that_was_left() {
    let mut world = World::new();
    world.node("alice", &[]);
    let trunk = world.mine("alice", 3, 1);
    world.node("bob", &["alice"]);
    world.until("both agree", |world| world.same_tip(&["alice", "bob"]));
    world.cut("alice", "bob");
    let left = world.mine("alice", 3, 1);
    world.mine("bob", 4, 2);
    world.heal();
    world.until("both agree again", |world| {
        world.same_tip(&["alice", "bob"])
    });
    world.guest("guest", "alice");
    let hashes: Vec<_> = trunk.iter().chain(&left).map(Block::block_hash).collect();
    let stop_hash = hashes[5];
    assert!(!world.at("alice").chain().is_connected(&stop_hash));
    for start_height in [1, 3, 4, 5, 6] {
        let expected = &hashes[start_height as usize - 1..];
        let question = GetCFilters {
            filter_type: 0,
            start_height,
            stop_hash,
        };
        let answers = ask(&mut world, NetworkMessage::GetCFilters(question));
        let blocks: Vec<_> = answers
            .iter()
            .map(|answer| match answer {
                NetworkMessage::CFilter(message) => message.block_hash,
                other => panic!("expected cfilter, found {other:?}"),
            })
            .collect();
        assert_eq!(blocks, expected);
        let question = GetCFHeaders {
            filter_type: 0,
            start_height,
            stop_hash,
        };
        let answers = ask(&mut world, NetworkMessage::GetCFHeaders(question));
        let [NetworkMessage::CFHeaders(headers)] = answers.as_slice() else {
            panic!("expected cfheaders, found {answers:?}");
        };
        let mut header = headers.previous_filter_header;
        for hash in &headers.filter_hashes {
            header = hash.filter_header(&header);
        }
        let stored = world.at("alice").chain().filter(&stop_hash);
        let stored = stored.expect("memory").expect("was connected");
        assert_eq!(header.to_byte_array(), stored.header);
        assert_eq!(headers.filter_hashes.len(), expected.len());
    }
}

#[test]
fn questions_about_filters_that_no_peer_asks_end_the_connection() {
    let (_, blocks) = guest(3);
    let stop_hash = blocks[1].block_hash();
    let questions = [
        NetworkMessage::GetCFilters(GetCFilters {
            filter_type: 1,
            start_height: 0,
            stop_hash,
        }),
        NetworkMessage::GetCFHeaders(GetCFHeaders {
            filter_type: 0,
            start_height: 3,
            stop_hash,
        }),
        NetworkMessage::GetCFCheckpt(GetCFCheckpt {
            filter_type: 9,
            stop_hash,
        }),
    ];
    for question in questions {
        let (mut world, _) = guest(3);
        ask(&mut world, question.clone());
        assert!(!world.is_connected("guest"), "{question:?}");
    }
    // A block that we do not have is no fault.
    let (mut world, _) = guest(3);
    let question = GetCFilters {
        filter_type: 0,
        start_height: 0,
        stop_hash: BlockHash::from_byte_array([1; 32]),
    };
    assert_eq!(ask(&mut world, NetworkMessage::GetCFilters(question)), []);
    assert!(world.is_connected("guest"));
}

#[test]
fn a_range_of_filters_is_bounded() {
    let (mut world, blocks) = guest(1_001);
    let question = |start_height| {
        NetworkMessage::GetCFilters(GetCFilters {
            filter_type: 0,
            start_height,
            stop_hash: blocks[1_000].block_hash(),
        })
    };
    assert_eq!(ask(&mut world, question(2)).len(), 1_000);
    let checkpoints = NetworkMessage::GetCFCheckpt(GetCFCheckpt {
        filter_type: 0,
        stop_hash: blocks[1_000].block_hash(),
    });
    let stored = world.at("alice").chain().filter(&blocks[999].block_hash());
    let stored = stored.expect("memory").expect("connected").header;
    match ask(&mut world, checkpoints).as_slice() {
        [NetworkMessage::CFCheckpt(message)] => {
            let headers = message.filter_headers.iter().map(|h| h.to_byte_array());
            assert_eq!(headers.collect::<Vec<_>>(), [stored]);
        }
        other => panic!("expected cfcheckpt, found {other:?}"),
    }
    ask(&mut world, question(1));
    assert!(!world.is_connected("guest"), "1,001 filters at once");
}

#[test]
fn addresses_are_told_once_and_few() {
    let mut world = World::new();
    world.node("alice", &["bob"]);
    world.node("bob", &[]);
    world.guest("guest", "alice");
    world.pass(1_000);
    // Bob's address is a name, which `addr` cannot carry.
    assert_eq!(ask(&mut world, NetworkMessage::GetAddr), []);
    assert!(world.is_connected("guest"));
}

#[test]
fn an_address_that_we_dialled_is_told() {
    let mut world = World::new();
    world.node("192.0.2.7", &[]);
    world.node("alice", &["192.0.2.7"]);
    world.pass(1_000);
    world.guest("guest", "alice");
    match ask(&mut world, NetworkMessage::GetAddr).as_slice() {
        [NetworkMessage::Addr(list)] => {
            let told: Vec<_> = list
                .iter()
                .filter_map(|(_, at)| at.socket_addr().ok())
                .collect();
            assert_eq!(told, [([192, 0, 2, 7], 9_960).into()]);
        }
        other => panic!("expected addr, found {other:?}"),
    }
    assert_eq!(ask(&mut world, NetworkMessage::GetAddr), [], "once");
}

#[test]
fn hints_are_let_pass() {
    let (mut world, _) = guest(1);
    for _ in 0..50 {
        let unknown = NetworkMessage::Unknown {
            command: "whatever".parse().expect("a command"),
            payload: vec![1; 500],
        };
        world.say("guest", unknown);
        world.say("guest", NetworkMessage::Addr(Vec::new()));
        world.say("guest", NetworkMessage::SendAddrV2);
    }
    assert_eq!(
        ask(&mut world, NetworkMessage::Ping(7)),
        [NetworkMessage::Pong(7)]
    );
}

#[test]
fn bloom_filters_are_refused() {
    for command in ["filterload", "filteradd", "filterclear"] {
        let (mut world, _) = guest(1);
        let message = NetworkMessage::Unknown {
            command: command.parse().expect("a command"),
            payload: Vec::new(),
        };
        ask(&mut world, message);
        assert!(!world.is_connected("guest"), "{command}");
    }
}
