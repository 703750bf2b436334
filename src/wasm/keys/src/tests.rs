//! The machine in a real browser's worker: what crosses, and what stays behind in its memory.
//!
//! A needle must not be in the memory that is searched, so every secret is written here with its bits
//! turned over, is turned back in JavaScript alone, and is looked for there.

use super::{JsCommand, JsReply, KeysMachine};
use js_sys::{Array, Error, Function, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

const NETWORK: &str = "practice:harbour-wren";

/// Turned over while compiling.
const fn turned<const N: usize>(bytes: &[u8; N]) -> [u8; N] {
    let mut turned = [0; N];
    let mut at = 0;
    while at < N {
        turned[at] = bytes[at] ^ 0xff;
        at += 1;
    }
    turned
}

/// 0x5a in each of sixteen bytes, as BIP39 writes it.
const PHRASE: &[u8] =
    &turned(b"fog spot notable regret pizza coffee harvest ensure fog spot notable reflect");
const PASSPHRASE: &[u8] = &turned(b"a wren upon a farthing");

/// What is made of the phrase on the way to a signature, computed apart with another program.
const SECRETS: [(&str, &[u8]); 10] = [
    ("the phrase", PHRASE),
    ("the passphrase", PASSPHRASE),
    ("the entropy", &turned(&[0x5a; 16])),
    (
        "the words' numbers",
        &[
            0x2d, 0xfd, 0x69, 0xf9, 0x4b, 0xfb, 0x5a, 0xfa, 0xd2, 0xfa, 0x96, 0xfe, 0xb4, 0xfc,
            0xa5, 0xfd, 0x2d, 0xfd, 0x69, 0xf9, 0x4b, 0xfb, 0x5e, 0xfa,
        ],
    ),
    (
        "the first half of the seed",
        &[
            0xf8, 0xb7, 0x2f, 0x1f, 0x97, 0x9f, 0x54, 0xa4, 0xce, 0xba, 0x9e, 0xf9, 0xba, 0x20,
            0xb0, 0x30, 0xbb, 0x56, 0x62, 0x6d, 0xa3, 0xba, 0xd9, 0xba, 0x3d, 0x7e, 0x75, 0x60,
            0x7e, 0xd0, 0x26, 0xd3,
        ],
    ),
    (
        "the key of m/44'/1'",
        &[
            0x66, 0x74, 0x7c, 0xe5, 0xae, 0xca, 0x6a, 0xce, 0xb9, 0xea, 0x16, 0x64, 0x16, 0x88,
            0x95, 0xc0, 0x9b, 0x88, 0x13, 0xee, 0xbb, 0x8b, 0xd6, 0x1d, 0xde, 0xf1, 0xd6, 0xa1,
            0xd9, 0x9b, 0x7b, 0x42,
        ],
    ),
    (
        "the key that signs",
        &[
            0xe1, 0x55, 0x9a, 0x50, 0x19, 0x1a, 0x19, 0x36, 0xaa, 0xee, 0xe7, 0x59, 0xd6, 0x19,
            0x07, 0xc5, 0xb9, 0xf1, 0x00, 0x96, 0xa2, 0x0c, 0xaa, 0x33, 0xb1, 0xbe, 0x05, 0x9f,
            0xa1, 0x60, 0xbd, 0x05,
        ],
    ),
    (
        "what it expands to",
        &[
            0x63, 0x4f, 0x4f, 0xdd, 0x65, 0xf3, 0xc7, 0x51, 0x16, 0x70, 0x03, 0x87, 0xac, 0x6c,
            0x49, 0x10, 0x3d, 0x14, 0x95, 0x7b, 0xa1, 0x5e, 0x26, 0x7c, 0x3e, 0x75, 0x27, 0xc9,
            0xf3, 0x06, 0xca, 0x58,
        ],
    ),
    (
        "the key that was derived last",
        &[
            0x5e, 0x58, 0x73, 0xa6, 0x59, 0x7a, 0x4f, 0xf5, 0x1e, 0xb6, 0x13, 0x7b, 0xfc, 0x2b,
            0xbc, 0x8d, 0xf0, 0x98, 0x9d, 0xe0, 0x33, 0xa1, 0xc6, 0xcb, 0x77, 0x10, 0xa4, 0x19,
            0xf8, 0xc7, 0x11, 0x19,
        ],
    ),
    (
        "its chain code",
        &[
            0x7e, 0xb7, 0x72, 0xa3, 0xb9, 0x70, 0xe1, 0xd0, 0xf0, 0x95, 0xc5, 0x7f, 0xa2, 0x34,
            0xad, 0x0b, 0xaa, 0xe1, 0x2f, 0xef, 0xc4, 0x14, 0xa5, 0x2a, 0x48, 0x97, 0xe3, 0xfb,
            0x8d, 0x4e, 0x09, 0x57,
        ],
    ),
];
/// What an open wallet holds, by its place above.
const HELD: usize = 5;

/// A text that is in no memory of ours.
fn text(turned: &[u8]) -> JsValue {
    let body = "return String.fromCharCode(...turned.map((byte) => byte ^ 255));";
    Function::new_with_args("turned", body)
        .call1(&JsValue::NULL, &Uint8Array::from(turned))
        .unwrap()
}

/// How often a secret stands in this module's memory.
fn count(turned: &[u8]) -> u32 {
    let body = "
        const needle = Uint8Array.from(turned, (byte) => byte ^ 255);
        const hay = new Uint8Array(memory.buffer);
        let found = 0;
        for (let at = hay.indexOf(needle[0]); at >= 0; at = hay.indexOf(needle[0], at + 1)) {
            if (needle.every((byte, i) => hay[at + i] === byte)) found += 1;
        }
        return found;";
    let found = Function::new_with_args("memory, turned", body)
        .call2(
            &JsValue::NULL,
            &wasm_bindgen::memory(),
            &Uint8Array::from(turned),
        )
        .unwrap();
    found.as_f64().unwrap() as u32
}

fn left_behind() -> Vec<&'static str> {
    let found = SECRETS.iter().filter(|(_, turned)| count(turned) > 0);
    found.map(|(name, _)| *name).collect()
}

