//! The other end of a connection: it reads what the machine under test sends, answers as an honest
//! node would, or says what the script makes up.

use crate::builder::Builder;
use crate::script::Script;
use crate::wire::{COMMANDS, frame};
use farthing_core::bitcoin::consensus::{deserialize, serialize};
use farthing_core::bitcoin::hashes::Hash;
use farthing_core::bitcoin::p2p::message::NetworkMessage;
use farthing_core::bitcoin::p2p::message_blockdata::{GetHeadersMessage, Inventory};
use farthing_core::bitcoin::p2p::message_network::VersionMessage;
use farthing_core::bitcoin::p2p::{Address, ServiceFlags};
use farthing_core::bitcoin::{Block, BlockHash, Transaction, Wtxid};
use farthing_core::protocol::{Frame, FrameDecoder, encode};
use std::collections::VecDeque;

/// Messages of the machine that wait for an answer.
const MOST_HEARD: usize = 500;

/// What exists on the network beside the machine under test.
#[derive(Default)]
pub(crate) struct Network {
    /// The blocks.
    pub(crate) builder: Builder,
    /// Transactions in no block.
    pub(crate) mempool: Vec<Transaction>,
}

impl Network {
    /// Makes a transaction of the coins after a block, or of what waits, and lets it wait.
    pub(crate) fn pay(&mut self, script: &mut Script<'_>) {
        let number = self.builder.pick(script);
        let mut coins = self.builder.made[number].coins.clone();
        if let Some((transaction, _)) = self.builder.spend_of(script, &mut coins)
            && self.mempool.len() < 100
        {
            self.mempool.push(transaction);
        }
    }

    /// A block with what waits, after one of the last, valid or not.
    pub(crate) fn mine(&mut self, script: &mut Script<'_>) {
        let count = script.below(4).min(self.mempool.len());
        let parent = self.builder.pick(script);
        let spends: Vec<_> = self.mempool.drain(..count).collect();
        // It takes the subsidy alone, so it need not know the fees; the spends may miss their coins.
        let number = self.builder.grow_with(parent, spends.clone(), 0, 30, 0);
        if !self.builder.spends_are_there(parent, &spends) {
            self.builder.made[number].valid = false;
        }
    }
}

/// A connection, seen from the other end.
pub(crate) struct Peer {
    decoder: FrameDecoder,
    magic: [u8; 4],
    heard: VecDeque<NetworkMessage>,
    /// The block on which its chain ends.
    pub(crate) tip: usize,
}

impl Peer {
    /// A connection to a node whose chain ends on this block.
    #[must_use]
    pub(crate) fn new(magic: [u8; 4], tip: usize) -> Self {
        Self {
            decoder: FrameDecoder::new(magic),
            magic,
            heard: VecDeque::new(),
            tip,
        }
    }

    /// Takes what the machine sent: whole messages, within the limits of the protocol.
    pub(crate) fn hear(&mut self, bytes: &[u8]) {
        self.decoder.push(bytes);
        while let Some(frame) = self.decoder.next().expect("the machine sends good frames") {
            let Frame::Message { payload, .. } = frame else {
                unreachable!("the machine sends good checksums");
            };
            match &payload {
                NetworkMessage::GetHeaders(ask) => assert!(ask.locator_hashes.len() <= 101),
                NetworkMessage::Inv(items) | NetworkMessage::GetData(items) => {
                    assert!(!items.is_empty() && items.len() <= 50_000);
                }
                NetworkMessage::Headers(headers) => assert!(headers.len() <= 2_000),
                _ => {}
            }
            if self.heard.len() < MOST_HEARD {
                self.heard.push_back(payload);
            }
        }
        assert_eq!(self.decoder.waiting(), 0, "a message in two outputs");
    }

    /// Whether something waits for an answer.
    #[must_use]
    pub(crate) fn waits(&self) -> bool {
        !self.heard.is_empty()
    }

    /// Answers all that was heard as an honest node: the bytes.
    pub(crate) fn answer(&mut self, network: &Network, unix: u32) -> Vec<Vec<u8>> {
        let mut answers = Vec::new();
        while let Some(message) = self.heard.pop_front() {
            self.answer_one(&message, network, unix, &mut answers);
        }
        let magic = self.magic;
        answers
            .into_iter()
            .map(|message| encode(magic, message))
            .collect()
    }

