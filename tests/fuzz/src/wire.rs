//! Frames by hand: any payload under any command, with its right length and checksum.

use farthing_core::bitcoin::hashes::{Hash, sha256d};

/// Every command that a parser or a table of limits knows, and one that nobody does.
pub(crate) const COMMANDS: [&str; 38] = [
    "version",
    "verack",
    "ping",
    "pong",
    "inv",
    "getdata",
    "notfound",
    "getheaders",
    "getblocks",
    "headers",
    "block",
    "tx",
    "merkleblock",
    "addr",
    "addrv2",
    "sendaddrv2",
    "wtxidrelay",
    "sendheaders",
    "feefilter",
    "getaddr",
    "mempool",
    "sendcmpct",
    "cmpctblock",
    "getblocktxn",
    "blocktxn",
    "filterload",
    "filteradd",
    "filterclear",
    "getcfilters",
    "cfilter",
    "getcfheaders",
    "cfheaders",
    "getcfcheckpt",
    "cfcheckpt",
    "reject",
    "alert",
    "submit",
    "new",
];

/// A frame.
#[must_use]
pub(crate) fn frame(magic: [u8; 4], command: &str, payload: &[u8]) -> Vec<u8> {
    let mut bytes = magic.to_vec();
    let mut name = command.as_bytes().to_vec();
    name.resize(12, 0);
    bytes.extend(name);
    bytes.extend((payload.len() as u32).to_le_bytes());
    bytes.extend(&sha256d::Hash::hash(payload).to_byte_array()[..4]);
    bytes.extend(payload);
    bytes
}
