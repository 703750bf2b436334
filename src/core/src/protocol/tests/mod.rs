//! Tests of the room, by kind.
