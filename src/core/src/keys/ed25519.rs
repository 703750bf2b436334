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

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes<const N: usize>(text: &str) -> [u8; N] {
        hex::decode(text).unwrap().try_into().unwrap()
    }

    /// RFC 8032, section 7.1: the second and the third test.
    #[test]
    fn vectors_of_rfc_8032() {
        for (seed, public, message, signature) in [
            (
                "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
                "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
                "72",
                "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
                 085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
            ),
            (
                "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
                "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
                "af82",
                "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac\
                 18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
            ),
        ] {
            let secret = SecretKey::from_seed(&bytes(seed));
            let (message, signature) = (hex::decode(message).unwrap(), bytes(signature));
            assert_eq!(secret.public().to_bytes(), bytes(public));
            assert_eq!(secret.sign(&message), signature);
            let key = PublicKey::from_bytes(&bytes(public)).unwrap();
            assert_eq!(key, secret.public());
            assert!(verify(&key, &message, &signature));
            assert!(!verify(&key, b"another", &signature));
        }
    }

    /// Every y from p on, and x = 0 with a sign: 26 encodings that name a point a second time.
    #[test]
    fn second_encodings_are_no_keys() {
        let mut points = 0;
        for low in 0xed_u8..=0xff {
            for sign in [0x7f, 0xff] {
                let mut found = [0xff; 32];
                (found[0], found[31]) = (low, sign);
                match PublicKey::from_bytes(&found) {
                    Err(KeyError::NotCanonical { expected, .. }) => {
                        points += 1;
                        assert_ne!(expected, found);
                    }
                    Err(KeyError::NoPoint { .. }) => {}
                    other => panic!("{low:#x}: {other:?}"),
                }
            }
        }
        // The neutral point and the one of order 2, with the sign of an x that is 0.
        for (first, rest, last) in [(0x01, 0x00, 0x80), (0xec, 0xff, 0xff)] {
            let mut found = [rest; 32];
            (found[0], found[31]) = (first, last);
            let refused = PublicKey::from_bytes(&found);
            assert!(matches!(refused, Err(KeyError::NotCanonical { .. })));
            points += 1;
        }
        assert_eq!(points, 26);
    }

    #[test]
    fn points_of_small_order_are_no_keys() {
        for text in [
            "0100000000000000000000000000000000000000000000000000000000000000",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0000000000000000000000000000000000000000000000000000000000000080",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        ] {
            let found = bytes(text);
            assert_eq!(
                PublicKey::from_bytes(&found),
                Err(KeyError::SmallOrder { found })
            );
        }
    }

    #[test]
    fn a_private_key_is_never_printed() {
        let secret = SecretKey::from_seed(&[0xab; 32]);
        assert_eq!(format!("{secret:?}"), "SecretKey(..)");
    }
}
