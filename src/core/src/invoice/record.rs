//! An invoice as it is stored: what was asked, what was decided, what was told.

use super::view::{Change, Decision, InvoiceFlag, InvoiceRequest, InvoiceStatus, Reason};
use super::watch::Watch;
use crate::payments::{Payment, Standing};
use crate::primitives::record::{self, RecordError};
use crate::primitives::{BlockHeight, UnixTime};
use bitcoin::{ScriptBuf, Txid};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::BTreeMap;

const VERSION: u8 = 1;
/// Changes that are kept: the first one and the newest ones.
const CHANGES: usize = 200;
/// Decisions that are kept; a person makes a handful.
const DECISIONS: usize = 100;
/// Payments that are kept when an invoice is over: the largest ones.
const ARCHIVED: usize = 200;
/// The most units that may be handed over at risk where the merchant set no cap.
pub const DEFAULT_RISK_CAP: u64 = 1_000_000;

/// A stored invoice. Its status is no part of it but as it was told last, to see what changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceRecord {
    /// Its number, from 1.
    pub id: u32,
    /// What was asked for.
    pub request: InvoiceRequest,
    /// The script of the address.
    pub script: ScriptBuf,
    /// When it was made.
    pub created: UnixTime,
    /// The first block that can hold a payment: the one after the tip of that time.
    pub scan_from: BlockHeight,
    /// Up to which height blocks were looked at for it.
    pub scanned_to: Option<BlockHeight>,
    /// Transactions that were looked at for it.
    pub transactions_looked_at: u32,
    /// An older invoice has the same address: only payments since `created` are this one's.
    pub(super) after_another: bool,
    /// When a younger invoice took the same address over.
    pub(super) until: Option<UnixTime>,
    pub(super) decisions: Vec<(Decision, UnixTime)>,
    /// Decisions that no change was told of yet.
    pub(super) untold: Vec<Decision>,
    pub(super) watch: Watch,
    pub(super) changes: Vec<Change>,
    pub(super) alarm: Option<Change>,
    pub(super) told: Told,
    /// Its payments, once its script is watched no more.
    pub(super) archived: Option<Vec<Payment>>,
}

/// What was told last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Told {
    pub(super) status: InvoiceStatus,
    pub(super) flags: Vec<InvoiceFlag>,
    pub(super) credit: u64,
    pub(super) payments: BTreeMap<Txid, Standing>,
}

/// Why a decision was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecisionError {
    /// Nothing is left to cancel.
    #[error("expected an open invoice to cancel, found it {found}")]
    NotOpen {
        /// In a word.
        found: &'static str,
    },
    /// Too little is there to be accepted at risk.
    #[error(
        "expected at least {need} units seen and not in conflict to accept at risk, found {credit}"
    )]
    TooLittle {
        /// Units needed.
        need: u64,
        /// Units that count.
        credit: u64,
    },
    /// The sale is over the cap.
    #[error("expected a sale of at most {cap} units to accept at risk, found {due}")]
    OverCap {
        /// The merchant's cap.
        cap: u64,
        /// Units due.
        due: u64,
    },
    /// There is no late payment.
    #[error("expected a late payment to accept, found none that is enough")]
    NotLate,
    /// There is nothing to give back.
    #[error("expected a payment to give back, found none")]
    NothingPaid,
}

impl InvoiceRecord {
    /// A new invoice. `script` is what [`validate`](super::validate) derived from the address, `tip`
    /// the best chain's height now.
    #[must_use]
    pub fn new(
        id: u32,
        request: InvoiceRequest,
        script: ScriptBuf,
        tip: BlockHeight,
        now: UnixTime,
    ) -> Self {
        Self {
            id,
            request,
            script,
            created: now,
            scan_from: tip.saturating_add(1),
            scanned_to: None,
            transactions_looked_at: 0,
            after_another: false,
            until: None,
            decisions: Vec::new(),
            untold: Vec::new(),
            watch: Watch::new(now),
            changes: vec![Change {
                at: now,
                status: InvoiceStatus::Awaiting,
                reason: Reason::Created,
                alarm: false,
            }],
            alarm: None,
            told: Told {
                status: InvoiceStatus::Awaiting,
                flags: Vec::new(),
                credit: 0,
                payments: BTreeMap::new(),
            },
            archived: None,
        }
    }

    /// When it expires.
    #[must_use]
    pub fn expires(&self) -> UnixTime {
        self.created.saturating_add(self.request.expires_in)
    }

    /// The least that pays it: `due - floor(due x tolerance)`.
    #[must_use]
    pub fn need(&self) -> u64 {
        let missing =
            u128::from(self.request.due) * u128::from(self.request.tolerance_ppm) / 1_000_000;
        self.request
            .due
            .saturating_sub(u64::try_from(missing).unwrap_or(u64::MAX))
    }

    /// Says whether the network is being watched at this moment: at least one operator answers and
    /// announces transactions. To be called on every change, and at least every 30 seconds.
    pub fn watch(&mut self, watching: bool, now: UnixTime) {
        self.watch.set(watching, now);
    }

