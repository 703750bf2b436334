//! The tree of headers.
