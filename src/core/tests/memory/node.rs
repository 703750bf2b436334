//! Floods of a node, each from many peers.

use crate::coins::{orphan, spend};
use crate::host::Host;
use crate::measure::{Bounds, alone, flood, flood_of};
use crate::messages::{MIB, addresses, header_after, invented, invented_blocks};
use bitcoin::block::Header;
use bitcoin::p2p::message::NetworkMessage;
use bitcoin::{OutPoint, Transaction};
use farthing_core::client::PeerId;
use farthing_core::primitives::U256;

/// A node with a few blocks, and so many strangers, each from a group of its own.
fn world(strangers: u8) -> (Host, Vec<PeerId>, Transaction) {
    let mut host = Host::new(|_, options| options.mempool.max_weight = 100_000);
    let coinbase = host.mine().txdata[0].clone();
    host.mine();
    let strangers = (1..=strangers).map(|number| host.guest(&format!("{number}.1.2.3")));
    let strangers = strangers.collect();
    (host, strangers, coinbase)
}

/// The first coin of a transaction.
fn coin(of: &Transaction) -> (OutPoint, u64) {
    let outpoint = OutPoint::new(of.compute_txid(), 0);
    (outpoint, of.output[0].value.to_sat())
}

/// An honest payment gets in.
fn honest_gets_in(host: &mut Host, coinbase: &Transaction) {
    let honest = host.guest("200.1.2.3");
    let (outpoint, value) = coin(coinbase);
    let payment = spend(&host.params, (outpoint, value), &[value - 100_000]);
    host.bring(honest, &payment);
    assert!(host.waits(&payment), "an honest payment gets in");
}

#[test]
fn announcements_without_end() {
    let _turn = alone();
    let (mut host, strangers, coinbase) = world(4);
    let bounds = Bounds {
        flat: 200_000,
        most: 12 * MIB,
    };
    flood("node, inv", 120, bounds, |number| {
        let peer = strangers[number as usize % strangers.len()];
        host.say(peer, invented(number * 400, 400));
        host.asked.clear();
        if number % 10 == 0 {
            host.pass(500);
        }
    });
    honest_gets_in(&mut host, &coinbase);
}

#[test]
fn unknown_blocks_without_end() {
    let _turn = alone();
    let (mut host, strangers, coinbase) = world(8);
    let bounds = Bounds {
        flat: 100_000,
        most: 2 * MIB,
    };
    flood("node, inv of blocks", 50, bounds, |number| {
        let peer = strangers[number as usize % strangers.len()];
        host.say(peer, invented_blocks(number * 100, 100));
        host.asked.clear();
    });
    honest_gets_in(&mut host, &coinbase);
}

#[test]
fn addresses_without_end() {
    let _turn = alone();
    let (mut host, strangers, coinbase) = world(8);
    let bounds = Bounds {
        flat: 10_000,
        most: MIB,
    };
    flood("node, addr", 20, bounds, |number| {
        let peer = strangers[number as usize % strangers.len()];
        host.say(peer, addresses(number * 1_000));
        host.say(peer, NetworkMessage::GetAddr);
    });
    honest_gets_in(&mut host, &coinbase);
}

#[test]
fn orphans_without_end() {
    let _turn = alone();
    let (mut host, strangers, coinbase) = world(16);
    let honest = host.guest("200.1.2.3");
    let (outpoint, value) = coin(&coinbase);
    let parent = spend(&host.params, (outpoint, value), &[value - 1_000]);
    let child = spend(&host.params, coin(&parent), &[value - 2_000]);
    host.bring(honest, &child);
    assert!(!host.waits(&child));
    // All together may weigh 4,000,000. What grows on is what each peer is known to have: 2,000 names.
    let bounds = Bounds {
        flat: MIB,
        most: 8 * MIB,
    };
    flood("node, orphans", 300, bounds, |number| {
        let peer = strangers[number as usize % strangers.len()];
        host.bring(peer, &orphan(number));
    });
    host.bring(honest, &parent);
    assert!(host.waits(&parent) && host.waits(&child), "it survived");
}

