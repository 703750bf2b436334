//! A small scripted peer: serves a chain and a mempool as nodes do, or misbehaves as told.

use super::chain::Chain;
use crate::params::NetworkParams;
use crate::protocol::{Frame, FrameDecoder, encode};
use bitcoin::block::Block;
use bitcoin::p2p::message::NetworkMessage;
use bitcoin::p2p::message_blockdata::Inventory;
use bitcoin::p2p::message_network::VersionMessage;
use bitcoin::p2p::{Address, ServiceFlags};
use bitcoin::{BlockHash, Transaction};

/// What a peer does otherwise than a node.
#[derive(Debug, Clone, Default)]
pub(crate) struct Habits {
    /// Never answers `version`.
    pub(crate) mute: bool,
    /// Never answers `ping`.
    pub(crate) no_pong: bool,
    /// Never answers `getheaders`.
    pub(crate) no_headers: bool,
    /// Never sends a block.
    pub(crate) no_blocks: bool,
    /// Says `notfound` for every block.
    pub(crate) lacks_blocks: bool,
    /// Repeats the last transaction of each block (CVE-2012-2459 where the count is odd).
    pub(crate) mutates_blocks: bool,
    /// Says `notfound` for every transaction.
    pub(crate) lacks_transactions: bool,
    /// Never answers `getdata` of transactions.
    pub(crate) no_transactions: bool,
    /// Never asks for a transaction that is announced to it.
    pub(crate) incurious: bool,
    /// Protocol version of its own.
    pub(crate) version: Option<u32>,
    /// After so many answers to `getheaders` it has another chain.
    pub(crate) switches: Option<(u32, Chain)>,
    /// It keeps the newest blocks alone (BIP159).
    pub(crate) pruned: bool,
    /// Its clock minus the true one.
    pub(crate) clock: i64,
}

/// A peer.
#[derive(Debug)]
pub(crate) struct Peer {
    magic: [u8; 4],
    decoder: FrameDecoder,
    pub(crate) chain: Chain,
    pub(crate) mempool: Vec<Transaction>,
    pub(crate) habits: Habits,
    /// Every message that came, in order.
    pub(crate) heard: Vec<NetworkMessage>,
    shaken: bool,
}

impl Peer {
    pub(crate) fn new(params: &NetworkParams, chain: Chain) -> Self {
        Self {
            magic: params.magic,
            decoder: FrameDecoder::new(params.magic),
            chain,
            mempool: Vec::new(),
            habits: Habits::default(),
            heard: Vec::new(),
            shaken: false,
        }
    }

    /// A new connection.
    pub(crate) fn reset(&mut self) {
        self.decoder = FrameDecoder::new(self.magic);
        self.shaken = false;
    }

    pub(crate) fn encode(&self, message: NetworkMessage) -> Vec<u8> {
        encode(self.magic, message)
    }

    /// Takes bytes of the client, gives what it answers.
    pub(crate) fn receive(&mut self, bytes: &[u8], unix: u32) -> Vec<NetworkMessage> {
        self.decoder.push(bytes);
        let mut answers = Vec::new();
        while let Some(frame) = self.decoder.next().expect("the client sends good frames") {
            let Frame::Message { payload, .. } = frame else {
                panic!("the client sends good checksums");
            };
            self.answer(&payload, unix, &mut answers);
            self.heard.push(payload);
        }
        answers
    }

