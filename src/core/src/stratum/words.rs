//! How Stratum writes what a header is made of: numbers as eight hex digits, the parent's hash in
//! words of its own order.

use super::error::MessageError;
use bitcoin::BlockHash;
use bitcoin::hashes::Hash;

/// Bytes of a hash.
const HASH: usize = 32;

/// `00c0ffee`: eight hex digits, the highest first.
pub(super) fn number_to_hex(number: u32) -> String {
    format!("{number:08x}")
}

/// One to eight hex digits: some miners leave out leading zeros.
pub(super) fn number_from_hex(what: &'static str, text: &str) -> Result<u32, MessageError> {
    let fail = || MessageError::field(what, "one to eight hex digits", text);
    if text.is_empty() || text.len() > 8 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(fail());
    }
    u32::from_str_radix(text, 16).map_err(|_| fail())
}

/// Bytes in hex, at most so many.
pub(super) fn bytes_from_hex(
    what: &'static str,
    text: &str,
    most: usize,
) -> Result<Vec<u8>, MessageError> {
    if text.len() > 2 * most {
        return Err(MessageError::TooLong {
            what,
            most,
            found: text.len() / 2,
        });
    }
    hex::decode(text).map_err(|_| MessageError::field(what, "bytes in hex", text))
}

/// The parent's hash: the header's 32 bytes as eight words of four, the bytes of each turned round.
/// Neither the order of the header nor that in which people write it.
pub(super) fn prevhash_to_hex(hash: &BlockHash) -> String {
    hex::encode(turned(hash.to_byte_array()))
}

/// The same backwards.
pub(super) fn prevhash_from_hex(text: &str) -> Result<BlockHash, MessageError> {
    let mut bytes = [0; HASH];
    hex::decode_to_slice(text, &mut bytes)
        .map_err(|_| MessageError::field("prevhash", "64 hex digits", text))?;
    Ok(BlockHash::from_byte_array(turned(bytes)))
}

fn turned(mut bytes: [u8; HASH]) -> [u8; HASH] {
    for word in bytes.chunks_exact_mut(4) {
        word.reverse();
    }
    bytes
}
