//! The keys worker's machine: makes and opens the vault, and signs one typed request at a time.
//!
//! It has no network and believes nobody: a transaction is built here from the request alone, every
//! script of one's own is derived here, the fee is computed anew. What it holds while it is open is
//! one node of the tree of keys; what a command leaves on the stack is overwritten after it.
//!
//! | module | its job |
//! |---|---|
//! | `api` | what may be asked, what is answered |
//! | `open` | the wallet's part of the tree of keys |
//! | `sign` | from a request to a signed transaction |

mod api;
mod open;
mod sign;
#[cfg(test)]
mod tests;

pub use api::{KeysCommand, KeysReply};
pub use open::{ACCOUNTS, MAX_INDEX, MAX_KEYS_AT_ONCE, OPENING_KEYS};
pub use sign::MAX_FEE_RATE;

use crate::consensus::RuleError;
use crate::keys::Fresh;
use crate::keys::phrase::{NEW_PHRASE_WORDS, Phrase, PhraseError};
use crate::keys::vault::{self, Cost, VaultError};
use crate::params::{AddressError, NetworkParams, SpendRule};
use crate::wallet::{DUST, KeyPath};
use open::OpenWallet;
use zeroize::Zeroize;

/// Why a command was not done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignerError {
    /// No vault is open.
    #[error("expected an open wallet, found it locked: unlock it first")]
    Locked,
    /// The network's spends are not ours to sign.
    #[error("expected a network whose spends are signed with Ed25519, found {network}")]
    Network {
        /// Its name.
        network: String,
    },
    /// A new phrase of another length.
    #[error("expected 12 or 24 words for a new phrase, found {found}")]
    Words {
        /// The words that were asked for.
        found: u32,
    },
    /// The phrase is none.
    #[error(transparent)]
    Phrase(#[from] PhraseError),
    /// The vault does not open.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// A key that no wallet watches.
    #[error(
        "expected a key of account 0 or 1 with an index under {MAX_INDEX}, found account {} and index {}",
        path.account, path.index
    )]
    Path {
        /// What was asked for.
        path: KeyPath,
    },
    /// Too many keys at once.
    #[error("expected at most {MAX_KEYS_AT_ONCE} keys at once, found {found}")]
    Keys {
        /// How many were asked for.
        found: u32,
    },
    /// A transaction id that is none.
    #[error("expected a transaction's id of 64 hex digits for input {input}, found {found:?}")]
    Txid {
        /// Which input, from 0.
        input: usize,
        /// The first characters of what it says.
        found: String,
    },
    /// More inputs or outputs than any transaction holds.
    #[error("expected at most {expected} inputs and outputs, found {found}")]
    TooMany {
        /// The most.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// An address that cannot be paid on this network.
    #[error("output {output}: {error}")]
    Address {
        /// Which output, from 0.
        output: usize,
        /// What is wrong with it.
        error: AddressError,
    },
    /// An output so small that nobody would carry or spend it.
    #[error("expected at least {DUST} units in output {output}, found {found}")]
    Dust {
        /// Which output, from 0.
        output: usize,
        /// Its units.
        found: u64,
    },
    /// More units than there will ever be.
    #[error("expected amounts of at most {expected} units in all, found more")]
    Amounts {
        /// Every unit of the network.
        expected: u64,
    },
    /// The outputs are more than the inputs.
    #[error("expected outputs of at most the {inputs} units of the inputs, found {outputs}")]
    Overspent {
        /// Units that go in.
        inputs: u64,
        /// Units that come out.
        outputs: u64,
    },
    /// The fee that was shown is not the fee that would be paid.
    #[error(
        "expected a fee of {computed} units, as the amounts say, found {stated} in the request"
    )]
    Fee {
        /// Inputs less outputs.
        computed: u64,
        /// What the request says.
        stated: u64,
    },
    /// A fee that nobody means to pay.
    #[error(
        "expected a fee of at most {limit} units ({MAX_FEE_RATE} for each virtual byte), found \
         {found}: it is taken for a mistake"
    )]
    HighFee {
        /// The most for a transaction of this size.
        limit: u64,
        /// The fee.
        found: u64,
    },
    /// A lock time that is no height.
    #[error("expected a height under 500000000 as lock time, found {found}")]
    LockTime {
        /// What the request says.
        found: u32,
    },
    /// A rule of the network that the transaction would break.
    #[error(transparent)]
    Rule(#[from] RuleError),
}

/// Opens vaults and signs. Dropping it, or [`Signer::lock`], wipes the keys.
pub struct Signer {
    params: NetworkParams,
    cost: Cost,
    open: Option<OpenWallet>,
}

impl Signer {
    /// For this network, locked.
    #[must_use]
    pub fn new(params: NetworkParams) -> Self {
        Self::with_cost(params, Cost::STANDARD)
    }

