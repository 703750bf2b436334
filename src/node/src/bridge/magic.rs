//! Nothing passes before the network's magic did: neither end becomes a way to speak another
//! protocol to a port, or to a page.

/// The first bytes are not the network's magic.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected the magic {}, found {}",
    hex::encode(expected),
    hex::encode(found)
)]
pub(crate) struct MagicError {
    expected: [u8; 4],
    found: Vec<u8>,
}

/// One direction of a connection.
#[derive(Debug)]
pub(crate) enum MagicGate {
    /// Fewer than four bytes came yet.
    Shut { expected: [u8; 4], held: Vec<u8> },
    /// The magic was right.
    Open,
}

impl MagicGate {
    pub(crate) fn new(expected: [u8; 4]) -> Self {
        let held = Vec::new();
        Self::Shut { expected, held }
    }

    pub(crate) fn is_open(&self) -> bool {
        matches!(self, Self::Open)
    }

    /// Takes the next bytes and gives what may pass now: all that was held back, once the magic is
    /// whole, and nothing before. A wrong byte is refused as soon as it is there.
    pub(crate) fn pass(&mut self, bytes: Vec<u8>) -> Result<Vec<u8>, MagicError> {
        let Self::Shut { expected, held } = self else {
            return Ok(bytes);
        };
        held.extend(bytes);
        let seen = held.len().min(expected.len());
        if held[..seen] != expected[..seen] {
            return Err(MagicError {
                expected: *expected,
                found: held[..seen].to_vec(),
            });
        }
        if seen < expected.len() {
            return Ok(Vec::new());
        }
        let passed = std::mem::take(held);
        *self = Self::Open;
        Ok(passed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAGIC: [u8; 4] = [0xfa, 0xbf, 0xb5, 0xda];

    #[test]
    fn lets_everything_pass_after_the_magic_however_it_is_split() {
        let stream = [&MAGIC[..], b"version and more"].concat();
        for split in 0..stream.len() {
            let mut gate = MagicGate::new(MAGIC);
            let first = gate.pass(stream[..split].to_vec()).unwrap();
            assert!(
                split >= 4 || first.is_empty(),
                "nothing passes before the magic"
            );
            let rest = gate.pass(stream[split..].to_vec()).unwrap();
            assert_eq!([first, rest].concat(), stream, "split at {split}");
            assert!(gate.is_open());
        }
    }

    #[test]
    fn refuses_the_first_wrong_byte() {
        for wrong in 0..4 {
            let mut bytes = MAGIC.to_vec();
            bytes[wrong] ^= 1;
            bytes.truncate(wrong + 1);
            let mut gate = MagicGate::new(MAGIC);
            let error = gate.pass(bytes.clone()).unwrap_err();
            assert_eq!(error.found, bytes);
            assert!(!gate.is_open());
        }
        let mut gate = MagicGate::new(MAGIC);
        let error = gate.pass(b"GET / HTTP/1.1".to_vec()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "expected the magic fabfb5da, found 47455420"
        );
    }
}
