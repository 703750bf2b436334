//! Peer-to-peer messages.
