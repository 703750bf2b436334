//! BIP158's vectors, and filters that a hostile node may send.

use super::{FilterError, NO_HEADER, build, hash, header, matches};
use crate::test_data;
use bitcoin::hashes::{Hash, sha256d};
use bitcoin::{Block, BlockHash, ScriptBuf, consensus};
use serde_json::Value;

struct Vector {
    block: Block,
    spent: Vec<ScriptBuf>,
    previous: [u8; 32],
    filter: Vec<u8>,
    header: [u8; 32],
}

fn bytes(value: &Value) -> Vec<u8> {
    hex::decode(value.as_str().expect("a string")).expect("hex")
}

/// Hashes are written in reverse.
fn reversed(value: &Value) -> [u8; 32] {
    let mut hash: [u8; 32] = bytes(value).try_into().expect("32 bytes");
    hash.reverse();
    hash
}

/// The rows of the vectors: height, hash, block, spent scripts, previous header, filter, header.
fn vectors(file: &str) -> Option<Vec<Vector>> {
    let rows: Vec<Vec<Value>> = serde_json::from_slice(&test_data::read(file)?).expect("JSON");
    let vectors = rows.iter().filter(|row| row.len() > 1).map(|row| {
        let block: Block = consensus::deserialize(&bytes(&row[2])).expect("a block");
        assert_eq!(block.block_hash().to_byte_array(), reversed(&row[1]));
        let spent = row[3].as_array().expect("scripts");
        Vector {
            block,
            spent: spent.iter().map(|script| bytes(script).into()).collect(),
            previous: reversed(&row[4]),
            filter: bytes(&row[5]),
            header: reversed(&row[6]),
        }
    });
    Some(vectors.collect())
}

const FILES: [(&str, usize); 2] = [
    ("filters/bip158_testnet-19.json", 10),
    ("vectors/bcoin_filter-valid.json", 9),
];

#[test]
fn filters_and_headers_of_the_standard() {
    for (file, count) in FILES {
        let Some(vectors) = vectors(file) else { return };
        assert_eq!(vectors.len(), count);
        for vector in vectors {
            let spent = vector.spent.iter().map(ScriptBuf::as_script);
            let filter = build(&vector.block, spent);
            assert_eq!(filter, vector.filter, "{}", vector.block.block_hash());
            assert_eq!(header(&filter, &vector.previous), vector.header);
            let both = [hash(&filter), vector.previous].concat();
            let by_hash = sha256d::Hash::hash(&both).to_byte_array();
            assert_eq!(by_hash, vector.header);
        }
    }
}

#[test]
fn every_script_of_the_blocks_matches_and_others_do_not() {
    let Some(vectors) = vectors(FILES[0].0) else {
        return;
    };
    let mut asked = 0;
    for vector in vectors {
        let block_hash = vector.block.block_hash();
        let outputs = vector.block.txdata.iter().flat_map(|tx| &tx.output);
        let paid = outputs.map(|output| output.script_pubkey.clone());
        for script in paid.chain(vector.spent) {
            let is_in = !script.is_empty() && !script.is_op_return();
            let found = matches(&vector.filter, &block_hash, [script.as_script()]);
            assert_eq!(found, Ok(is_in), "{script}");
            asked += 1;
        }
        let stranger = ScriptBuf::from_bytes(vec![0x51; 34]);
        let found = matches(&vector.filter, &block_hash, [stranger.as_script()]);
        assert_eq!(found, Ok(false));
    }
    assert!(asked > 40);
}

#[test]
fn the_first_block_of_a_network_of_our_own_has_an_empty_filter() {
    // Its only output is an OP_RETURN.
    let block: Block = Block {
        header: crate::params::NetworkParams::by_name("practice")
            .unwrap()
            .genesis,
        txdata: Vec::new(),
    };
    let filter = build(&block, []);
    assert_eq!(filter, [0]);
    // The header of the empty filter after none, as the vectors' empty block has it.
    let empty = sha256d::Hash::hash(&[0]).to_byte_array();
    let expected = sha256d::Hash::hash(&[empty, NO_HEADER].concat());
    assert_eq!(header(&filter, &NO_HEADER), expected.to_byte_array());
}

#[test]
fn hostile_filters_are_refused_and_cost_nothing() {
    let block = BlockHash::all_zeros();
    let script = ScriptBuf::from_bytes(vec![0x51; 34]);
    let ask = |filter: &[u8]| matches(filter, &block, [script.as_script()]);
    assert!(matches!(ask(&[]), Err(FilterError::Count { .. })));
    assert!(matches!(ask(&[0xfd, 1]), Err(FilterError::Count { .. })));
    // 2^64 - 1 elements: their range would overflow.
    let many = [[0xff; 9].as_slice(), &[0; 40]].concat();
    assert_eq!(
        ask(&many),
        Err(FilterError::TooMany {
            limit: 16,
            bytes: 40,
            found: u64::MAX
        })
    );
    // One element that never ends.
    let endless = [[1].as_slice(), &[0xff; 1000]].concat();
    assert!(matches!(ask(&endless), Err(FilterError::Elements { .. })));
    for length in 0..60 {
        for byte in [0, 1, 0x55, 0xaa, 0xff] {
            let bytes = vec![byte; length];
            // Whatever it says, it says it.
            let _ = ask(&bytes);
        }
    }
}
