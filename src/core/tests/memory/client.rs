//! Floods of a light client by its own nodes.

use crate::measure::{Bounds, alone, flood, flood_of};
use crate::messages::{MIB, addresses, header_after, invented, invented_blocks, txid};
use crate::till::Till;
use bitcoin::p2p::message::NetworkMessage;
use bitcoin::{Amount, OutPoint, ScriptBuf, Sequence, Transaction, TxIn, TxOut, Witness};
use farthing_core::invoice::InvoiceStatus;
use farthing_core::params::NetworkParams;
use farthing_core::primitives::U256;

/// Three hostile nodes, and one that is honest.
const HOSTILE: [&str; 3] = ["a", "b", "c"];

fn params() -> NetworkParams {
    NetworkParams::by_name("regtest").expect("in the table")
}

fn world() -> Till {
    Till::new(params(), 20, &["a", "b", "c", "honest"])
}

fn hostile(number: u32) -> &'static str {
    HOSTILE[number as usize % HOSTILE.len()]
}

fn script_of(key: u8) -> ScriptBuf {
    let mut script = vec![0x00, 0x14];
    script.extend([key; 20]);
    ScriptBuf::from_bytes(script)
}

/// A payment of these made-up coins to a made-up key.
fn pay(coins: impl IntoIterator<Item = u32>, script: ScriptBuf, units: u64) -> Transaction {
    let input = |coin| TxIn {
        previous_output: OutPoint::new(txid(coin), 0),
        script_sig: ScriptBuf::new(),
        sequence: Sequence::MAX,
        witness: Witness::from_slice(&[[1; 64]]),
    };
    Transaction {
        version: bitcoin::transaction::Version::TWO,
        lock_time: bitcoin::absolute::LockTime::ZERO,
        input: coins.into_iter().map(input).collect(),
        output: vec![TxOut {
            value: Amount::from_sat(units),
            script_pubkey: script,
        }],
    }
}

/// Seven coins that no other number has.
fn seven(number: u32) -> std::ops::Range<u32> {
    1_000_000 + number * 7..1_000_007 + number * 7
}

/// A world whose client remembers as many names and spends as it may: 15,000 payments of others, with
/// seven inputs each.
fn filled() -> Till {
    let mut till = world();
    for number in 0..15_000 {
        let foreign = pay(seven(number), script_of(2), 5);
        till.say(hostile(number), NetworkMessage::Tx(foreign));
    }
    till
}

/// An honest payment is noticed.
fn honest_is_heard(till: &mut Till) {
    let id = till.invoice(&script_of(200), 1_000);
    till.bring("honest", &pay([u32::MAX], script_of(200), 1_000));
    till.pass(1_000);
    assert_eq!(till.statuses.get(&id), Some(&InvoiceStatus::Seen));
}

#[test]
fn announcements_without_end() {
    let _turn = alone();
    let mut till = world();
    let bounds = Bounds {
        flat: 200_000,
        most: 16 * MIB,
    };
    flood("client, inv", 80, bounds, |number| {
        till.say(hostile(number), invented(number * 500, 500));
        till.asked.clear();
        till.pass(100);
    });
    honest_is_heard(&mut till);
}

#[test]
fn strangers_transactions_without_end() {
    let _turn = alone();
    let mut till = world();
    till.invoice(&script_of(1), 1_000);
    // The memory of what was announced holds 100,000 spends; each of these has 300.
    let bounds = Bounds {
        flat: 500_000,
        most: 64 * MIB,
    };
    flood("client, transactions of others", 400, bounds, |number| {
        let coins = number * 300..(number + 1) * 300;
        till.bring(hostile(number), &pay(coins, script_of(2), 5));
    });
    honest_is_heard(&mut till);
}

#[test]
fn invented_payments_without_end() {
    let _turn = alone();
    let mut till = filled();
    till.invoice(&script_of(1), 1_000);
    let bounds = Bounds {
        flat: 500_000,
        most: 64 * MIB,
    };
    // 500 of one operator are kept.
    flood("client, payments to its address", 550, bounds, |number| {
        till.bring("a", &pay(seven(20_000 + number), script_of(1), 5));
        if number % 100 == 0 {
            till.pass(1_000);
        }
    });
    honest_is_heard(&mut till);
}

#[test]
fn double_spends_without_end() {
    let _turn = alone();
    let mut till = filled();
    till.invoice(&script_of(1), 1_000);
    till.bring("honest", &pay([7], script_of(1), 1_000));
    let bounds = Bounds {
        flat: 200_000,
        most: MIB,
    };
    flood("client, spends of one coin", 200, bounds, |number| {
        // One coin of the payment, and six others.
        let coins = seven(20_000 + number).skip(1).chain([7]);
        let theft = pay(coins, script_of(2), 5);
        till.bring(hostile(number), &theft);
        if number % 100 == 0 {
            till.pass(1_000);
        }
    });
    honest_is_heard(&mut till);
}

#[test]
fn unknown_blocks_addresses_and_what_nobody_reads() {
    let _turn = alone();
    let mut till = world();
    let bounds = Bounds {
        flat: 50_000,
        most: MIB,
    };
    flood(
        "client, inv of blocks, addr, others",
        30,
        bounds,
        |number| {
            till.say(hostile(number), invented_blocks(number * 100, 100));
            till.say(hostile(number), addresses(number * 1_000));
            let payload = vec![1; 20_000];
            let command = "whatever".parse().expect("a command");
            till.say(
                hostile(number),
                NetworkMessage::Unknown { command, payload },
            );
            till.pass(100);
        },
    );
    honest_is_heard(&mut till);
}

#[test]
fn headers_of_little_work_without_end() {
    let _turn = alone();
    // No chain that can be made here has the work.
    let mut params = params();
    params.minimum_work = U256::from(1_u64) << 100;
    let mut till = Till::new(params, 0, &HOSTILE);
    till.answers_headers = false;
    let written = till.written;
    let mut tips = [till.params.genesis; 3];
    let bounds = Bounds {
        flat: 100_000,
        most: 2 * MIB,
    };
    flood("client, headers of little work", 6, bounds, |number| {
        let at = number as usize % HOSTILE.len();
        let mut headers = Vec::with_capacity(2_000);
        for _ in 0..2_000 {
            tips[at] = header_after(&till.params, &tips[at], number);
            headers.push(tips[at]);
        }
        till.say(HOSTILE[at], NetworkMessage::Headers(headers));
    });
    assert_eq!(till.written, written, "nothing is stored");
}

#[test]
fn branches_without_end() {
    let _turn = alone();
    let mut till = world();
    let tip = *till.headers.last().expect("twenty");
    // 16,384 headers beside the best chain.
    let bounds = Bounds {
        flat: 100_000,
        most: 8 * MIB,
    };
    flood_of("client, branches", 17_000, 34_000, bounds, |number| {
        let mut header = header_after(&till.params, &tip, number);
        header.prev_blockhash = tip.prev_blockhash;
        while !header.target().is_met_by(header.block_hash()) {
            header.nonce += 1;
        }
        till.say(hostile(number), NetworkMessage::Headers(vec![header]));
    });
    honest_is_heard(&mut till);
}