    /// The same, with other parameters for new vaults: what a machine affords.
    #[must_use]
    pub fn with_cost(params: NetworkParams, cost: Cost) -> Self {
        Self {
            params,
            cost,
            open: None,
        }
    }

    /// Does one command. `entropy`: 64 bytes of a cryptographic source, new for each command.
    ///
    /// # Errors
    /// Says what was expected and what was found.
    pub fn handle(
        &mut self,
        command: KeysCommand,
        entropy: &[u8; 64],
    ) -> Result<KeysReply, SignerError> {
        let answer = self.perform(&command, &Fresh::new(*entropy));
        drop(command);
        scrub_stack();
        answer
    }

    /// Wipes the keys.
    pub fn lock(&mut self) {
        self.open = None;
        scrub_stack();
    }

    /// Never inlined: its frame, and those of all that it calls, lie where [`scrub_stack`] reaches.
    #[inline(never)]
    fn perform(&mut self, command: &KeysCommand, fresh: &Fresh) -> Result<KeysReply, SignerError> {
        if self.params.spend_rule != SpendRule::Ed25519 {
            return Err(SignerError::Network {
                network: self.params.name.clone(),
            });
        }
        match command {
            KeysCommand::Create { passphrase, words } => {
                let phrase = new_phrase(*words, fresh)?;
                let words = phrase.words().map(str::to_owned).collect();
                self.make(&phrase, passphrase, fresh, Some(words))
            }
            KeysCommand::Restore { phrase, passphrase } => {
                self.make(&Phrase::parse(phrase)?, passphrase, fresh, None)
            }
            KeysCommand::Unlock { record, passphrase } => {
                let phrase = self.unlock(record, passphrase)?;
                self.opened(&phrase, record.clone(), None)
            }
            KeysCommand::ShowPhrase { record, passphrase } => {
                let phrase = self.unlock(record, passphrase)?;
                Ok(KeysReply::Phrase {
                    words: phrase.words().map(str::to_owned).collect(),
                })
            }
            KeysCommand::ChangePassphrase { record, old, new } => {
                let phrase = self.unlock(record, old)?;
                self.make(&phrase, new, fresh, None)
            }
            KeysCommand::DeriveKeys {
                account,
                from,
                count,
            } => {
                let open = self.open.as_ref().ok_or(SignerError::Locked)?;
                Ok(KeysReply::Keys {
                    keys: open.keys(&self.params, *account, *from, *count)?,
                })
            }
            KeysCommand::Sign { request } => {
                let open = self.open.as_ref().ok_or(SignerError::Locked)?;
                sign::sign(&self.params, open, request)
            }
        }
    }

    /// Encrypts a phrase, and opens it.
    fn make(
        &mut self,
        phrase: &Phrase,
        passphrase: &str,
        fresh: &Fresh,
        show: Option<Vec<String>>,
    ) -> Result<KeysReply, SignerError> {
        let first = OpenWallet::new(phrase).first_key();
        let record = vault::seal(&phrase.entropy(), &first, passphrase, self.cost, fresh)?;
        self.opened(phrase, record, show)
    }

    /// The phrase of a vault, where its first key is the one that the vault names.
    fn unlock(&self, record: &[u8], passphrase: &str) -> Result<Phrase, SignerError> {
        let (entropy, first) = vault::open(record, passphrase)?;
        let phrase = Phrase::from_entropy(&entropy).map_err(|_| VaultError::Contents)?;
        if OpenWallet::new(&phrase).first_key() != first {
            return Err(VaultError::Contents.into());
        }
        Ok(phrase)
    }

    fn opened(
        &mut self,
        phrase: &Phrase,
        record: Vec<u8>,
        show: Option<Vec<String>>,
    ) -> Result<KeysReply, SignerError> {
        let open = OpenWallet::new(phrase);
        let mut keys = Vec::new();
        for account in 0..ACCOUNTS {
            keys.extend(open.keys(&self.params, account, 0, OPENING_KEYS)?);
        }
        self.open = Some(open);
        Ok(KeysReply::Opened {
            record,
            keys,
            phrase: show,
        })
    }
}

fn new_phrase(words: u32, fresh: &Fresh) -> Result<Phrase, SignerError> {
    if !NEW_PHRASE_WORDS.contains(&words) {
        return Err(SignerError::Words { found: words });
    }
    let entropy = fresh.take::<32>("phrase");
    // 12 words hold 16 bytes, 24 hold 32.
    let length = if words == 12 { 16 } else { 32 };
    Ok(Phrase::from_entropy(&entropy[..length])?)
}

/// Overwrites what the calls before left below this frame: copies that a compiler makes of a key
/// are in no variable that could be wiped by name.
#[inline(never)]
fn scrub_stack() {
    let mut frames = [0u8; 64 * 1024];
    frames.zeroize();
}
