//! The keys worker's Rust side: convert, call, convert.
