//! What the strangers say.

use bitcoin::block::Header;
use bitcoin::hashes::Hash;
use bitcoin::p2p::message::NetworkMessage;
use bitcoin::p2p::message_blockdata::Inventory;
use bitcoin::p2p::message_network::VersionMessage;
use bitcoin::p2p::{Address, ServiceFlags};
use bitcoin::{BlockHash, Txid, Wtxid};
use farthing_core::params::NetworkParams;

pub(crate) const MIB: usize = 1 << 20;

/// A hash that no other number has.
pub(crate) fn bytes_of(number: u32) -> [u8; 32] {
    let mut bytes = [7; 32];
    bytes[..4].copy_from_slice(&number.to_le_bytes());
    bytes
}

pub(crate) fn txid(number: u32) -> Txid {
    Txid::from_byte_array(bytes_of(number))
}

/// Announces transactions that do not exist.
pub(crate) fn invented(from: u32, count: u32) -> NetworkMessage {
    let items =
        (from..from + count).map(|number| Inventory::WTx(Wtxid::from_byte_array(bytes_of(number))));
    NetworkMessage::Inv(items.collect())
}

/// Announces blocks that do not exist.
pub(crate) fn invented_blocks(from: u32, count: u32) -> NetworkMessage {
    let items = (from..from + count)
        .map(|number| Inventory::Block(BlockHash::from_byte_array(bytes_of(number))));
    NetworkMessage::Inv(items.collect())
}

/// As many addresses as one message may hold.
pub(crate) fn addresses(from: u32) -> NetworkMessage {
    let address = |number: u32| {
        let socket = std::net::SocketAddr::from((number.to_be_bytes(), 9_960));
        (1, Address::new(&socket, ServiceFlags::NETWORK))
    };
    NetworkMessage::Addr((from..from + 1_000).map(address).collect())
}

pub(crate) fn version(unix: u32, height: i32) -> NetworkMessage {
    let nowhere = Address {
        services: ServiceFlags::NONE,
        address: [0; 8],
        port: 0,
    };
    NetworkMessage::Version(VersionMessage {
        version: 70_016,
        services: ServiceFlags::NETWORK | ServiceFlags::WITNESS,
        timestamp: i64::from(unix),
        receiver: nowhere.clone(),
        sender: nowhere,
        nonce: 77,
        user_agent: "/flood:1.0/".to_owned(),
        start_height: height,
        relay: true,
    })
}

/// A header with work after this one.
pub(crate) fn header_after(params: &NetworkParams, parent: &Header, salt: u32) -> Header {
    let mut header = Header {
        prev_blockhash: parent.block_hash(),
        merkle_root: bitcoin::TxMerkleNode::from_byte_array(bytes_of(salt)),
        time: parent.time + 1,
        bits: params.genesis.bits,
        nonce: 0,
        version: bitcoin::block::Version::from_consensus(0x2000_0000),
    };
    while !header.target().is_met_by(header.block_hash()) {
        header.nonce += 1;
    }
    header
}
