//! What may be asked for, and where.

use super::record::InvoiceRecord;
use super::view::InvoiceRequest;
use crate::params::{AddressError, NetworkParams};
use crate::primitives::{BlockHeight, UnixTime};
use bitcoin::ScriptBuf;
use std::collections::BTreeMap;

/// Units that can exist: 21 million coins.
const MAX_UNITS: u64 = 2_100_000_000_000_000;
/// Parts per million in a whole.
const WHOLE: u32 = 1_000_000;
/// The most confirmations that may be wanted.
const MAX_CONFIRMATIONS: u32 = 100;
/// The shortest and the longest time to pay, in seconds: one second, thirty days.
const EXPIRY: std::ops::RangeInclusive<u32> = 1..=30 * 24 * 60 * 60;
/// Characters of a label.
const MAX_LABEL: usize = 200;

/// Why an invoice is not made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// Nothing is due.
    #[error("expected an amount of at least 1 unit, found 0")]
    ZeroAmount,
    /// More is due than exists.
    #[error("expected an amount of at most {MAX_UNITS} units, found {found}")]
    AmountTooLarge {
        /// Units asked for.
        found: u64,
    },
    /// Everything may be missing.
    #[error("expected a tolerance under 100% (1000000 parts per million), found {found}")]
    Tolerance {
        /// Parts per million.
        found: u32,
    },
    /// Too many confirmations.
    #[error("expected 0 to {MAX_CONFIRMATIONS} confirmations, found {found}")]
    Confirmations {
        /// How many.
        found: u32,
    },
    /// Too short or too long.
    #[error("expected a time to pay of {} to {} seconds, found {found}", EXPIRY.start(), EXPIRY.end())]
    Expiry {
        /// Seconds.
        found: u32,
    },
    /// More than everything.
    #[error("expected an attacker's share of at most 1000000 parts per million, found {found}")]
    AttackerShare {
        /// Parts per million.
        found: u32,
    },
    /// A label that is long, or that no line can show.
    #[error(
        "expected a label of at most {MAX_LABEL} characters without control characters, found {found:?}"
    )]
    Label {
        /// Its beginning.
        found: String,
    },
    /// Not an address of this network.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// The address is in use.
    #[error("expected an address without an open invoice, found invoice {invoice} open at it")]
    AddressInUse {
        /// The open one.
        invoice: u32,
    },
    /// All numbers are used.
    #[error("expected a free invoice number, found none")]
    NoNumber,
}

/// Checks a request, and derives from its address the script to watch.
///
/// # Errors
/// What is wrong with it: expected and found.
pub fn validate(
    request: &InvoiceRequest,
    params: &NetworkParams,
) -> Result<ScriptBuf, RequestError> {
    check(request)?;
    Ok(params.script_from_address(&request.address)?)
}

/// Checks all but the address.
fn check(request: &InvoiceRequest) -> Result<(), RequestError> {
    if request.due == 0 {
        return Err(RequestError::ZeroAmount);
    }
    if request.due > MAX_UNITS {
        return Err(RequestError::AmountTooLarge { found: request.due });
    }
    if request.tolerance_ppm >= WHOLE {
        return Err(RequestError::Tolerance {
            found: request.tolerance_ppm,
        });
    }
    if request.confirmations > MAX_CONFIRMATIONS {
        return Err(RequestError::Confirmations {
            found: request.confirmations,
        });
    }
    if !EXPIRY.contains(&request.expires_in) {
        return Err(RequestError::Expiry {
            found: request.expires_in,
        });
    }
    if request.attacker_share_ppm > WHOLE {
        return Err(RequestError::AttackerShare {
            found: request.attacker_share_ppm,
        });
    }
    if request.label.chars().count() > MAX_LABEL || request.label.chars().any(char::is_control) {
        return Err(RequestError::Label {
            found: request.label.chars().take(40).collect(),
        });
    }
    Ok(())
}

/// Makes an invoice. `script` is what [`validate`] derived from the address. An address serves one open invoice at a time; where it served another before,
/// payments belong to the one that was open when they were first seen, and both are labelled
/// ambiguous. The new record, and the one before at the same address, are to be stored.
///
/// # Errors
/// A request that does not pass [`validate`], an address with an open invoice.
pub fn open(
    records: &mut BTreeMap<u32, InvoiceRecord>,
    request: InvoiceRequest,
    script: ScriptBuf,
    tip: BlockHeight,
    now: UnixTime,
) -> Result<u32, RequestError> {
    check(&request)?;
    let id = records
        .last_key_value()
        .map_or(Some(1), |(id, _)| id.checked_add(1))
        .ok_or(RequestError::NoNumber)?;
    if let Some(other) = records
        .values()
        .find(|other| other.script == script && other.is_open(now))
    {
        return Err(RequestError::AddressInUse { invoice: other.id });
    }
    let mut record = InvoiceRecord::new(id, request, script, tip, now);
    for other in records
        .values_mut()
        .filter(|other| other.script == record.script)
    {
        other.until.get_or_insert(now);
        record.after_another = true;
    }
    records.insert(id, record);
    Ok(id)
}
