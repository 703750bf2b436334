//! Ed25519 (RFC 8032) as a consensus rule: which 32 bytes are a public key, and which 64 bytes are
//! its signature of a message.
//!
//! Libraries disagree about the borders of Ed25519: points written in a second way, points of small
//! order, the factor of 8 in the equation. Where nodes must agree each of them is a fork of the
//! chain, so the rule is the narrowest one and is written out in `docs/consensus.md`:
//!
//! - the key is the one canonical encoding of a point, and the point is not of small order;
//! - R is the canonical encoding of a point that is not of small order, and S is below the group's
//!   order;
//! - the equation is checked without the factor: S B = R + k A, by comparing encodings.
//!
//! Never by batch, where the factor comes back, and never with the browser's WebCrypto, whose choice
//! is its own.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

/// Bytes that are no public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// No point of the curve is written so.
    #[error(
        "expected the encoding of a point of Ed25519, found {}",
        hex::encode(found)
    )]
    NoPoint {
        /// The bytes.
        found: [u8; 32],
    },
    /// A point is written so that has another encoding, the only one that counts.
    #[error(
        "expected the canonical encoding {}, found {}",
        hex::encode(expected),
        hex::encode(found)
    )]
    NotCanonical {
        /// The canonical encoding.
        expected: [u8; 32],
        /// The bytes.
        found: [u8; 32],
    },
    /// One of eight points for which anybody can sign.
    #[error(
        "expected a point that is not of small order, found {}",
        hex::encode(found)
    )]
    SmallOrder {
        /// The bytes.
        found: [u8; 32],
    },
}

/// A public key: the canonical encoding of a point that is not of small order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// Reads a public key.
    ///
    /// # Errors
    /// The bytes are no point's canonical encoding, or the point is of small order.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, KeyError> {
        let found = *bytes;
        let key = VerifyingKey::from_bytes(bytes).map_err(|_| KeyError::NoPoint { found })?;
        let expected = key.to_edwards().compress().to_bytes();
        if expected != found {
            return Err(KeyError::NotCanonical { expected, found });
        }
        if key.is_weak() {
            return Err(KeyError::SmallOrder { found });
        }
        Ok(Self(key))
    }

    /// Its 32 bytes.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; 32] {
        self.0.to_bytes()
    }
}

/// Whether this is the key's signature of the message.
#[must_use]
pub fn verify(key: &PublicKey, message: &[u8], signature: &[u8; 64]) -> bool {
    let signature = Signature::from_bytes(signature);
    key.0.verify_strict(message, &signature).is_ok()
}

/// A private key: wiped from memory when it is dropped, and never printed.
pub struct SecretKey(SigningKey);

impl SecretKey {
    /// The key of these 32 secret bytes (RFC 8032's private key). Whoever holds the bytes wipes
    /// them.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    /// Its public key.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        // Canonical, since it was just encoded. Not of small order: the clamped scalar is 8 times a
        // number from 2^251 to 2^252, which is below the group's order, so no multiple of it.
        PublicKey(self.0.verifying_key())
    }

    /// Signs a message. Deterministic: the same message has the same signature.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretKey(..)")
    }
}
