//! How addresses are written: base58check for hashes of keys and scripts, bech32 (BIP173) and
//! bech32m (BIP350) for witness programs.
//!
//! An address is what a merchant's money goes to, so a mistyped one, one of another network and one
//! that nobody can spend from are each told apart: the till refuses it when it is set up, and says
//! why. The script is the only thing that is watched; the address that is shown is made from it.

use super::table::NAMES;
use super::{AddressRules, NetworkParams, SpendRule};
use crate::keys::{KeyError, PublicKey};
use bitcoin::base58;
use bitcoin::bech32::primitives::decode::{
    CharError, ChecksumError, SegwitHrpstringError, UncheckedHrpstringError,
};
use bitcoin::bech32::segwit::{self, DecodeError};
use bitcoin::bech32::{Fe32, Hrp};
use bitcoin::hashes::Hash;
use bitcoin::{PubkeyHash, Script, ScriptBuf, ScriptHash, WitnessProgram, WitnessVersion};

/// The longest address of any kind (BIP173).
const MAX_LENGTH: usize = 90;

/// The one kind of program that Ed25519 networks have.
const ED25519_VERSION: WitnessVersion = WitnessVersion::V16;
const ED25519_SIZE: usize = 32;

/// A text that is no address of the network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// There is nothing.
    #[error("expected an address that begins with {expected}, found nothing")]
    Empty {
        /// How the network's addresses begin.
        expected: String,
    },
    /// It is too long for any address.
    #[error("expected an address of at most {MAX_LENGTH} characters, found {found}")]
    TooLong {
        /// Its characters.
        found: usize,
    },
    /// It holds a character that no such address has.
    #[error("expected {expected}, found {found:?} at character {position}")]
    Character {
        /// What is allowed.
        expected: &'static str,
        /// The character.
        found: char,
        /// Its place, from 1.
        position: usize,
    },
    /// It is written in capitals and small letters.
    #[error("expected only small or only capital letters, found both")]
    MixedCase,
    /// It begins as no address of the network does.
    #[error("expected an address that begins with {expected}, found {found:?}")]
    Beginning {
        /// How the network's addresses begin.
        expected: String,
        /// Its first characters.
        found: String,
    },
    /// It is an address, but not of this network.
    #[error("expected an address of {network}, which begins with {expected}, found {found}")]
    OtherNetwork {
        /// The network.
        network: String,
        /// How its addresses begin.
        expected: String,
        /// What it is instead.
        found: String,
    },
    /// A character is wrong, missing or too many.
    #[error(
        "expected a matching checksum, found another: a character is mistyped, missing or extra"
    )]
    Checksum,
    /// The checksum is right and what it protects is no destination.
    #[error("expected {expected}, found {found}")]
    Program {
        /// What can be paid to.
        expected: String,
        /// What it says.
        found: String,
    },
}

impl NetworkParams {
    /// The script that an address of this network stands for.
    ///
    /// # Errors
    /// When it is not an address of this network.
    pub fn script_from_address(&self, address: &str) -> Result<ScriptBuf, AddressError> {
        let expected = || beginnings(&self.addresses);
        if address.is_empty() {
            return Err(AddressError::Empty {
                expected: expected(),
            });
        }
        if address.len() > MAX_LENGTH {
            return Err(AddressError::TooLong {
                found: address.chars().count(),
            });
        }
        all_allowed(address, "letters and digits", |c| c.is_ascii_alphanumeric())?;
        match segwit::decode(address) {
            Ok((prefix, version, program)) => self.script_of_program(prefix, version, &program),
            Err(error) if has_known_prefix(&self.addresses, address) => {
                Err(bech32_error(address, error))
            }
            Err(_) => match base58::decode_check(address) {
                Ok(payload) => self.script_of_base58(&payload),
                Err(error) if begins_as_base58(&self.addresses, address) => {
                    Err(base58_error(address, error))
                }
                Err(_) => Err(AddressError::Beginning {
                    expected: expected(),
                    found: address.chars().take(4).collect(),
                }),
            },
        }
    }

