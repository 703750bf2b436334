//! Making an invoice, and deciding about one.

use super::watched::Creating;
use crate::client::{COUNTER_KEY, INVOICE_PREFIX};
use crate::client::{
    Client, CommandError, Output, Reply, RequestId, StoreId, StoreRequest, limits,
};
use crate::invoice::{Decision, InvoiceRequest, open};
use std::collections::BTreeSet;

impl Client {
    /// Makes an invoice. None: it is answered when it is stored. The script that is watched is
    /// derived here from the address that is shown.
    pub(crate) fn create_invoice(
        &mut self,
        request: RequestId,
        mut wanted: InvoiceRequest,
    ) -> Option<Result<Reply, CommandError>> {
        wanted.address = wanted.address.trim().to_owned();
        self.open_invoice(request, wanted).err().map(Err)
    }

    fn open_invoice(
        &mut self,
        request: RequestId,
        wanted: InvoiceRequest,
    ) -> Result<(), CommandError> {
        let now = self.now.unix();
        let records = self.till.records.values();
        if records.filter(|record| record.is_open(now)).count() >= limits::OPEN_INVOICES {
            return Err(CommandError::new(format!(
                "expected at most {} open invoices",
                limits::OPEN_INVOICES
            )));
        }
        let script = self
            .params
            .script_from_address(&wanted.address)
            .map_err(|error| CommandError::new(error.to_string()))?;
        let idle = self.till.first_waiting(now).is_none();
        let tip = self.tree.tip().height;
        let made = open(&mut self.till.records, wanted, script.clone(), tip, now)
            .map_err(|error| CommandError::new(error.to_string()))?;
        let id = self.number(made);
        if idle {
            self.scan_renewed();
        }
        self.ledger.watch(script.clone());
        self.storage.ledger_changed();
        self.storage.due_now();
        let next = self.till.next;
        let mut writes: BTreeSet<StoreId> =
            self.store_record(COUNTER_KEY, &next).into_iter().collect();
        // The one before at the same address changes too.
        let touched: Vec<u32> = self
            .till
            .records
            .values()
            .filter(|record| record.script == script)
            .map(|record| record.id)
            .collect();
        for id in touched {
            writes.extend(self.store_invoice(id));
        }
        self.till.creating.push(Creating {
            request,
            id,
            writes,
        });
        Ok(())
    }

    /// Gives a new record a number that none ever had, also none whose record was lost.
    fn number(&mut self, made: u32) -> u32 {
        let id = made.max(self.till.next).max(1);
        if id != made
            && let Some(mut record) = self.till.records.remove(&made)
        {
            record.id = id;
            self.till.records.insert(id, record);
        }
        self.till.next_from(id.saturating_add(1));
        id
    }

    /// Asks for the write of an invoice.
    pub(super) fn store_invoice(&mut self, id: u32) -> Option<StoreId> {
        let value = self.till.records.get(&id)?.encode().ok()?;
        self.till.unwritten.remove(&id);
        self.till.to_store.remove(&id);
        Some(self.store_put(&format!("{INVOICE_PREFIX}{id}"), value))
    }

    /// Asks for the write of every invoice that changed.
    pub(crate) fn store_changed_invoices(&mut self) {
        for id in std::mem::take(&mut self.till.to_store) {
            self.store_invoice(id);
        }
    }

    /// A write went through or failed: an invoice whose writes are all durable is shown.
    pub(crate) fn invoice_stored(&mut self, write: StoreId, error: Option<&str>) {
        let Some(at) = self
            .till
            .creating
            .iter()
            .position(|creating| creating.writes.contains(&write))
        else {
            return;
        };
        if let Some(error) = error {
            let creating = self.till.creating.remove(at);
            self.forget_invoice(creating.id);
            let error: String = error.chars().take(200).collect();
            self.output(Output::Reply {
                id: creating.request,
                result: Err(CommandError::new(format!(
                    "the invoice could not be stored, so it was not made: {error}"
                ))),
            });
            return;
        }
        let creating = &mut self.till.creating[at];
        creating.writes.remove(&write);
        if !creating.writes.is_empty() {
            return;
        }
        let creating = self.till.creating.remove(at);
        if let Some(invoice) = self.invoice_view(creating.id) {
            let invoice = Box::new(invoice);
            self.output(Output::Reply {
                id: creating.request,
                result: Ok(Reply::Invoice { invoice }),
            });
        }
        self.till.invoices_changed();
    }

    /// It was never shown, so nobody can pay it.
    fn forget_invoice(&mut self, id: u32) {
        let Some(record) = self.till.records.remove(&id) else {
            return;
        };
        self.till.unwritten.remove(&id);
        self.till.to_store.remove(&id);
        if !self.till.scripts().contains(&record.script) {
            self.ledger.unwatch(&record.script);
            self.storage.ledger_changed();
        }
        // Should a part of it have been written after all.
        self.store(StoreRequest::Delete {
            key: format!("{INVOICE_PREFIX}{id}"),
        });
    }

    /// A decision of the merchant.
    pub(crate) fn decide_invoice(
        &mut self,
        id: u32,
        decision: Decision,
    ) -> Result<Reply, CommandError> {
        let now = self.now.unix();
        let none = || CommandError::new(format!("no invoice has the number {id}"));
        if self.till.creating.iter().any(|creating| creating.id == id) {
            return Err(none());
        }
        let record = self.till.records.get_mut(&id).ok_or_else(none)?;
        record
            .apply(decision, now)
            .map_err(|error| CommandError::new(error.to_string()))?;
        self.till.to_store.insert(id);
        self.storage.due_now();
        self.till.invoices_changed();
        self.recompute(&[id]);
        let invoice = Box::new(self.invoice_view(id).ok_or_else(none)?);
        Ok(Reply::Invoice { invoice })
    }
}
