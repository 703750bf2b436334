//! `PrepareWork`: a template is checked as far as a light client can, or a block of our own is made.
//!
//! A block of our own has the coinbase, which claims the subsidy alone, and those payments of our
//! own wallet that wait. Of no other transaction does this client know that its coins exist and are
//! unspent, for it does not keep the coins of others; a single wrong one would make the whole block
//! invalid, and its work lost. Of its own coins it knows both: it has looked at every block since
//! they came.

use crate::client::{Client, CommandError, Reply, WorkView};
use crate::consensus::{SpendContext, SpentCoin, check_block, check_spend};
use crate::headers::{Past, median_time, required_bits};
use crate::merkle::block::VerifiedBlock;
use crate::mining::{BlockTemplate, Candidate, TemplateParent, VERSION_MASK};
use crate::params::SpendRule;
use crate::primitives::{BlockHeight, UnixTime};
use bitcoin::{Transaction, Txid};
use std::collections::{BTreeMap, BTreeSet};

/// Headers that the next one's target and times are computed from: more than any network of ours
/// looks back.
const LOOK_BACK: BlockHeight = 64;

impl Client {
    pub(crate) fn prepare_work(
        &mut self,
        template: Option<&BlockTemplate>,
        address: &str,
        extra_nonce: u32,
    ) -> Result<Reply, CommandError> {
        if self.params.spend_rule != SpendRule::Ed25519 {
            return Err(CommandError::new(format!(
                "expected a farthing or practice network to mine on, found {}",
                self.params.name
            )));
        }
        let payout = self.params.script_from_address(address.trim());
        let payout = payout.map_err(|error| CommandError::new(error.to_string()))?;
        let now = self.now.unix();
        let time = template.map_or(now, |template| template.curtime);
        let parent = self.work_parent(time)?;
        let own;
        let template = match template {
            Some(template) => {
                self.check_template(template, &parent)?;
                template
            }
            None => {
                own = self.own_template(&parent);
                &own
            }
        };
        let random = &mut self.random;
        let salt = self.works.salt(|| random.next_u64());
        let extra_nonce = salt | u64::from(extra_nonce);
        let candidate = Candidate::from_template(&self.params, template, payout, extra_nonce)
            .map_err(|error| CommandError::new(error.to_string()))?;
        let block = self.check_candidate(&candidate, &parent)?;
        let transactions = u32::try_from(block.txids().len()).unwrap_or(u32::MAX);
        let view = WorkView {
            id: 0,
            header: bitcoin::consensus::encode::serialize_hex(&candidate.header()),
            version_mask: VERSION_MASK,
            target: format!("{:064x}", candidate.target()),
            height: candidate.height(),
            previous: parent.hash.to_string(),
            transactions,
            value: candidate.value(),
        };
        let id = self.works.add(candidate);
        let work = WorkView { id, ..view };
        Ok(Reply::Work { work })
    }

    /// The best header, and what its child must carry by our own headers where it has this time, or
    /// the least that is allowed.
    fn work_parent(&self, time: UnixTime) -> Result<TemplateParent, CommandError> {
        let tip = self.tree.tip();
        let next = tip.height.saturating_add(1);
        let past = self.past_below(next, LOOK_BACK);
        let unknown = |error: crate::headers::RuleError| CommandError::new(error.to_string());
        let median_time_past = median_time(&past, next).map_err(unknown)?;
        let time = time.max(median_time_past.saturating_add(1));
        Ok(TemplateParent {
            hash: tip.hash,
            height: tip.height,
            median_time_past,
            bits: required_bits(&self.params, &past, next, time).map_err(unknown)?,
        })
    }

    /// Headers of the best chain below a height, as far as they are at hand.
    fn past_below(&self, height: BlockHeight, count: BlockHeight) -> BTreeMap<BlockHeight, Past> {
        (height.saturating_sub(count)..height)
            .filter_map(|at| Some((at, Past::from(&self.tree.header_at(at)?))))
            .collect()
    }

