//! A record is refused with a sentence wherever it was touched; whatever was ever written opens.

use super::record::{HEAD, Record, checksum};
use super::seal::unwrap;
use super::{Cost, VERSION, VaultError, open, seal};
use crate::keys::Fresh;

const PASSPHRASE: &str = "a wren on a farthing";
const ENTROPY: [u8; 16] = [0x5a; 16];
const FIRST_KEY: [u8; 32] = [0xc3; 32];

/// Made once by this code at version 1, with the floor's parameters: whatever comes later opens it.
const VERSION_1: &str = "\
    6661727468696e6701004c00000200000001000000459430ee20eccdfa7409f32884c16a34c3c3c3c3c3c3c3\
    c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c32734c086e6278c56805eba45c0ad36297f9967\
    f13f6c90bd44543a234737ceaee3e939552b7d6cf15399b3d8c1f042f44b5d04ed847bb91495531d5873b406\
    79f73990b6e95ef6d6e8e35f0be573f7db345a8cd2c7e044214546ac8a5a0069c24b7d902e6ac6ed405bd6c0\
    8ef05220264adaa72666a71242de32d4bd51b17dcbb6069abc8702250d1187dad004268b7800d2c9e34b";

fn fresh(seed: u8) -> Fresh {
    Fresh::new([seed; 64])
}

fn sealed() -> Vec<u8> {
    seal(&ENTROPY, &FIRST_KEY, PASSPHRASE, Cost::FLOOR, &fresh(1)).unwrap()
}

/// Makes the checksum right again, as whoever tampers would.
fn mend(record: &mut [u8]) {
    let (signed, place) = record.split_at_mut(record.len() - 4);
    place.copy_from_slice(&checksum(signed));
}

fn refused(record: &[u8]) -> VaultError {
    open(record, PASSPHRASE).expect_err("it was touched")
}

/// The same record with another field of four bytes.
fn with_field(at: usize, value: u32) -> Vec<u8> {
    let mut record = sealed();
    record[at..at + 4].copy_from_slice(&value.to_le_bytes());
    mend(&mut record);
    record
}

const MEMORY: usize = 9;
const PASSES: usize = 13;
const LANES: usize = 17;

#[test]
fn a_vault_opens_with_its_passphrase() {
    for length in [16, 20, 24, 28, 32] {
        let entropy = vec![7; length];
        let record = seal(&entropy, &FIRST_KEY, PASSPHRASE, Cost::FLOOR, &fresh(2)).unwrap();
        let (opened, first) = open(&record, PASSPHRASE).unwrap();
        assert_eq!(*opened, entropy);
        assert_eq!(first, FIRST_KEY);
        assert_eq!(record.len(), sealed().len(), "its length tells nothing");
        assert!(!record.windows(8).any(|w| w == &entropy[..8]));
    }
}

#[test]
fn every_older_version_opens() {
    let record = hex::decode(VERSION_1).unwrap();
    let (entropy, first) = open(&record, PASSPHRASE).unwrap();
    assert_eq!((&entropy[..], first), (&ENTROPY[..], FIRST_KEY));
    assert_eq!(VERSION, 1, "a new version has its own record here");
}

#[test]
fn another_passphrase_is_said_to_be_another() {
    let error = open(&sealed(), "a wren on a penny").unwrap_err();
    assert_eq!(
        error.to_string(),
        "expected the passphrase that this vault was encrypted with, found another"
    );
}

#[test]
fn a_passphrase_typed_on_another_keyboard_opens_it() {
    let composed = "le rossignol chant\u{e9}";
    let record = seal(&ENTROPY, &FIRST_KEY, composed, Cost::FLOOR, &fresh(3)).unwrap();
    assert!(open(&record, "le rossignol chante\u{301}").is_ok());
}

#[test]
fn a_changed_byte_anywhere_is_refused() {
    let record = sealed();
    for at in 0..record.len() {
        for bit in 0..8 {
            let mut changed = record.clone();
            changed[at] ^= 1 << bit;
            let error = refused(&changed);
            match at {
                0..8 => assert_eq!(error, VaultError::NoVault),
                8 => assert_eq!(error, VaultError::Version { found: changed[8] }),
                _ => assert_eq!(error, VaultError::Checksum, "byte {at}"),
            }
        }
    }
}

/// A forger mends the checksum: then the bounds and the two tags must notice.
#[test]
fn a_forged_byte_anywhere_is_refused() {
    let record = sealed();
    let key = Cost::FLOOR
        .stretch(PASSPHRASE, &Record::read(&record).unwrap().salt)
        .unwrap();
    let opens = |bytes: &[u8]| Record::read(bytes).and_then(|r| unwrap(&r, &key));
    assert_eq!(*opens(&record).unwrap(), ENTROPY);
    for at in 9..record.len() - 4 {
        let mut changed = record.clone();
        changed[at] ^= 0x10;
        mend(&mut changed);
        let error = opens(&changed).expect_err("it was touched");
        match at {
            // 0x10 in the memory's lower bytes is a few KiB or MiB more: allowed, and another key.
            9 | 10 | LANES_END..WRAPPED_END => assert_eq!(error, VaultError::Passphrase, "{at}"),
            11..LANES_END => assert!(matches!(error, VaultError::Cost { .. }), "{at}: {error}"),
            _ => assert_eq!(error, VaultError::Contents, "byte {at}"),
        }
    }
    // What the key itself is made of.
    for at in [MEMORY, LANES_END, LANES_END + 15] {
        let mut changed = record.clone();
        changed[at] ^= 0x10;
        mend(&mut changed);
        assert_eq!(refused(&changed), VaultError::Passphrase, "byte {at}");
    }
}

const LANES_END: usize = LANES + 4;
const WRAPPED_END: usize = HEAD + 24 + 48;

