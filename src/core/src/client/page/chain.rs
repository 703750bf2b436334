//! The chain as people look at it.

use crate::client::{BranchView, ChainView, Client, HeaderView, Progress, limits};
use crate::primitives::{BlockHeight, U256};
use bitcoin::BlockHash;
use bitcoin::block::Header;
use std::collections::BTreeMap;

/// Branches that are shown.
const BRANCHES: usize = 16;

impl Client {
    pub(super) fn chain_view(&self) -> ChainView {
        let tip = self.tree.tip();
        let params = &self.params;
        let branches: Vec<BranchView> = self
            .tree
            .branches_by_work()
            .take(BRANCHES)
            .map(|branch| BranchView {
                fork_height: branch.fork_height,
                tip: branch.tip.to_string(),
                height: branch.height,
            })
            .collect();
        ChainView {
            network: params.name.clone(),
            unit: params.unit.clone(),
            spacing: params.spacing,
            trusts_peers: params.trusts_peers,
            tip: self.header_view(&tip.header, tip.height, true),
            work: format!("{:064x}", tip.work),
            work_log2: log2(tip.work),
            tip_seen: self.sync.tip_seen,
            stale: self.is_stale(),
            progress: self.progress(),
            recent: self.recent_headers(),
            branches,
            storage: self.storage.place.clone(),
        }
    }

    pub(crate) fn header_view(
        &self,
        header: &Header,
        height: BlockHeight,
        best: bool,
    ) -> HeaderView {
        HeaderView {
            height,
            hash: header.block_hash().to_string(),
            previous: header.prev_blockhash.to_string(),
            merkle_root: header.merkle_root.to_string(),
            time: header.time,
            bits: header.bits.to_consensus(),
            nonce: header.nonce,
            version: header.version.to_consensus(),
            best,
        }
    }

    /// The height of a header on the best chain or a branch.
    pub(crate) fn height_of_any(&self, hash: &BlockHash) -> Option<BlockHeight> {
        let entry = self.tree.get(hash).map(|entry| entry.height);
        entry.or_else(|| self.tree.height_of(hash))
    }

    /// The newest headers of the best chain and of the branches beside them, by height.
    fn recent_headers(&self) -> Vec<HeaderView> {
        let tip = self.tree.tip().height;
        let lowest = tip.saturating_sub(limits::SHOWN_HEADERS - 1);
        let mut headers = BTreeMap::new();
        for branch in self.tree.branches_by_work().take(BRANCHES) {
            let mut hash = branch.tip;
            while let Some(entry) = self.tree.get(&hash) {
                if entry.best || entry.height < lowest || headers.len() >= 32 {
                    break;
                }
                headers.insert(
                    (entry.height, entry.hash),
                    self.header_view(&entry.header, entry.height, false),
                );
                hash = entry.header.prev_blockhash;
            }
        }
        let room = limits::SHOWN_HEADERS - u32::try_from(headers.len()).unwrap_or(0);
        for height in tip.saturating_sub(room - 1)..=tip {
            if let (Some(hash), Some(header)) =
                (self.tree.hash_at(height), self.tree.header_at(height))
            {
                headers.insert((height, hash), self.header_view(&header, height, true));
            }
        }
        headers.into_values().collect()
    }

    fn progress(&self) -> Option<Progress> {
        let height = self.tree.tip().height;
        if let Some((peer, _)) = self.sync.long {
            let ready = self.ready(peer)?;
            let of = ready.facts.start_height.max(height);
            return Some(match &ready.headers.presync {
                Some(presync) => Progress::Presync {
                    height: presync.height(),
                    of: of.max(presync.height()),
                },
                None => Progress::Headers { height, of },
            });
        }
        let scanned = self
            .scan
            .tip
            .into_iter()
            .chain(self.wallet_scanned())
            .min()?;
        // One block on its way is no progress to watch.
        (scanned.saturating_add(1) < height).then_some(Progress::Blocks {
            height: scanned,
            of: height,
        })
    }
}

/// The logarithm to base 2, from the highest 64 bits.
pub(super) fn log2(work: U256) -> f64 {
    let bits = work.bit_len();
    let shift = bits.saturating_sub(64);
    let top = (work >> shift).as_limbs()[0];
    if top == 0 {
        return 0.0;
    }
    libm::log2(top as f64) + shift as f64
}
