//! Block templates (BIP22, BIP23), coinbases, and the header that a worker searches.

mod template;

pub use template::{BlockTemplate, TemplateTransaction};
