//! What is printed, as text or as JSON, and the exit status.

use serde_json::{Map, Value};
use std::fmt::Display;
use std::io::{self, Write};
use std::process::ExitCode;

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Report {
    lines: Vec<String>,
    fields: Map<String, Value>,
}

/// Why nothing good was found.
#[derive(Debug)]
pub(super) enum Failure {
    /// The thing is bad.
    Bad {
        /// What was expected and what was found, and where.
        message: String,
        /// What was found nevertheless, to read.
        lines: Vec<String>,
        /// The same for machines.
        fields: Map<String, Value>,
    },
    /// The command was used wrongly.
    Usage(String),
}

impl Report {
    pub(super) fn new() -> Report {
        Report::default()
    }

    /// A fact with its name in text and in JSON.
    pub(super) fn fact(&mut self, label: &str, name: &str, value: impl Into<Value>) {
        let value = value.into();
        let text = match &value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        self.line(label, text);
        self.field(name, value);
    }

    /// A line of text: a label and what it is.
    pub(super) fn line(&mut self, label: &str, text: impl Display) {
        self.lines.push(format!("{label:<14} {text}"));
    }

    /// A field of JSON.
    pub(super) fn field(&mut self, name: &str, value: impl Into<Value>) {
        self.fields.insert(name.to_owned(), value.into());
    }

    /// These things are bad although they could be read: everything that was found is said too.
    pub(super) fn into_failure(self, message: String) -> Failure {
        Failure::Bad {
            message,
            lines: self.lines,
            fields: self.fields,
        }
    }
}

impl Failure {
    pub(super) fn bad(message: String) -> Failure {
        Failure::Bad {
            message,
            lines: Vec::new(),
            fields: Map::new(),
        }
    }

    /// Adds a field of JSON.
    pub(super) fn with(mut self, name: &str, value: impl Into<Value>) -> Failure {
        if let Failure::Bad { fields, .. } = &mut self {
            fields.insert(name.to_owned(), value.into());
        }
        self
    }
}

/// Prints it, and says how the process shall end.
pub(super) fn print(json: bool, result: Result<Report, Failure>) -> ExitCode {
    let (ok, error, lines, mut fields, status) = match result {
        Ok(report) => (true, None, report.lines, report.fields, 0),
        Err(Failure::Bad {
            message,
            lines,
            fields,
        }) => (false, Some(message), lines, fields, 1),
        Err(Failure::Usage(message)) => (false, Some(message), Vec::new(), Map::new(), 2),
    };
    let mut out = io::stdout().lock();
    // Whoever reads may have read enough: a closed pipe is no failure of what was checked.
    let _ = if json {
        fields.insert("ok".to_owned(), ok.into());
        if let Some(message) = &error {
            fields.insert("error".to_owned(), message.as_str().into());
        }
        writeln!(out, "{:#}", Value::Object(fields))
    } else {
        lines.iter().try_for_each(|line| writeln!(out, "{line}"))
    };
    if let (false, Some(message)) = (json, error) {
        // What was found stands before what is wrong with it.
        let _ = out.flush();
        let _ = writeln!(io::stderr(), "farthing: {message}");
    }
    ExitCode::from(status)
}
