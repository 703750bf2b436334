//! Writes `www/lib/lesson-messages.ts`: what a lesson's page and its worker say to each other, the
//! limits of the controls, and the tables that were printed. With `--check` it compares instead, and
//! fails where they differ.
#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    reason = "a build tool that lives beside the types it prints; not part of the lab"
)]

#[path = "../../core/examples/written/mod.rs"]
mod written;

use farthing_lab::lessons::network::PUBLISHED;
use farthing_lab::lessons::race::published::{PAPER, PAPER_THOUSANDTH};
use farthing_lab::lessons::{LIMITS, LessonCommand, LessonView};
use serde::Serialize;
use std::process::ExitCode;
use ts_rs::TypeVisitor;
use written::{Types, write_or_check};

const HEAD: &str = "\
// Made from the lab's types by `cargo run -p farthing-lab --features typescript --example
// lesson-types`: do not edit.
";

fn main() -> ExitCode {
    let mut types = Types::default();
    types.visit::<LessonCommand>();
    types.visit::<LessonView>();
    let constants = [
        constant("From where to where each control goes.", "LIMITS", &LIMITS),
        constant(
            "The Bitcoin paper's tables (section 11): depth and odds, by share in per cent.",
            "PAPER",
            &PAPER,
        ),
        constant(
            "The same: the depth at which the odds fall below a thousandth, by share in per cent.",
            "PAPER_THOUSANDTH",
            &PAPER_THOUSANDTH,
        ),
        constant(
            "What Decker and Wattenhofer measured in 2013: seconds, seconds, and a share of all blocks.",
            "PUBLISHED",
            &PUBLISHED,
        ),
    ];
    let text = format!("{HEAD}{}{}", types.text(), constants.concat());
    write_or_check("lesson-messages.ts", &text)
}

fn constant(docs: &str, name: &str, value: &impl Serialize) -> String {
    let value = serde_json::to_string(value).expect("it is plain data");
    format!("\n/** {docs} */\nexport const {name} = {value} as const;\n")
}
