//! The wallet's part of the tree of keys: `m/44'/1'`, with an account for the wallet and one for
//! the till. The phrase and the seed are not kept.

use super::SignerError;
use crate::consensus::script_of_key;
use crate::keys::derive::KeyNode;
use crate::keys::phrase::Phrase;
use crate::keys::{PublicKey, SecretKey};
use crate::params::NetworkParams;
use crate::wallet::{KeyPath, WalletKey};

/// Accounts that exist: the wallet's and the till's.
pub const ACCOUNTS: u32 = 2;
/// Keys of each account that an opened vault is answered with.
pub const OPENING_KEYS: u32 = 500;
/// The most keys that are derived at once.
pub const MAX_KEYS_AT_ONCE: u32 = 2000;
/// No wallet gives out an index as high as this: change that was sent there would not be found
/// again from the phrase.
pub const MAX_INDEX: u32 = 100_000;

/// `m/44'/1'`, as in BIP44: 1 is every network that is no coin of its own.
const TO_ACCOUNTS: [u32; 2] = [44, 1];

/// An open wallet. It is wiped when it is dropped; the box keeps it in one place, since a value that
/// moves leaves itself behind.
pub(super) struct OpenWallet(Box<KeyNode>);

impl OpenWallet {
    pub(super) fn new(phrase: &Phrase) -> Self {
        let root = KeyNode::from_seed(&phrase.seed("")[..]);
        let accounts = root.descend(&TO_ACCOUNTS);
        Self(Box::new(accounts.expect("44 and 1 are under 2^31")))
    }

    /// The public key that names the wallet.
    pub(super) fn first_key(&self) -> [u8; 32] {
        let first = self.0.descend(&[0, 0]);
        let first = first.expect("0 is under 2^31");
        first.public_key().to_bytes()
    }

    /// The key that signs for an address.
    pub(super) fn secret_key(&self, path: KeyPath) -> Result<SecretKey, SignerError> {
        Ok(self.node(path)?.secret_key())
    }

    /// The key that an address is made of.
    pub(super) fn public_key(&self, path: KeyPath) -> Result<PublicKey, SignerError> {
        Ok(self.node(path)?.public_key())
    }

    /// Public keys of an account, with their addresses.
    pub(super) fn keys(
        &self,
        params: &NetworkParams,
        account: u32,
        from: u32,
        count: u32,
    ) -> Result<Vec<WalletKey>, SignerError> {
        if count > MAX_KEYS_AT_ONCE {
            return Err(SignerError::Keys { found: count });
        }
        let last = KeyPath {
            account,
            index: from.saturating_add(count.saturating_sub(1)),
        };
        check(last)?;
        let node = self.0.child(account).map_err(|_| unknown(last))?;
        let mut keys = Vec::with_capacity(count as usize);
        for index in from..from + count {
            let path = KeyPath { account, index };
            let key = node.child(index).map_err(|_| unknown(path))?.public_key();
            keys.push(WalletKey {
                path,
                public_key: hex::encode(key.to_bytes()),
                address: params
                    .address_from_script(&script_of_key(&key))
                    .expect("a network of Ed25519 keys has an address for each"),
            });
        }
        Ok(keys)
    }

    fn node(&self, path: KeyPath) -> Result<KeyNode, SignerError> {
        check(path)?;
        self.0
            .descend(&[path.account, path.index])
            .map_err(|_| unknown(path))
    }
}

fn check(path: KeyPath) -> Result<(), SignerError> {
    if path.account < ACCOUNTS && path.index < MAX_INDEX {
        Ok(())
    } else {
        Err(unknown(path))
    }
}

const fn unknown(path: KeyPath) -> SignerError {
    SignerError::Path { path }
}