/// The parameters are covered by the tags and not by the stretched key alone: with the right key in
/// hand, other parameters or another first key in front open nothing.
#[test]
fn parameters_and_public_key_are_associated_data() {
    let record = Record::read(&sealed()).unwrap();
    let key = Cost::FLOOR.stretch(PASSPHRASE, &record.salt).unwrap();
    let mut lowered = record.clone();
    lowered.cost.memory_kib += 1;
    assert_eq!(unwrap(&lowered, &key).err(), Some(VaultError::Passphrase));
    let mut another = record.clone();
    another.first_key = [0xc4; 32];
    assert_eq!(unwrap(&another, &key).err(), Some(VaultError::Passphrase));
    let mut salted = record.clone();
    salted.salt[0] ^= 1;
    assert_eq!(unwrap(&salted, &key).err(), Some(VaultError::Passphrase));
}

/// A data key that was wrapped for one vault, in front of what another holds.
#[test]
fn halves_of_two_vaults_do_not_open() {
    let one = Record::read(&sealed()).unwrap();
    let other = seal(&ENTROPY, &FIRST_KEY, PASSPHRASE, Cost::FLOOR, &fresh(9)).unwrap();
    let other = Record::read(&other).unwrap();
    let mut mixed = one.clone();
    (mixed.body, mixed.body_nonce) = (other.body, other.body_nonce);
    assert_eq!(
        open(&mixed.write(), PASSPHRASE).err(),
        Some(VaultError::Contents)
    );
}

#[test]
fn lowered_and_endless_parameters_are_refused_before_any_memory_is_taken() {
    for (record, says) in [
        (with_field(MEMORY, 19 * 1024 - 1), "19455 KiB"),
        (with_field(MEMORY, 8), "8 KiB"),
        (with_field(MEMORY, 0), "0 KiB"),
        (with_field(MEMORY, 256 * 1024 + 1), "262145 KiB"),
        (with_field(MEMORY, 4 * 1024 * 1024), "4194304 KiB"),
        (with_field(MEMORY, u32::MAX), "4294967295 KiB"),
        (with_field(PASSES, 1), "1 passes"),
        (with_field(PASSES, 17), "17 passes"),
        (with_field(PASSES, u32::MAX), "4294967295 passes"),
        (with_field(LANES, 0), "0 lanes"),
        (with_field(LANES, 2), "2 lanes"),
    ] {
        let error = refused(&record);
        assert!(matches!(error, VaultError::Cost { .. }), "{says}: {error}");
        assert!(error.to_string().contains(says), "{error}");
    }
    let weak = Cost {
        memory_kib: 1024,
        passes: 1,
    };
    let made = seal(&ENTROPY, &FIRST_KEY, PASSPHRASE, weak, &fresh(1));
    assert!(matches!(made, Err(VaultError::Cost { .. })));
}

#[test]
fn a_truncated_and_a_longer_record_are_refused() {
    let record = sealed();
    for length in 0..record.len() {
        let error = refused(&record[..length]);
        match length {
            0..9 => assert_eq!(error, VaultError::NoVault),
            _ => assert!(matches!(error, VaultError::Length { .. })),
        }
    }
    let longer = [&record[..], &[0]].concat();
    assert_eq!(
        refused(&longer).to_string(),
        format!(
            "expected a vault's record of {} bytes, found {}: it is damaged",
            record.len(),
            longer.len()
        )
    );
}

#[test]
fn another_version_is_named() {
    for found in [0, 2, 255] {
        let mut record = sealed();
        record[8] = found;
        mend(&mut record);
        assert_eq!(refused(&record), VaultError::Version { found });
    }
    assert_eq!(refused(b"{}"), VaultError::NoVault);
}

#[test]
fn a_new_passphrase_is_neither_short_nor_endless() {
    for (passphrase, found) in [("", 0), ("seven77", 7), (&"x".repeat(1001), 1001)] {
        let made = seal(&ENTROPY, &FIRST_KEY, passphrase, Cost::FLOOR, &fresh(1));
        assert_eq!(made.err(), Some(VaultError::NewPassphrase { found }));
    }
    assert!(seal(&ENTROPY, &FIRST_KEY, "practice", Cost::FLOOR, &fresh(1)).is_ok());
}

#[test]
fn two_vaults_of_one_wallet_share_nothing_but_the_wallet() {
    let one = Record::read(&sealed()).unwrap();
    let other = seal(&ENTROPY, &FIRST_KEY, PASSPHRASE, Cost::FLOOR, &fresh(4)).unwrap();
    let other = Record::read(&other).unwrap();
    assert_ne!(one.salt, other.salt);
    assert_ne!(one.wrap_nonce, other.wrap_nonce);
    assert_ne!(one.body_nonce, other.body_nonce);
    assert_ne!(one.wrapped, other.wrapped);
    assert_ne!(one.body, other.body);
    assert_ne!(one.wrap_nonce, one.body_nonce);
}

#[test]
fn a_vault_is_made_with_64_mib_and_3_passes() {
    assert_eq!(Cost::STANDARD.memory_kib, 64 * 1024);
    assert_eq!(Cost::STANDARD.passes, 3);
    assert_eq!(Cost::FLOOR.memory_kib, 19 * 1024);
    assert_eq!(Cost::FLOOR.passes, 2);
}

/// What another implementation (OpenSSL's) makes of the same: version 0x13, 19,456 KiB, 2 passes, one
/// lane.
#[test]
fn the_stretched_key_is_argon2id() {
    let key = Cost::FLOOR
        .stretch("password", b"somesaltsomesalt")
        .unwrap();
    assert_eq!(
        hex::encode(*key),
        "2b5dc4054886ec957ef59c73b661c54dd6fb274590b278f657c6d96aac8fa6d1"
    );
}