fn assert_nothing_left() {
    let left = left_behind();
    assert!(left.is_empty(), "in memory: {left:?}");
}

fn command(fields: &[(&str, JsValue)]) -> JsCommand {
    let object = Object::new();
    for (name, value) in fields {
        Reflect::set(&object, &JsValue::from_str(name), value).unwrap();
    }
    JsValue::from(object).unchecked_into()
}

fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(name)).unwrap()
}

fn restore() -> JsCommand {
    command(&[
        ("type", "restore".into()),
        ("phrase", text(PHRASE)),
        ("passphrase", text(PASSPHRASE)),
    ])
}

fn unlock(record: JsValue, passphrase: JsValue) -> JsCommand {
    command(&[
        ("type", "unlock".into()),
        ("record", record),
        ("passphrase", passphrase),
    ])
}

/// Everything goes back to the wallet's own first address, from its first key.
fn spend() -> JsCommand {
    let path = JsValue::from(command(&[("account", 0.into()), ("index", 0.into())]));
    let coin = command(&[
        ("txid", "11".repeat(32).into()),
        ("vout", 0.into()),
        ("amount", 100_000_u64.into()),
        ("path", path.clone()),
        ("sequence", 0xffff_fffd_u32.into()),
    ]);
    let change = command(&[
        ("type", "change".into()),
        ("path", path),
        ("amount", 99_500_u64.into()),
    ]);
    let request = command(&[
        ("inputs", Array::of(&[JsValue::from(coin)]).into()),
        ("outputs", Array::of(&[JsValue::from(change)]).into()),
        ("fee", 500_u64.into()),
        ("lockTime", 7.into()),
        ("replaces", JsValue::NULL),
    ]);
    command(&[("type", "sign".into()), ("request", request.into())])
}

fn machine() -> KeysMachine {
    KeysMachine::new(NETWORK).unwrap_or_else(|_| unreachable!("the network exists"))
}

fn done(machine: &mut KeysMachine, command: JsCommand) -> JsValue {
    let reply: Result<JsReply, Error> = machine.handle(command);
    reply.unwrap().into()
}