    /// The address of a script; none where the network has no address for it.
    #[must_use]
    pub fn address_from_script(&self, script: &Script) -> Option<String> {
        let rules = &self.addresses;
        if let Some(version) = script.witness_version() {
            let program = script.as_bytes().get(2..)?;
            if !self.spends_program(version, program) || self.check_key(program).is_err() {
                return None;
            }
            let prefix = Hrp::parse(&rules.bech32_prefix).ok()?;
            return segwit::encode(prefix, version.to_fe(), program).ok();
        }
        let (version, hash) = match script.as_bytes() {
            [0x76, 0xa9, 20, hash @ .., 0x88, 0xac] if hash.len() == 20 => {
                (rules.p2pkh_version?, hash)
            }
            [0xa9, 20, hash @ .., 0x87] if hash.len() == 20 => (rules.p2sh_version?, hash),
            _ => return None,
        };
        let mut payload = vec![version];
        payload.extend_from_slice(hash);
        Some(base58::encode_check(&payload))
    }

    fn script_of_program(
        &self,
        prefix: Hrp,
        version: Fe32,
        program: &[u8],
    ) -> Result<ScriptBuf, AddressError> {
        let prefix = prefix.to_lowercase();
        if prefix != self.addresses.bech32_prefix {
            let owners = owners(|rules| rules.bech32_prefix == prefix);
            return Err(self.other_network(format!("{prefix}1: {owners}")));
        }
        let odd = |found: String| AddressError::Program {
            expected: match self.spend_rule {
                SpendRule::Script => "a witness program (BIP141)".to_owned(),
                SpendRule::Ed25519 => "a witness program of version 16 and 32 bytes".to_owned(),
            },
            found,
        };
        let described = format!("version {} and {} bytes", version.to_u8(), program.len());
        let version = WitnessVersion::try_from(version.to_u8()).map_err(|e| odd(e.to_string()))?;
        if !self.spends_program(version, program) {
            return Err(odd(described));
        }
        if let Err(error) = self.check_key(program) {
            return Err(AddressError::Program {
                expected: "a public key that can be paid to".to_owned(),
                found: error.to_string(),
            });
        }
        let program =
            WitnessProgram::new(version, program).map_err(|error| odd(error.to_string()))?;
        Ok(ScriptBuf::new_witness_program(&program))
    }

    fn script_of_base58(&self, payload: &[u8]) -> Result<ScriptBuf, AddressError> {
        let odd = |found: String| AddressError::Program {
            expected: "a version and a hash of 20 bytes".to_owned(),
            found,
        };
        let (&version, hash) = payload
            .split_first()
            .ok_or_else(|| odd("nothing".to_owned()))?;
        let hash: [u8; 20] = hash
            .try_into()
            .map_err(|_| odd(format!("a version and {} bytes", hash.len())))?;
        let rules = &self.addresses;
        if rules.p2pkh_version == Some(version) {
            let hash = PubkeyHash::from_byte_array(hash);
            return Ok(ScriptBuf::new_p2pkh(&hash));
        }
        if rules.p2sh_version == Some(version) {
            let hash = ScriptHash::from_byte_array(hash);
            return Ok(ScriptBuf::new_p2sh(&hash));
        }
        let has_version = |rules: &AddressRules| {
            [rules.p2pkh_version, rules.p2sh_version].contains(&Some(version))
        };
        Err(self.other_network(format!("version {version}: {}", owners(has_version))))
    }

    /// Whether a program can be a destination here.
    fn spends_program(&self, version: WitnessVersion, program: &[u8]) -> bool {
        match self.spend_rule {
            SpendRule::Script => true,
            SpendRule::Ed25519 => version == ED25519_VERSION && program.len() == ED25519_SIZE,
        }
    }

    /// Where a program is a public key, it must be one: a payment to other bytes is in no block.
    fn check_key(&self, program: &[u8]) -> Result<(), KeyError> {
        match (self.spend_rule, program.try_into()) {
            (SpendRule::Ed25519, Ok(bytes)) => PublicKey::from_bytes(bytes).map(|_| ()),
            _ => Ok(()),
        }
    }

