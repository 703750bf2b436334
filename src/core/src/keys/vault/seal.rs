//! Encrypting and decrypting.

use super::record::{BODY, Record};
use super::{Cost, VaultError};
use crate::keys::Fresh;
use crate::keys::phrase::normalized;
use chacha20poly1305::aead::{AeadInOut, KeyInit};
use chacha20poly1305::{Tag, XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

/// A passphrase that anybody chose has at least this many characters.
const SHORTEST: usize = 8;
const LONGEST: usize = 1000;
const TAG: usize = 16;

/// Encrypts a phrase's entropy. `first_key` names the wallet; it is readable, and cannot be changed.
///
/// # Errors
/// A passphrase that is too short or too long, parameters out of bounds, too little memory.
pub fn seal(
    entropy: &[u8],
    first_key: &[u8; 32],
    passphrase: &str,
    cost: Cost,
    fresh: &Fresh,
) -> Result<Vec<u8>, VaultError> {
    let found = passphrase.chars().count();
    if !(SHORTEST..=LONGEST).contains(&found) {
        return Err(VaultError::NewPassphrase { found });
    }
    let mut record = Record {
        cost: cost.check(1)?,
        salt: *fresh.take("vault salt"),
        first_key: *first_key,
        wrap_nonce: *fresh.take("vault wrap nonce"),
        wrapped: [0; _],
        body_nonce: *fresh.take("vault body nonce"),
        body: [0; _],
    };
    let head = record.head();
    let passphrase_key = cost.stretch(&normalized(passphrase), &record.salt)?;
    let data_key = fresh.take::<32>("vault data key");

    record.wrapped[..32].copy_from_slice(data_key.as_ref());
    encrypt(
        &passphrase_key,
        &record.wrap_nonce,
        &head,
        &mut record.wrapped,
    )?;

    let length = u8::try_from(entropy.len()).map_err(|_| VaultError::Contents)?;
    record.body[0] = length;
    let place = record.body[1..BODY - TAG].get_mut(..entropy.len());
    place.ok_or(VaultError::Contents)?.copy_from_slice(entropy);
    encrypt(&data_key, &record.body_nonce, &head, &mut record.body)?;
    Ok(record.write())
}

/// Decrypts: the entropy, and the public key that the record says is the first. Whoever opens a
/// vault compares it with the one that the entropy leads to.
///
/// # Errors
/// When it is no vault, is damaged, tampered with or of a later version, or the passphrase is wrong.
pub fn open(bytes: &[u8], passphrase: &str) -> Result<(Zeroizing<Vec<u8>>, [u8; 32]), VaultError> {
    let record = Record::read(bytes)?;
    let passphrase_key = record.cost.stretch(&normalized(passphrase), &record.salt)?;
    let entropy = unwrap(&record, &passphrase_key)?;
    Ok((entropy, record.first_key))
}

/// What the passphrase's key opens.
pub(super) fn unwrap(
    record: &Record,
    passphrase_key: &[u8; 32],
) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let head = record.head();
    let mut wrapped = Zeroizing::new(record.wrapped);
    let unwrapped = decrypt(passphrase_key, &record.wrap_nonce, &head, wrapped.as_mut());
    let data_key = Zeroizing::new(unwrapped.ok_or(VaultError::Passphrase)?);

    let mut body = Zeroizing::new(record.body);
    let plain = decrypt::<{ BODY - TAG }>(&data_key, &record.body_nonce, &head, body.as_mut());
    let plain = Zeroizing::new(plain.ok_or(VaultError::Contents)?);
    let (&length, padded) = plain.split_first().ok_or(VaultError::Contents)?;
    let entropy = padded
        .get(..usize::from(length))
        .ok_or(VaultError::Contents)?;
    Ok(Zeroizing::new(entropy.to_vec()))
}

/// Encrypts what is before the last 16 bytes, in its place, and puts the tag there.
fn encrypt(
    key: &[u8; 32],
    nonce: &[u8; 24],
    head: &[u8],
    buffer: &mut [u8],
) -> Result<(), VaultError> {
    let (text, place) = buffer.split_at_mut(buffer.len() - TAG);
    let tag = XChaCha20Poly1305::new(&(*key).into())
        .encrypt_inout_detached(&XNonce::from(*nonce), head, text.into())
        .map_err(|_| VaultError::Contents)?;
    place.copy_from_slice(&tag);
    Ok(())
}

/// The `N` bytes before the tag, where it agrees.
fn decrypt<const N: usize>(
    key: &[u8; 32],
    nonce: &[u8; 24],
    head: &[u8],
    buffer: &mut [u8],
) -> Option<[u8; N]> {
    let (text, tag) = buffer.split_at_mut_checked(N)?;
    let tag = Tag::from(<[u8; TAG]>::try_from(&*tag).ok()?);
    XChaCha20Poly1305::new(&(*key).into())
        .decrypt_inout_detached(&XNonce::from(*nonce), head, (&mut *text).into(), &tag)
        .ok()?;
    (&*text).try_into().ok()
}
