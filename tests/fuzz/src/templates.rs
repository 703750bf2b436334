//! Templates of a node that may lie: proposed here, changed field by field, and mined. What is
//! accepted leads to a block that the chain takes, or that only the coins could tell was bad.

use crate::commands::template;
use crate::peer::Network;
use crate::script::Script;
use farthing_core::bitcoin::Block;
use farthing_core::merkle::block::{VerifiedBlock, Witnesses};
use farthing_core::mining::{BlockTemplate, Candidate};

/// Feeds the reader of templates.
pub fn templates(data: &[u8]) {
    let mut script = Script::new(data);
    let mut network = Network::default();
    for _ in 0..script.below(4) {
        network.builder.grow(&mut script);
    }
    for _ in 0..script.below(4) {
        network.pay(&mut script);
    }
    let mut proposed = template(&mut script, &network);
    let payout = crate::spend::script(script.byte());
    let extra_nonce = script.number();
    let params = &network.builder.params;
    let _ = Candidate::from_template(params, &proposed, payout.clone(), extra_nonce);
    while script.more() {
        change(&mut script, &mut proposed);
        let candidate = Candidate::from_template(params, &proposed, payout.clone(), extra_nonce);
        if let Ok(candidate) = candidate {
            judge(&network, &proposed, &candidate);
        }
    }
}

/// A candidate keeps every rule that can be told without the coins.
fn judge(network: &Network, template: &BlockTemplate, candidate: &Candidate) {
    let params = &network.builder.params;
    let mut header = candidate.header();
    assert_eq!(
        header.prev_blockhash.to_string(),
        template.previousblockhash
    );
    assert!(header.time >= template.mintime);
    assert!(candidate.target() <= params.pow_limit);
    assert_eq!(candidate.height(), template.height);
    let fees: u128 = template
        .transactions
        .iter()
        .map(|entry| u128::from(entry.fee))
        .sum();
    let limit = u128::from(params.subsidy.at(template.height)) + fees;
    assert!(
        u128::from(candidate.value()) <= limit,
        "more than may be made"
    );
    if !crate::mine::mine(&mut header) {
        return;
    }
    let block: Block = candidate.block_with(header).expect("it meets the target");
    let paid = block.txdata[0]
        .output
        .iter()
        .map(|output| output.value.to_sat());
    assert_eq!(paid.sum::<u64>(), candidate.value());
    let verified = VerifiedBlock::check_limited(block, params.max_block_weight);
    let verified = verified.expect("the root and the commitment are computed here");
    assert_eq!(verified.witnesses(), Witnesses::Verified);
}

fn change(script: &mut Script<'_>, template: &mut BlockTemplate) {
    let flip = |script: &mut Script<'_>, text: &mut String| {
        let mut bytes = std::mem::take(text).into_bytes();
        if !bytes.is_empty() {
            let at = script.number::<u16>() as usize % bytes.len();
            bytes[at] = script.one_of(b"0123456789abcdefX");
        }
        *text = String::from_utf8_lossy(&bytes).into_owned();
    };
    match script.below(16) {
        0 => template.version = script.number(),
        1 => flip(script, &mut template.previousblockhash),
        2 => template.coinbasevalue = script.number(),
        3 => template.coinbasevalue = template.coinbasevalue.wrapping_add(script.byte().into()),
        4 => flip(script, &mut template.target),
        5 => template.mintime = script.number(),
        6 => template.curtime = script.number(),
        7 => template.bits = script.text(),
        8 => template.height = script.number(),
        9 => flip(script, &mut template.default_witness_commitment),
        10 => template.transactions.clear(),
        11 if !template.transactions.is_empty() => {
            let count = template.transactions.len();
            template
                .transactions
                .swap(script.below(count), script.below(count));
        }
        12 => {
            if let Some(entry) = template.transactions.first_mut() {
                entry.fee = script.number();
            }
        }
        13 => {
            if let Some(entry) = template.transactions.first_mut() {
                flip(script, &mut entry.data);
            }
        }
        14 => {
            if let Some(entry) = template.transactions.first().cloned() {
                template.transactions.push(entry);
            }
        }
        _ => {
            if let Ok(other) = serde_json::from_slice(script.piece(1_000)) {
                *template = other;
            }
        }
    }
}
