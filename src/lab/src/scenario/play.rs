//! The acts.

use super::cast::{self, Cast};
use super::judge::{self, Verdicts};
use super::{Played, Scenario};
use crate::dice::Dice;
use crate::event::LabEvent;
use crate::lab::{Lab, MemberId};
use farthing_core::bitcoin::ScriptBuf;
use farthing_core::client::Command;
use farthing_core::invoice::InvoiceRequest;

/// Between two blocks while all mine.
const SPACING_MS: u64 = 4_000;
/// The network finds itself.
const FIRST_ACT_MS: u64 = 90_000;
/// At least so long it is parted: connections are given up on both sides.
const PARTED_MS: u64 = 150_000;
/// How long it may take to be one again: back-off, retransmission, a long poll of everybody.
const HEALED_MS: u64 = 240_000;
/// Between two looks at whether all agree.
const LOOK_MS: u64 = 20_000;
/// Looks before the story is a failure.
const LOOKS: usize = 30;
/// What is paid for real.
pub(super) const DUE: u64 = 250_000;

pub(super) fn acts(
    scenario: &Scenario,
    lab: &mut Lab,
    cast: &Cast,
    dice: &mut Dice,
) -> Result<Played, String> {
    let mut told = Telling::default();
    cast::arm(lab, cast, dice);
    lab.set_spacing_ms(SPACING_MS);
    told.run(lab, FIRST_ACT_MS / 2);
    let merchant = cast.clients[0];
    invoice(lab, merchant, &cast.paid)?;
    invoice(lab, merchant, &cast.invented)?;
    let payer = pay(lab, cast)?;
    told.run(lab, FIRST_ACT_MS / 2);

    let sides = part(lab, cast, payer, dice);
    let mut down = Vec::new();
    if scenario.crashes {
        down = crash(lab, cast, dice);
    }
    told.run(lab, PARTED_MS + dice.below(PARTED_MS));
    judge::parted(lab, &sides)?;

    lab.heal();
    for member in down {
        told.run(lab, dice.below(20_000));
        lab.restart(member);
    }
    told.run(lab, HEALED_MS);
    lab.set_spacing_ms(0);
    settle(lab, cast, &mut told)?;
    let Verdicts { real, invented } = judge::verdicts(lab, merchant);
    judge::invoices(&real, &invented, scenario.besieged)?;
    Ok(told.played(lab, cast))
}

/// Two sides, each with a quarter of the nodes at least, and clients on either side or on both.
fn part(lab: &mut Lab, cast: &Cast, payer: MemberId, dice: &mut Dice) -> [Vec<MemberId>; 2] {
    let mut nodes = cast.nodes.clone();
    cast::shuffle(&mut nodes, dice);
    let quarter = nodes.len().div_ceil(4);
    let at = quarter + dice.below((nodes.len() - 2 * quarter + 1) as u64) as usize;
    let mut sides = [nodes[..at].to_vec(), nodes[at..].to_vec()];
    if !sides[0].contains(&payer) {
        sides.swap(0, 1);
    }
    // Those who know both sides' nodes would join them.
    sides[0].extend(&cast.liars);
    for client in &cast.clients {
        if let side @ (0 | 1) = dice.below(3) {
            sides[side as usize].push(*client);
        }
    }
    lab.partition(&[&sides[0], &sides[1]]);
    sides
}

/// A third of the nodes and half of the clients stop at some moment: some between two inputs, nodes in
/// the middle of a commit, clients with writes on their way. They start again once it has healed, but
/// for some that start, stop and start before.
fn crash(lab: &mut Lab, cast: &Cast, dice: &mut Dice) -> Vec<MemberId> {
    let mut down = Vec::new();
    for node in &cast.nodes {
        match dice.below(6) {
            0 => lab.crash(*node, 0, false),
            1 => lab.break_store(*node, dice.below(20) as u32),
            _ => continue,
        }
        down.push(*node);
    }
    for client in &cast.clients {
        if dice.happens(500_000) {
            continue;
        }
        // Until something is on its way.
        for _ in 0..10_000 {
            if lab.disk(*client).pending() > 0 {
                break;
            }
            lab.step();
        }
        let pending = lab.disk(*client).pending();
        let kept = dice.below(pending as u64 + 1) as usize;
        lab.crash(*client, kept, dice.happens(500_000));
        if dice.happens(500_000) {
            lab.restart(*client);
            lab.run_for(dice.below(3_000));
            lab.crash(*client, 0, true);
        }
        down.push(*client);
    }
    down
}

