//! Every invoice computed again, whatever happened: nothing is final because it was once true.

use super::watched::{Told, is_watched, needs_network};
use crate::client::{Client, Event, Output, limits};
use crate::invoice::{ChainFacts, InvoiceRecord, InvoiceView, update, view};
use crate::payments::Payment;
use crate::primitives::{BlockHeight, U256};
use bitcoin::ScriptBuf;
use std::collections::BTreeSet;

impl Client {
    /// Payments changed: so may invoices, and the ledger is to be stored.
    pub(crate) fn payments_changed(&mut self) {
        self.storage.ledger_changed();
        self.till.invoices_changed();
    }

    /// Says to every invoice whether the network is watched, computes again what may have changed,
    /// and tells the page.
    pub(crate) fn invoices_due(&mut self) {
        let (now, now_ms) = (self.now.unix(), self.now.monotonic_ms);
        let heard = self.watched_until();
        // A quiet node says something with its next pong alone: that is half a minute in which it
        // could not be said that nobody paid.
        if self.till.ends_unheard(now, heard) {
            self.ping_quiet_now();
        }
        let mut over = Vec::new();
        let mut live = Vec::new();
        for record in self.till.records.values_mut() {
            if is_watched(record, now) {
                match heard {
                    Some(heard) => record.watch(true, heard),
                    None => record.watch(false, now),
                }
                live.push(record.id);
            } else if self.ledger.watches(&record.script) {
                over.push(record.script.clone());
            }
        }
        self.unwatch(over, &live);
        self.till.unwritten.extend(&live);
        let changed = std::mem::take(&mut self.till.changed);
        let due: Vec<u32> = live
            .into_iter()
            .filter(|id| {
                let told = self.till.told.get(id);
                changed
                    || told.is_none_or(|told| told.at_ms + limits::REFRESH_MS <= now_ms)
                    || self.till.is_over(*id, now, now_ms)
            })
            .collect();
        self.recompute(&due);
        if self.till.written_ms + limits::HEARTBEAT_MS <= now_ms {
            self.till.written_ms = now_ms;
            let unwritten = std::mem::take(&mut self.till.unwritten);
            self.till.to_store.extend(unwritten);
        }
    }

    /// Scripts whose last invoice is over. A script that a younger invoice has stays.
    fn unwatch(&mut self, over: Vec<ScriptBuf>, live: &[u32]) {
        if over.is_empty() || self.has_strangers() {
            return;
        }
        let kept: BTreeSet<_> = live
            .iter()
            .filter_map(|id| self.till.records.get(id))
            .map(|record| record.script.clone())
            .collect();
        for script in over {
            if !kept.contains(&script) {
                self.archive(&script);
                self.ledger.unwatch(&script);
                self.storage.ledger_changed();
            }
        }
    }

    /// The ledger is about to forget what pays this script: the invoices keep it.
    fn archive(&mut self, script: &ScriptBuf) {
        let payments = self.ledger.payments(script);
        let mut ids = Vec::new();
        for record in self.till.records.values_mut() {
            if record.script == *script {
                record.archive(&payments);
                ids.push(record.id);
            }
        }
        for id in ids {
            self.store_invoice(id);
        }
    }

    /// Computes these invoices again; a change is told, and stored with the payments.
    pub(super) fn recompute(&mut self, ids: &[u32]) {
        let now = self.now.unix();
        #[cfg(test)]
        {
            self.till.computed += ids.len();
        }
        for id in ids {
            // Depth without headers is no news.
            let unsure = self.has_strangers();
            let changes = self.with_facts(*id, |record, payments, facts| match unsure {
                true => Vec::new(),
                false => update(record, payments, facts, now),
            });
            let Some(changes) = changes else {
                continue;
            };
            if !changes.is_empty() {
                self.till.to_store.insert(*id);
            }
            if self.till.creating.iter().any(|creating| creating.id == *id) {
                continue;
            }
            let Some(invoice) = self.invoice_view(*id) else {
                continue;
            };
            let at_ms = self.now.monotonic_ms;
            let news = self.till.told.get(id).is_none_or(|told| {
                told.at_ms + limits::REFRESH_MS <= at_ms || ageless(&told.view) != ageless(&invoice)
            });
            if news {
                let view = invoice.clone();
                self.till.told.insert(*id, Told { view, at_ms });
                let invoice = Box::new(invoice);
                self.output(Output::Event(Event::Invoice { invoice }));
            }
        }
    }

    /// An invoice as it is now.
    pub(super) fn invoice_view(&mut self, id: u32) -> Option<InvoiceView> {
        let now = self.now.unix();
        self.with_facts(id, |record, payments, facts| {
            view(record, payments, facts, now)
        })
    }

    /// Every invoice that is stored, newest first.
    pub(crate) fn list_invoices(&mut self) -> Vec<InvoiceView> {
        let creating: BTreeSet<u32> = self.till.creating.iter().map(|made| made.id).collect();
        let ids: Vec<u32> = self.till.records.keys().rev().copied().collect();
        ids.into_iter()
            .filter(|id| !creating.contains(id))
            .filter_map(|id| self.invoice_view(id))
            .collect()
    }

    /// Lends an invoice with its payments and all that is known of chain and network.
    fn with_facts<T>(
        &mut self,
        id: u32,
        look: impl FnOnce(&mut InvoiceRecord, &[Payment], &ChainFacts<'_>) -> T,
    ) -> Option<T> {
        let operators: BTreeSet<String> = self
            .nodes
            .iter()
            .filter(|node| node.is_ready())
            .map(|node| node.address.operator.clone())
            .collect();
        let operators: Vec<String> = operators.into_iter().collect();
        let last_heard = self.nodes.iter().filter_map(|node| node.last_heard).max();
        let tip = self.tree.tip();
        let tree = &self.tree;
        let work_from = |height: BlockHeight| -> Option<U256> {
            let Some(below) = height.checked_sub(1) else {
                return Some(tip.work);
            };
            let before = tree.get(&tree.hash_at(below)?)?;
            tip.work.checked_sub(before.work)
        };
        let facts = ChainFacts {
            params: &self.params,
            tip: tip.height,
            tip_time: tip.header.time,
            operators: &operators,
            last_heard,
            work_from: &work_from,
        };
        let record = self.till.records.get_mut(&id)?;
        let payments = self.ledger.payments(&record.script);
        Some(look(record, &payments, &facts))
    }

    /// When an invoice changes by time alone, or is told again.
    pub(crate) fn invoices_deadline(&self) -> Option<u64> {
        let now = self.now.unix();
        let expiry = self
            .till
            .records
            .values()
            .filter(|record| needs_network(record, now))
            .map(|record| record.expires().saturating_add(1))
            .filter(|over| *over > now)
            .min()
            .map(|over| self.monotonic_of(over));
        let again = self
            .till
            .told
            .iter()
            .filter(|(id, _)| {
                let record = self.till.records.get(*id);
                record.is_some_and(|record| is_watched(record, now))
            })
            .map(|(_, told)| told.at_ms + limits::REFRESH_MS)
            .min();
        expiry.into_iter().chain(again).min()
    }
}

/// A view without what only grows older.
fn ageless(view: &InvoiceView) -> InvoiceView {
    let mut view = view.clone();
    view.verdict.silent_for = view.verdict.silent_for.map(|_| 0);
    view.verdict.tip_age = 0;
    view.transactions_looked_at = 0;
    view
}
