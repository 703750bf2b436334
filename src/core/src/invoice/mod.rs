//! An invoice's status as a pure function of the payments seen, the best chain, the clock and the
//! merchant's decisions. It is computed again on every event: nothing is final because it was once
//! true.

mod view;

pub use view::{
    Change, Decision, InvoiceFlag, InvoiceRequest, InvoiceStatus, InvoiceView, PaymentState,
    PaymentView, Reason, TimeRange, Verdict, VerdictAnswer,
};
