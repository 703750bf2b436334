//! The vault's record: damaged, forged with a right checksum, and of any bytes. Nothing but the
//! record that was made opens with its passphrase.

use crate::script::Script;
use farthing_core::bitcoin::hashes::{Hash, sha256d};
use farthing_core::keys::Fresh;
use farthing_core::keys::vault::{Cost, open, seal};
use std::cell::OnceCell;

const PASSPHRASE: &str = "correct horse";
const ENTROPY: [u8; 16] = [9; 16];
const FIRST_KEY: [u8; 32] = [3; 32];
/// Where Argon2id's memory and passes stand in a record.
const COST: std::ops::Range<usize> = 9..17;
const CHECKSUM: usize = 4;

thread_local! {
    static RECORD: OnceCell<Vec<u8>> = const { OnceCell::new() };
}

fn record() -> Vec<u8> {
    RECORD.with(|held| {
        held.get_or_init(|| {
            seal(
                &ENTROPY,
                &FIRST_KEY,
                PASSPHRASE,
                Cost::FLOOR,
                &Fresh::new([5; 64]),
            )
            .expect("a passphrase of its own")
        })
        .clone()
    })
}

/// Feeds the reader of vaults.
pub fn vault(data: &[u8]) {
    let mut script = Script::new(data);
    let whole = record();
    let mut bytes = match script.below(4) {
        0 => script.piece(400).to_vec(),
        _ => whole.clone(),
    };
    while script.more() && !bytes.is_empty() {
        match script.below(4) {
            0 => bytes.truncate(script.below(bytes.len() + 1)),
            1 => bytes.extend(script.piece(40)),
            _ => {
                let at = script.below(bytes.len());
                bytes[at] ^= script.byte();
            }
        }
    }
    // A forger writes the right checksum; an accident does not.
    let forged = bytes.len() == whole.len() && data.first().is_some_and(|first| first & 16 == 0);
    if forged {
        let (signed, _) = bytes.split_at(bytes.len() - CHECKSUM);
        let checksum = sha256d::Hash::hash(signed).to_byte_array();
        let at = bytes.len() - CHECKSUM;
        bytes[at..].copy_from_slice(&checksum[..CHECKSUM]);
    }
    // What asks for more than the floor takes a second or more: one that does is enough, and the
    // room's own tests have it.
    if forged && is_dear(&bytes) {
        return;
    }
    let opened = open(&bytes, PASSPHRASE);
    if bytes == whole {
        let (entropy, first) = opened.expect("the record that was made");
        assert_eq!((entropy.as_slice(), first), (ENTROPY.as_slice(), FIRST_KEY));
    } else {
        assert!(opened.is_err(), "another record opens");
    }
}

/// Whether Argon2id would be asked for more than the floor, within what is allowed.
fn is_dear(record: &[u8]) -> bool {
    let mut words = record[COST].chunks(4).map(|word| {
        let word = word.try_into().unwrap_or_default();
        u32::from_le_bytes(word)
    });
    let (memory, passes) = (words.next().unwrap_or(0), words.next().unwrap_or(0));
    let allowed = memory <= Cost::CEILING.memory_kib && passes <= Cost::CEILING.passes;
    let cheap = memory <= Cost::FLOOR.memory_kib && passes <= Cost::FLOOR.passes;
    allowed && !cheap
}