    /// What can be told of a template by our own headers. The rest, [`Candidate`] tells.
    fn check_template(
        &self,
        template: &BlockTemplate,
        parent: &TemplateParent,
    ) -> Result<(), CommandError> {
        let wrong = |what: &str, expected: String, found: String| {
            let found: String = found.chars().take(80).collect();
            Err(CommandError::new(format!(
                "expected a template with the {what} {expected}, found {found}"
            )))
        };
        let hash = parent.hash.to_string();
        if template.previousblockhash != hash {
            return wrong("parent", hash, template.previousblockhash.clone());
        }
        let height = parent.height.saturating_add(1);
        if template.height != height {
            return wrong("height", height.to_string(), template.height.to_string());
        }
        let bits = format!("{:08x}", parent.bits);
        if template.bits != bits {
            return wrong("target", bits, template.bits.clone());
        }
        let earliest = parent.median_time_past.saturating_add(1);
        let time = template.curtime.max(template.mintime);
        let latest = self.now.unix().saturating_add(self.params.max_future);
        if !(earliest..=latest).contains(&time) {
            let expected = format!("from {earliest} to {latest}");
            return wrong("time", expected, time.to_string());
        }
        let versions = self.params.versions;
        let least = [
            (versions.bip65_height, 4),
            (versions.bip66_height, 3),
            (versions.bip34_height, 2),
        ]
        .into_iter()
        .find_map(|(from, version)| (height >= from).then_some(version));
        if let Some(least) = least.filter(|least| template.version < *least) {
            let found = template.version.to_string();
            return wrong("version", format!("{least} or higher"), found);
        }
        Ok(())
    }

    /// The block as it will be, by every rule that needs no coins.
    fn check_candidate(
        &self,
        candidate: &Candidate,
        parent: &TemplateParent,
    ) -> Result<VerifiedBlock, CommandError> {
        let block = VerifiedBlock::check_limited(candidate.block(), self.params.max_block_weight)
            .map_err(|error| CommandError::new(error.to_string()))?;
        check_block(
            &self.params,
            &block,
            candidate.height(),
            parent.median_time_past,
        )
        .map_err(|error| CommandError::new(error.to_string()))?;
        Ok(block)
    }

    /// Without a node's template. The fees are left unclaimed: of what nobody claims, a wrong sum
    /// makes no block invalid.
    fn own_template(&self, parent: &TemplateParent) -> BlockTemplate {
        let unclaimed: Vec<(Transaction, u64)> = self
            .mineable(parent)
            .into_iter()
            .map(|transaction| (transaction, 0))
            .collect();
        BlockTemplate::make(&self.params, parent, &unclaimed, self.now.unix())
    }

    /// Payments of our own that we know to be valid in the next block.
    fn mineable(&self, parent: &TemplateParent) -> Vec<Transaction> {
        let context = SpendContext {
            height: parent.height.saturating_add(1),
            median_time_past: parent.median_time_past,
        };
        let mut chosen: Vec<Transaction> = Vec::new();
        let mut ids: BTreeSet<Txid> = BTreeSet::new();
        for (transaction, coins) in self.wallet_to_mine(parent.height) {
            let coins = coins.into_iter().map(|coin| {
                let waits = coin.height.is_none();
                let height = coin.height.unwrap_or(context.height);
                Some(SpentCoin {
                    median_time_past: match waits {
                        true => context.median_time_past,
                        false => self.median_before(height)?,
                    },
                    amount: coin.amount,
                    script_pubkey: coin.script_pubkey,
                    height,
                    coinbase: coin.coinbase,
                })
            });
            let Some(coins) = coins.collect::<Option<Vec<SpentCoin>>>() else {
                continue;
            };
            // Of a parent that waits it must be in the same block, before it.
            let has_parents = transaction.input.iter().all(|input| {
                let parent = input.previous_output.txid;
                ids.contains(&parent) || self.wallet_has_mined(&parent)
            });
            if has_parents && check_spend(&self.params, &transaction, &coins, context).is_ok() {
                ids.insert(transaction.compute_txid());
                chosen.push(transaction);
            }
        }
        chosen
    }

    /// The median time of the eleven headers before a height.
    fn median_before(&self, height: BlockHeight) -> Option<UnixTime> {
        median_time(&self.past_below(height, LOOK_BACK), height).ok()
    }
}
