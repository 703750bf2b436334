//! The tree of headers, fed with branches, runs, damaged and foreign headers, and what a full node
//! does to it. Beside it a plain list of all that was accepted, with heights and work computed here.

use crate::mine::{mine, practice, unmined};
use crate::script::Script;
use farthing_core::bitcoin::block::{Header, Version};
use farthing_core::bitcoin::consensus::{deserialize, serialize};
use farthing_core::bitcoin::{BlockHash, CompactTarget, Target};
use farthing_core::headers::{Accepted, HeaderTree, range};
use farthing_core::params::{Emergency, Lwma, NetworkParams, Retarget};
use farthing_core::primitives::{U256, bits_from_target};
use std::collections::{BTreeMap, BTreeSet};

/// Runs beyond this many headers are left out: what is below the window needs thousands.
const MOST_HEADERS: usize = 9_000;

/// Feeds a tree.
pub fn headers(data: &[u8]) {
    let mut script = Script::new(data);
    let params = network(&mut script);
    let full = script.one_in(2);
    let mut world = World::new(params, full);
    while script.more() && world.made.len() < MOST_HEADERS {
        world.act(&mut script);
    }
    world.finish();
}

/// The practice network's easy target under each rule that looks back.
fn network(script: &mut Script<'_>) -> NetworkParams {
    let mut params = practice();
    let spacing = params.spacing;
    let interval = |min_difficulty_after, bip94| Retarget::Interval {
        interval: 12,
        timespan: 12 * spacing,
        min_difficulty_after,
        bip94,
    };
    params.retarget = match script.below(6) {
        0 | 1 => Retarget::Never,
        2 => interval(None, false),
        3 => interval(Some(2 * spacing), false),
        4 => interval(Some(2 * spacing), true),
        _ => Retarget::Lwma(Lwma {
            window: 30,
            longest: 6,
            floor: 20,
            emergency: Some(Emergency {
                after: 300,
                every: 150,
            }),
        }),
    };
    params
}

/// A header that was accepted.
#[derive(Clone, Copy)]
struct Made {
    header: Header,
    height: u32,
    work: U256,
}

struct World {
    params: NetworkParams,
    tree: HeaderTree,
    now: u32,
    /// In the order in which they came.
    made: Vec<BlockHash>,
    accepted: BTreeMap<BlockHash, Made>,
    invalid: BTreeSet<BlockHash>,
    salt: u64,
}

impl World {
    fn new(params: NetworkParams, full: bool) -> Self {
        let tree = match full {
            true => HeaderTree::full(params.clone()),
            false => HeaderTree::new(params.clone()),
        };
        let tip = tree.tip();
        let genesis = Made {
            header: tip.header,
            height: 0,
            work: tip.work,
        };
        Self {
            now: params.genesis.time + 1_000_000,
            tree,
            made: vec![tip.hash],
            accepted: BTreeMap::from([(tip.hash, genesis)]),
            invalid: BTreeSet::new(),
            salt: 0,
            params,
        }
    }

    fn act(&mut self, script: &mut Script<'_>) {
        match script.below(16) {
            0..=4 => {
                let parent = self.pick(script);
                self.child(script, parent);
            }
            5 | 6 => {
                let parent = self.tree.tip().hash;
                self.child(script, parent);
            }
            7 | 8 => self.run(script),
            9 => self.damaged(script),
            10 => {
                if let Ok(header) = deserialize(script.take(80)) {
                    self.accept(header);
                }
            }
            11 => {
                let known = self.pick(script);
                let header = self.accepted[&known].header;
                self.accept(header);
            }
            12 => self.now = self.now.wrapping_add(script.number::<u16>().into()),
            13 => self.judge(script),
            14 => self.look(script),
            _ => self.restore(script),
        }
    }

    /// One of the accepted headers: mostly one of the last.
    fn pick(&mut self, script: &mut Script<'_>) -> BlockHash {
        let back = match script.one_in(8) {
            true => script.number::<u16>().into(),
            false => script.below(16),
        };
        self.made[self.made.len() - 1 - back % self.made.len()]
    }

