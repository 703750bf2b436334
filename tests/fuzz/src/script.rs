//! The fuzzer's bytes, read as a script: numbers, choices, pieces. Each is taken from the front, so
//! that a change of one byte changes one thing, and what is appended comes last.

use arbitrary::{Arbitrary, Unstructured};

/// What is left of the fuzzer's bytes. Where they are used up, every number is zero.
pub(crate) struct Script<'a>(Unstructured<'a>);

impl<'a> Script<'a> {
    /// Reads these bytes.
    #[must_use]
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self(Unstructured::new(bytes))
    }

    /// Whether something is left.
    #[must_use]
    pub(crate) fn more(&self) -> bool {
        !self.0.is_empty()
    }

    /// A number of any width.
    pub(crate) fn number<T: Arbitrary<'a> + Default>(&mut self) -> T {
        self.0.arbitrary().unwrap_or_default()
    }

    /// One byte.
    pub(crate) fn byte(&mut self) -> u8 {
        self.number()
    }

    /// A number under `limit`, from one byte where it has room there.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        let number = match limit {
            0..=256 => usize::from(self.byte()),
            _ => usize::from(self.number::<u16>()),
        };
        number.checked_rem(limit).unwrap_or(0)
    }

    /// One of these.
    pub(crate) fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    /// Whether a coin with one head in `sides` shows it.
    pub(crate) fn one_in(&mut self, sides: usize) -> bool {
        self.below(sides) == sides - 1
    }

    /// At most so many of the next bytes.
    pub(crate) fn take(&mut self, count: usize) -> &'a [u8] {
        let count = count.min(self.0.len());
        self.0.bytes(count).unwrap_or_default()
    }

    /// A piece: its length in two bytes, at most `limit`, and as much of it as there is.
    pub(crate) fn piece(&mut self, limit: usize) -> &'a [u8] {
        let length = self.below(limit + 1);
        self.take(length)
    }

    /// A short text: its length in one byte. What is no UTF-8 is replaced.
    pub(crate) fn text(&mut self) -> String {
        let length = usize::from(self.byte());
        String::from_utf8_lossy(self.take(length)).into_owned()
    }

    /// 32 bytes.
    pub(crate) fn hash(&mut self) -> [u8; 32] {
        self.number()
    }

    /// All that is left.
    pub(crate) fn rest(&mut self) -> &'a [u8] {
        self.take(usize::MAX)
    }
}
