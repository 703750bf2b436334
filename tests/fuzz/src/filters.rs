//! Compact filters: of any bytes, and of true blocks, whose every script must be found.

use crate::peer::Network;
use crate::script::Script;
use farthing_core::bitcoin::hashes::Hash;
use farthing_core::bitcoin::{BlockHash, Script as BitcoinScript, ScriptBuf};
use farthing_core::filters;

/// Feeds the filters.
pub fn filters(data: &[u8]) {
    let mut script = Script::new(data);
    if script.one_in(2) {
        let hash = BlockHash::from_byte_array(script.hash());
        let wanted: Vec<_> = (0..script.below(4))
            .map(|_| ScriptBuf::from_bytes(script.piece(40).to_vec()))
            .collect();
        let filter = script.rest();
        let wanted = wanted.iter().map(ScriptBuf::as_script);
        let _ = filters::matches(filter, &hash, wanted);
        let header = filters::header(filter, &filters::NO_HEADER);
        assert_eq!(header, filters::header(filter, &filters::NO_HEADER));
        return;
    }
    let mut network = Network::default();
    for _ in 0..=script.below(4) {
        network.builder.grow(&mut script);
    }
    let made = &network.builder.made[network.builder.pick(&mut script)];
    let mut block = made.block.clone();
    for transaction in &mut block.txdata {
        for output in &mut transaction.output {
            if script.one_in(4) {
                output.script_pubkey = ScriptBuf::from_bytes(script.piece(60).to_vec());
            }
        }
    }
    let spent: Vec<_> = (0..script.below(6))
        .map(|_| ScriptBuf::from_bytes(script.piece(40).to_vec()))
        .collect();
    let hash = block.block_hash();
    let mut filter = filters::build(&block, spent.iter().map(ScriptBuf::as_script));
    let paid = block
        .txdata
        .iter()
        .flat_map(|transaction| &transaction.output);
    let paid = paid.map(|output| output.script_pubkey.as_script());
    let found = |filter: &[u8], script: &BitcoinScript| filters::matches(filter, &hash, [script]);
    for script in paid.clone().filter(|script| !script.is_op_return()) {
        assert_eq!(
            found(&filter, script),
            Ok(!script.is_empty()),
            "an output is missed"
        );
    }
    for script in &spent {
        assert_eq!(
            found(&filter, script),
            Ok(!script.is_empty()),
            "a spend is missed"
        );
    }
    while script.more() {
        let at = script.below(filter.len());
        filter[at] ^= script.byte();
        let _ = filters::matches(&filter, &hash, paid.clone());
    }
}
