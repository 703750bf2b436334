//! BIP158's vectors, as the standard has them and as another client keeps them.

use crate::data::file;
use farthing_core::bitcoin::consensus::deserialize;
use farthing_core::bitcoin::hashes::Hash;
use farthing_core::bitcoin::{Block, ScriptBuf};
use farthing_core::filters;
use serde_json::Value;

const FILES: [&str; 2] = [
    "filters/bip158_testnet-19.json",
    "vectors/bcoin_filter-valid.json",
];

/// Of a row: the block, the scripts of the coins that it spends, and the whole row.
fn rows(name: &str) -> Vec<(Block, Vec<ScriptBuf>, Vec<Value>)> {
    let rows: Vec<Vec<Value>> = serde_json::from_slice(file(name)).unwrap();
    // Comments are rows of one.
    let rows = rows.into_iter().filter(|row| row.len() > 1);
    rows.map(|row| {
        let spent = row[3].as_array().unwrap().iter();
        (
            deserialize(&bytes(&row[2])).unwrap(),
            spent.map(|script| bytes(script).into()).collect(),
            row,
        )
    })
    .collect()
}

fn bytes(value: &Value) -> Vec<u8> {
    hex::decode(value.as_str().unwrap()).unwrap()
}

/// Hashes are written in reverse.
fn hash(value: &Value) -> [u8; 32] {
    let mut hash: [u8; 32] = bytes(value).try_into().unwrap();
    hash.reverse();
    hash
}

pub(crate) fn vectors() -> String {
    let mut count = 0;
    for (block, spent, row) in FILES.into_iter().flat_map(rows) {
        assert_eq!(block.block_hash().to_byte_array(), hash(&row[1]));
        let filter = filters::build(&block, spent.iter().map(ScriptBuf::as_script));
        assert_eq!(filter, bytes(&row[5]), "{}", row[7]);
        let header = filters::header(&filter, &hash(&row[4]));
        assert_eq!(header, hash(&row[6]), "{}", row[7]);
        count += 1;
    }
    assert_eq!(count, 19);
    format!("{count} filters and headers")
}

pub(crate) fn scripts() -> String {
    let (mut inside, mut outside) = (0, 0);
    for (block, spent, row) in rows(FILES[0]) {
        let outputs = block.txdata.iter().flat_map(|tx| &tx.output);
        let paid = outputs.map(|output| output.script_pubkey.clone());
        for script in paid.chain(spent) {
            let is_in = !script.is_empty() && !script.is_op_return();
            let found = filters::matches(&bytes(&row[5]), &block.block_hash(), [&*script]);
            assert_eq!(found, Ok(is_in), "{}", row[7]);
            *if is_in { &mut inside } else { &mut outside } += 1;
        }
    }
    assert!(inside > 30 && outside > 2, "{inside} and {outside}");
    format!("{inside} scripts in filters, {outside} not")
}