    /// A header after `parent`, of which the script decides time and bits.
    fn child(&mut self, script: &mut Script<'_>, parent: BlockHash) {
        let before = self.accepted[&parent].header;
        let time = match script.below(4) {
            0 => before.time.wrapping_add(script.number::<i16>() as u32),
            1 => script.number(),
            _ => before.time.wrapping_add(script.below(256) as u32),
        };
        let required = self.tree.required_bits(&parent, time);
        let bits = match script.below(8) {
            0 => script.number(),
            1 => before.bits.to_consensus(),
            _ => required.unwrap_or(bits_from_target(self.params.pow_limit)),
        };
        self.salt += 1;
        let mut header = unmined(parent, time, bits, self.salt);
        if script.one_in(16) {
            header.version = Version::from_consensus(script.number());
        }
        if !script.one_in(16) {
            mine(&mut header);
        }
        self.accept(header);
    }

    /// Many headers after one, at a steady pace.
    fn run(&mut self, script: &mut Script<'_>) {
        let mut parent = self.pick(script);
        let count = match script.one_in(32) {
            true => script.below(5_000),
            false => script.below(64),
        };
        let step = script.below(64) as u32;
        for _ in 0..count {
            let Some(before) = self.accepted.get(&parent) else {
                return;
            };
            let time = before.header.time.saturating_add(step);
            let Ok(bits) = self.tree.required_bits(&parent, time) else {
                return;
            };
            self.salt += 1;
            let mut header = unmined(parent, time, bits, self.salt);
            mine(&mut header);
            self.now = self.now.max(time);
            if !self.accept(header) {
                return;
            }
            parent = header.block_hash();
        }
    }

    /// A known header with a byte changed, mined again or not.
    fn damaged(&mut self, script: &mut Script<'_>) {
        let known = self.pick(script);
        let mut bytes = serialize(&self.accepted[&known].header);
        let at = script.below(bytes.len());
        bytes[at] ^= script.byte();
        let Ok(mut header) = deserialize::<Header>(&bytes) else {
            return;
        };
        if script.one_in(2) {
            mine(&mut header);
        }
        self.accept(header);
    }

    /// Gives a header to the tree and holds the answer against what is known here. Whether it is
    /// in the tree now.
    fn accept(&mut self, header: Header) -> bool {
        let hash = header.block_hash();
        let (before, branches) = (self.tree.tip(), self.tree.branch_headers());
        let answer = self.tree.accept(header, self.now);
        let after = self.tree.tip();
        assert!(after.work >= before.work, "best work fell");
        match answer {
            Err(_) => {
                assert_eq!(before, after, "a refused header moved the tip");
                // A branch without room is let go of, with others of its kind.
                assert!(self.tree.branch_headers() <= branches);
                false
            }
            Ok(accepted) => {
                self.note(header, hash);
                match accepted {
                    Accepted::Known => assert_eq!(before, after),
                    Accepted::Branch => {
                        assert_eq!(before, after);
                        assert!(self.accepted[&hash].work <= before.work);
                    }
                    Accepted::Extended => {
                        assert_eq!(after.hash, hash);
                        assert_eq!(header.prev_blockhash, before.hash);
                    }
                    Accepted::Reorganised(change) => {
                        assert!(after.work > before.work, "replaced without more work");
                        assert_eq!(after.hash, hash);
                        assert_eq!(change.connected.last(), Some(&hash));
                        assert_eq!(change.disconnected.first(), Some(&before.hash));
                        let fork = self.tree.hash_at(change.fork_height);
                        let lowest = change.connected.first();
                        let parent = lowest.map(|lowest| self.accepted[lowest]);
                        assert_eq!(fork, parent.map(|made| made.header.prev_blockhash));
                    }
                }
                true
            }
        }
    }

    /// Whatever was accepted has shown its work, follows what was accepted before, and is later
    /// than the median of the eleven before it.
    fn note(&mut self, header: Header, hash: BlockHash) {
        if self.accepted.contains_key(&hash) {
            return;
        }
        let target = Target::from_compact(header.bits);
        assert!(target.is_met_by(hash), "accepted without proof of work");
        let limit = Target::from_compact(CompactTarget::from_consensus(bits_from_target(
            self.params.pow_limit,
        )));
        assert!(target <= limit, "accepted above the limit");
        let parent = self.accepted.get(&header.prev_blockhash);
        let parent = *parent.expect("accepted without its parent");
        assert!(!self.invalid.contains(&header.prev_blockhash));
        let made = Made {
            header,
            height: parent.height + 1,
            work: parent.work + U256::from_be_bytes(header.work().to_be_bytes()),
        };
        assert!(
            header.time > self.median(&header.prev_blockhash),
            "accepted too early a time"
        );
        assert!(
            u64::from(header.time) <= u64::from(self.now) + u64::from(self.params.max_future),
            "accepted too late a time"
        );
        let found = self.tree.get(&hash).expect("what was accepted is there");
        assert_eq!((found.height, found.work), (made.height, made.work));
        self.accepted.insert(hash, made);
        self.made.push(hash);
    }

