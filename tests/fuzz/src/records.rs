//! Stored records: the envelope, which refuses every accident, and whatever has the right checksum
//! and another content. What is read is worked with, and written again alike.

use crate::mine::practice;
use crate::script::Script;
use crate::spend::{KEYS, address, key, script as script_of};
use farthing_core::bitcoin::hashes::{Hash, sha256d};
use farthing_core::chain::codec;
use farthing_core::invoice::{ChainFacts, Decision, InvoiceRecord, update, view};
use farthing_core::payments::Ledger;
use farthing_core::primitives::{U256, record};
use farthing_core::wallet::{KeyPath, PaymentOrder, Scanned, Wallet, WalletKey};

/// Feeds the readers of stored records.
pub fn records(data: &[u8]) {
    let mut script = Script::new(data);
    match script.below(8) {
        0 => envelope(&mut script),
        1 | 2 => invoice(&mut script),
        3 => ledger(&mut script),
        4 | 5 => wallet(&mut script),
        6 => keys(&mut script),
        _ => coins(script.rest()),
    }
}

/// A record of version 1 with this body.
fn sealed(body: &[u8]) -> Vec<u8> {
    let mut rest = vec![1];
    rest.extend(body);
    let mut bytes = sha256d::Hash::hash(&rest).to_byte_array()[..4].to_vec();
    bytes.extend(rest);
    bytes
}

fn envelope(script: &mut Script<'_>) {
    let body = script.text();
    let mut bytes = record::seal(1, &body).expect("text has a JSON form");
    let open = |bytes: &[u8]| record::open::<String>(1, "a text", bytes);
    assert_eq!(open(&bytes), Ok(body));
    assert!(record::open::<String>(2, "a text", &bytes).is_err());
    let at = script.below(bytes.len());
    let change = script.byte();
    if change != 0 {
        bytes[at] ^= change;
        assert!(open(&bytes).is_err(), "a flipped byte was believed");
    }
    let _ = open(script.rest());
}

fn invoice(script: &mut Script<'_>) {
    let (now, tip) = (script.number(), script.number());
    let decision = script.one_of(&[
        Decision::Cancel,
        Decision::AcceptAtRisk,
        Decision::AcceptLate,
        Decision::Refund,
        Decision::Acknowledge,
    ]);
    let Ok(mut record) = InvoiceRecord::decode(&sealed(script.rest())) else {
        return;
    };
    let bytes = record.encode().expect("it has a JSON form");
    let again = InvoiceRecord::decode(&bytes).expect("what is written is read");
    assert_eq!(again.encode(), Ok(bytes));
    let params = practice();
    let operators = ["a".to_owned()];
    let facts = ChainFacts {
        params: &params,
        tip,
        tip_time: now,
        operators: &operators,
        last_heard: Some(now),
        work_from: &|height| Some(U256::from(height)),
    };
    let _ = record.is_open(now);
    let _ = record.expires();
    let _ = record.watched_to_the_end();
    record.watch(true, now);
    update(&mut record, &[], &facts, now);
    let shown = view(&record, &[], &facts, now);
    assert_eq!(shown.status, record.status());
    let _ = record.apply(decision, now);
    record.archive(&[]);
    update(&mut record, &[], &facts, now);
    let _ = view(&record, &[], &facts, now);
    let _ = record.encode();
}

fn ledger(script: &mut Script<'_>) {
    let now = script.number();
    let Ok(mut ledger) = Ledger::decode(&sealed(script.rest())) else {
        return;
    };
    let bytes = ledger.encode().expect("it has a JSON form");
    let again = Ledger::decode(&bytes).expect("what is written is read");
    assert_eq!(again.encode(), Ok(bytes));
    for number in 0..KEYS {
        ledger.watch(script_of(number));
        let _ = ledger.payments(&script_of(number));
    }
    for transaction in ledger.to_rebroadcast() {
        let _ = ledger.wants(&transaction, &transaction.compute_txid());
        ledger.seen(&transaction, "a", now);
    }
    let blocks: Vec<_> = ledger.blocks().into_keys().collect();
    ledger.disconnect_blocks(&blocks, now);
    for number in 0..KEYS {
        let _ = ledger.payments(&script_of(number));
        ledger.unwatch(&script_of(number));
    }
    let _ = ledger.encode();
}

fn watched() -> Wallet {
    let params = practice();
    let keys: Vec<_> = (0..KEYS)
        .map(|number| WalletKey {
            path: KeyPath {
                account: 0,
                index: number.into(),
            },
            public_key: hex::encode(key(number).public().to_bytes()),
            address: address(&params, number),
        })
        .collect();
    Wallet::new(params, &keys).expect("keys of one's own")
}

fn wallet(script: &mut Script<'_>) {
    let (page, now, tip) = (script.byte().into(), script.number(), script.number());
    let mut wallet = watched();
    // The wallet's own name, which no fuzzer guesses.
    let body = String::from_utf8_lossy(script.rest()).replace("NAME", &wallet.name());
    if !matches!(wallet.decode_page(page, &sealed(body.as_bytes())), Ok(true)) {
        return;
    }
    let scanned = Scanned {
        from: 0,
        to: tip,
        tip,
    };
    let shown = wallet.view(scanned);
    serde_json::to_vec(&shown).expect("it has a JSON form");
    let _ = wallet.to_mine();
    let _ = wallet.to_send();
    let order = PaymentOrder {
        account: 0,
        to: address(&practice(), 0),
        amount: None,
        fee_rate: 1_000,
        change_index: 3,
    };
    let _ = wallet.prepare(&order, tip, &[1; 32]);
    let blocks: Vec<_> = wallet.blocks().into_iter().collect();
    wallet.disconnect_blocks(&blocks, now);
    wallet.expire(now);
    let _ = wallet.view(scanned);
    // What is written is read by another.
    for page in wallet.pages() {
        wallet.page_lost(page);
    }
    let mut other = watched();
    for changed in wallet.take_changes() {
        if let Some(bytes) = changed.bytes {
            assert_eq!(other.decode_page(changed.page, &bytes), Ok(true));
        }
    }
    assert_eq!(other.view(scanned), wallet.view(scanned));
}

fn keys(script: &mut Script<'_>) {
    let params = practice();
    if let Ok(wallet) = Wallet::decode_keys(&params, &sealed(script.rest())) {
        let bytes = wallet.encode_keys().expect("it has a JSON form");
        let again = Wallet::decode_keys(&params, &bytes).expect("what is written is read");
        assert_eq!(again.name(), wallet.name());
        assert_eq!(again.encode_keys(), Ok(bytes));
    }
}

fn coins(bytes: &[u8]) {
    if let Ok(coin) = codec::decode_coin(bytes) {
        assert_eq!(codec::encode_coin(&coin), bytes, "one coin has one form");
    }
    if let Ok(undo) = codec::decode_undo(bytes) {
        assert_eq!(codec::encode_undo(&undo), bytes, "undo data has one form");
    }
}