#[test]
fn payments_and_replacements_without_end() {
    let _turn = alone();
    let (mut host, strangers, coinbase) = world(8);
    let spare = host.mine().txdata[0].clone();
    host.mine();
    let (outpoint, value) = coin(&coinbase);
    let each = 1_000_000;
    let fan = spend(&host.params, (outpoint, value), &[each; 250]);
    host.submit(&fan);
    let block = host.mine();
    assert!(block.txdata.contains(&fan));
    let fan_id = fan.compute_txid();
    // 100,000 of weight: some 150 of these; and 2,000 names that each peer is known to have.
    let bounds = Bounds {
        flat: 200_000,
        most: 4 * MIB,
    };
    let mut taken = 0;
    flood_of("node, mempool", 2_200, 6_600, bounds, |number| {
        let peer = strangers[number as usize % strangers.len()];
        let fee = 500 + u64::from(number) * 50;
        let coin = (OutPoint::new(fan_id, number % 250), each);
        let payment = spend(&host.params, coin, &[1_000, each - fee - 1_000]);
        host.bring(peer, &payment);
        taken += u32::from(host.waits(&payment));
        if number % 10 == 0 {
            host.pass(500);
        }
    });
    assert!(taken > 3_000, "they were good: {taken} were taken");
    assert!(host.node.mempool().weight() <= 100_000);
    let honest = host.guest("200.1.2.3");
    let (outpoint, value) = coin(&spare);
    let payment = spend(&host.params, (outpoint, value), &[value - 1_000_000]);
    host.bring(honest, &payment);
    assert!(host.waits(&payment), "an honest payment gets in");
}

#[test]
fn headers_of_little_work_without_end() {
    let _turn = alone();
    // No chain that can be made here has the work.
    let mut host = Host::new(|params, _| params.minimum_work = U256::from(1_u64) << 100);
    host.answers_headers = false;
    let strangers: Vec<_> = (1..=4)
        .map(|number| host.guest(&format!("{number}.1.2.3")))
        .collect();
    let mut tips: Vec<Header> = vec![host.params.genesis; strangers.len()];
    let bounds = Bounds {
        flat: 100_000,
        most: 2 * MIB,
    };
    flood("node, headers of little work", 8, bounds, |number| {
        let at = number as usize % strangers.len();
        let mut headers = Vec::with_capacity(2_000);
        for _ in 0..2_000 {
            tips[at] = header_after(&host.params, &tips[at], number);
            headers.push(tips[at]);
        }
        host.say(strangers[at], NetworkMessage::Headers(headers));
    });
    assert_eq!(host.node.chain().headers().tip().height, 0);
    assert_eq!(host.open.len(), strangers.len(), "each may be honest");
}

#[test]
fn blocks_that_nobody_asked_for() {
    let _turn = alone();
    let (mut host, strangers, coinbase) = world(8);
    let old = host.mine();
    host.mine();
    let bounds = Bounds {
        flat: 10_000,
        most: MIB,
    };
    flood("node, blocks beside the chain", 50, bounds, |number| {
        let mut block = old.clone();
        block.header = header_after(&host.params, &block.header, number);
        block.header.prev_blockhash = old.header.prev_blockhash;
        while !block.header.target().is_met_by(block.block_hash()) {
            block.header.nonce += 1;
        }
        let peer = strangers[number as usize % strangers.len()];
        host.say(peer, NetworkMessage::Block(block));
    });
    honest_gets_in(&mut host, &coinbase);
}

#[test]
fn connections_that_never_shake_hands() {
    let _turn = alone();
    let (mut host, _, coinbase) = world(0);
    let bounds = Bounds {
        flat: 10_000,
        most: MIB,
    };
    flood("node, half-open connections", 300, bounds, |number| {
        let [a, b, ..] = number.to_le_bytes();
        let peer = host.accept(&format!("{a}.{b}.{a}.{b}"));
        // Some break the protocol besides: their addresses are remembered.
        if number % 3 == 0 {
            let bytes = vec![1; 30];
            host.input(farthing_core::node::Input::Received { peer, bytes });
        }
        assert!(host.open.len() <= 117, "{}", host.open.len());
    });
    honest_gets_in(&mut host, &coinbase);
}
