//! Making, opening, showing and encrypting anew.

use super::*;
use crate::keys::Fresh;
use crate::keys::phrase::PhraseError;
use crate::keys::vault::{self, VaultError};
use crate::signer::{ACCOUNTS, MAX_INDEX, OPENING_KEYS};
use crate::wallet::KeyPath;

fn unlock(record: &[u8], passphrase: &str) -> KeysCommand {
    KeysCommand::Unlock {
        record: record.to_vec(),
        passphrase: passphrase.to_owned(),
    }
}

fn create(words: u32) -> KeysCommand {
    KeysCommand::Create {
        passphrase: PASSPHRASE.to_owned(),
        words,
    }
}

fn phrase_of(signer: &mut Signer, record: &[u8], passphrase: &str) -> Result<String, SignerError> {
    let show = KeysCommand::ShowPhrase {
        record: record.to_vec(),
        passphrase: passphrase.to_owned(),
    };
    match &signer.handle(show, &entropy(3))? {
        KeysReply::Phrase { words } => Ok(words.join(" ")),
        _ => unreachable!("a phrase was asked for"),
    }
}

#[test]
fn a_new_wallet_opens_again_from_its_record_and_from_its_phrase() {
    for words in [12, 24] {
        let mut maker = signer();
        let (record, keys, phrase) = opened(&maker.handle(create(words), &entropy(5)).unwrap());
        let phrase = phrase.expect("it was made now");
        assert_eq!(phrase.len(), words as usize);

        let mut other = signer();
        let reply = other
            .handle(unlock(&record, PASSPHRASE), &entropy(6))
            .unwrap();
        assert_eq!(opened(&reply), (record.clone(), keys.clone(), None));
        assert_eq!(
            phrase_of(&mut signer(), &record, PASSPHRASE).unwrap(),
            phrase.join(" ")
        );

        let again = KeysCommand::Restore {
            phrase: phrase.join(" "),
            passphrase: "another one".to_owned(),
        };
        let (_, restored, shown) = opened(&signer().handle(again, &entropy(7)).unwrap());
        assert_eq!(restored, keys);
        assert_eq!(shown, None, "who typed it knows it");
    }
}

#[test]
fn other_randomness_makes_another_wallet() {
    let keys = |seed| opened(&signer().handle(create(12), &entropy(seed)).unwrap()).1;
    assert_ne!(keys(1)[0].public_key, keys(2)[0].public_key);
}

#[test]
fn a_new_phrase_has_12_or_24_words() {
    for found in [0, 11, 15, 48] {
        assert_eq!(
            refused(&mut signer(), create(found)),
            SignerError::Words { found }
        );
    }
}

/// Computed apart, with another program, from BIP39's phrase: PBKDF2, then SLIP-0010 along
/// m/44'/1'/0'/0' and m/44'/1'/1'/7'.
#[test]
fn the_keys_of_a_known_phrase() {
    let (_, _, keys) = restored();
    let at = |account, index| {
        let path = KeyPath { account, index };
        keys.iter().find(|key| key.path == path).unwrap()
    };
    assert_eq!(
        at(0, 0).public_key,
        "79940b805201bb661df84254fbe2ae46e13e8ea33665b5e3eeb4bc8a3b9712c5"
    );
    assert_eq!(
        at(1, 7).public_key,
        "a51122378286a8ec5569995c9f78a5f0414c75d0afa98e46471813856233b607"
    );
    assert!(
        at(0, 0).address.starts_with("fthp1s"),
        "{}",
        at(0, 0).address
    );
    assert_eq!(keys.len() as u32, ACCOUNTS * OPENING_KEYS);
    assert!(keys.is_sorted_by_key(|key| key.path));
}

#[test]
fn a_wrong_passphrase_opens_nothing_and_is_said_to_be_wrong() {
    let (_, record, _) = restored();
    let wrong = SignerError::Vault(VaultError::Passphrase);
    let mut locked = signer();
    assert_eq!(
        refused(&mut locked, unlock(&record, "three for a penny")),
        wrong
    );
    assert_eq!(
        phrase_of(&mut locked, &record, "practice").err(),
        Some(wrong.clone())
    );
    let change = KeysCommand::ChangePassphrase {
        record,
        old: "not the old one".to_owned(),
        new: "a new passphrase".to_owned(),
    };
    assert_eq!(refused(&mut locked, change), wrong);
    assert_eq!(refused(&mut locked, derive(0, 0, 1)), SignerError::Locked);
}

