//! The log: to standard error, one line each, with the time in UTC.
//!
//! Where standard error cannot be written (a log on a full disk), the line is lost and nothing else:
//! neither what is said here nor the log's own complaint may end the program.

use std::fmt;
use std::io::{IsTerminal as _, Write as _, stderr};
use std::time::{SystemTime, UNIX_EPOCH};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::FormatTime;

/// Starts it. RUST_LOG=debug shows more.
pub(crate) fn start() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_target(false)
        .with_timer(Seconds)
        .with_ansi(stderr().is_terminal())
        .with_writer(stderr)
        .log_internal_errors(false)
        .init();
}

/// Says why the program ends.
pub(crate) fn last_words(error: &dyn fmt::Display) {
    writeln!(stderr(), "farthing: {error}").ok();
}

/// `2026-11-22 16:21:21`.
struct Seconds;

impl FormatTime for Seconds {
    fn format_time(&self, writer: &mut Writer<'_>) -> fmt::Result {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        write!(writer, "{}", date_and_time(now.as_secs()))
    }
}

fn date_and_time(unix: u64) -> String {
    let (days, second) = (unix / 86_400, unix % 86_400);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    let (mut year, mut left) = (1970, days);
    let length = |year: u64| match (year % 4, year % 100, year % 400) {
        (0, 0, 0) => 366,
        (0, 0, _) => 365,
        (0, _, _) => 366,
        _ => 365,
    };
    while left >= length(year) {
        left -= length(year);
        year += 1;
    }
    let february = length(year) - 337;
    let mut month = 1;
    for days in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if left < days {
            break;
        }
        left -= days;
        month += 1;
    }
    let day = left + 1;
    format!("{year}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
}

#[cfg(test)]
mod tests {
    use super::date_and_time;

    #[test]
    fn dates() {
        for (unix, text) in [
            (0, "1970-01-01 00:00:00"),
            (951_782_399, "2000-02-28 23:59:59"),
            (951_782_400, "2000-02-29 00:00:00"),
            (1_231_006_505, "2009-01-03 18:15:05"),
            (1_767_225_599, "2025-12-31 23:59:59"),
            (4_107_542_400, "2100-03-01 00:00:00"),
        ] {
            assert_eq!(date_and_time(unix), text);
        }
    }
}