    /// Whether all of its time was watched.
    #[must_use]
    pub fn watched_to_the_end(&self) -> bool {
        self.watch.covers(self.expires())
    }

    /// Where it stood when it was last told.
    #[must_use]
    pub fn status(&self) -> InvoiceStatus {
        self.told.status
    }

    /// Whether its address is in use: a payment may still come, or is not settled. When its time
    /// ran out unpaid, its address is free again.
    #[must_use]
    pub fn is_open(&self, now: UnixTime) -> bool {
        let refunded = self.decided(Decision::Refund).is_some();
        match self.told.status {
            InvoiceStatus::Draft | InvoiceStatus::Awaiting => now < self.expires(),
            InvoiceStatus::Seen | InvoiceStatus::Confirming { .. } => !refunded,
            InvoiceStatus::Settled { .. } | InvoiceStatus::Expired | InvoiceStatus::Cancelled => {
                false
            }
        }
    }

    /// Notes a decision; [`update`](super::update()) then tells the change.
    ///
    /// # Errors
    /// A decision that does not fit where the invoice stood when it was last told.
    pub fn apply(&mut self, decision: Decision, now: UnixTime) -> Result<(), DecisionError> {
        let told = &self.told;
        match decision {
            Decision::Cancel => match told.status {
                InvoiceStatus::Settled { .. } => {
                    return Err(DecisionError::NotOpen { found: "settled" });
                }
                InvoiceStatus::Cancelled => {
                    return Err(DecisionError::NotOpen { found: "cancelled" });
                }
                _ => {}
            },
            Decision::AcceptAtRisk => {
                let (need, credit) = (self.need(), told.credit);
                if credit < need {
                    return Err(DecisionError::TooLittle { need, credit });
                }
                let cap = self.request.risk_cap.unwrap_or(DEFAULT_RISK_CAP);
                let due = self.request.due;
                if due > cap {
                    return Err(DecisionError::OverCap { cap, due });
                }
            }
            Decision::AcceptLate => {
                let late = told
                    .flags
                    .iter()
                    .any(|flag| matches!(flag, InvoiceFlag::Late | InvoiceFlag::TimeUnknown));
                let cancelled =
                    told.status == InvoiceStatus::Cancelled && told.credit >= self.need();
                if !late && !cancelled {
                    return Err(DecisionError::NotLate);
                }
            }
            Decision::Refund => {
                if told.payments.is_empty() {
                    return Err(DecisionError::NothingPaid);
                }
            }
            Decision::Acknowledge => self.alarm = None,
        }
        if self.decisions.len() >= DECISIONS {
            // What is said once holds; only the newest of each kind matters.
            self.decisions.retain(|(earlier, _)| *earlier != decision);
        }
        self.decisions.push((decision, now));
        if self.untold.len() < DECISIONS {
            self.untold.push(decision);
        }
        Ok(())
    }

    /// An address that served several invoices pays the one that was open when the payment, or the
    /// one that it replaces, was first seen.
    pub(super) fn owns(&self, payment: &Payment) -> bool {
        (!self.after_another || payment.since >= self.created)
            && self.until.is_none_or(|until| payment.since < until)
    }

    /// Keeps its payments in the record itself: to be called before the ledger stops watching its
    /// script and forgets them. From then on the record's own payments count, and no others.
    pub fn archive(&mut self, payments: &[Payment]) {
        if self.archived.is_some() {
            return;
        }
        let mut own: Vec<Payment> = payments
            .iter()
            .filter(|payment| self.owns(payment))
            .cloned()
            .collect();
        own.sort_by_key(|payment| Reverse((payment.standing.is_live(), payment.value)));
        own.truncate(ARCHIVED);
        self.archived = Some(own);
    }

    /// When this was decided last.
    pub(super) fn decided(&self, decision: Decision) -> Option<UnixTime> {
        self.decisions
            .iter()
            .rev()
            .find(|(made, _)| *made == decision)
            .map(|(_, at)| *at)
    }

    /// Cancelled, and not taken back by accepting what came after.
    pub(super) fn is_cancelled(&self) -> bool {
        self.decisions
            .iter()
            .rev()
            .find_map(|(decision, _)| match decision {
                Decision::Cancel => Some(true),
                Decision::AcceptLate => Some(false),
                _ => None,
            })
            .unwrap_or(false)
    }

    pub(super) fn tell(&mut self, change: Change) {
        if change.alarm {
            self.alarm = Some(change.clone());
        }
        self.changes.push(change);
        while self.changes.len() > CHANGES {
            self.changes.remove(1);
        }
    }

    /// The invoice as a record: a checksum, a version, a body.
    ///
    /// # Errors
    /// None is known; the body has a JSON form.
    pub fn encode(&self) -> Result<Vec<u8>, RecordError> {
        record::seal(VERSION, self)
    }

    /// Reads what [`InvoiceRecord::encode`] wrote. From the last stored word on, the network counts
    /// as not watched until [`InvoiceRecord::watch`] says otherwise.
    ///
    /// # Errors
    /// A changed byte, another version, or a body that is no invoice.
    pub fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
        let mut record: Self = record::open(VERSION, "an invoice", bytes)?;
        record.watch.interrupt();
        Ok(record)
    }
}
