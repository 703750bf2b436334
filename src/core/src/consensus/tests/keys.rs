//! The one encoding of a key that counts, and the script that pays to it.

use super::{script, secret};
use crate::consensus::{OutputKind, output_kind, script_of_key};
use crate::params::NetworkParams;

#[test]
fn a_script_of_a_key_is_read_back_and_has_an_address() {
    let key = secret(1).public();
    let script = script_of_key(&key);
    assert_eq!(script, self::script(1));
    assert_eq!(output_kind(0, &script), Ok(OutputKind::Key(key)));
    let params = NetworkParams::by_name("practice").unwrap();
    let address = params.address_from_script(&script).unwrap();
    assert!(address.starts_with("fthp1s"), "{address}");
    assert_eq!(params.script_from_address(&address), Ok(script));
}
