//! The wallet that storage held at the start. What cannot be read is set aside, and what it said is
//! looked for again in the blocks.

use super::store::{PAGE_PREFIX, VERSION, WalletScan};
use super::{WALLET_KEYS, WALLET_SCAN, Watched};
use crate::client::{Client, Record};
use crate::primitives::record::{self, RecordError};
use crate::wallet::Wallet;
use bitcoin::BlockHash;

impl Client {
    /// Takes over the wallet's records. What cannot be read, and why.
    pub(crate) fn restore_wallet<'a>(
        &mut self,
        records: &[&'a Record],
    ) -> Vec<(&'a Record, RecordError)> {
        let find = |key: &str| records.iter().find(|record| record.key == key);
        let mut problems = Vec::new();
        let Some(keys) = find(WALLET_KEYS) else {
            return problems;
        };
        let wallet = match Wallet::decode_keys(&self.params, &keys.value) {
            Ok(wallet) => wallet,
            Err(error) => {
                // Without its keys nothing else can be read.
                return records.iter().map(|r| (*r, error.clone())).collect();
            }
        };
        let mut watched = Watched::new(wallet);
        for record in records {
            let Some(number) = record.key.strip_prefix(PAGE_PREFIX) else {
                continue;
            };
            if let Err(error) = read_page(&mut watched.wallet, number, &record.value) {
                problems.push((*record, error));
            }
        }
        let whole = problems.is_empty();
        let expected = "how far a wallet knows the chain";
        let scan = find(WALLET_SCAN).map(|record| {
            let scan = record::open::<WalletScan>(VERSION, expected, &record.value);
            scan.map_err(|error| (*record, error))
        });
        watched.from = Some(0);
        watched.scan_changed = false;
        watched.keys_stored = true;
        match scan {
            Some(Ok(scan)) if scan.wallet == watched.wallet.name() => {
                watched.from = scan.from;
                // Without some of its transactions it looks at all blocks again.
                let known = scan.known.filter(|_| whole);
                watched.to = known.and_then(|known| self.trail_end(&known));
            }
            Some(Err(problem)) => problems.push(problem),
            _ => {}
        }
        // A crash may have fallen between the headers' write and the wallet's.
        let tree = &self.tree;
        let gone = |block: &BlockHash| tree.height_of(block).is_none();
        let gone: Vec<BlockHash> = watched.wallet.blocks().into_iter().filter(gone).collect();
        watched.wallet.disconnect_blocks(&gone, self.now.unix());
        self.purse.watched = Some(watched);
        self.views.wallet_changed();
        problems
    }
}

fn read_page(wallet: &mut Wallet, number: &str, bytes: &[u8]) -> Result<(), RecordError> {
    let page: u64 = number.parse().map_err(|_| RecordError::Body {
        expected: "a page with a number",
        reason: format!("its name says {number:?}"),
    })?;
    // Another wallet's, left behind by a crash: it is written over, or stays.
    wallet.decode_page(page, bytes).map(|_| ())
}
