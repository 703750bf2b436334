//! The wallet's tests.
