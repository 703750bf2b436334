//! Questions of the page: blocks and transactions.

use super::chain::{Chain, genesis, grow, mine, pay, script_of};
use super::peer::Peer;
use super::world::{START, World};
use crate::client::{Client, Command, Input, Output, Reply, RequestId, limits};
use crate::params::NetworkParams;

fn ready() -> (World, Chain) {
    let mut world = World::new("regtest");
    let mut chain = genesis(&world.params);
    grow(&mut chain, 4, START, 0);
    mine(&mut chain, vec![pay(1, script_of(9), 77)], START + 5, 0);
    world.connect(vec![("a", Peer::new(&world.params, chain.clone()))]);
    (world, chain)
}

#[test]
fn a_block_is_fetched_by_height_or_hash_and_verified() {
    let (mut world, chain) = ready();
    for block in ["5".to_owned(), chain[5].block_hash().to_string()] {
        let reply = world.ask(Command::GetBlock { block });
        let Ok(Reply::Block { block }) = reply else {
            panic!("expected a block, found {reply:?}");
        };
        assert_eq!(block.header.height, 5);
        assert!(block.header.best);
        assert_eq!(block.transaction_count, 2);
        assert_eq!(block.transactions[1].outputs[0].value, 77);
        assert!(block.transactions[0].spends.is_empty(), "a coinbase");
    }
    let txid = chain[5].txdata[1].compute_txid().to_string();
    let reply = world.ask(Command::GetTransaction { txid: txid.clone() });
    let Ok(Reply::Transaction { transaction }) = reply else {
        panic!("expected a transaction, found {reply:?}");
    };
    assert_eq!(transaction.txid, txid);
    assert_eq!(transaction.block, Some(chain[5].block_hash().to_string()));
}

#[test]
fn a_question_without_an_answer_ends() {
    let (mut world, _) = ready();
    for block in ["99", "-1", "", "zz", &"ab".repeat(32), &"x".repeat(64)] {
        let block = block.to_owned();
        assert!(world.ask(Command::GetBlock { block }).is_err());
    }
    assert!(
        world
            .ask(Command::GetTransaction {
                txid: "5".to_owned()
            })
            .is_err()
    );
    world.peers.get_mut("a").expect("a").habits.lacks_blocks = true;
    let block = "2".to_owned();
    assert_eq!(world.try_ask(Command::GetBlock { block }), None);
    world.pass(limits::BLOCK_QUESTION_MS + 1_000);
    assert!(world.replies.values().any(|reply| {
        reply
            .as_ref()
            .is_err_and(|error| error.message.contains("no node gave"))
    }));
}

#[test]
fn a_command_before_the_stored_state_is_refused() {
    let params = NetworkParams::by_name("regtest").expect("a network");
    let mut client = Client::new(params, [0; 32]);
    let now = crate::primitives::Now {
        unix_ms: 1,
        monotonic_ms: 1,
    };
    client.handle(
        now,
        Input::Command {
            id: RequestId(9),
            command: Command::ListInvoices,
        },
    );
    let Some(Output::Reply { id, result }) = client.poll_output() else {
        panic!("every command is answered");
    };
    assert_eq!(id, RequestId(9));
    assert!(result.is_err());
    assert_eq!(client.poll_output(), None);
}
