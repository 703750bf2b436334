//! How long each message may be, and how many things it may list.
//!
//! A frame's header announces its length before a byte of it is there: an announcement over the
//! limit of its command ends the connection, and nothing is kept for it. The figures are the ones
//! that Bitcoin Core's `net_processing.cpp` keeps to or disconnects at; the bytes follow from them.

/// The longest payload of any message, in bytes.
pub const MAX_PAYLOAD: u32 = 4_000_000;
/// Entries of one `inv`, `getdata` or `notfound`.
pub const MAX_INVENTORY: u32 = 50_000;
/// Headers in one `headers`.
pub const MAX_HEADERS: u32 = 2_000;
/// Addresses in one `addr` or `addrv2`.
pub const MAX_ADDRESSES: u32 = 1_000;
/// Hashes in the locator of one `getheaders` or `getblocks`.
pub const MAX_LOCATOR: u32 = 101;

/// Hashes in one `cfheaders` (BIP157).
const MAX_FILTER_HASHES: u32 = 2_000;
/// Filter headers in one `cfcheckpt`: one for every 1,000 blocks.
const MAX_FILTER_CHECKPOINTS: u32 = 10_000;
/// The most transactions that fit into a block: 4,000,000 units of weight, 60 bytes at least each,
/// at 4 units a byte.
const MAX_BLOCK_TRANSACTIONS: u32 = 16_666;
/// A control message of a few bytes, with room for what later versions append.
const SMALL: u32 = 1_024;

/// What one command may carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MessageLimit {
    /// Bytes of payload.
    pub bytes: u32,
    /// Things listed, where the payload is read and starts with their count.
    pub items: Option<u32>,
}

impl MessageLimit {
    /// The limit of this command; an unknown one may be as long as any.
    #[must_use]
    pub fn of(command: &str) -> MessageLimit {
        match command {
            "version" | "verack" | "wtxidrelay" | "sendaddrv2" | "sendheaders" | "sendcmpct"
            | "feefilter" | "ping" | "pong" | "getaddr" | "mempool" | "filterclear" | "reject" => {
                bytes(SMALL)
            }
            "inv" | "getdata" | "notfound" => list(MAX_INVENTORY, 36),
            "headers" => list(MAX_HEADERS, 81),
            "addr" => bytes(3 + MAX_ADDRESSES * 30),
            // Time, services, network, and an address of at most 512 bytes.
            "addrv2" => bytes(3 + MAX_ADDRESSES * (4 + 9 + 1 + 3 + 512 + 2)),
            "getheaders" | "getblocks" => bytes(4 + 1 + MAX_LOCATOR * 32 + 32),
            "merkleblock" => {
                bytes(80 + 4 + 3 + MAX_BLOCK_TRANSACTIONS * 32 + 3 + MAX_BLOCK_TRANSACTIONS)
            }
            "getblocktxn" => bytes(32 + 3 + MAX_BLOCK_TRANSACTIONS * 3),
            "filterload" => bytes(3 + 36_000 + 9),
            "filteradd" => bytes(3 + 520),
            "getcfilters" | "getcfheaders" => bytes(1 + 4 + 32),
            "getcfcheckpt" => bytes(1 + 32),
            "cfheaders" => bytes(1 + 32 + 32 + 3 + MAX_FILTER_HASHES * 32),
            "cfcheckpt" => bytes(1 + 32 + 3 + MAX_FILTER_CHECKPOINTS * 32),
            _ => bytes(MAX_PAYLOAD),
        }
    }
}

const fn bytes(bytes: u32) -> MessageLimit {
    MessageLimit { bytes, items: None }
}

/// A count (three bytes hold any of ours) and that many things of at most `size` bytes.
const fn list(items: u32, size: u32) -> MessageLimit {
    MessageLimit {
        bytes: 3 + items * size,
        items: Some(items),
    }
}
