//! Compact block filters (BIP158) and the chain of their headers (BIP157).
