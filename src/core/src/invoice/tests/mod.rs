//! Every rule of the till, by name.

mod alarms;
mod attacker;
mod prop;
mod requests;
mod rules;
mod stored;
mod verdict;

use super::*;
use crate::params::NetworkParams;
use crate::payments::{Payment, Standing};
use crate::primitives::{BlockHeight, U256, UnixTime};
use bitcoin::hashes::Hash;
use bitcoin::{BlockHash, ScriptBuf, Txid};

/// When the invoice of the tests is made.
pub(super) const T0: UnixTime = 1_700_000_000;
/// When it expires.
pub(super) const END: UnixTime = T0 + 900;
/// The best chain's height in the tests.
pub(super) const TIP: BlockHeight = 800_000;

pub(super) fn request() -> InvoiceRequest {
    InvoiceRequest {
        label: "Table 7".to_owned(),
        address: "bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu".to_owned(),
        due: 1_000,
        tolerance_ppm: 0,
        confirmations: 3,
        expires_in: 900,
        attacker_share_ppm: 100_000,
        risk_cap: None,
    }
}

pub(super) fn txid(number: u8) -> Txid {
    Txid::from_byte_array([number; 32])
}

/// The till of the tests: one invoice, the facts, the clock.
pub(super) struct Till {
    pub(super) record: InvoiceRecord,
    pub(super) params: NetworkParams,
    pub(super) payments: Vec<Payment>,
    pub(super) operators: Vec<String>,
    pub(super) tip: BlockHeight,
    pub(super) tip_time: Option<UnixTime>,
    pub(super) last_heard: Option<UnixTime>,
    pub(super) now: UnixTime,
}

impl Till {
    pub(super) fn of(request: InvoiceRequest) -> Self {
        let script = ScriptBuf::from_bytes(vec![0x51]);
        let mut record = InvoiceRecord::new(1, request, script, TIP, T0);
        record.watch(true, T0);
        Self {
            record,
            params: NetworkParams::by_name("bitcoin").expect("it is in the table"),
            payments: Vec::new(),
            operators: vec!["a".to_owned(), "b".to_owned()],
            tip: TIP,
            tip_time: None,
            last_heard: Some(T0),
            now: T0,
        }
    }

    pub(super) fn new() -> Self {
        Self::of(request())
    }

    /// Time passes while the network is watched.
    pub(super) fn until(&mut self, now: UnixTime) -> &mut Self {
        while self.now + 30 < now {
            self.now += 30;
            self.record.watch(true, self.now);
        }
        self.now = now;
        self.record.watch(true, now);
        self.last_heard = Some(now);
        self
    }

    /// Time passes while nobody watches.
    pub(super) fn away_until(&mut self, now: UnixTime) -> &mut Self {
        self.record.watch(false, self.now);
        self.now = now;
        self.record.watch(true, now);
        self.last_heard = Some(now);
        self
    }

    /// Adds a payment, first seen now.
    pub(super) fn paid(&mut self, number: u8, value: u64, standing: Standing) -> &mut Self {
        self.payments.push(Payment {
            txid: txid(number),
            value,
            coinbase: false,
            first_seen: self.now,
            since: self.now,
            waiting_since: self.now,
            seen_by: vec!["a".to_owned()],
            conflict_seen_by: Vec::new(),
            standing,
        });
        self
    }

    pub(super) fn stands(&mut self, number: u8, standing: Standing) -> &mut Self {
        let payment = self
            .payments
            .iter_mut()
            .find(|payment| payment.txid == txid(number));
        payment.expect("it was paid").standing = standing;
        self
    }

    fn with_facts<T>(&self, look: impl FnOnce(&ChainFacts<'_>) -> T) -> T {
        let tip = self.tip;
        // Every block takes 2^70 hashes.
        let work_from = |height: BlockHeight| {
            tip.checked_sub(height)
                .map(|above| U256::from(above + 1) << 70)
        };
        look(&ChainFacts {
            params: &self.params,
            tip,
            tip_time: self.tip_time.unwrap_or(self.now),
            operators: &self.operators,
            last_heard: self.last_heard,
            work_from: &work_from,
        })
    }

    pub(super) fn update(&mut self) -> Vec<Change> {
        let mut record = self.record.clone();
        let changes = self.with_facts(|facts| update(&mut record, &self.payments, facts, self.now));
        self.record = record;
        changes
    }

    pub(super) fn view(&self) -> InvoiceView {
        self.with_facts(|facts| view(&self.record, &self.payments, facts, self.now))
    }

    pub(super) fn status(&self) -> InvoiceStatus {
        self.view().status
    }

    pub(super) fn has(&self, flag: InvoiceFlag) -> bool {
        self.view().flags.contains(&flag)
    }

    pub(super) fn decide(&mut self, decision: Decision) -> Result<(), DecisionError> {
        self.update();
        self.record.apply(decision, self.now)
    }
}

/// In the block that has so many confirmations.
pub(super) fn mined(depth: u32) -> Standing {
    let height = TIP + 1 - depth;
    Standing::Mined {
        block: BlockHash::from_byte_array([9; 32]),
        height,
    }
}

pub(super) fn settled(depth: u32) -> InvoiceStatus {
    InvoiceStatus::Settled { depth }
}

pub(super) fn confirming(depth: u32) -> InvoiceStatus {
    InvoiceStatus::Confirming { depth, of: 3 }
}
