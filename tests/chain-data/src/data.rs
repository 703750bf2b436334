//! The files, compiled in, and how their bytes are cut.

use farthing_core::bitcoin::block::Header;
use farthing_core::bitcoin::consensus::deserialize;
use farthing_core::headers::HEADER_SIZE;
use farthing_core::params::NetworkParams;
use farthing_core::primitives::U256;
use std::collections::BTreeMap;

const FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/files.rs"));

pub(crate) fn is_absent() -> bool {
    FILES.is_empty()
}

/// The file of this name.
pub(crate) fn file(name: &str) -> &'static [u8] {
    let found = FILES.iter().find(|(file, _)| *file == name);
    found.unwrap_or_else(|| panic!("no file {name}")).1
}

/// The files of a folder.
pub(crate) fn folder(name: &str) -> impl Iterator<Item = (&'static str, &'static [u8])> {
    let prefix = format!("{name}/");
    FILES
        .iter()
        .copied()
        .filter(move |(file, _)| file.starts_with(&prefix))
}

pub(crate) fn params(name: &str) -> NetworkParams {
    NetworkParams::by_name(name).unwrap()
}

pub(crate) fn header(bytes: &[u8]) -> Header {
    deserialize(bytes).unwrap()
}

/// Text in hex.
pub(crate) fn from_hex(text: &[u8]) -> Vec<u8> {
    hex::decode(text.trim_ascii()).unwrap()
}

/// The header at a height of a file that starts at another.
pub(crate) fn at(bytes: &[u8], first: u32, height: u32) -> &[u8] {
    &bytes[(height - first) as usize * HEADER_SIZE..][..HEADER_SIZE]
}

/// The 500 headers of mainnet from height 300,000.
pub(crate) fn main_500() -> Vec<u8> {
    let text = file("headers/btcrelay_500from300k.txt");
    text.split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .flat_map(from_hex)
        .collect()
}

/// The first and the last header of each period of mainnet, by height.
pub(crate) fn retarget_pairs() -> BTreeMap<u32, Header> {
    numbered("headers/main_retarget_pairs.bin", HEADER_SIZE)
        .map(|(height, bytes)| (height, header(bytes)))
        .collect()
}

/// The total work at the same heights.
pub(crate) fn chain_work() -> BTreeMap<u32, U256> {
    numbered("headers/main_chainwork.bin", 32)
        .map(|(height, bytes)| (height, U256::from_be_slice(bytes)))
        .collect()
}

/// Records of a height and `size` bytes.
fn numbered(name: &str, size: usize) -> impl Iterator<Item = (u32, &'static [u8])> {
    file(name).chunks_exact(4 + size).map(|record| {
        let (height, bytes) = record.split_at(4);
        (u32::from_le_bytes(height.try_into().unwrap()), bytes)
    })
}
