//! Only whole lines of Stratum pass: neither end becomes a way to speak another protocol to a port,
//! or to a page. Whether a line makes sense is for the two ends to judge.

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;

/// The most bytes of a line that a pool sends: a job, with the coinbase of a pool that pays many.
pub(super) const MOST_OF_POOL: usize = 256 << 10;
/// The most bytes of a line that a miner sends.
const MOST_OF_PAGE: usize = 4 << 10;

/// What came is not Stratum.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum LineError {
    #[error("expected a line of at most {most} bytes, found more")]
    TooLong { most: usize },
    #[error("expected a line of JSON with a method, a result or an error, found {found:?}")]
    Other { found: String },
}

/// One direction of a connection.
#[derive(Debug)]
pub(crate) struct LineGate {
    most: usize,
    /// A line that has no end yet.
    held: Vec<u8>,
    /// Whether a line passed.
    open: bool,
}

/// What makes a line one of Stratum's.
#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    method: Option<Cow<'a, str>>,
    /// Whether there is one: null is an answer too.
    #[serde(default, deserialize_with = "is_there")]
    result: bool,
    #[serde(default, deserialize_with = "is_there")]
    error: bool,
}

fn is_there<'de, D: Deserializer<'de>>(value: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(value)?;
    Ok(true)
}

impl LineGate {
    /// For what a page says.
    pub(crate) fn of_page() -> Self {
        Self::new(MOST_OF_PAGE)
    }

    /// For what a pool says.
    pub(crate) fn of_pool() -> Self {
        Self::new(MOST_OF_POOL)
    }

    fn new(most: usize) -> Self {
        Self {
            most,
            held: Vec::new(),
            open: false,
        }
    }

    pub(crate) fn is_open(&self) -> bool {
        self.open
    }

    /// Takes the next bytes and gives the lines that are whole now, each with its end.
    pub(crate) fn pass(&mut self, bytes: &[u8]) -> Result<Vec<u8>, LineError> {
        let too_long = LineError::TooLong { most: self.most };
        let mut passed = Vec::new();
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            if self.held.len() + piece.len() > self.most {
                return Err(too_long);
            }
            self.held.extend_from_slice(piece);
            if !piece.ends_with(b"\n") {
                break;
            }
            let line = std::mem::take(&mut self.held);
            if !line.trim_ascii().is_empty() {
                check(&line)?;
                passed.extend(line);
                self.open = true;
            }
        }
        Ok(passed)
    }
}

/// Requests of Stratum's two families, and answers. Others speak lines of JSON too.
fn check(line: &[u8]) -> Result<(), LineError> {
    let text = std::str::from_utf8(line).ok();
    let read = text.and_then(|text| serde_json::from_str::<Line<'_>>(text).ok());
    let stratum = read.is_some_and(|line| match line.method {
        Some(method) => method.starts_with("mining.") || method.starts_with("client."),
        None => line.result || line.error,
    });
    if stratum {
        return Ok(());
    }
    let found = String::from_utf8_lossy(line.trim_ascii());
    let found = found.chars().take(60).collect();
    Err(LineError::Other { found })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: &str = concat!(
        r#"{"id":1,"method":"mining.subscribe","params":[]}"#,
        "\r\n",
        r#"{"id":1,"result":[[],"08000002",4],"error":null}"#,
        "\n",
        r#"{"id":2,"result":null,"error":[20,"no",null]}"#,
        "\n",
        r#"{"method":"client.reconnect"}"#,
        "\n",
    );

    #[test]
    fn lets_whole_lines_pass_however_they_are_split() {
        for split in 0..LINES.len() {
            let (first, rest) = LINES.as_bytes().split_at(split);
            let mut gate = LineGate::of_page();
            let passed = gate.pass(first).unwrap();
            assert!(passed.is_empty() || passed.ends_with(b"\n"), "whole lines");
            assert_eq!(gate.is_open(), !passed.is_empty());
            let more = gate.pass(rest).unwrap();
            assert_eq!([passed, more].concat(), LINES.as_bytes(), "{split}");
        }
        assert_eq!(LineGate::of_pool().pass(b"\n \r\n").unwrap(), b"");
    }

    #[test]
    fn lets_nothing_else_pass() {
        for other in [
            "GET / HTTP/1.1",
            "EHLO x",
            "[]",
            "7",
            "{}",
            r#"{"id":1,"method":"blockchain.headers.subscribe","params":[]}"#,
            r#"{"jsonrpc":"2.0","method":"eth_submitWork","id":1}"#,
            r#"{"method":7}"#,
            r#"{"id":1}"#,
            r#"{"id":1,"result":1} {"id":1,"result":1}"#,
        ] {
            let mut gate = LineGate::of_page();
            let error = gate.pass(format!("{other}\n").as_bytes()).unwrap_err();
            assert!(matches!(error, LineError::Other { .. }), "{other}: {error}");
            assert!(!gate.is_open());
        }
        let odd = LineGate::of_pool().pass(b"{\"result\":\"\xff\"}\n");
        assert!(odd.is_err(), "no text");
    }

    #[test]
    fn holds_no_line_past_the_bound() {
        let mut gate = LineGate::of_page();
        let mut held = 0;
        let error = loop {
            match gate.pass(&[b' '; 1000]) {
                Ok(_) => held += 1000,
                Err(error) => break error,
            }
        };
        assert_eq!(
            (held, error),
            (4000, LineError::TooLong { most: MOST_OF_PAGE })
        );
        let long = format!("{{\"result\":\"{}\"}}\n", "0".repeat(MOST_OF_PAGE));
        assert!(LineGate::of_page().pass(long.as_bytes()).is_err());
        assert!(LineGate::of_pool().pass(long.as_bytes()).is_ok());
    }
}
