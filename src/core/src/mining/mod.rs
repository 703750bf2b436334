//! From a chain's tip and waiting transactions to a header that a worker searches, and back to a
//! block.
//!
//! | module | its job |
//! |---|---|
//! | `coinbase` | the transaction that pays the miner and commits to the witnesses |
//! | `template` | what a node proposes, with the fields of BIP22, BIP23 and BIP145 |
//! | `propose` | a template from a tip and waiting transactions |
//! | `checked` | a template that is not trusted, looked through |
//! | `candidate` | a block that lacks its nonce |
//! | `error` | why a template is refused |

mod candidate;
mod checked;
mod coinbase;
mod error;
mod propose;
mod template;
#[cfg(test)]
mod tests;

pub use candidate::{Candidate, VERSION_MASK};
pub use checked::CheckedTemplate;
pub use coinbase::{coinbase, witness_commitment};
pub use error::{CandidateError, TemplateError};
pub use propose::TemplateParent;
pub use template::{BlockTemplate, TemplateTransaction};
