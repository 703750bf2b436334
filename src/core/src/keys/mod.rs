//! Ed25519 as a consensus rule, derivation of keys from a phrase (BIP39, SLIP-0010), and the vault
//! that keeps the phrase encrypted.
