use super::{NOW, coin, params, parent, spend};
use crate::mining::BlockTemplate;
use crate::params::NetworkParams;
use bitcoin::OutPoint;
use bitcoin::consensus::encode::serialize_hex;

#[test]
fn a_template_has_the_fields_of_bip22() {
    let params = params();
    let parent = parent(&params);
    let first = spend(&[coin(1)], 0);
    let child = spend(&[OutPoint::new(first.compute_txid(), 0), coin(2)], 0);
    let transactions = [(first.clone(), 30), (child.clone(), 12)];
    let template = BlockTemplate::make(&params, &parent, &transactions, NOW);
    assert_eq!(template.previousblockhash, parent.hash.to_string());
    assert_eq!(template.height, 1);
    assert_eq!(template.version, 0x2000_0000);
    assert_eq!(template.bits, "207fffff");
    assert_eq!(template.target, format!("7fffff{}", "0".repeat(58)));
    assert_eq!(template.mintime, params.genesis.time + 1);
    assert_eq!(template.curtime, NOW);
    assert_eq!(template.coinbasevalue, 500_000_042);
    assert_eq!(template.sizelimit, 400_000);
    assert_eq!(template.weightlimit, 400_000);
    assert_eq!(template.noncerange, "00000000ffffffff");
    assert!(
        template
            .default_witness_commitment
            .starts_with("6a24aa21a9ed")
    );
    let [a, b] = template.transactions.as_slice() else {
        panic!("two transactions");
    };
    assert_eq!(a.data, serialize_hex(&first));
    assert_eq!(a.txid, first.compute_txid().to_string());
    assert_eq!(a.hash, first.compute_wtxid().to_string());
    assert_eq!((a.fee, a.weight), (30, first.weight().to_wu()));
    assert_eq!(a.depends, [0_u32; 0]);
    assert_eq!(b.depends, [1]);
    // BIP22's names, as other miners read them.
    let json = serde_json::to_value(&template).unwrap();
    assert_eq!(
        json["default_witness_commitment"],
        template.default_witness_commitment
    );
    assert_eq!(json["transactions"][1]["depends"][0], 1);
    assert_eq!(
        serde_json::from_value::<BlockTemplate>(json).unwrap(),
        template
    );
}

#[test]
fn a_clock_behind_the_median_gives_way() {
    let params = params();
    let template = BlockTemplate::make(&params, &parent(&params), &[], 5);
    assert_eq!(template.mintime, params.genesis.time + 1);
    assert_eq!(template.curtime, template.mintime);
}

#[test]
fn what_does_not_fit_is_left_out_with_its_children() {
    let params = params();
    let parent = parent(&params);
    let big = |number, data| spend(&[coin(number)], data);
    let (first, second) = (big(1, 60_000), big(2, 60_000));
    let child = spend(&[OutPoint::new(second.compute_txid(), 0)], 0);
    let small = big(3, 0);
    let all = [(first, 9), (second, 8), (child, 7), (small, 6)];
    let template = BlockTemplate::make(&params, &parent, &all, NOW);
    let fees: Vec<u64> = template
        .transactions
        .iter()
        .map(|entry| entry.fee)
        .collect();
    assert_eq!(fees, [9, 6]);
    assert_eq!(template.coinbasevalue, 500_000_015);
}

#[test]
fn the_long_poll_id_changes_with_the_parent_the_target_and_the_transactions() {
    let params = params();
    let parent = parent(&params);
    let id = |parent, transactions: &[_]| {
        BlockTemplate::make(&params, parent, transactions, NOW).longpollid
    };
    let empty = id(&parent, &[]);
    assert_eq!(empty, id(&parent, &[]));
    assert_ne!(empty, id(&parent, &[(spend(&[coin(1)], 0), 1)]));
    let mut next = parent;
    next.hash = "11".repeat(32).parse().unwrap();
    assert_ne!(empty, id(&next, &[]));
    let mut eased = parent;
    eased.bits -= 1;
    assert_ne!(empty, id(&eased, &[]));
}

#[test]
fn the_time_may_be_changed_where_the_target_does_not_depend_on_it() {
    for (name, changeable) in [("practice", true), ("farthing:mutable", false)] {
        let params = NetworkParams::by_name(name).unwrap();
        let template = BlockTemplate::make(&params, &parent(&params), &[], NOW);
        assert_eq!(template.mutable.contains(&"time".to_owned()), changeable);
        assert!(template.mutable.contains(&"transactions".to_owned()));
    }
}
