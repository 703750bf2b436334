//! What the page may ask of the keys worker, and what it answers. No private key is in any answer;
//! the phrase is in two, each for a page that shows it to its owner.

use crate::wallet::{SpendRequest, WalletKey};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// What the page may ask of the keys worker. A refusal is a sentence. It is wiped when it is dropped,
/// and cannot be printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum KeysCommand {
    /// Make a new wallet. Answered with [`KeysReply::Opened`], with the phrase.
    Create {
        /// Encrypts the vault.
        passphrase: String,
        /// Words of the phrase: 12 or 24.
        words: u32,
    },
    /// Make a wallet from its phrase (BIP39). Answered with [`KeysReply::Opened`].
    Restore {
        /// The words, with spaces between them.
        phrase: String,
        /// Encrypts the vault.
        passphrase: String,
    },
    /// Open a vault. Answered with [`KeysReply::Opened`].
    Unlock {
        /// The vault's record.
        #[serde(with = "serde_bytes")]
        #[cfg_attr(feature = "typescript", ts(type = "Uint8Array"))]
        record: Vec<u8>,
        /// What it was encrypted with.
        passphrase: String,
    },
    /// Show the phrase, for the passphrase alone. Answered with [`KeysReply::Phrase`].
    ShowPhrase {
        /// The vault's record.
        #[serde(with = "serde_bytes")]
        #[cfg_attr(feature = "typescript", ts(type = "Uint8Array"))]
        record: Vec<u8>,
        /// What it was encrypted with.
        passphrase: String,
    },
    /// Encrypt the vault anew. Answered with [`KeysReply::Opened`].
    ChangePassphrase {
        /// The vault's record.
        #[serde(with = "serde_bytes")]
        #[cfg_attr(feature = "typescript", ts(type = "Uint8Array"))]
        record: Vec<u8>,
        /// What it was encrypted with.
        old: String,
        /// What it shall be encrypted with.
        new: String,
    },
    /// More public keys of an account. Answered with [`KeysReply::Keys`]. The vault must be open.
    DeriveKeys {
        /// The account.
        account: u32,
        /// The first index.
        from: u32,
        /// How many; at most 2,000.
        count: u32,
    },
    /// Sign. Answered with [`KeysReply::Signed`]. The vault must be open.
    Sign {
        /// All that is signed, as it was shown.
        #[zeroize(skip)]
        request: SpendRequest,
    },
}

/// What the keys worker answers. It is wiped when it is dropped, and cannot be printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum KeysReply {
    /// The vault is open.
    Opened {
        /// The vault's record, to be stored; opaque.
        #[serde(with = "serde_bytes")]
        #[cfg_attr(feature = "typescript", ts(type = "Uint8Array"))]
        record: Vec<u8>,
        /// The first keys of the accounts, by account and index: 500 of each.
        #[zeroize(skip)]
        keys: Vec<WalletKey>,
        /// The phrase, once, where it was made now.
        phrase: Option<Vec<String>>,
    },
    /// Public keys.
    Keys {
        /// By index.
        #[zeroize(skip)]
        keys: Vec<WalletKey>,
    },
    /// The phrase.
    Phrase {
        /// Its words.
        words: Vec<String>,
    },
    /// The transaction is signed.
    Signed {
        /// BIP144's serialization in hex.
        transaction: String,
        /// Its id.
        txid: String,
    },
}
