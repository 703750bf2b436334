//! A message in a few words, for people who look on.

use bitcoin::p2p::message::NetworkMessage;
use bitcoin::p2p::message_blockdata::Inventory;

pub(super) fn summary(message: &NetworkMessage) -> String {
    match message {
        NetworkMessage::Version(version) => {
            format!(
                "protocol {}, height {}",
                version.version, version.start_height
            )
        }
        NetworkMessage::Inv(inventory)
        | NetworkMessage::GetData(inventory)
        | NetworkMessage::NotFound(inventory) => things(inventory),
        NetworkMessage::GetHeaders(ask) => {
            count(ask.locator_hashes.len(), "locator hash", "locator hashes")
        }
        NetworkMessage::Headers(headers) => count(headers.len(), "header", "headers"),
        NetworkMessage::Tx(transaction) => short(&transaction.compute_txid().to_string()),
        NetworkMessage::Block(block) => format!(
            "{}, {}",
            short(&block.block_hash().to_string()),
            count(block.txdata.len(), "transaction", "transactions")
        ),
        NetworkMessage::FeeFilter(rate) => format!("{rate} units per 1000 bytes"),
        NetworkMessage::Unknown { payload, .. } => count(payload.len(), "byte", "bytes"),
        _ => String::new(),
    }
}

fn things(inventory: &[Inventory]) -> String {
    let (mut transactions, mut blocks, mut others) = (0, 0, 0);
    for item in inventory {
        match item {
            Inventory::Transaction(_) | Inventory::WTx(_) | Inventory::WitnessTransaction(_) => {
                transactions += 1;
            }
            Inventory::Block(_) | Inventory::WitnessBlock(_) | Inventory::CompactBlock(_) => {
                blocks += 1;
            }
            Inventory::Error | Inventory::Unknown { .. } => others += 1,
        }
    }
    let mut parts = Vec::new();
    if blocks > 0 {
        parts.push(count(blocks, "block", "blocks"));
    }
    if transactions > 0 {
        parts.push(count(transactions, "transaction", "transactions"));
    }
    if others > 0 {
        parts.push(count(others, "other", "others"));
    }
    parts.join(", ")
}

fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

fn short(hash: &str) -> String {
    format!("{}…", hash.get(..10).unwrap_or(hash))
}
