//! Whoever is on the network: a machine, its clocks, its disk, its connections.

use crate::disk::{ClientDisk, NodeDisk};
use crate::event::Counters;
use crate::liar::Liar;
use crate::trace::Recorder;
use crate::wire::{LaneId, WireId};
use farthing_core::bitcoin::{BlockHash, ScriptBuf};
use farthing_core::client::{
    self, ChainView, Client, CommandError, NodeAddress, NoticeKind, PeerId, PeerView, Reply,
    RequestId,
};
use farthing_core::consensus::script_of_key;
use farthing_core::headers::HeaderTree;
use farthing_core::invoice::InvoiceView;
use farthing_core::keys::SecretKey;
use farthing_core::node::{self, Node, NodeOptions, RequestError, Response};
use farthing_core::primitives::Now;
use std::collections::{BTreeMap, VecDeque};

/// What a monotonic clock shows when its machine starts.
const MONOTONIC_START_MS: u64 = 1_000;
/// Lines of a node's log, and notices of a client, that are kept.
const LINES: usize = 200;

/// The machine that a member runs.
#[derive(Debug)]
pub(crate) enum Machine {
    Node(Box<Node<NodeDisk>>),
    Client(Box<Client>),
    /// It crashed, and this is its disk.
    Down(Disk),
}

/// What a member starts on.
#[derive(Debug)]
pub(crate) enum Disk {
    Node(Box<NodeDisk>),
    Client,
}

/// What a member is started with.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    Node(Box<NodeOptions>),
    Client(Vec<NodeAddress>),
}

/// What a machine takes in.
#[allow(clippy::large_enum_variant, reason = "lives for one call")]
#[derive(Debug, Clone)]
pub(crate) enum Input {
    Node(node::Input),
    Client(client::Input),
}

/// What a machine gives out.
#[derive(Debug)]
pub(crate) enum Output {
    Node(node::Output),
    Client(client::Output),
}

/// What a client's page was told last.
#[derive(Debug, Clone, Default)]
pub struct Told {
    /// The chain.
    pub chain: Option<ChainView>,
    /// The peers.
    pub peers: Vec<PeerView>,
    /// The invoices, by number.
    pub invoices: BTreeMap<u32, InvoiceView>,
    /// The newest notices.
    pub notices: VecDeque<(NoticeKind, String)>,
    /// Answers to commands that nobody has taken.
    pub replies: BTreeMap<u32, Result<Reply, CommandError>>,
}

#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) machine: Machine,
    /// Of a client.
    pub(crate) disk: ClientDisk,
    /// Of its machine.
    pub(crate) seed: [u8; 32],
    pub(crate) recorder: Option<Recorder>,
    /// What becomes of its messages, where it lies.
    pub(crate) liar: Option<Liar>,
    /// How often it was started; what was meant for the run before is dropped.
    pub(crate) run: u32,
    born_ms: u64,
    /// Its wall clock minus the true time.
    pub(crate) skew_ms: i64,
    /// When it wishes to be woken, and the number of that wish.
    pub(crate) wake: u64,
    pub(crate) peers: BTreeMap<PeerId, (WireId, LaneId)>,
    pub(crate) tip: Tip,
    pub(crate) counters: Counters,
    pub(crate) next_request: u32,
    /// Answers to requests that nobody has taken.
    pub(crate) answers: BTreeMap<u32, Result<Response, RequestError>>,
    pub(crate) told: Told,
    pub(crate) log: VecDeque<String>,
    /// Of the key that its blocks pay.
    pub(crate) key_seed: [u8; 32],
    pub(crate) payout: ScriptBuf,
    /// The part of a partitioned network that it is in.
    pub(crate) part: Option<usize>,
}

/// A member's best block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tip {
    /// Its hash.
    pub hash: BlockHash,
    /// Its height.
    pub height: u32,
}

