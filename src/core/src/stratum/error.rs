//! What is wrong with a line, and the codes with which a share is refused.

use super::limits;
use super::message::Id;

/// Characters of what was found that an error repeats.
const SHOWN: usize = 64;

/// A line, or a message of it, that is not what it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    /// Not JSON.
    #[error("expected a line of JSON, found something else: {reason}")]
    Json {
        /// What the reader says.
        reason: String,
    },
    /// JSON, but neither a request nor an answer.
    #[error("expected an object with a method, or with a result or an error, found {found}")]
    Shape {
        /// What it is.
        found: &'static str,
    },
    /// The id is none.
    #[error(
        "expected an id that is null, a number or at most {} characters, found another",
        limits::ID
    )]
    Id,
    /// A parameter, or a part of an answer, does not hold what it should.
    #[error("expected {expected} as {what}, found {found}")]
    Field {
        /// Its name.
        what: &'static str,
        /// What it should be.
        expected: &'static str,
        /// What it is, cut.
        found: String,
    },
    /// Bytes are too many.
    #[error("expected at most {most} bytes of {what}, found {found}")]
    TooLong {
        /// Their name.
        what: &'static str,
        /// The limit.
        most: usize,
        /// How many there are.
        found: usize,
    },
}

impl MessageError {
    pub(super) fn field(what: &'static str, expected: &'static str, found: &str) -> Self {
        MessageError::Field {
            what,
            expected,
            found: format!("{:?}", printable(found, SHOWN)),
        }
    }

    pub(super) fn missing(what: &'static str, expected: &'static str) -> Self {
        MessageError::Field {
            what,
            expected,
            found: "nothing".to_owned(),
        }
    }
}

/// What a stranger says, for people: printable ASCII, at most so many characters.
pub(super) fn printable(text: &str, most: usize) -> String {
    let printable = |c: char| {
        if c.is_ascii_graphic() || c == ' ' {
            c
        } else {
            '?'
        }
    };
    text.chars().take(most).map(printable).collect()
}

/// Why a server does not do what a miner asks: the code in common use, and a sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    /// Which.
    pub code: RefusalCode,
    /// What was expected and what was found.
    pub message: String,
}

/// The codes in common use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalCode {
    /// 20: something else is wrong.
    Other,
    /// 21: there is no such job, or no more.
    JobNotFound,
    /// 22: the share was sent before.
    Duplicate,
    /// 23: the hash does not meet the target.
    LowDifficulty,
    /// 24: the user is not authorized.
    Unauthorized,
    /// 25: the connection has not subscribed.
    NotSubscribed,
}

impl RefusalCode {
    /// The number.
    #[must_use]
    pub fn number(self) -> i64 {
        match self {
            RefusalCode::Other => 20,
            RefusalCode::JobNotFound => 21,
            RefusalCode::Duplicate => 22,
            RefusalCode::LowDifficulty => 23,
            RefusalCode::Unauthorized => 24,
            RefusalCode::NotSubscribed => 25,
        }
    }

    /// With a sentence.
    pub(super) fn with(self, message: impl Into<String>) -> Refusal {
        Refusal {
            code: self,
            message: message.into(),
        }
    }
}

/// A message that cannot be read: what can be told of it, and the id to answer with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// Its id, if it has one.
    pub id: Id,
    /// What is wrong.
    pub error: MessageError,
}
