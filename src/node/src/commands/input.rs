//! Bytes from a file or from standard input, raw or in hex.

use super::Failure;
use std::fs::File;
use std::io::{self, Read};

/// Reads `file` (`-`: standard input) of at most `limit` bytes once decoded. Text of nothing but
/// printable characters is hex; line ends and blanks in it do not count.
pub(super) fn read(file: &str, limit: usize) -> Result<Vec<u8>, Failure> {
    let bytes = read_raw(file, limit)?;
    if bytes.is_empty() {
        return Err(Failure::bad(format!("{file}: expected bytes, found none")));
    }
    let is_text = |byte: &u8| byte.is_ascii_graphic() || byte.is_ascii_whitespace();
    let decoded = if bytes.iter().all(is_text) {
        decode_hex(&bytes).map_err(|error| Failure::bad(format!("{file}: {error}")))?
    } else {
        bytes
    };
    if decoded.len() > limit {
        return Err(too_long(file, limit));
    }
    Ok(decoded)
}

/// Reads one line of text from standard input.
pub(super) fn read_line_from_stdin(limit: usize) -> Result<String, Failure> {
    let bytes = read_raw("-", limit)?;
    let text = String::from_utf8(bytes)
        .map_err(|error| Failure::bad(format!("-: expected text, found {error}")))?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

fn read_raw(file: &str, limit: usize) -> Result<Vec<u8>, Failure> {
    // Hex takes two characters a byte, and some for line ends.
    let most = limit.saturating_mul(3) as u64;
    let mut bytes = Vec::new();
    let read = if file == "-" {
        io::stdin().lock().take(most + 1).read_to_end(&mut bytes)
    } else {
        File::open(file).and_then(|file| file.take(most + 1).read_to_end(&mut bytes))
    };
    read.map_err(|error| Failure::Usage(format!("{file}: cannot be read: {error}")))?;
    if bytes.len() as u64 > most {
        return Err(too_long(file, limit));
    }
    Ok(bytes)
}

fn too_long(file: &str, limit: usize) -> Failure {
    Failure::bad(format!(
        "{file}: expected at most {limit} bytes, found more"
    ))
}

fn decode_hex(text: &[u8]) -> Result<Vec<u8>, String> {
    let mut digits = Vec::with_capacity(text.len());
    for (at, &byte) in text.iter().enumerate() {
        if byte.is_ascii_hexdigit() {
            digits.push(byte);
        } else if !byte.is_ascii_whitespace() {
            let found = char::from(byte);
            return Err(format!(
                "expected hex digits, found {found:?} at character {}",
                at + 1
            ));
        }
    }
    hex::decode(&digits).map_err(|_| {
        format!(
            "expected an even number of hex digits, found {}",
            digits.len()
        )
    })
}

#[cfg(test)]
mod tests {
    use super::decode_hex;

    #[test]
    fn hex_with_line_ends() {
        assert_eq!(decode_hex(b"00ff\r\nA b\n"), Ok(vec![0x00, 0xff, 0xab]));
    }

    #[test]
    fn what_is_no_hex_and_where() {
        assert_eq!(
            decode_hex(b"00fg"),
            Err("expected hex digits, found 'g' at character 4".to_owned())
        );
        assert_eq!(
            decode_hex(b"00f\n"),
            Err("expected an even number of hex digits, found 3".to_owned())
        );
    }
}