    fn answer(&mut self, message: &NetworkMessage, unix: u32, answers: &mut Vec<NetworkMessage>) {
        match message {
            NetworkMessage::Version(_) if !self.habits.mute => {
                answers.push(NetworkMessage::Version(self.version(unix)));
                if self.habits.version.unwrap_or(70_016) >= 70_016 {
                    answers.push(NetworkMessage::WtxidRelay);
                }
                answers.push(NetworkMessage::Verack);
            }
            NetworkMessage::WtxidRelay | NetworkMessage::SendAddrV2 => {
                assert!(!self.shaken, "a node disconnects for these after verack");
            }
            NetworkMessage::Verack => self.shaken = true,
            NetworkMessage::Ping(nonce) if !self.habits.no_pong => {
                answers.push(NetworkMessage::Pong(*nonce));
            }
            NetworkMessage::GetHeaders(ask) if !self.habits.no_headers => {
                assert!(ask.locator_hashes.len() <= 101, "a node disconnects at 102");
                let from = ask
                    .locator_hashes
                    .iter()
                    .find_map(|hash| self.height_of(hash))
                    .unwrap_or(0);
                let headers = self.chain.iter().skip(from + 1).take(2000);
                answers.push(NetworkMessage::Headers(
                    headers.map(|block| block.header).collect(),
                ));
                self.habits.switches = match self.habits.switches.take() {
                    Some((1, other)) => {
                        self.chain = other;
                        None
                    }
                    Some((left, other)) => Some((left - 1, other)),
                    None => None,
                };
            }
            NetworkMessage::Inv(items) if !self.habits.incurious => {
                answers.push(NetworkMessage::GetData(items.clone()));
            }
            // A block that follows its tip.
            NetworkMessage::Block(block)
                if self.chain.last().map(Block::block_hash)
                    == Some(block.header.prev_blockhash) =>
            {
                self.chain.push(block.clone());
            }
            NetworkMessage::Headers(headers) => {
                let wanted = headers
                    .iter()
                    .map(|h| Inventory::WitnessBlock(h.block_hash()));
                answers.push(NetworkMessage::GetData(wanted.collect()));
            }
            NetworkMessage::GetData(items) => {
                for item in items {
                    answers.extend(self.serve(*item));
                }
            }
            _ => {}
        }
    }

    fn serve(&self, item: Inventory) -> Option<NetworkMessage> {
        let not_found = Some(NetworkMessage::NotFound(vec![item]));
        match item {
            Inventory::WitnessBlock(_) if self.habits.no_blocks => None,
            Inventory::WitnessBlock(_) if self.habits.lacks_blocks => not_found,
            Inventory::WitnessBlock(hash) => {
                let mut block = self.chain[self.height_of(&hash)?].clone();
                if self.habits.mutates_blocks {
                    let last = block.txdata.last().cloned()?;
                    block.txdata.push(last);
                }
                Some(NetworkMessage::Block(block))
            }
            _ if self.habits.no_transactions => None,
            _ if self.habits.lacks_transactions => not_found,
            Inventory::WTx(wtxid) => self
                .mempool
                .iter()
                .find(|tx| tx.compute_wtxid() == wtxid)
                .map(|tx| NetworkMessage::Tx(tx.clone()))
                .or(not_found),
            Inventory::WitnessTransaction(txid) => self
                .mempool
                .iter()
                .find(|tx| tx.compute_txid() == txid)
                .map(|tx| NetworkMessage::Tx(tx.clone()))
                .or(not_found),
            other => panic!("no node is asked for {other:?}"),
        }
    }

    /// How it announces a transaction.
    pub(crate) fn announcement(&self, transaction: &Transaction) -> NetworkMessage {
        let item = match self.habits.version.unwrap_or(70_016) >= 70_016 {
            true => Inventory::WTx(transaction.compute_wtxid()),
            false => Inventory::Transaction(transaction.compute_txid()),
        };
        NetworkMessage::Inv(vec![item])
    }

    /// What it would greet with.
    pub(crate) fn own_version(&self) -> NetworkMessage {
        NetworkMessage::Version(self.version(super::world::START))
    }

    fn height_of(&self, hash: &BlockHash) -> Option<usize> {
        // Each block names the one before it: only the last must be hashed.
        let parents = self.chain.iter().skip(1);
        let below = parents
            .map(|block: &Block| block.header.prev_blockhash)
            .position(|parent| parent == *hash);
        below.or_else(|| (self.chain.last()?.block_hash() == *hash).then(|| self.chain.len() - 1))
    }

    fn version(&self, unix: u32) -> VersionMessage {
        let nowhere = Address {
            services: ServiceFlags::NONE,
            address: [0; 8],
            port: 0,
        };
        let height = self.chain.len() - 1;
        VersionMessage {
            version: self.habits.version.unwrap_or(70_016),
            services: ServiceFlags::WITNESS
                | match self.habits.pruned {
                    true => ServiceFlags::NETWORK_LIMITED,
                    false => ServiceFlags::NETWORK,
                },
            timestamp: i64::from(unix) + self.habits.clock,
            receiver: nowhere.clone(),
            sender: nowhere,
            nonce: 77,
            user_agent: "/scripted:1.0/".to_owned(),
            start_height: i32::try_from(height).expect("few blocks"),
            relay: true,
        }
    }
}
