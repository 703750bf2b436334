//! The work worker's Rust side: convert, call, convert.
