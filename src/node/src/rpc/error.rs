//! Errors of a call, with the codes of JSON-RPC 2.0 and, below them, Bitcoin Core's (its
//! `rpc/protocol.h`): programs that mine look at the code.

use crate::driver::AskError;
use serde_json::{Value, json};

/// Why a call has no result.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub(super) struct RpcError {
    pub(super) code: Code,
    /// What was expected and what was found.
    pub(super) message: String,
}

/// A number that programs know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Code {
    Parse = -32700,
    InvalidRequest = -32600,
    MethodNotFound = -32601,
    Internal = -32603,
    /// An argument of another type.
    Type = -3,
    /// An argument that means nothing here.
    Parameter = -8,
    /// The node is stopping.
    NotConnected = -9,
    /// Blocks are still missing.
    InitialDownload = -10,
    /// Bytes that are no block, or no transaction.
    Deserialization = -22,
    /// A transaction that breaks a rule.
    Rejected = -26,
}

impl RpcError {
    pub(super) fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }

    pub(super) fn json(&self) -> Value {
        json!({ "code": self.code as i32, "message": self.message })
    }
}

impl From<AskError> for RpcError {
    fn from(error: AskError) -> Self {
        let code = match &error {
            AskError::Gone => Code::NotConnected,
            AskError::Refused(refused) if refused.code == "initial-download" => {
                Code::InitialDownload
            }
            AskError::Refused(_) => Code::Rejected,
        };
        Self::new(code, error.to_string())
    }
}
