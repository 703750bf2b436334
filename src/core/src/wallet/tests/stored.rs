//! Stored and read back: the same wallet; anything else is refused.

use super::world::{FTH, ME, World};
use crate::wallet::Wallet;

/// What storage holds of a wallet.
fn restored(world: &mut World) -> Wallet {
    let keys = world.wallet.encode_keys().expect("JSON");
    let mut back = Wallet::decode_keys(&world.params, &keys).expect("unchanged");
    for page in world.wallet.pages() {
        world.wallet.page_lost(page);
    }
    for page in world.wallet.take_changes() {
        let bytes = page.bytes.expect("it has entries");
        assert!(back.decode_page(page.page, &bytes).expect("unchanged"));
    }
    back
}

#[test]
fn a_wallet_is_read_back_as_it_was() {
    let mut world = World::new();
    world.earn(120);
    let tx = world.pay(FTH);
    world.seen(&super::world::foreign(9, ME.script(0, 2), FTH));
    world.mine(vec![tx]);
    world.pay(2 * FTH);
    world.undo(1);
    let before = world.view();
    let waiting: Vec<_> = world.wallet.to_send().into_iter().cloned().collect();
    world.wallet = restored(&mut world);
    assert_eq!(world.view(), before);
    let after: Vec<_> = world.wallet.to_send().into_iter().cloned().collect();
    assert_eq!(after, waiting);
    assert!(!world.wallet.has_changes());
    world.earn(1);
    assert_eq!(world.wallet.take_changes().len(), 1, "one small record");
}

#[test]
fn a_changed_byte_and_a_foreign_page_are_refused() {
    let mut world = World::new();
    world.earn(3);
    let keys = world.wallet.encode_keys().expect("JSON");
    let page = world.wallet.take_changes().remove(0);
    let bytes = page.bytes.expect("it has entries");
    for at in (0..bytes.len()).step_by(7) {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        let mut back = Wallet::decode_keys(&world.params, &keys).expect("unchanged");
        assert!(back.decode_page(0, &changed).is_err(), "byte {at}");
        assert!(back.decode_page(0, &bytes[..at]).is_err(), "cut at {at}");
    }
    for at in (0..keys.len()).step_by(11) {
        let mut changed = keys.clone();
        changed[at] ^= 1;
        assert!(
            Wallet::decode_keys(&world.params, &changed).is_err(),
            "byte {at}"
        );
    }
    let mut back = Wallet::decode_keys(&world.params, &keys).expect("unchanged");
    assert!(back.decode_page(1, &bytes).is_err(), "another page's");
    assert!(back.decode_page(0, &bytes).expect("good"));
    assert!(back.decode_page(0, &bytes).is_err(), "twice");
    let other = super::owner::Owner(9).keys(&world.params, 1);
    let mut other = Wallet::new(world.params.clone(), &other).expect("good keys");
    assert_eq!(other.decode_page(0, &bytes), Ok(false), "another wallet's");
    let bitcoin = crate::params::NetworkParams::by_name("bitcoin").expect("known");
    assert!(Wallet::decode_keys(&bitcoin, &keys).is_err());
}