fn refused(machine: &mut KeysMachine, command: JsCommand) -> Error {
    machine.handle(command).err().unwrap()
}

#[wasm_bindgen_test]
fn values_cross_as_messages_ts_says() {
    let mut machine = machine();
    let opened = done(&mut machine, restore());
    assert_eq!(get(&opened, "type"), "opened");
    assert!(get(&opened, "record").is_instance_of::<Uint8Array>());
    assert!(get(&opened, "phrase").is_null());
    let keys: Array = get(&opened, "keys").unchecked_into();
    assert_eq!(keys.length(), 1000);
    assert_eq!(
        get(&keys.get(0), "publicKey"),
        "f7ee16239603745a6945c77ec55dbdb6e268984c1d35d18a833603e5b5b6383e"
    );

    let signed = done(&mut machine, spend());
    assert_eq!(get(&signed, "type"), "signed");
    assert_eq!(get(&signed, "txid").as_string().unwrap().len(), 64);
}

#[wasm_bindgen_test]
fn refusals_are_errors_with_a_sentence_and_a_wrong_passphrase_has_a_name() {
    let mut machine = machine();
    let record = get(&done(&mut machine, restore()), "record");
    let wrong = refused(&mut machine, unlock(record, "not this one".into()));
    assert_eq!(wrong.name(), "PassphraseError");

    let damaged = unlock(Uint8Array::new_with_length(9).into(), "not this one".into());
    let error = refused(&mut machine, damaged);
    assert_eq!(error.name(), "Error");
    assert_eq!(
        error.message(),
        "expected a vault's record, found other data"
    );

    let nonsense = command(&[("type", "export".into())]);
    let error = refused(&mut machine, nonsense);
    assert!(String::from(error.message()).starts_with("expected a command"));

    machine.lock();
    let error = refused(&mut machine, spend());
    assert!(String::from(error.message()).contains("locked"));
    assert!(KeysMachine::new("nowhere").is_err());
}

#[wasm_bindgen_test]
fn randomness_is_the_browsers_and_differs() {
    let first = |_| {
        let create = command(&[
            ("type", "create".into()),
            ("passphrase", text(PASSPHRASE)),
            ("words", 12.into()),
        ]);
        let opened = done(&mut machine(), create);
        assert_eq!(Array::from(&get(&opened, "phrase")).length(), 12);
        get(
            &get(&opened, "keys").unchecked_into::<Array>().get(0),
            "publicKey",
        )
    };
    let made: Vec<JsValue> = (0..3).map(first).collect();
    assert!(made[0] != made[1] && made[1] != made[2] && made[0] != made[2]);
}

#[wasm_bindgen_test]
fn no_secret_is_in_memory_after_the_lock() {
    let mut machine = machine();
    // The search finds what is there: an open wallet holds the node that its keys come from, and
    // nothing else of it.
    let opened = done(&mut machine, restore());
    assert_eq!(left_behind(), [SECRETS[HELD].0]);
    let record = get(&opened, "record");
    done(&mut machine, unlock(record.clone(), text(PASSPHRASE)));
    assert_eq!(left_behind(), [SECRETS[HELD].0]);
    done(&mut machine, spend());
    assert_eq!(left_behind(), [SECRETS[HELD].0]);
    machine.lock();
    assert_nothing_left();

    // Refusals leave nothing either.
    refused(&mut machine, unlock(record.clone(), "not this one".into()));
    let shown = done(
        &mut machine,
        command(&[
            ("type", "showPhrase".into()),
            ("record", record),
            ("passphrase", text(PASSPHRASE)),
        ]),
    );
    assert_eq!(Array::from(&get(&shown, "words")).length(), 12);
    assert_nothing_left();
}

#[wasm_bindgen_test]
fn no_secret_is_in_memory_after_the_machine_is_gone() {
    let mut machine = machine();
    done(&mut machine, restore());
    done(&mut machine, spend());
    assert_eq!(left_behind(), [SECRETS[HELD].0]);
    drop(machine);
    assert_nothing_left();
}
