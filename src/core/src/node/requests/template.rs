//! Templates for miners (BIP22, BIP23), and the long polls that wait for a better one.
//!
//! To choose from all that waits costs work, and anybody may ask: what was made last is given again
//! while tip, mempool and second are the same.

use crate::chain::Store;
use crate::client::RequestId;
use crate::mining::{BlockTemplate, TemplateParent};
use crate::node::limits;
use crate::node::machine::Node;
use crate::node::{RequestError, Response};
use crate::primitives::UnixTime;
use bitcoin::BlockHash;
use std::collections::VecDeque;

/// Requests that wait for a better template.
#[derive(Debug, Default)]
pub(in crate::node) struct LongPolls {
    waiting: VecDeque<LongPoll>,
    /// The tip changed: all are answered.
    tip_changed: bool,
    /// When the fees were last looked at, and what the mempool was then.
    looked: Option<(u64, u64)>,
    made: Option<Made>,
}

/// The template that was made last, and from what.
#[derive(Debug)]
struct Made {
    tip: BlockHash,
    changes: u64,
    unix: UnixTime,
    template: BlockTemplate,
    /// How many were made since the start.
    count: u64,
}

/// One that waits.
#[derive(Debug)]
struct LongPoll {
    id: RequestId,
    /// What the template that it has creates.
    value: u64,
    since_ms: u64,
}

impl LongPolls {
    pub(in crate::node) fn tip_changed(&mut self) {
        self.tip_changed = true;
    }

    #[cfg(test)]
    pub(in crate::node) fn len(&self) -> usize {
        self.waiting.len()
    }

    #[cfg(test)]
    pub(in crate::node) fn made(&self) -> u64 {
        self.made.as_ref().map_or(0, |made| made.count)
    }
}

impl<S: Store> Node<S> {
    pub(in crate::node) fn on_template(&mut self, id: RequestId, longpollid: Option<&str>) {
        let template = match self.template() {
            Ok(template) => template,
            Err(error) => return self.reply(id, Err(error)),
        };
        if longpollid != Some(template.longpollid.as_str()) {
            return self.reply(id, Ok(Response::Template(Box::new(template))));
        }
        // The oldest makes room: it is answered with what there is.
        if self.long_polls.waiting.len() >= limits::LONG_POLLS
            && let Some(oldest) = self.long_polls.waiting.pop_front()
        {
            self.reply(
                oldest.id,
                Ok(Response::Template(Box::new(template.clone()))),
            );
        }
        self.long_polls.waiting.push_back(LongPoll {
            id,
            value: template.coinbasevalue,
            since_ms: self.now.monotonic_ms,
        });
    }

    /// Answers those whose wait is over: another tip, better fees after some seconds, a minute.
    pub(in crate::node) fn long_polls_due(&mut self) {
        let now = self.now.monotonic_ms;
        let tip_changed = std::mem::take(&mut self.long_polls.tip_changed);
        if self.long_polls.waiting.is_empty() {
            return;
        }
        let changes = self.mempool.changes();
        let minute = |poll: &LongPoll| now >= poll.since_ms + limits::LONG_POLL_MS;
        let looked = self.long_polls.looked;
        let fees = looked
            .is_none_or(|(at, mempool)| mempool != changes && now >= at + limits::BETTER_FEES_MS);
        if !tip_changed && !fees && !self.long_polls.waiting.iter().any(minute) {
            return;
        }
        self.long_polls.looked = Some((now, changes));
        let result = self.template();
        let waiting = std::mem::take(&mut self.long_polls.waiting);
        for poll in waiting {
            let better = result.as_ref().is_ok_and(|template| {
                template.coinbasevalue > poll.value && now >= poll.since_ms + limits::BETTER_FEES_MS
            });
            if tip_changed || better || minute(&poll) {
                let result = result.clone();
                let result = result.map(|template| Response::Template(Box::new(template)));
                self.reply(poll.id, result);
            } else {
                // Too soon for the fees: they are looked at again.
                self.long_polls.looked = None;
                self.long_polls.waiting.push_back(poll);
            }
        }
    }

    /// What to mine next.
    fn template(&mut self) -> Result<BlockTemplate, RequestError> {
        let tip = self.chain.tip();
        let behind = self.blocks_behind();
        // Once it has caught up, headers whose blocks nobody brings do not stop the mining; and where
        // headers cost nothing they never do.
        if self.is_catching_up() && tip.height > 0 && !self.params.trusts_peers {
            return Err(RequestError::new(
                "initial-download",
                format!(
                    "expected a validated chain, found one that is {behind} blocks behind its headers"
                ),
            ));
        }
        let now = self.now.unix();
        let changes = self.mempool.changes();
        let made = self.long_polls.made.as_ref();
        let count = made.map_or(0, |made| made.count);
        let same = |made: &&Made| (made.tip, made.changes, made.unix) == (tip.hash, changes, now);
        if let Some(made) = made.filter(same) {
            return Ok(made.template.clone());
        }
        let tree = self.chain.headers();
        let median_time_past = self.chain.next_context().median_time_past;
        // The time that the template will carry.
        let time = now.max(median_time_past.saturating_add(1));
        let bits = tree.required_bits(&tip.hash, time).map_err(|error| {
            RequestError::new("rejected", format!("no target for the next block: {error}"))
        })?;
        let parent = TemplateParent {
            hash: tip.hash,
            height: tip.height,
            median_time_past,
            bits,
        };
        let chosen = self.mempool.select(self.params.max_block_weight);
        let template = BlockTemplate::make(&self.params, &parent, &chosen, now);
        self.long_polls.made = Some(Made {
            tip: tip.hash,
            changes,
            unix: now,
            template: template.clone(),
            count: count + 1,
        });
        Ok(template)
    }
}