impl Member {
    pub(crate) fn new(name: &str, kind: Kind, machine: Machine, key_seed: [u8; 32]) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            disk: ClientDisk::default(),
            seed: [0; 32],
            recorder: None,
            liar: None,
            run: 0,
            born_ms: 0,
            skew_ms: 0,
            wake: 0,
            peers: BTreeMap::new(),
            tip: machine.tip().unwrap_or(Tip {
                hash: BlockHash::from_raw_hash(farthing_core::bitcoin::hashes::Hash::all_zeros()),
                height: 0,
            }),
            machine,
            counters: Counters::default(),
            next_request: 1,
            answers: BTreeMap::new(),
            told: Told::default(),
            log: VecDeque::new(),
            payout: script_of_key(&SecretKey::from_seed(&key_seed).public()),
            key_seed,
            part: None,
        }
    }

    /// Another run of it begins.
    pub(crate) fn begin(&mut self, machine: Machine, seed: [u8; 32], now_ms: u64) {
        self.machine = machine;
        self.seed = seed;
        self.run += 1;
        self.born_ms = now_ms;
        self.wake += 1;
    }

    /// Its clocks at the lab's time, which counts from `start_unix_ms`.
    pub(crate) fn now(&self, now_ms: u64, start_unix_ms: u64) -> Now {
        Now {
            unix_ms: (start_unix_ms + now_ms).saturating_add_signed(self.skew_ms),
            monotonic_ms: MONOTONIC_START_MS + (now_ms - self.born_ms),
        }
    }

    /// The lab's time at which the monotonic clock shows this.
    pub(crate) fn when(&self, monotonic_ms: u64) -> u64 {
        self.born_ms + monotonic_ms.saturating_sub(MONOTONIC_START_MS)
    }

    pub(crate) fn is_up(&self) -> bool {
        !matches!(self.machine, Machine::Down(_))
    }

    pub(crate) fn request_id(&mut self) -> RequestId {
        let id = RequestId(self.next_request);
        self.next_request = self.next_request.wrapping_add(1);
        id
    }

    pub(crate) fn line(&mut self, text: String) {
        keep(&mut self.log, text);
    }

    pub(crate) fn notice(&mut self, kind: NoticeKind, text: String) {
        keep(&mut self.told.notices, (kind, text));
    }
}

fn keep<T>(lines: &mut VecDeque<T>, line: T) {
    if lines.len() >= LINES {
        lines.pop_front();
    }
    lines.push_back(line);
}

impl Machine {
    /// Its best validated block: of a client its best header's.
    pub(crate) fn tip(&self) -> Option<Tip> {
        let entry = match self {
            Machine::Node(node) => node.chain().tip(),
            Machine::Client(client) => client.headers().tip(),
            Machine::Down(_) => return None,
        };
        Some(Tip {
            hash: entry.hash,
            height: entry.height,
        })
    }

    /// Blocks that a chain which ended in `before` lost when it became the present one.
    pub(crate) fn depth_of_reorg(&self, before: &BlockHash) -> u32 {
        let (tree, on_chain): (&HeaderTree, &dyn Fn(&BlockHash) -> bool) = match self {
            Machine::Node(node) => (node.chain().headers(), &|hash| {
                node.chain().is_connected(hash)
            }),
            Machine::Client(client) => (client.headers(), &|hash| {
                client.headers().height_of(hash).is_some()
            }),
            Machine::Down(_) => return 0,
        };
        let mut depth = 0;
        let mut at = tree.get(before);
        while let Some(entry) = at.filter(|entry| !on_chain(&entry.hash)) {
            depth += 1;
            at = tree.get(&entry.header.prev_blockhash);
        }
        depth
    }

    pub(crate) fn handle(&mut self, now: Now, input: Input, outputs: &mut Vec<Output>) {
        match (self, input) {
            (Machine::Node(node), Input::Node(input)) => {
                node.handle(now, input);
                outputs.extend(std::iter::from_fn(|| node.poll_output()).map(Output::Node));
            }
            (Machine::Client(client), Input::Client(input)) => {
                client.handle(now, input);
                outputs.extend(std::iter::from_fn(|| client.poll_output()).map(Output::Client));
            }
            // It crashed, or there is no such input for it.
            _ => {}
        }
    }

    pub(crate) fn tick(&self) -> Input {
        match self {
            Machine::Client(_) => Input::Client(client::Input::Tick),
            _ => Input::Node(node::Input::Tick),
        }
    }

    pub(crate) fn connected(&self, peer: PeerId) -> Input {
        match self {
            Machine::Client(_) => Input::Client(client::Input::Connected(peer)),
            _ => Input::Node(node::Input::Connected(peer)),
        }
    }

    pub(crate) fn disconnected(&self, peer: PeerId) -> Input {
        match self {
            Machine::Client(_) => Input::Client(client::Input::Disconnected(peer)),
            _ => Input::Node(node::Input::Disconnected(peer)),
        }
    }

    pub(crate) fn received(&self, peer: PeerId, bytes: Vec<u8>) -> Input {
        match self {
            Machine::Client(_) => Input::Client(client::Input::Received { peer, bytes }),
            _ => Input::Node(node::Input::Received { peer, bytes }),
        }
    }
}
