//! `kill -9` at any moment: while it starts, while it mends, while blocks, payments and branches come
//! in. Each time its coins are those of a control that nobody killed.

use crate::made::{Random, Story, Told};
use crate::support::{Farthing, ask, copy, facts};
use farthing_core::bitcoin::consensus::encode::serialize_hex;
use serde_json::Value;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

/// Kills of one chain: a long one takes long to be compared.
const KILLS_OF_ONE: u64 = 25;
/// Blocks that are ready before each start.
const READY: usize = 60;

/// A longer run is told how many by FARTHING_KILLS, and another one by FARTHING_FAULT_SEED.
fn setting(name: &str, otherwise: u64) -> u64 {
    let told = std::env::var(name).ok();
    told.map_or(otherwise, |told| told.parse().expect("a number"))
}

/// One chain, its node, and how much of the story the node has told that it keeps.
struct Life {
    node: Farthing,
    story: Story,
    told: Vec<Told>,
    kept: usize,
}

impl Life {
    fn new(data: &Path, seed: u64) -> Self {
        Self {
            node: Farthing::new(data, &[]),
            story: Story::new(seed),
            told: Vec::new(),
            kept: 0,
        }
    }

    /// Tells it blocks until it is killed; gives how many were under way when it was.
    fn load(&mut self, random: &mut Random) -> usize {
        while self.told.len() < self.kept + READY {
            self.told.push(self.story.tell());
        }
        let (site, ahead) = (self.node.site, &self.told[self.kept..]);
        let lasts = Duration::from_micros(random.below(120_000));
        let over = AtomicBool::new(false);
        let kept = scope(|threads| {
            let blocks = threads.spawn(|| submit(site, ahead));
            threads.spawn(|| pester(site, &over));
            sleep(lasts);
            self.node.kill();
            over.store(true, Ordering::SeqCst);
            blocks.join().unwrap()
        });
        self.kept += kept;
        usize::from(kept < READY)
    }

    /// What is on its disk is what the control has after the blocks that were kept; or after the one
    /// that was under way, too.
    fn compare(&mut self, under_way: usize, what: &str) {
        let control = self.node.data.with_extension("compared");
        copy(&self.node.data, &control);
        let found = facts("verify", &control);
        std::fs::remove_dir_all(&control).unwrap();
        let found = stand_of(&found);
        let kept = (self.kept..=self.kept + under_way).find(|kept| self.control(*kept) == found);
        // One that was under way may have been kept: then it is from now on.
        self.kept = kept.unwrap_or_else(|| {
            let expected = self.control(self.kept);
            panic!("{what}: expected {expected:?} or one more ({under_way}), found {found:?}")
        });
    }

    /// Height, tip and the hash of the coins of the control after so many blocks.
    fn control(&self, kept: usize) -> (u64, String, String) {
        let stand = match kept.checked_sub(1) {
            Some(last) => self.told[last].stand,
            None => Story::new(0).stand(),
        };
        let (tip, coins) = (stand.tip.to_string(), hex::encode(stand.coins));
        (stand.height.into(), tip, coins)
    }

    /// Its blocks alone give the same. Of branches of equal work a rebuild may take another one: the
    /// next block that leads on decides.
    fn rebuild(&mut self, what: &str) {
        self.compare(0, what);
        let (height, _, _) = self.control(self.kept);
        let rebuilt = facts("rebuild", &self.node.data);
        assert_eq!(rebuilt["height"], height, "{what}: {rebuilt}");
        assert_eq!(rebuilt["damaged"], 0, "{what}: {rebuilt}");
        self.node.restart();
        while self.control(self.kept).0 == height {
            if self.told.len() == self.kept {
                self.told.push(self.story.tell());
            }
            assert_eq!(
                submit(self.node.site, &self.told[self.kept..=self.kept]),
                1,
                "{what}"
            );
            self.kept += 1;
        }
        self.node.kill();
        self.compare(0, what);
    }
}

pub fn stand_of(facts: &Value) -> (u64, String, String) {
    let text = |name: &str| facts[name].as_str().unwrap().to_owned();
    let height = facts["height"].as_u64().unwrap();
    (height, text("tip"), text("utxoHash"))
}

/// Hands in blocks, each one's payments first; gives how many blocks were answered.
pub fn submit(site: SocketAddr, ahead: &[Told]) -> usize {
    for (number, told) in ahead.iter().enumerate() {
        for payment in told.block.txdata.iter().skip(1) {
            ask(site, "POST /api/transaction", &serialize_hex(payment)).ok();
        }
        match ask(site, "POST /api/block", &serialize_hex(&told.block)) {
            Ok((200, answer)) => {
                let refused = ["bad-", "invalid"].iter().any(|word| answer.contains(word));
                // Another that breaks a rule may lie beside the chain, where nobody looked at it.
                assert!(!(refused && told.valid), "{answer}");
            }
            // It was killed.
            _ => return number,
        }
    }
    ahead.len()
}

/// Asks for whatever else a node is asked for.
fn pester(site: SocketAddr, over: &AtomicBool) {
    while !over.load(Ordering::SeqCst) {
        ask(site, "GET /api/template", "").ok();
        ask(site, "GET /health", "").ok();
    }
}

#[test]
fn killed_at_any_moment_it_comes_back_to_the_coins_of_a_control() {
    let (since, folder) = (Instant::now(), tempfile::tempdir().unwrap());
    let (kills, seed) = (
        setting("FARTHING_KILLS", 12),
        setting("FARTHING_FAULT_SEED", 1),
    );
    let (mut random, mut starting, mut blocks, mut left) = (Random::new(seed), 0, 0, 0);
    for first in (0..kills).step_by(KILLS_OF_ONE as usize) {
        let data = folder.path().join(format!("life-{first}"));
        let mut life = Life::new(&data, seed + first);
        for kill in first..kills.min(first + KILLS_OF_ONE) {
            let what =
                format!("seed {seed}, kill {kill} (FARTHING_FAULT_SEED={seed} begins the same)");
            life.node.spawn();
            let under_way = if random.chance(30) {
                // It starts: opens, mends what the kill before left, begins to serve.
                sleep(Duration::from_micros(random.below(60_000)));
                life.node.kill();
                starting += 1;
                0
            } else {
                life.node.ready();
                life.load(&mut random)
            };
            match data.join("chain/store.redb").exists() {
                true => life.compare(under_way, &what),
                false => assert_eq!(life.kept, 0, "{what}: the store is gone"),
            }
            if (kill + 1).is_multiple_of(50) {
                println!(
                    "  {} of {kills} kills ({:.0} s)",
                    kill + 1,
                    since.elapsed().as_secs_f64()
                );
            }
        }
        life.node.restart();
        let ahead = life.told[life.kept..].to_vec();
        life.kept += submit(life.node.site, &ahead);
        assert_eq!(life.node.interrupt(), Some(0), "{}", life.node.said());
        life.rebuild(&format!("seed {seed}, the life from kill {first} on"));
        blocks += life.kept;
        left += life.told[..life.kept]
            .iter()
            .map(|told| told.left)
            .sum::<usize>();
        std::fs::remove_dir_all(&data).unwrap();
    }
    assert!(blocks > 0, "there was a load");
    println!(
        "faults: kill -9: {kills} ({starting} while it started; {blocks} blocks were told, {left} left \
         the chain again), all recovered ({:.1} s)",
        since.elapsed().as_secs_f64()
    );
}
