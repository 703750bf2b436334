//! HMAC-SHA512 over secrets, and one draw of randomness made into several independent ones.

use bitcoin::hashes::{Hash, HashEngine, Hmac, HmacEngine, sha512};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// HMAC-SHA512 (RFC 2104) of the parts, one after another.
pub(super) fn hmac_sha512(key: &[u8], parts: &[&[u8]]) -> Zeroizing<[u8; 64]> {
    let mut engine = HmacEngine::<sha512::Hash>::new(key);
    for part in parts {
        engine.input(part);
    }
    Zeroizing::new(Hmac::from_engine(engine).to_byte_array())
}

/// Bytes that nobody can foretell, used for one command and wiped after it. Each label gives other
/// bytes, so that no two uses ever share one.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Fresh([u8; 64]);

impl Fresh {
    /// Takes 64 bytes of a cryptographic source.
    #[must_use]
    pub const fn new(entropy: [u8; 64]) -> Self {
        Self(entropy)
    }

    /// The first `N` bytes, at most 64, of what belongs to a label.
    #[must_use]
    pub fn take<const N: usize>(&self, label: &str) -> Zeroizing<[u8; N]> {
        const { assert!(N <= 64, "one HMAC gives 64 bytes") };
        let made = hmac_sha512(&self.0, &[b"farthing fresh ", label.as_bytes()]);
        let mut bytes = Zeroizing::new([0; N]);
        bytes.copy_from_slice(&made[..N]);
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4231, test case 2.
    #[test]
    fn a_published_vector() {
        let made = hmac_sha512(b"Jefe", &[b"what do ya want ", b"for nothing?"]);
        assert_eq!(
            hex::encode(*made),
            "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554\
             9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"
        );
    }

    #[test]
    fn each_label_and_each_draw_gives_other_bytes() {
        let fresh = Fresh::new([7; 64]);
        assert_eq!(fresh.take::<32>("salt"), fresh.take::<32>("salt"));
        assert_ne!(fresh.take::<32>("salt"), fresh.take::<32>("nonce"));
        assert_ne!(
            fresh.take::<32>("salt"),
            Fresh::new([8; 64]).take::<32>("salt")
        );
    }
}