    fn answer_one(
        &self,
        message: &NetworkMessage,
        network: &Network,
        unix: u32,
        answers: &mut Vec<NetworkMessage>,
    ) {
        let builder = &network.builder;
        match message {
            NetworkMessage::Version(_) => {
                answers.push(NetworkMessage::Version(self.version(builder, unix)));
                answers.push(NetworkMessage::WtxidRelay);
                answers.push(NetworkMessage::Verack);
            }
            NetworkMessage::Ping(nonce) => answers.push(NetworkMessage::Pong(*nonce)),
            NetworkMessage::GetHeaders(ask) => {
                let path = builder.path(self.tip);
                let known =
                    |number: &usize| ask.locator_hashes.contains(&builder.made[*number].hash);
                let from = path.iter().rposition(known).map_or(0, |at| at + 1);
                let headers = path[from..].iter();
                let headers = headers.map(|number| builder.made[*number].block.header);
                answers.push(NetworkMessage::Headers(headers.take(2_000).collect()));
            }
            NetworkMessage::Inv(items) => answers.push(NetworkMessage::GetData(items.clone())),
            NetworkMessage::GetData(items) => {
                for item in items.iter().take(200) {
                    answers.push(serve(network, *item));
                }
            }
            _ => {}
        }
    }

    fn version(&self, builder: &Builder, unix: u32) -> VersionMessage {
        let nowhere = Address {
            services: ServiceFlags::NONE,
            address: [0; 8],
            port: 0,
        };
        VersionMessage {
            version: 70_016,
            services: ServiceFlags::WITNESS | ServiceFlags::NETWORK,
            timestamp: unix.into(),
            receiver: nowhere.clone(),
            sender: nowhere,
            nonce: 77,
            user_agent: "/peer/".to_owned(),
            start_height: builder.made[self.tip].height as i32,
            relay: true,
        }
    }

    /// How it announces the block on which its chain ends.
    pub(crate) fn announces_tip(&self, network: &Network) -> Vec<u8> {
        let tip = Inventory::Block(network.builder.made[self.tip].hash);
        encode(self.magic, NetworkMessage::Inv(vec![tip]))
    }

    /// How it announces the last transaction that waits.
    pub(crate) fn announces_payment(&self, network: &Network) -> Option<Vec<u8>> {
        let last = network.mempool.last()?.compute_wtxid();
        let message = NetworkMessage::Inv(vec![Inventory::WTx(last)]);
        Some(encode(self.magic, message))
    }

    /// The message that introduces it.
    pub(crate) fn hello(&self, network: &Network) -> NetworkMessage {
        NetworkMessage::Version(self.version(&network.builder, 1_800_000_000))
    }

    /// What a node would greet with: one that dials, and speaks first.
    #[must_use]
    pub(crate) fn greeting(&self, network: &Network, unix: u32) -> Vec<Vec<u8>> {
        let version = NetworkMessage::Version(self.version(&network.builder, unix));
        [version, NetworkMessage::WtxidRelay, NetworkMessage::Verack]
            .map(|message| encode(self.magic, message))
            .to_vec()
    }
}

fn serve(network: &Network, item: Inventory) -> NetworkMessage {
    let waiting = network.mempool.iter();
    let mined = network
        .builder
        .made
        .iter()
        .flat_map(|made| &made.block.txdata);
    let mut transactions = waiting.chain(mined);
    let found = match item {
        Inventory::WitnessBlock(hash) | Inventory::Block(hash) => network
            .builder
            .find(&hash)
            .map(|number| NetworkMessage::Block(network.builder.made[number].block.clone())),
        Inventory::WTx(wtxid) => transactions
            .find(|transaction| transaction.compute_wtxid() == wtxid)
            .map(|transaction| NetworkMessage::Tx(transaction.clone())),
        Inventory::WitnessTransaction(txid) | Inventory::Transaction(txid) => transactions
            .find(|transaction| transaction.compute_txid() == txid)
            .map(|transaction| NetworkMessage::Tx(transaction.clone())),
        _ => None,
    };
    found.unwrap_or(NetworkMessage::NotFound(vec![item]))
}

/// Bytes that a script says: noise, a payload under a command, a message about what exists with a
/// byte changed or not.
pub(crate) fn said(script: &mut Script<'_>, network: &Network) -> Vec<u8> {
    let magic = network.builder.params.magic;
    match script.below(8) {
        0 => script.piece(300).to_vec(),
        1 => {
            let command = script.one_of(&COMMANDS);
            frame(magic, command, script.piece(600))
        }
        2 => {
            let (command, mut payload) = message(script, network);
            for _ in 0..=script.below(2) {
                if !payload.is_empty() {
                    let at = script.number::<u16>() as usize % payload.len();
                    payload[at] ^= script.byte();
                }
            }
            frame(magic, &command, &payload)
        }
        _ => {
            let (command, payload) = message(script, network);
            frame(magic, &command, &payload)
        }
    }
}

