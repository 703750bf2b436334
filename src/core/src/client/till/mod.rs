//! Invoices in the machine: made, stored before they are shown, computed again on every event.
//! What they mean is the room [`crate::invoice`]'s.

mod create;
mod recompute;
mod watched;

pub(crate) use watched::Till;
