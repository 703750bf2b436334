//! What it costs to try one passphrase.

use super::VaultError;
use argon2::{Algorithm, Argon2, Params, Version};
use zeroize::Zeroizing;

/// Argon2id's parameters. There is one lane: a browser's worker has one thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
}

impl Cost {
    /// What a vault is made with: a second or less on a telephone.
    pub const STANDARD: Self = Self {
        memory_kib: 64 * 1024,
        passes: 3,
    };
    /// The least that a vault may be made with (OWASP's second choice for Argon2id).
    pub const FLOOR: Self = Self {
        memory_kib: 19 * 1024,
        passes: 2,
    };
    /// The most: a minute on a slow machine, and no more memory than a tab may have.
    pub const CEILING: Self = Self {
        memory_kib: 256 * 1024,
        passes: 16,
    };

    /// Refuses what is under the floor or above the ceiling, before any memory is taken.
    pub(super) fn check(self, lanes: u32) -> Result<Self, VaultError> {
        let memory = Self::FLOOR.memory_kib..=Self::CEILING.memory_kib;
        let passes = Self::FLOOR.passes..=Self::CEILING.passes;
        if memory.contains(&self.memory_kib) && passes.contains(&self.passes) && lanes == 1 {
            return Ok(self);
        }
        Err(VaultError::Cost {
            found: format!(
                "{} KiB, {} passes and {lanes} lanes",
                self.memory_kib, self.passes
            ),
        })
    }

    /// The key that a passphrase makes.
    pub(super) fn stretch(
        self,
        passphrase: &str,
        salt: &[u8],
    ) -> Result<Zeroizing<[u8; 32]>, VaultError> {
        let too_much = |_| VaultError::Memory {
            memory_mib: self.memory_kib.div_ceil(1024),
        };
        let params = Params::new(self.memory_kib, self.passes, 1, None).map_err(too_much)?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let mut key = Zeroizing::new([0; 32]);
        argon2
            .hash_password_into(passphrase.as_bytes(), salt, key.as_mut())
            .map_err(too_much)?;
        Ok(key)
    }
}
