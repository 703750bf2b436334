//! Somebody who says what the test says: shakes hands, answers pings, and remembers what it heard.

use crate::params::NetworkParams;
use crate::protocol::encode;
use bitcoin::consensus::encode::deserialize;
use bitcoin::p2p::message::{NetworkMessage, RawNetworkMessage};
use bitcoin::p2p::message_network::VersionMessage;
use bitcoin::p2p::{Address, ServiceFlags};

#[derive(Debug)]
pub(super) struct Stranger {
    magic: [u8; 4],
    /// Every message that came, in order.
    pub(super) heard: Vec<NetworkMessage>,
    /// Whether it reads what it is sent.
    pub(super) takes: bool,
    /// What it says of itself.
    pub(super) services: ServiceFlags,
    pub(super) version: u32,
    /// Whether it said its `version`.
    greeted: bool,
    /// Whether it answers `getheaders`: with none.
    pub(super) answers_headers: bool,
    /// Whether it answers pings.
    pub(super) pongs: bool,
}

impl Stranger {
    pub(super) fn new(params: &NetworkParams) -> Self {
        Self {
            magic: params.magic,
            heard: Vec::new(),
            takes: true,
            services: ServiceFlags::NETWORK | ServiceFlags::WITNESS,
            version: 70_016,
            greeted: false,
            answers_headers: true,
            pongs: true,
        }
    }

    /// What it greets with.
    pub(super) fn greeting(&mut self, unix: u32) -> NetworkMessage {
        self.greeted = true;
        let nowhere = Address {
            services: ServiceFlags::NONE,
            address: [0; 8],
            port: 0,
        };
        NetworkMessage::Version(VersionMessage {
            version: self.version,
            services: self.services,
            timestamp: i64::from(unix),
            receiver: nowhere.clone(),
            sender: nowhere,
            nonce: 77,
            user_agent: "/stranger:1.0/".to_owned(),
            start_height: 0,
            relay: true,
        })
    }

    /// Takes one whole message of the node, gives what it answers.
    pub(super) fn receive(&mut self, bytes: &[u8], unix: u32) -> Vec<Vec<u8>> {
        let message: RawNetworkMessage = deserialize(bytes).expect("the node sends good frames");
        let message = message.into_payload();
        let mut answers = Vec::new();
        match &message {
            NetworkMessage::Version(_) => {
                if !self.greeted {
                    answers.push(self.greeting(unix));
                }
                if self.version >= 70_016 {
                    answers.push(NetworkMessage::WtxidRelay);
                }
                answers.push(NetworkMessage::Verack);
            }
            NetworkMessage::GetHeaders(_) if self.answers_headers => {
                answers.push(NetworkMessage::Headers(Vec::new()));
            }
            NetworkMessage::Ping(nonce) if self.pongs => {
                answers.push(NetworkMessage::Pong(*nonce));
            }
            _ => {}
        }
        self.heard.push(message);
        answers
            .into_iter()
            .map(|answer| encode(self.magic, answer))
            .collect()
    }

    pub(super) fn count(&self, command: &str) -> usize {
        self.heard
            .iter()
            .filter(|message| message.cmd() == command)
            .count()
    }
}

impl super::world::World {
    /// A stranger that calls a node and shakes hands.
    pub(super) fn guest(&mut self, name: &str, node: &str) {
        self.stranger(name, node);
        self.greet(name);
    }

    /// Says `version`; the node's answer makes it say `verack`.
    pub(super) fn greet(&mut self, name: &str) {
        let unix = self.now().unix();
        let greeting = self.stranger_mut(name).greeting(unix);
        self.say(name, greeting);
        self.pass(200);
    }
}
