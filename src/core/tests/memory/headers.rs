//! A peer that turns from one branch to another and back, beside many branches.

use crate::measure::{Bounds, alone, flood};
use crate::messages::header_after;
use bitcoin::block::Header;
use farthing_core::headers::{Accepted, HeaderTree};
use farthing_core::params::NetworkParams;
use std::time::Instant;

/// Later than every header here.
const LATER: u32 = 4_000_000_000;

/// Two more headers on one branch, so that it has most work; how many left the best chain.
fn turn(tree: &mut HeaderTree, params: &NetworkParams, tip: &mut Header, salt: u32) -> usize {
    let mut left = 0;
    for _ in 0..2 {
        *tip = header_after(params, tip, salt);
        match tree.accept(*tip, LATER).expect("a good header") {
            Accepted::Reorganised(reorganisation) => left = reorganisation.disconnected.len(),
            Accepted::Branch | Accepted::Extended => {}
            Accepted::Known => panic!("it is new"),
        }
    }
    left
}

/// Of 30,000 headers beside the best chain none is touched when a branch of a few wins: a switch
/// allocates for what leaves and what comes.
#[test]
fn a_switch_costs_what_leaves_and_what_comes() {
    let _turn = alone();
    let params = NetworkParams::by_name("practice").expect("in the table");
    let mut tree = HeaderTree::full(params.clone());
    let mut tip = params.genesis;
    for _ in 0..10 {
        tip = header_after(&params, &tip, 0);
        tree.accept(tip, LATER).expect("a good header");
    }
    let fork = tip;
    let mut long = params.genesis;
    for _ in 0..9 {
        tip = header_after(&params, &tip, 0);
        tree.accept(tip, LATER).expect("a good header");
    }
    for salt in 1..=30_000 {
        // Each ten of them follow each other.
        if salt % 10 == 1 {
            long = params.genesis;
        }
        long = header_after(&params, &long, salt);
        assert_eq!(tree.accept(long, LATER), Ok(Accepted::Branch));
    }
    let (mut one, mut other) = (tip, fork);
    while turn(&mut tree, &params, &mut other, 70_000) == 0 {}
    let begun = Instant::now();
    let bounds = Bounds {
        flat: 400_000,
        most: 1_000_000,
    };
    flood("headers, switches beside 30,000", 20, bounds, |number| {
        let tip = match number % 2 {
            0 => &mut one,
            _ => &mut other,
        };
        let left = turn(&mut tree, &params, tip, 80_000);
        assert!((1..=500).contains(&left), "{left}");
    });
    println!("a switch takes {:?}", begun.elapsed() / 200);
    assert!(tree.branch_headers() >= 30_000);
}