    fn median(&self, hash: &BlockHash) -> u32 {
        let mut times = Vec::new();
        let mut at = *hash;
        while let Some(made) = self.accepted.get(&at).filter(|_| times.len() < 11) {
            times.push(made.header.time);
            at = made.header.prev_blockhash;
        }
        times.sort_unstable();
        times[times.len() / 2]
    }

    /// A full node finds a block invalid, or stands on one.
    fn judge(&mut self, script: &mut Script<'_>) {
        let hash = self.pick(script);
        if script.one_in(2) {
            let work = self.tree.tip().work;
            self.tree.stand_on(hash);
            assert_eq!(self.tree.tip().work, work, "standing costs no work");
            return;
        }
        if self.accepted[&hash].height == 0 || self.tree.get(&hash).is_none() {
            return;
        }
        self.tree.invalidate(&hash);
        // What follows is gone with it.
        let mut gone = BTreeSet::from([hash]);
        for made in &self.made {
            if gone.contains(&self.accepted[made].header.prev_blockhash) {
                gone.insert(*made);
            }
        }
        assert!(self.tree.is_invalid(&hash));
        for hash in &gone {
            assert!(self.tree.get(hash).is_none(), "what follows is still there");
            self.accepted.remove(hash);
        }
        self.made.retain(|hash| !gone.contains(hash));
        self.invalid.insert(hash);
    }

    /// What others ask of the tree, of any hash.
    fn look(&mut self, script: &mut Script<'_>) {
        let hash = match script.one_in(4) {
            true => BlockHash::from_raw_hash(
                farthing_core::bitcoin::hashes::Hash::from_byte_array(script.hash()),
            ),
            false => self.pick(script),
        };
        let _ = self.tree.median_time_past(&hash);
        let _ = self.tree.required_bits(&hash, script.number());
        let header = self.accepted.get(&hash).map(|made| made.header);
        let _ = self.tree.shows_enough_work(header.as_slice());
        let locator = self.tree.locator();
        assert!(locator.len() <= 101);
        assert_eq!(locator.first(), Some(&self.tree.tip().hash));
        for branch in self.tree.branches() {
            assert!(branch.work <= self.tree.tip().work);
            assert!(branch.fork_height < branch.height);
            assert!(self.accepted.contains_key(&branch.tip));
        }
    }

    /// What is stored is read back to the same chain; what is damaged, to its good beginning.
    fn restore(&mut self, script: &mut Script<'_>) {
        let mut bytes = self.stored();
        let (tree, problem) = HeaderTree::restore(self.params.clone(), &bytes);
        assert_eq!(problem, None);
        assert_eq!(tree.tip(), self.tree.tip());
        let at = script.number::<u32>() as usize % bytes.len();
        bytes[at] ^= script.byte().max(1);
        let (tree, _) = HeaderTree::restore(self.params.clone(), &bytes);
        assert!(tree.tip().height as usize + 1 >= at / 80);
        assert!(tree.tip().work <= self.tree.tip().work * U256::from(2));
    }

    /// The best chain, 80 bytes each.
    fn stored(&self) -> Vec<u8> {
        let mut chain = Vec::new();
        let mut at = self.tree.tip().hash;
        while let Some(made) = self.accepted.get(&at) {
            chain.push(serialize(&made.header));
            at = made.header.prev_blockhash;
        }
        chain.reverse();
        chain.concat()
    }

    /// The tip has the most work of all that was accepted, and the best chain passes the other
    /// verifier, which reads it off-line.
    fn finish(&self) {
        let tip = self.tree.tip();
        let made = &self.accepted[&tip.hash];
        assert_eq!((tip.height, tip.work), (made.height, made.work));
        let kept = self
            .made
            .iter()
            .filter(|hash| self.tree.get(hash).is_some());
        let most = kept.map(|hash| self.accepted[hash].work).max();
        assert_eq!(most, Some(tip.work), "another header has more work");
        let report = range::check(&self.params, 0, &self.stored(), None);
        let report = report.expect("the best chain keeps every rule");
        assert_eq!((report.tip, report.work), (tip.hash, tip.work));
        for height in 0..=tip.height {
            let hash = self.tree.hash_at(height).expect("every height has a hash");
            assert_eq!(self.tree.height_of(&hash), Some(height));
        }
    }
}