/// A message that a node might send, about what exists.
fn message(script: &mut Script<'_>, network: &Network) -> (String, Vec<u8>) {
    let builder = &network.builder;
    let message = match script.below(14) {
        0 | 1 => {
            let end = builder.pick(script);
            let path = builder.path(end);
            let from = script.below(path.len() + 1);
            let headers = path[from..].iter();
            let headers = headers.map(|number| builder.made[*number].block.header);
            NetworkMessage::Headers(headers.collect())
        }
        2 | 3 => {
            let mut block = block(script, network);
            // The last transactions again, so that the root stays (CVE-2012-2459).
            if script.one_in(8) {
                let from = block.txdata.len() - 1 - script.below(block.txdata.len());
                block.txdata.extend_from_within(from..);
            }
            NetworkMessage::Block(block)
        }
        4 | 5 => match transaction(script, network) {
            Some(transaction) => NetworkMessage::Tx(transaction),
            None => NetworkMessage::MemPool,
        },
        6 => NetworkMessage::Inv(items(script, network)),
        7 => NetworkMessage::GetData(items(script, network)),
        8 => NetworkMessage::NotFound(items(script, network)),
        9 => {
            let hashes = (0..script.below(4)).map(|_| hash(script, network));
            let hashes = hashes.collect();
            NetworkMessage::GetHeaders(GetHeadersMessage::new(hashes, hash(script, network)))
        }
        10 => match script.below(4) {
            0 => NetworkMessage::Ping(script.number()),
            1 => NetworkMessage::Pong(script.number()),
            2 => NetworkMessage::FeeFilter(script.number()),
            _ => NetworkMessage::GetAddr,
        },
        11 => {
            use farthing_core::bitcoin::p2p::message_filter as filter;
            let (start_height, stop_hash) = (script.byte().into(), hash(script, network));
            let filter_type = u8::from(script.one_in(16));
            match script.below(3) {
                0 => NetworkMessage::GetCFilters(filter::GetCFilters {
                    filter_type,
                    start_height,
                    stop_hash,
                }),
                1 => NetworkMessage::GetCFHeaders(filter::GetCFHeaders {
                    filter_type,
                    start_height,
                    stop_hash,
                }),
                _ => NetworkMessage::GetCFCheckpt(filter::GetCFCheckpt {
                    filter_type,
                    stop_hash,
                }),
            }
        }
        12 => match script.below(4) {
            0 => NetworkMessage::MemPool,
            1 => NetworkMessage::SendHeaders,
            2 => NetworkMessage::WtxidRelay,
            _ => NetworkMessage::Verack,
        },
        _ => NetworkMessage::Version(Peer::new([0; 4], 0).version(builder, script.number())),
    };
    let bytes = encode(builder.params.magic, message.clone());
    (message.cmd().to_owned(), bytes[24..].to_vec())
}

fn block(script: &mut Script<'_>, network: &Network) -> Block {
    let builder = &network.builder;
    builder.made[builder.pick(script)].block.clone()
}

/// A transaction that waits, one of a block, or bytes that are one.
fn transaction(script: &mut Script<'_>, network: &Network) -> Option<Transaction> {
    match script.below(4) {
        0 => block(script, network).txdata.last().cloned(),
        1 => deserialize(script.piece(400)).ok(),
        _ => {
            let at = script.below(network.mempool.len());
            network.mempool.get(at).cloned()
        }
    }
}

fn hash(script: &mut Script<'_>, network: &Network) -> BlockHash {
    match script.one_in(6) {
        true => BlockHash::from_byte_array(script.hash()),
        false => network.builder.made[network.builder.pick(script)].hash,
    }
}

fn items(script: &mut Script<'_>, network: &Network) -> Vec<Inventory> {
    (0..script.below(6))
        .map(|_| match script.below(6) {
            0 => Inventory::Block(hash(script, network)),
            1 => Inventory::WitnessBlock(hash(script, network)),
            2 => Inventory::WTx(Wtxid::from_byte_array(script.hash())),
            3 => Inventory::Unknown {
                inv_type: script.number(),
                hash: script.hash(),
            },
            kind => match transaction(script, network) {
                Some(found) if kind == 4 => Inventory::WTx(found.compute_wtxid()),
                Some(found) => Inventory::WitnessTransaction(found.compute_txid()),
                None => Inventory::Error,
            },
        })
        .collect()
}

/// A transaction as a person would paste it.
#[must_use]
pub(crate) fn pasted(transaction: &Transaction) -> String {
    hex::encode(serialize(transaction))
}
