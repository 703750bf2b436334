//! What is kept over a restart: headers in sequence, and records with a checksum and a version.
//! Nothing that cannot be read is deleted: it is set aside under `corrupt/`, and said.

mod flush;
mod restore;
mod strangers;

pub(crate) use flush::{COUNTER_KEY, INVOICE_PREFIX, Storage};
