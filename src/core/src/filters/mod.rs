//! Compact block filters (BIP158, the basic type) and the chain of their headers (BIP157).
//!
//! A filter holds, as hashes, every script that a block's outputs pay to and that its inputs spend
//! from; a light client that has it knows whether the block concerns it, and the node learns nothing.
//! Threat: a node may serve another filter. The headers, each of which commits to a filter and all
//! before it, make two nodes' filters comparable, and the block settles who lies.

#[cfg(test)]
mod tests;

use bitcoin::bip158::{BlockFilterReader, BlockFilterWriter, FilterHash, FilterHeader};
use bitcoin::consensus::encode::Decodable;
use bitcoin::hashes::Hash;
use bitcoin::{Block, BlockHash, Script, VarInt};

/// Bits of an element at least: the end of a quotient, and 19 of remainder.
const LEAST_BITS: u64 = 20;

/// The header before the first block's.
pub const NO_HEADER: [u8; 32] = [0; 32];

/// Bytes that are no filter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FilterError {
    /// It does not say how many elements it has.
    #[error("expected a filter that begins with its number of elements, found {reason}")]
    Count {
        /// What the decoder says.
        reason: String,
    },
    /// It announces more elements than its bytes can hold.
    #[error("expected at most {limit} elements in {bytes} bytes, found {found} announced")]
    TooMany {
        /// The most that fit.
        limit: u64,
        /// Its bytes.
        bytes: usize,
        /// What it says.
        found: u64,
    },
    /// It ends inside an element.
    #[error("expected a filter of {elements} elements, found {reason}")]
    Elements {
        /// What it says.
        elements: u64,
        /// What the decoder says.
        reason: String,
    },
}

/// The basic filter of a block; `spent` are the scripts of the coins that it spends.
#[must_use]
pub fn build<'a>(block: &'a Block, spent: impl IntoIterator<Item = &'a Script>) -> Vec<u8> {
    let mut filter = Vec::new();
    let mut writer = BlockFilterWriter::new(&mut filter, block);
    let outputs = block.txdata.iter().flat_map(|tx| &tx.output);
    let paid = outputs
        .map(|output| output.script_pubkey.as_script())
        .filter(|script| !script.is_op_return());
    for script in paid.chain(spent).filter(|script| !script.is_empty()) {
        writer.add_element(script.as_bytes());
    }
    writer.finish().expect("writing to a vector does not fail");
    filter
}

/// The hash of a filter, as `cfheaders` carries it.
#[must_use]
pub fn hash(filter: &[u8]) -> [u8; 32] {
    FilterHash::hash(filter).to_byte_array()
}

/// The header of a filter: it commits to the filter and to the header before it.
#[must_use]
pub fn header(filter: &[u8], previous: &[u8; 32]) -> [u8; 32] {
    FilterHash::hash(filter)
        .filter_header(&FilterHeader::from_byte_array(*previous))
        .to_byte_array()
}

/// Whether any of these scripts is in the filter of the block of this hash; where it is not, the
/// block has none of them, and where it is, it has one but for one in 784,931.
///
/// # Errors
/// The filter does not decode.
pub fn matches<'a>(
    filter: &[u8],
    block: &BlockHash,
    scripts: impl IntoIterator<Item = &'a Script>,
) -> Result<bool, FilterError> {
    // The library counts without a bound, and takes a missing count for zero.
    let mut rest = filter;
    let elements = VarInt::consensus_decode(&mut rest).map_err(|error| FilterError::Count {
        reason: error.to_string(),
    })?;
    let elements = elements.0;
    let limit = rest.len() as u64 * 8 / LEAST_BITS;
    if elements > limit {
        return Err(FilterError::TooMany {
            limit,
            bytes: rest.len(),
            found: elements,
        });
    }
    let scripts = scripts
        .into_iter()
        .filter(|script| !script.is_empty())
        .map(Script::as_bytes);
    BlockFilterReader::new(block)
        .match_any(&mut &*filter, scripts)
        .map_err(|error| FilterError::Elements {
            elements,
            reason: error.to_string(),
        })
}
