//! The same run everywhere: natively and in a worker of a real browser one seed gives one hash, and
//! recorded machines do what they did.

use farthing_lab::scenario::scenario_hash;
use farthing_lab::trace::{Trace, samples};

#[cfg(target_family = "wasm")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

#[cfg(target_family = "wasm")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Of two seeds. Whatever changes what a machine says or when changes them:
/// `npm run test:lab -- --traces` records the traces anew and says what these are now.
const KNOWN: [(u64, &str); 2] = [
    (
        1,
        "4626531e673674d3b4f3cdade3c848688bf58c0ed4daf61ef84ed3f7eca89862",
    ),
    (
        2,
        "471c2c31961e0c9a3466330a3c792086316e1dff4062d86f31f0960f7be7e361",
    ),
];

const TRACES: [(&str, &str); 2] = [
    ("node", include_str!("../../../tests/traces/node.jsonl")),
    ("client", include_str!("../../../tests/traces/client.jsonl")),
];

#[test]
fn one_seed_gives_the_known_run() {
    let found = KNOWN.map(|(seed, _)| (seed, scenario_hash(seed)));
    let known = KNOWN.map(|(seed, hash)| (seed, hash.to_owned()));
    assert_eq!(found, known);
}

#[test]
fn a_recorded_machine_does_what_it_did() {
    for (name, text) in TRACES {
        let trace = Trace::from_text(text).expect("a trace");
        assert!(trace.entries.len() > 50, "{name}");
        assert_eq!(
            trace.replay(),
            Ok(()),
            "{name}: npm run test:lab -- --traces records it anew"
        );
        assert_eq!(trace.to_text(), text, "{name}");
    }
}

#[test]
fn the_samples_are_what_the_lab_records() {
    let recorded = samples().expect("practice is in the table");
    let recorded: Vec<_> = recorded
        .iter()
        .map(|(name, trace)| (*name, trace.to_text()))
        .collect();
    for ((name, text), (expected_name, expected)) in recorded.iter().zip(TRACES) {
        assert_eq!(*name, expected_name);
        assert!(
            text == expected,
            "{name} differs: npm run test:lab -- --traces"
        );
    }
    assert_eq!(recorded.len(), TRACES.len());
}

#[test]
fn a_trace_with_anything_changed_does_not_replay() {
    let trace = Trace::from_text(TRACES[1].1).expect("a trace");
    let last = trace.entries.len() - 1;
    let mut later = trace.clone();
    later.entries[last / 2].monotonic_ms += 60_000;
    assert!(later.replay().is_err(), "another time");
    let mut fewer = trace.clone();
    fewer.entries.remove(last / 3);
    assert!(fewer.replay().is_err(), "an input less");
    let mut other = trace.clone();
    other.start.seed.replace_range(0..2, "00");
    assert!(other.replay().is_err(), "another seed");
    assert!(Trace::from_text("").is_err());
    assert!(Trace::from_text(&TRACES[1].1.replacen("trace-1", "trace-2", 1)).is_err());
    let cut = &TRACES[1].1[..TRACES[1].1.len() - 5];
    let error = Trace::from_text(cut).expect_err("a torn file");
    assert_eq!(error.line, last + 2);
}
