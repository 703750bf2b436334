//! Our client and our server mine a real block together, and the node takes it.

use super::world::{Miner, Pool, carry, now, options, params, solve, template};
use crate::chain::{Arrival, Chain, MemoryStore};
use crate::stratum::client::{Event, Input, Share};
use crate::stratum::server;
use bitcoin::Block;
use bitcoin::consensus::encode::deserialize;

#[test]
fn client_and_server_mine_a_block_that_the_chain_takes() {
    let params = params();
    let mut pool = Pool::new(params.clone(), server::Options::default());
    pool.handle(server::Input::Template(Box::new(template(&params, &[], 0))));
    pool.accept(1);
    let mut miner = Miner::new(options());
    miner.connect();
    carry(&mut pool, &mut miner, 1);
    assert_eq!(miner.problems(), Vec::<&str>::new());
    let work = miner.client.work(0x0102_0304).expect("there is a job");
    let header = solve(&work, 0);
    miner.handle(Input::Submit(Share {
        share: 9,
        work: work.id,
        header: header.clone(),
    }));
    carry(&mut pool, &mut miner, 1);
    assert!(
        miner
            .events
            .iter()
            .any(|event| matches!(event, Event::Accepted { share: 9, .. })),
        "{:?}",
        miner.events
    );
    let block: Block = deserialize(&pool.blocks[0]).unwrap();
    assert_eq!(
        bitcoin::consensus::encode::serialize_hex(&block.header),
        header
    );
    let mut chain = Chain::open(params, MemoryStore::new()).unwrap();
    let outcome = chain.accept_block(block, now(0).unix()).unwrap();
    assert!(matches!(outcome.arrival, Arrival::Connected));
    assert_eq!(chain.tip().height, 1);
}