    fn other_network(&self, found: String) -> AddressError {
        AddressError::OtherNetwork {
            network: self.name.clone(),
            expected: beginnings(&self.addresses),
            found,
        }
    }
}

/// Networks of the table whose addresses are written so, in words.
fn owners(written_so: impl Fn(&AddressRules) -> bool) -> String {
    let names: Vec<&str> = NAMES
        .into_iter()
        .filter(|name| NetworkParams::by_name(name).is_ok_and(|p| written_so(&p.addresses)))
        .collect();
    if names.is_empty() {
        "an unknown network".to_owned()
    } else {
        format!("an address of {}", one_of(&names))
    }
}

/// How a network's addresses begin: `bc1, 1 or 3`.
fn beginnings(rules: &AddressRules) -> String {
    let mut all = vec![format!("{}1", rules.bech32_prefix)];
    for first in base58_beginnings(rules) {
        all.push(first.to_string());
    }
    all.dedup();
    one_of(&all)
}

/// The first characters that the version bytes lead to, whatever the hash.
fn base58_beginnings(rules: &AddressRules) -> Vec<char> {
    [rules.p2pkh_version, rules.p2sh_version]
        .into_iter()
        .flatten()
        .flat_map(|version| [(version, 0x00), (version, 0xff)])
        .filter_map(|(version, fill)| {
            let mut payload = [fill; 21];
            payload[0] = version;
            base58::encode_check(&payload).chars().next()
        })
        .collect()
}

fn begins_as_base58(rules: &AddressRules, address: &str) -> bool {
    base58_beginnings(rules)
        .iter()
        .any(|&first| address.starts_with(first))
}

/// Whether the text was meant as a bech32 address of some network.
fn has_known_prefix(rules: &AddressRules, address: &str) -> bool {
    let address = address.to_ascii_lowercase();
    let begins = |rules: &AddressRules| {
        let rest = address.strip_prefix(&rules.bech32_prefix);
        rest.is_some_and(|rest| rest.starts_with('1'))
    };
    let known = |name: &&str| NetworkParams::by_name(name).is_ok_and(|p| begins(&p.addresses));
    begins(rules) || NAMES.iter().any(known)
}

fn all_allowed(
    address: &str,
    expected: &'static str,
    allowed: impl Fn(char) -> bool,
) -> Result<(), AddressError> {
    match address.chars().enumerate().find(|(_, c)| !allowed(*c)) {
        None => Ok(()),
        Some((before, found)) => Err(AddressError::Character {
            expected,
            found,
            position: before + 1,
        }),
    }
}

fn bech32_error(address: &str, error: DecodeError) -> AddressError {
    match error.0 {
        SegwitHrpstringError::Unchecked(UncheckedHrpstringError::Char(CharError::MixedCase)) => {
            AddressError::MixedCase
        }
        SegwitHrpstringError::Unchecked(UncheckedHrpstringError::Char(CharError::InvalidChar(
            found,
        ))) => AddressError::Character {
            expected: "characters of bech32, without 1, b, i and o, after the prefix",
            found,
            position: address.rfind(found).map_or(0, |at| at + 1),
        },
        SegwitHrpstringError::Checksum(ChecksumError::InvalidResidue)
        | SegwitHrpstringError::NoData
        | SegwitHrpstringError::Unchecked(_) => AddressError::Checksum,
        other => AddressError::Program {
            expected: "a witness program (BIP141)".to_owned(),
            found: other.to_string(),
        },
    }
}

fn base58_error(address: &str, error: base58::Error) -> AddressError {
    match error {
        base58::Error::Decode(error) => {
            let found = char::from(error.invalid_base58_character());
            AddressError::Character {
                expected: "characters of base58, without 0, O, I and l",
                found,
                position: address.find(found).map_or(0, |at| at + 1),
            }
        }
        _ => AddressError::Checksum,
    }
}

/// `a`, `a or b`, `a, b or c`.
fn one_of(names: &[impl AsRef<str>]) -> String {
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    match names.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => "nothing".to_owned(),
    }
}

#[cfg(test)]
mod tests;
