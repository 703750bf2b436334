//! Who is there, and how they are connected.

use super::Scenario;
use crate::dice::Dice;
use crate::lab::{Lab, MemberId};
use crate::liar::Habit;
use crate::link::Link;
use farthing_core::bitcoin::ScriptBuf;
use farthing_core::consensus::script_of_key;
use farthing_core::keys::SecretKey;
use std::collections::BTreeSet;

/// Nodes that each node dials, of those that were there before it.
const DIALS: u64 = 3;
/// Nodes of a client that is not besieged.
const NODES_OF_CLIENT: usize = 3;
/// Hostile peers of one that is.
const HOSTILE: usize = 7;
/// Rivals mine so much of a thousand parts of what the honest nodes mine.
const RIVAL_POWER: u64 = 80;

/// Everybody.
#[derive(Debug)]
pub(super) struct Cast {
    pub(super) nodes: Vec<MemberId>,
    pub(super) clients: Vec<MemberId>,
    pub(super) liars: Vec<MemberId>,
    /// Ordinary nodes that know one another alone, and mine a branch of less work.
    pub(super) rivals: Vec<MemberId>,
    /// Whom a real payment pays, and whom invented ones pay.
    pub(super) paid: ScriptBuf,
    pub(super) invented: ScriptBuf,
}

pub(super) fn enter(scenario: &Scenario, lab: &mut Lab, dice: &mut Dice) -> Cast {
    let script = |number| script_of_key(&SecretKey::from_seed(&[number; 32]).public());
    let mut cast = Cast {
        nodes: Vec::new(),
        clients: Vec::new(),
        liars: Vec::new(),
        rivals: Vec::new(),
        paid: script(1),
        invented: script(2),
    };
    lab.set_default_link(line(scenario, dice));
    let names: Vec<_> = (0..scenario.nodes)
        .map(|number| format!("node{number}"))
        .collect();
    for (number, name) in names.iter().enumerate() {
        let peers = pick(&names[..number], DIALS as usize, dice);
        cast.nodes.push(lab.add_node(name, &peers));
    }
    if scenario.besieged {
        besiege(lab, &mut cast, &names, dice);
    }
    let hostile = cast.liars.iter().chain(cast.rivals.first());
    let hostile: Vec<_> = hostile.map(|member| lab.name(*member).to_owned()).collect();
    for number in 0..scenario.clients {
        let mut nodes = if scenario.besieged {
            let mut nodes = pick(&names, 1, dice);
            // The first client is the one that payments are invented for.
            let inventor = ["inventor"].into_iter().filter(|_| number == 0);
            nodes.extend(inventor.chain(pick(&hostile, HOSTILE, dice)));
            let mut once = BTreeSet::new();
            nodes.retain(|node| once.insert(*node));
            nodes.truncate(1 + HOSTILE);
            nodes
        } else {
            pick(&names, NODES_OF_CLIENT, dice)
        };
        shuffle(&mut nodes, dice);
        cast.clients
            .push(lab.add_client(&format!("client{number}"), &nodes));
    }
    for pair in 0..scenario.nodes {
        let other = dice.below(scenario.nodes as u64) as usize;
        lab.set_link(cast.nodes[pair], cast.nodes[other], line(scenario, dice));
    }
    for member in cast.nodes.iter().chain(&cast.clients) {
        // A farthing network bears 90 s; a client warns at 30 s.
        lab.set_skew_ms(*member, dice.below(40_001) as i64 - 20_000);
    }
    cast
}

/// Every kind of liar, and rivals.
fn besiege(lab: &mut Lab, cast: &mut Cast, names: &[String], dice: &mut Dice) {
    let habits = [
        ("mute", Habit::Mute),
        ("staller", Habit::Stall),
        ("sleeper", Habit::Stale(8)),
        ("withholder", Habit::Withhold),
        ("babbler", Habit::Garbage),
        ("forger", Habit::ForgeHeaders),
        ("mutator", Habit::MutateBlocks),
        ("inventor", Habit::Invent(cast.invented.clone())),
        ("flooder", Habit::Flood),
    ];
    for (name, habit) in habits {
        let peers = pick(names, 2, dice);
        cast.liars.push(lab.add_liar(name, &peers, habit));
    }
    cast.rivals.push(lab.add_node("rival0", &["rival1"]));
    cast.rivals.push(lab.add_node("rival1", &[]));
}

/// Hash power for everybody who mines.
pub(super) fn arm(lab: &mut Lab, cast: &Cast, dice: &mut Dice) {
    let mut total = 0;
    for node in &cast.nodes {
        let power = 1_000 * (1 + dice.below(10));
        total += power;
        lab.set_miner(*node, power);
    }
    if let Some(rival) = cast.rivals.first() {
        lab.set_miner(*rival, total * RIVAL_POWER / 1_000);
    }
}

fn line(scenario: &Scenario, dice: &mut Dice) -> Link {
    let good = Link {
        latency_ms: 5 + dice.below(150),
        jitter_ms: dice.below(100),
        ..Link::default()
    };
    if !scenario.rough {
        return good;
    }
    Link {
        latency_ms: good.latency_ms + dice.below(400),
        jitter_ms: dice.below(600),
        loss_ppm: dice.below(30_000) as u32,
        repeat_ppm: dice.below(10_000) as u32,
        overtake_ppm: dice.below(10_000) as u32,
        slice_ppm: dice.below(200_000) as u32,
        bytes_per_s: 4_000 + dice.below(100_000),
    }
}

/// So many of these, each once.
fn pick<'a>(from: &'a [String], count: usize, dice: &mut Dice) -> Vec<&'a str> {
    let mut all: Vec<&str> = from.iter().map(String::as_str).collect();
    shuffle(&mut all, dice);
    all.truncate(count);
    all
}

pub(super) fn shuffle<T>(items: &mut [T], dice: &mut Dice) {
    for last in (1..items.len()).rev() {
        items.swap(last, dice.below(last as u64 + 1) as usize);
    }
}