fn invoice(lab: &mut Lab, client: MemberId, script: &ScriptBuf) -> Result<(), String> {
    let address = lab.options.network.address_from_script(script);
    let address = address.ok_or("expected an address of the script, found none")?;
    let request = InvoiceRequest {
        label: "lab".to_owned(),
        address,
        due: DUE,
        tolerance_ppm: 0,
        confirmations: 3,
        expires_in: 7_200,
        attacker_share_ppm: 100_000,
        risk_cap: None,
    };
    lab.command(client, Command::CreateInvoice { request });
    Ok(())
}

/// Whoever has the oldest reward pays with it; who it was. A younger one may be of a block that is
/// about to leave, and a payment with it would rightly never be confirmed.
fn pay(lab: &mut Lab, cast: &Cast) -> Result<MemberId, String> {
    let nodes = cast.nodes.iter().copied();
    let oldest = nodes.filter_map(|node| Some((lab.oldest_reward(node, DUE)?, node)));
    let payer = oldest.min().map(|(_, node)| node);
    payer
        .filter(|payer| lab.pay(*payer, cast.paid.clone(), DUE).is_some())
        .ok_or_else(|| "expected a miner that can pay, found none".to_owned())
}

/// Lets time pass until all agree; where two branches have the same work, another block decides.
fn settle(lab: &mut Lab, cast: &Cast, told: &mut Telling) -> Result<(), String> {
    for _ in 0..LOOKS {
        told.run(lab, LOOK_MS);
        for node in &cast.nodes {
            // One whose store was to break breaks as late as its writes make it.
            lab.restart(*node);
        }
        let everybody = judge::astray(lab, cast);
        if everybody.is_empty() {
            return told.most_work(lab, cast);
        }
        if judge::two_best(lab, cast) {
            lab.mine(cast.nodes[0]);
        }
    }
    Err(judge::astray(lab, cast))
}

/// What the events tell.
#[derive(Debug, Default)]
pub(super) struct Telling {
    steps: u64,
    found: usize,
    highest: u32,
    deepest: u32,
    crashes: usize,
}

impl Telling {
    fn run(&mut self, lab: &mut Lab, ms: u64) {
        let end = lab.now_ms() + ms;
        while lab.queue.next_at().is_some_and(|at| at <= end) {
            lab.step();
            self.steps += 1;
        }
        lab.run_until(end);
        for event in lab.drain_events() {
            match event {
                LabEvent::Found { height, .. } => {
                    self.found += 1;
                    self.highest = self.highest.max(height);
                }
                LabEvent::Adopted { depth_of_reorg, .. } => {
                    self.deepest = self.deepest.max(depth_of_reorg);
                }
                LabEvent::Crashed { .. } => self.crashes += 1,
                _ => {}
            }
        }
    }

    /// On this network every block has the same work: the highest that anybody found has most.
    fn most_work(&self, lab: &Lab, cast: &Cast) -> Result<(), String> {
        let found = lab.tip(cast.nodes[0]).height;
        if found == self.highest {
            return Ok(());
        }
        Err(format!(
            "expected all on the most work, height {}, found them at {found}",
            self.highest
        ))
    }

    fn played(&self, lab: &Lab, cast: &Cast) -> Played {
        let height = lab.tip(cast.nodes[0]).height;
        Played {
            hash: hex::encode(lab.trace_hash()),
            height,
            stale: self.found - height as usize,
            deepest: self.deepest,
            crashes: self.crashes,
            steps: self.steps,
        }
    }
}