#[test]
fn a_changed_passphrase_is_the_only_one_for_the_new_record() {
    let (mut signer, record, keys) = restored();
    let change = KeysCommand::ChangePassphrase {
        record: record.clone(),
        old: PASSPHRASE.to_owned(),
        new: "four for a penny".to_owned(),
    };
    let (changed, same, _) = opened(&signer.handle(change, &entropy(2)).unwrap());
    assert_eq!(same, keys);
    assert!(
        signer
            .handle(unlock(&changed, PASSPHRASE), &entropy(3))
            .is_err()
    );
    assert!(
        signer
            .handle(unlock(&changed, "four for a penny"), &entropy(4))
            .is_ok()
    );
    assert_eq!(
        phrase_of(&mut signer, &changed, "four for a penny").unwrap(),
        PHRASE
    );
    let short = KeysCommand::ChangePassphrase {
        record: changed,
        old: "four for a penny".to_owned(),
        new: "penny".to_owned(),
    };
    assert!(matches!(
        refused(&mut signer, short),
        SignerError::Vault(VaultError::NewPassphrase { found: 5 })
    ));
}

#[test]
fn a_phrase_with_a_mistake_says_which() {
    let typed = |phrase: &str| KeysCommand::Restore {
        phrase: phrase.to_owned(),
        passphrase: PASSPHRASE.to_owned(),
    };
    let misspelt = PHRASE.replace("about", "abuot");
    let error = refused(&mut signer(), typed(&misspelt));
    assert_eq!(
        error.to_string(),
        "expected words of BIP39's English list, found \"abuot\" as word 12: perhaps about"
    );
    assert_eq!(
        refused(&mut signer(), typed("abandon about")),
        PhraseError::Count { found: 2 }.into()
    );
}

/// Whoever made the record put another wallet's key in front of it.
#[test]
fn a_vault_that_names_another_wallet_is_refused() {
    let fresh = Fresh::new([1; 64]);
    let record = vault::seal(&[0; 16], &[7; 32], PASSPHRASE, Cost::FLOOR, &fresh).unwrap();
    assert_eq!(
        refused(&mut signer(), unlock(&record, PASSPHRASE)),
        VaultError::Contents.into()
    );
}

fn derive(account: u32, from: u32, count: u32) -> KeysCommand {
    KeysCommand::DeriveKeys {
        account,
        from,
        count,
    }
}

#[test]
fn more_keys_go_on_where_the_first_ended() {
    let (mut signer, _, keys) = restored();
    let mut derived = |account, from, count| {
        let reply = signer
            .handle(derive(account, from, count), &entropy(2))
            .unwrap();
        match &reply {
            KeysReply::Keys { keys } => keys.clone(),
            _ => unreachable!("keys were asked for"),
        }
    };
    assert_eq!(derived(0, 0, 3), keys[..3]);
    assert_eq!(derived(1, 499, 1), keys[999..]);
    assert_eq!(derived(1, 500, 2)[0].path.index, 500);
    assert_eq!(derived(0, 7, 0), []);
    assert_eq!(derived(0, MAX_INDEX - 1, 1).len(), 1);
    for (account, from, count) in [
        (2, 0, 1),
        (0, MAX_INDEX, 1),
        (0, MAX_INDEX - 1, 2),
        (0, u32::MAX, 5),
    ] {
        let error = refused(&mut signer, derive(account, from, count));
        assert!(matches!(error, SignerError::Path { .. }), "{error}");
    }
    assert_eq!(
        refused(&mut signer, derive(0, 0, 2001)),
        SignerError::Keys { found: 2001 }
    );
}

#[test]
fn a_locked_signer_derives_nothing() {
    let (mut open, ..) = restored();
    open.lock();
    assert_eq!(refused(&mut open, derive(0, 0, 1)), SignerError::Locked);
    // What needs no open vault still works.
    assert!(open.handle(restore(), &entropy(3)).is_ok());
    assert!(open.handle(derive(0, 0, 1), &entropy(4)).is_ok());
}

#[test]
fn a_network_of_another_kind_of_signature_is_refused() {
    let bitcoin = NetworkParams::by_name("bitcoin").unwrap();
    let mut signer = Signer::with_cost(bitcoin, Cost::FLOOR);
    assert_eq!(
        refused(&mut signer, create(12)).to_string(),
        "expected a network whose spends are signed with Ed25519, found bitcoin"
    );
}
