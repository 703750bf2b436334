//! The keys that are watched. An address that the page shows and the script that is watched here
//! must be one and the same: each key's address is derived again, and another one is refused.

use super::error::WatchError;
use super::request::{KeyPath, WalletKey};
use crate::consensus::script_of_key;
use crate::keys::PublicKey;
use crate::params::{NetworkParams, SpendRule};
use bitcoin::{Script, ScriptBuf};
use std::collections::{BTreeMap, BTreeSet};

/// Keys of one wallet that are watched.
const MOST_KEYS: usize = 20_000;
/// Numbers of accounts and addresses: the upper bit says "hardened" in a derivation.
const HARDENED: u32 = 1 << 31;

/// The keys of one wallet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Keys {
    /// The first public key.
    pub(super) name: [u8; 32],
    by_path: BTreeMap<KeyPath, PublicKey>,
    by_script: BTreeMap<ScriptBuf, KeyPath>,
}

impl Keys {
    /// Checks keys of a page. The first of them names the wallet.
    pub(super) fn check(params: &NetworkParams, keys: &[WalletKey]) -> Result<Self, WatchError> {
        if params.spend_rule != SpendRule::Ed25519 {
            return Err(WatchError::Network {
                found: params.name.clone(),
            });
        }
        let mut checked = Vec::new();
        for key in keys {
            let public = parse(&key.public_key)?;
            let found = params.script_from_address(&key.address)?;
            let expected = script_of_key(&public);
            if found != expected {
                return Err(WatchError::Address {
                    expected: params.address_from_script(&expected).unwrap_or_default(),
                    found: key.address.clone(),
                });
            }
            checked.push((key.path, public));
        }
        Self::collect(checked)
    }

    fn collect(keys: Vec<(KeyPath, PublicKey)>) -> Result<Self, WatchError> {
        let name = keys.first().ok_or(WatchError::None)?.1.to_bytes();
        let mut made = Self {
            name,
            by_path: BTreeMap::new(),
            by_script: BTreeMap::new(),
        };
        for (path, public) in keys {
            made.add(path, public)?;
        }
        Ok(made)
    }

    /// Takes over what is new in other keys of the same wallet; says whether anything was.
    pub(super) fn join(&mut self, others: &Self) -> Result<bool, WatchError> {
        let mut joined = self.clone();
        for (path, public) in &others.by_path {
            joined.add(*path, *public)?;
        }
        let changed = joined.by_path.len() > self.by_path.len();
        *self = joined;
        Ok(changed)
    }

    fn add(&mut self, path: KeyPath, public: PublicKey) -> Result<(), WatchError> {
        let (account, index) = (path.account, path.index);
        if account >= HARDENED || index >= HARDENED {
            return Err(WatchError::Path { account, index });
        }
        match self.by_path.get(&path) {
            Some(known) if *known == public => return Ok(()),
            Some(_) => return Err(WatchError::Twice { account, index }),
            None if self.by_path.len() >= MOST_KEYS => {
                return Err(WatchError::TooMany { limit: MOST_KEYS });
            }
            None => {}
        }
        self.by_script.insert(script_of_key(&public), path);
        self.by_path.insert(path, public);
        Ok(())
    }

    /// Whose script this is.
    pub(super) fn path_of(&self, script: &Script) -> Option<KeyPath> {
        self.by_script.get(script).copied()
    }

    pub(super) fn public(&self, path: &KeyPath) -> Option<&PublicKey> {
        self.by_path.get(path)
    }

    pub(super) fn script(&self, path: &KeyPath) -> Option<ScriptBuf> {
        self.by_path.get(path).map(script_of_key)
    }

    /// The accounts that have keys.
    pub(super) fn accounts(&self) -> BTreeSet<u32> {
        self.by_path.keys().map(|path| path.account).collect()
    }

    /// How many keys of an account there are.
    pub(super) fn count(&self, account: u32) -> u32 {
        let own = self.by_path.keys().filter(|path| path.account == account);
        u32::try_from(own.count()).unwrap_or(u32::MAX)
    }

    /// As they are stored: the one that names the wallet comes first.
    pub(super) fn list(&self) -> Vec<StoredKey> {
        let mut list: Vec<_> = self
            .by_path
            .iter()
            .map(|(path, public)| (public.to_bytes() != self.name, *path, *public))
            .collect();
        list.sort_by_key(|(other, path, _)| (*other, *path));
        list.into_iter()
            .map(|(_, path, public)| (path.account, path.index, hex::encode(public.to_bytes())))
            .collect()
    }

    /// Keys as they were stored.
    pub(super) fn restore(list: &[StoredKey]) -> Result<Self, WatchError> {
        let keys = list.iter().map(|(account, index, public)| {
            let (account, index) = (*account, *index);
            Ok((KeyPath { account, index }, parse(public)?))
        });
        Self::collect(keys.collect::<Result<_, WatchError>>()?)
    }
}

/// A key as it is stored: account, index, hex.
pub(super) type StoredKey = (u32, u32, String);

fn parse(text: &str) -> Result<PublicKey, WatchError> {
    let wrong = || WatchError::PublicKey {
        found: text.chars().take(80).collect(),
    };
    let bytes = hex::decode(text).map_err(|_| wrong())?;
    let bytes = <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| wrong())?;
    Ok(PublicKey::from_bytes(&bytes)?)
}
