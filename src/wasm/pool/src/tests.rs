//! In a browser's worker: what crosses is what `messages.ts` says.

use super::{JsInput, JsOptions, PoolMachine};
use js_sys::{Array, JSON, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

const OPTIONS: &str = r#"{
    "address": "pool.example:3333", "user": "somebody", "password": "x", "agent": "farthing/test",
    "versionMask": 536862720
}"#;
/// A job on Bitcoin's first block, with its own coinbase cut into two.
const JOB: &str = r#"{"id":null,"method":"mining.notify","params":["1f",
"0a8ce26f72b3f1b646a2a6c14ff763ae65831e939c085ae10019d66800000000",
"01000000010000000000000000000000000000000000000000000000000000000000000000ffffffff0a5100","ffffffff0100f2052a01000000015100000000",[],"20000000","1d00ffff","4966bc61",true]}"#;

fn object(json: &str) -> JsValue {
    JSON::parse(json).unwrap()
}

fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(name)).unwrap()
}

fn received(lines: &str) -> JsValue {
    let input = object(r#"{ "type": "received" }"#);
    let bytes = Uint8Array::from(lines.as_bytes());
    Reflect::set(&input, &"bytes".into(), &bytes).unwrap();
    input
}

fn handle(machine: &mut PoolMachine, input: JsValue) -> Array {
    let input: JsInput = input.unchecked_into();
    let outputs = machine.handle(1_800_000_000_000.0, 5_000.0, input);
    let outputs = outputs.unwrap_or_else(|_| unreachable!("it is an input"));
    JsValue::from(outputs).unchecked_into()
}

fn types(outputs: &Array) -> Vec<String> {
    let of = |output: JsValue| get(&output, "type").as_string().unwrap();
    outputs.iter().map(of).collect()
}

/// A pool lets us in, and sends a job.
fn mining() -> PoolMachine {
    let options: JsOptions = object(OPTIONS).unchecked_into();
    let machine = PoolMachine::new(options);
    let mut machine = machine.unwrap_or_else(|_| unreachable!("they are options"));
    let first = handle(&mut machine, object(r#"{ "type": "tick" }"#));
    assert_eq!(types(&first), ["event", "connect", "wakeAt"]);
    assert!(get(&first.get(2), "monotonicMs").as_f64().is_some());
    let greeting = handle(&mut machine, object(r#"{ "type": "connected" }"#));
    assert_eq!(types(&greeting), ["send", "send"]);
    assert!(get(&greeting.get(0), "bytes").is_instance_of::<Uint8Array>());
    handle(
        &mut machine,
        received(
            "{\"id\":2,\"result\":[[],\"aa0bcc0d\",4],\"error\":null}\n{\"id\":3,\"result\":true}\n",
        ),
    );
    let job = handle(
        &mut machine,
        received(&format!("{}\n", JOB.replace('\n', ""))),
    );
    assert_eq!(types(&job), ["event"]);
    assert_eq!(get(&get(&job.get(0), "event"), "type"), "job");
    assert_eq!(get(&get(&job.get(0), "event"), "blockDifficulty"), 1.0);
    machine
}

#[wasm_bindgen_test]
fn a_pool_s_job_becomes_work() {
    let mut machine = mining();
    let work = |machine: &mut PoolMachine, number| {
        let work = machine.work(number).unwrap_or_else(|_| unreachable!());
        JsValue::from(work)
    };
    let (one, two) = (work(&mut machine, 1), work(&mut machine, 2));
    assert_eq!(get(&one, "header").as_string().unwrap().len(), 160);
    assert_ne!(get(&one, "header"), get(&two, "header"));
    assert_eq!(
        get(&one, "target"),
        "00000000ffff0000000000000000000000000000000000000000000000000000"
    );
    // No share: it is told apart and not sent.
    let submit = object(r#"{ "type": "submit", "share": 5 }"#);
    Reflect::set(&submit, &"work".into(), &get(&one, "id")).unwrap();
    Reflect::set(&submit, &"header".into(), &get(&one, "header")).unwrap();
    let outputs = handle(&mut machine, submit);
    let event = get(&outputs.get(0), "event");
    assert_eq!(get(&event, "type"), "rejected");
    assert_eq!(get(&event, "share"), 5);
}

#[wasm_bindgen_test]
fn what_is_no_message_is_refused() {
    assert!(PoolMachine::new(object("{}").unchecked_into()).is_err());
    let mut machine = mining();
    let nonsense = object(r#"{ "type": "nonsense" }"#).unchecked_into();
    assert!(machine.handle(0.0, 0.0, nonsense).is_err());
}
