//! The node's API over plain HTTP: one request a connection.

use serde_json::Value;
use std::io::{self, Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::str::FromStr;
use std::time::Duration;

/// A template of full blocks has fewer bytes.
const LONGEST: u64 = 16 << 20;
const CONNECT: Duration = Duration::from_secs(5);

/// Where a node is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Site {
    /// `host:port`.
    host: String,
}

/// Why a node did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub(super) enum SiteError {
    #[error("http://{host} cannot be reached: {source}")]
    Unreachable { host: String, source: io::Error },
    #[error("http://{host} says: {text}")]
    Refused { host: String, text: String },
    #[error("expected an answer of a farthing from http://{host}, found something else")]
    Odd { host: String },
}

impl FromStr for Site {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected =
            || format!("expected http://HOST:PORT, as http://127.0.0.1:8420, found {text}");
        let host = text.strip_prefix("http://").ok_or_else(expected)?;
        let host = host.strip_suffix('/').unwrap_or(host);
        let ordinary = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte);
        if host.is_empty() || !host.bytes().all(ordinary) {
            return Err(expected());
        }
        let bare = host.rsplit(']').next().unwrap_or(host);
        let port = if bare.contains(':') { "" } else { ":80" };
        Ok(Self {
            host: format!("{host}{port}"),
        })
    }
}

impl Site {
    /// What a path holds, as JSON.
    pub(super) fn get(&self, path: &str, patience: Duration) -> Result<Value, SiteError> {
        self.ask(&format!("GET {path}"), "", patience)
    }

    /// What it answers to a body.
    pub(super) fn post(
        &self,
        path: &str,
        body: &str,
        patience: Duration,
    ) -> Result<Value, SiteError> {
        self.ask(&format!("POST {path}"), body, patience)
    }

    fn ask(&self, what: &str, body: &str, patience: Duration) -> Result<Value, SiteError> {
        let answer = self.exchange(what, body, patience);
        let answer = answer.map_err(|source| SiteError::Unreachable {
            host: self.host.clone(),
            source,
        })?;
        let odd = || self.odd();
        let answer = String::from_utf8(answer).map_err(|_| odd())?;
        let (head, body) = answer.split_once("\r\n\r\n").ok_or_else(odd)?;
        let code = head
            .strip_prefix("HTTP/1.1 ")
            .and_then(|rest| rest.get(..3));
        match code {
            Some("200") => serde_json::from_str(body).map_err(|_| odd()),
            Some(code) => Err(SiteError::Refused {
                host: self.host.clone(),
                text: format!("{} ({code})", body.trim()),
            }),
            None => Err(odd()),
        }
    }

    /// What it says is no answer of a farthing's.
    pub(super) fn odd(&self) -> SiteError {
        SiteError::Odd {
            host: self.host.clone(),
        }
    }

    fn exchange(&self, what: &str, body: &str, patience: Duration) -> io::Result<Vec<u8>> {
        let mut last = io::Error::from(io::ErrorKind::NotFound);
        for address in self.host.to_socket_addrs()? {
            let mut stream = match TcpStream::connect_timeout(&address, CONNECT) {
                Ok(stream) => stream,
                Err(error) => {
                    last = error;
                    continue;
                }
            };
            stream.set_read_timeout(Some(patience))?;
            stream.set_write_timeout(Some(patience))?;
            let (host, length) = (&self.host, body.len());
            let head = format!(
                "{what} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
            );
            stream.write_all(head.as_bytes())?;
            stream.write_all(body.as_bytes())?;
            let mut answer = Vec::new();
            stream.take(LONGEST).read_to_end(&mut answer)?;
            return Ok(answer);
        }
        Err(last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_address_of_a_site() {
        let host = |text: &str| text.parse::<Site>().map(|site| site.host);
        assert_eq!(host("http://127.0.0.1:8420").unwrap(), "127.0.0.1:8420");
        assert_eq!(host("http://till.local/").unwrap(), "till.local:80");
        assert_eq!(host("http://[::1]:8420/").unwrap(), "[::1]:8420");
        assert_eq!(host("http://[::1]").unwrap(), "[::1]:80");
        for odd in [
            "127.0.0.1:8420",
            "https://127.0.0.1",
            "http://",
            "http://a/b",
            "http://a\r\nb",
        ] {
            assert!(host(odd).unwrap_err().contains("http://HOST:PORT"), "{odd}");
        }
    }
}
