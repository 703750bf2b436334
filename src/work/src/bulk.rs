//! Headers hashed many at a time: a chain that is verified from its stored headers, or a message full
//! of them.

use crate::kernel::Kernel;

/// Double SHA-256 of each header, in the order of the algorithm's bytes, by the fastest code here.
#[must_use]
pub fn hash_headers(headers: &[[u8; 80]]) -> Vec<[u8; 32]> {
    hash_headers_with(Kernel::best(), headers)
}

/// The same by this kernel.
#[must_use]
pub fn hash_headers_with(kernel: Kernel, headers: &[[u8; 80]]) -> Vec<[u8; 32]> {
    let mut hashes = vec![[0; 32]; headers.len()];
    kernel.hash(headers, &mut hashes);
    hashes
}
