//! The keys worker's machine, with the floor's parameters so that a test takes no second.

mod sign;
mod vault;

use super::{KeysCommand, KeysReply, Signer, SignerError};
use crate::keys::vault::Cost;
use crate::params::NetworkParams;
use crate::wallet::WalletKey;

const NETWORK: &str = "practice:harbour-wren";
const PASSPHRASE: &str = "two for a penny";
/// BIP39's phrase of sixteen zero bytes.
const PHRASE: &str = "abandon abandon abandon abandon abandon abandon abandon abandon abandon \
                      abandon abandon about";

fn params() -> NetworkParams {
    NetworkParams::by_name(NETWORK).unwrap()
}

fn signer() -> Signer {
    Signer::with_cost(params(), Cost::FLOOR)
}

/// Bytes that differ for each call with another seed.
fn entropy(seed: u8) -> [u8; 64] {
    [seed; 64]
}

fn refused(signer: &mut Signer, command: KeysCommand) -> SignerError {
    signer
        .handle(command, &entropy(9))
        .err()
        .expect("it must be refused")
}

/// The record, the keys and the phrase of an answer.
fn opened(reply: &KeysReply) -> (Vec<u8>, Vec<WalletKey>, Option<Vec<String>>) {
    match reply {
        KeysReply::Opened {
            record,
            keys,
            phrase,
        } => (record.clone(), keys.clone(), phrase.clone()),
        _ => unreachable!("a vault was opened"),
    }
}

fn restore() -> KeysCommand {
    KeysCommand::Restore {
        phrase: PHRASE.to_owned(),
        passphrase: PASSPHRASE.to_owned(),
    }
}

/// A signer that holds the wallet of [`PHRASE`], and its record.
fn restored() -> (Signer, Vec<u8>, Vec<WalletKey>) {
    let mut signer = signer();
    let reply = signer.handle(restore(), &entropy(1)).unwrap();
    let (record, keys, _) = opened(&reply);
    (signer, record, keys)
}
