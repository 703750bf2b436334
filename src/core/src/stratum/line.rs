//! A stream of bytes as lines. Threat: a line that never ends. No more is kept of a stream than the
//! longest line and the piece that came last.

/// A line that is too long: the stream cannot be read further.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected a line of at most {most} bytes, found a longer one")]
pub struct LineError {
    /// The limit.
    pub most: usize,
}

/// Cuts a stream into lines.
#[derive(Debug, Clone)]
pub struct LineDecoder {
    most: usize,
    buffer: Vec<u8>,
    /// Where the next line begins.
    start: usize,
    /// How far no end of a line was seen.
    looked: usize,
}

impl LineDecoder {
    /// For lines of at most so many bytes, without their end.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self {
            most,
            buffer: Vec::new(),
            start: 0,
            looked: 0,
        }
    }

    /// Takes a piece of the stream.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.start > 0 {
            self.buffer.drain(..self.start);
            self.looked -= self.start;
            self.start = 0;
        }
        self.buffer.extend_from_slice(bytes);
    }

    /// The next whole line, without its end (a line feed, or carriage return and line feed); none
    /// until more comes. Empty lines are left out.
    ///
    /// # Errors
    /// The line is too long. What follows it cannot be told apart from it.
    #[must_use]
    pub fn next_line(&mut self) -> Option<Result<Vec<u8>, LineError>> {
        loop {
            let most = self.most;
            let rest = self.buffer.get(self.looked..).unwrap_or(&[]);
            let end = rest.iter().position(|byte| *byte == b'\n');
            let Some(end) = end.map(|at| self.looked + at) else {
                self.looked = self.buffer.len();
                // One more for the carriage return.
                let too_long = self.looked - self.start > most + 1;
                return too_long.then_some(Err(LineError { most }));
            };
            let line = self.buffer.get(self.start..end).unwrap_or(&[]);
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let result = match line.len() {
                0 => None,
                length if length > most => Some(Err(LineError { most })),
                _ => Some(Ok(line.to_vec())),
            };
            self.start = end + 1;
            self.looked = self.start;
            if result.is_some() {
                return result;
            }
        }
    }

    /// Bytes that are kept.
    #[must_use]
    pub fn kept(&self) -> usize {
        self.buffer.len()
    }
}
