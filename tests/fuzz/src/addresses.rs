//! Addresses, network names, amounts and payment links, as people type and scan them.

use crate::script::Script;
use farthing_core::bitcoin::ScriptBuf;
use farthing_core::invoice::{decimal, payment_uri};
use farthing_core::keys::phrase::Phrase;
use farthing_core::params::NetworkParams;
use std::cell::OnceCell;

thread_local! {
    static NETWORKS: OnceCell<Vec<NetworkParams>> = const { OnceCell::new() };
}

/// Every network of the table, and one of each kind that has a name.
fn networks() -> Vec<NetworkParams> {
    let named = ["practice:fuzz"];
    let names = NetworkParams::names().iter().copied().chain(named);
    names
        .filter_map(|name| NetworkParams::by_name(name).ok())
        .collect()
}

/// Feeds the parsers of what people type.
pub fn addresses(data: &[u8]) {
    let mut script = Script::new(data);
    NETWORKS.with(|held| {
        let networks = held.get_or_init(networks);
        let params = &networks[script.below(networks.len())];
        match script.below(6) {
            0..=2 => typed(params, &String::from_utf8_lossy(script.rest())),
            3 => of_script(params, script.rest()),
            4 => link(params, &mut script),
            _ => words(&mut script),
        }
    });
}

/// What is taken for an address stands for one script, and is written in one way.
fn typed(params: &NetworkParams, text: &str) {
    let Ok(script) = params.script_from_address(text) else {
        return;
    };
    let written = params.address_from_script(&script);
    let written = written.expect("what has an address can be written");
    assert!(written == text || written == text.to_lowercase());
    assert_eq!(params.script_from_address(&written), Ok(script));
}

fn of_script(params: &NetworkParams, bytes: &[u8]) {
    let script = ScriptBuf::from_bytes(bytes.to_vec());
    if let Some(address) = params.address_from_script(&script) {
        assert_eq!(params.script_from_address(&address), Ok(script));
        // One letter that is another one: the checksum tells.
        for at in 0..address.len() {
            let mut changed = address.clone().into_bytes();
            changed[at] = if changed[at] == b'q' { b'p' } else { b'q' };
            let changed = String::from_utf8(changed).expect("letters and digits");
            let read = params.script_from_address(&changed);
            assert!(
                changed == address || read.is_err(),
                "a typing error was not noticed"
            );
        }
    }
}

/// A link names what it was made of, whatever the label holds.
fn link(params: &NetworkParams, script: &mut Script<'_>) {
    let units: u64 = script.number();
    let text = decimal(units);
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    assert!(rest.len() <= 8 && !rest.ends_with('0'));
    let again: u128 = format!("{whole}{rest:0<8}").parse().expect("digits");
    assert_eq!(again, u128::from(units));
    let label = String::from_utf8_lossy(script.rest());
    let link = payment_uri(&params.uri_scheme, "address", units, &label, Some("a b&c"));
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%:?&=".contains(&byte);
    assert!(link.bytes().all(allowed), "{link}");
    let separators = |wanted| link.bytes().filter(|byte| *byte == wanted).count();
    let parts = 1 + usize::from(units > 0) + usize::from(!label.is_empty());
    assert_eq!((separators(b'?'), separators(b'=')), (1, parts));
    assert_eq!(separators(b'&'), parts - 1);
}

/// A phrase is read as it was written; what is no phrase is refused.
fn words(script: &mut Script<'_>) {
    let length = script.one_of(&[16, 20, 24, 28, 32, 7]);
    if let Ok(phrase) = Phrase::from_entropy(script.take(length)) {
        let mut words: Vec<_> = phrase.words().collect();
        let read = Phrase::parse(&words.join(" ")).map(|read| read.entropy());
        assert!(read.is_ok_and(|read| read == phrase.entropy()));
        let (a, b) = (script.below(words.len()), script.below(words.len()));
        words.swap(a, b);
        let _ = Phrase::parse(&words.join("\n"));
    }
    let _ = Phrase::parse(&String::from_utf8_lossy(script.rest()));
}
