//! What the page may ask, and what it is told: the one contract between page and worker. The
//! TypeScript declarations are generated from these types.

use super::view::{BlockView, ChainView, PeerView, TransactionView, WorkView};
use crate::invoice::{Decision, InvoiceRequest, InvoiceView};
use crate::mining::BlockTemplate;
use crate::wallet::{SpendRequest, WalletKey, WalletView};
use serde::{Deserialize, Serialize};

/// A node to talk to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct NodeAddress {
    /// A `ws:` or `wss:` address: a bridge to the node, or a node that speaks WebSocket.
    pub url: String,
    /// Who runs it, as far as is known: nodes with the same operator count once.
    pub operator: String,
}

/// What the page may ask of the client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum Command {
    /// Talk to these nodes, and to no other.
    SetNodes {
        /// At most 8.
        nodes: Vec<NodeAddress>,
    },
    /// The machine says that it is on-line or off-line, or the page was shown again: look at the
    /// connections now instead of at the next deadline.
    Wake {
        /// What the browser says.
        online: bool,
    },
    /// Whether this is an address of the network. Answered with [`Reply::Done`], or with what is
    /// wrong with it.
    CheckAddress {
        /// As a person typed it.
        address: String,
    },
    /// Start watching for a payment. Answered with [`Reply::Invoice`] once it is stored.
    CreateInvoice {
        /// What is due, and where.
        request: InvoiceRequest,
    },
    /// A decision of the merchant about one invoice.
    DecideInvoice {
        /// The invoice.
        id: u32,
        /// The decision.
        decision: Decision,
    },
    /// A raw transaction in hex that somebody handed over: looked at, and sent to the nodes.
    SubmitTransaction {
        /// BIP144's serialization.
        hex: String,
    },
    /// Fetch and verify a block of the best chain or of a branch.
    GetBlock {
        /// Its hash, or its height in decimal.
        block: String,
    },
    /// A transaction: watched, or in a block that was fetched lately.
    GetTransaction {
        /// Its id.
        txid: String,
    },
    /// All invoices, newest first.
    ListInvoices,
    /// Watch one's own coins: answered with [`Reply::Done`] once it is stored; [`Event::Wallet`]
    /// follows, now and at each change. The keys of another wallet replace those before; more keys
    /// of the same wallet join them, and are looked for from `birth` on.
    WatchWallet {
        /// By account and index. The first of them names the wallet.
        keys: Vec<WalletKey>,
        /// The height from which blocks are looked at; none: from the tip on.
        birth: Option<u32>,
    },
    /// Stop watching one's own coins and forget them.
    ForgetWallet,
    /// Choose coins for a payment. Answered with [`Reply::Spend`]; nothing is reserved.
    PreparePayment {
        /// Whose coins.
        account: u32,
        /// The address to pay.
        to: String,
        /// Units; none: everything.
        amount: Option<u64>,
        /// Units for 1,000 virtual bytes; none: what the peers ask for.
        fee_rate: Option<u64>,
        /// Where the change goes: an index that was taken for it.
        change_index: u32,
    },
    /// The same payment with a higher fee (BIP125). Answered with [`Reply::Spend`].
    PrepareReplacement {
        /// The unconfirmed transaction.
        txid: String,
        /// Units for 1,000 virtual bytes; none: the least that replaces it.
        fee_rate: Option<u64>,
        /// Where change goes if there was none: an index that was taken for it.
        change_index: u32,
    },
    /// A header to search, for a block that pays `address`. Answered with [`Reply::Work`].
    PrepareWork {
        /// What a node proposes; none: a block of our own, with the coinbase and those of the
        /// transactions seen that this client can verify whole, claiming the subsidy only.
        template: Option<BlockTemplate>,
        /// Who is paid.
        address: String,
        /// Makes this worker's coinbase differ from every other's.
        extra_nonce: u32,
    },
    /// A nonce was found. Answered with [`Reply::Done`] once the block is on its way to the nodes.
    SubmitWork {
        /// Which work.
        id: u32,
        /// The 80 bytes of the header with its nonce, in hex.
        header: String,
    },
}

/// An answer to a command.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum Reply {
    /// Done.
    Done,
    /// The invoice as it is now.
    Invoice {
        /// The invoice.
        invoice: Box<InvoiceView>,
    },
    /// Every invoice.
    Invoices {
        /// Newest first.
        invoices: Vec<InvoiceView>,
    },
    /// A block whose Merkle root was recomputed.
    Block {
        /// The block.
        block: Box<BlockView>,
    },
    /// A transaction.
    Transaction {
        /// The transaction.
        transaction: Box<TransactionView>,
    },
    /// A request to spend, to be shown and signed.
    Spend {
        /// The request.
        request: SpendRequest,
    },
    /// A header to search.
    Work {
        /// The work.
        work: WorkView,
    },
}

/// Why a command was not done: a sentence that says what was expected and what was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct CommandError {
    /// The sentence.
    pub message: String,
}

/// What the page is told without asking.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum Event {
    /// The chain as it is now; at most four times a second.
    Chain {
        /// The view.
        chain: Box<ChainView>,
    },
    /// The peers as they are now; at most four times a second.
    Peers {
        /// In the order of the configured nodes.
        peers: Vec<PeerView>,
    },
    /// An invoice changed.
    Invoice {
        /// The whole of it.
        invoice: Box<InvoiceView>,
    },
    /// One's own coins changed; at most four times a second.
    Wallet {
        /// The whole of it.
        wallet: Box<WalletView>,
    },
    /// Something that a person should know.
    Notice {
        /// What about.
        kind: NoticeKind,
        /// A sentence.
        text: String,
    },
}

/// What a notice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum NoticeKind {
    /// This computer's clock and the peers' differ by more than the network's limit for comfort.
    Clock,
    /// A stored record could not be read and was set aside, not deleted.
    Storage,
    /// The best chain was replaced from some depth.
    Reorganisation,
    /// A peer broke the protocol and was left.
    Misbehaviour,
    /// No node has shown a block for longer than is usual.
    StaleTip,
}
