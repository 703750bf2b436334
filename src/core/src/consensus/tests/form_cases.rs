//! Transactions by themselves: outputs, inputs, amounts, sizes.

use super::{ALL, SpendCase, as_it_is, coin, output, raw, script, sign, signed};
use bitcoin::{OutPoint, ScriptBuf, TxOut, Witness};

fn pay(amount: u64) -> TxOut {
    output(amount, script(2))
}

/// Pays to a key, and has one output more.
fn with(about: &'static str, hex: &str, outcome: Result<u64, &'static str>) -> SpendCase {
    signed(
        about,
        vec![pay(900), output(0, raw(hex))],
        outcome,
        as_it_is,
    )
}

/// `OP_RETURN`, a prefix, and so many bytes.
fn data(prefix: &str, bytes: usize) -> String {
    format!("6a{prefix}{}", "ab".repeat(bytes))
}

pub(super) fn outputs() -> Vec<SpendCase> {
    let script_rule = Err("bad-txns-vout-script");
    let key_rule = Err("bad-txns-vout-key");
    let one = "0100000000000000000000000000000000000000000000000000000000000000";
    vec![
        signed("pays to a public key", vec![pay(1_000)], Ok(0), as_it_is),
        with("OP_RETURN alone", "6a", Ok(100)),
        with("a push of no bytes", "6a00", Ok(100)),
        with("a push of 75 bytes", &data("4b", 75), Ok(100)),
        with("a push of 76 bytes", &data("4c4c", 76), Ok(100)),
        with("a push of 255 bytes", &data("4cff", 255), Ok(100)),
        with("a push of 256 bytes", &data("4d0001", 256), Ok(100)),
        with("a push of 257 bytes", &data("4d0101", 257), script_rule),
        with("75 bytes with OP_PUSHDATA1", &data("4c4b", 75), script_rule),
        with(
            "255 bytes with OP_PUSHDATA2",
            &data("4dff00", 255),
            script_rule,
        ),
        with(
            "4 bytes with OP_PUSHDATA4",
            &data("4e04000000", 4),
            script_rule,
        ),
        with("a push that ends early", &data("05", 4), script_rule),
        with("two pushes", &data("01ab01", 1), script_rule),
        with("OP_1 after OP_RETURN", "6a51", script_rule),
        with("an empty script", "", script_rule),
        with(
            "pay-to-public-key-hash",
            &format!("76a914{}88ac", "00".repeat(20)),
            script_rule,
        ),
        with(
            "a witness program of version 0",
            &format!("0020{one}"),
            script_rule,
        ),
        with(
            "a witness program of version 1",
            &format!("5120{one}"),
            script_rule,
        ),
        with(
            "version 16 with 31 bytes",
            &format!("601f{}", "02".repeat(31)),
            script_rule,
        ),
        with(
            "version 16 with 33 bytes",
            &format!("6021{}", "02".repeat(33)),
            script_rule,
        ),
        with(
            "version 16 and one byte more",
            &format!("6020{}00", "02".repeat(32)),
            script_rule,
        ),
        with(
            "no point of the curve",
            &format!("6020{}", "02".to_owned() + &"00".repeat(31)),
            key_rule,
        ),
        with(
            "the neutral point, of small order",
            &format!("6020{one}"),
            key_rule,
        ),
        with(
            "a point of order 8",
            "6020c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
            key_rule,
        ),
        with(
            "the y-coordinate p + 3 instead of 3: not canonical",
            &format!("6020f0{}7f", "ff".repeat(30)),
            key_rule,
        ),
        signed(
            "an OP_RETURN with one unit",
            vec![pay(900), output(1, raw("6a"))],
            Err("bad-txns-vout-data-amount"),
            as_it_is,
        ),
        signed("no output", vec![], Err("bad-txns-vout-empty"), as_it_is),
    ]
}

pub(super) fn inputs() -> Vec<SpendCase> {
    let witness_rule = Err("bad-txns-witness-form");
    let with = |about, outcome, change: fn(&mut SpendCase)| {
        let mut case = signed(about, vec![pay(900)], outcome, as_it_is);
        change(&mut case);
        case
    };
    vec![
        with("no input", Err("bad-txns-vin-empty"), |case| {
            case.transaction.input.clear();
            case.coins.clear();
        }),
        signed(
            "one coin in two inputs (CVE-2018-17144)",
            vec![pay(1_900)],
            Err("bad-txns-inputs-duplicate"),
            |transaction, coins, _| {
                transaction.input.push(transaction.input[0].clone());
                coins.push(coin(1_000));
            },
        ),
        signed(
            "an input without outpoint",
            vec![pay(900)],
            Err("bad-txns-prevout-null"),
            |transaction, _, _| transaction.input[0].previous_output = OutPoint::null(),
        ),
        with("a scriptSig", Err("bad-txns-scriptsig-not-empty"), |case| {
            case.transaction.input[0].script_sig = raw("00");
        }),
        with("no witness", witness_rule, |case| {
            case.transaction.input[0].witness = Witness::new();
        }),
        with("a witness of two items", witness_rule, |case| {
            case.transaction.input[0].witness.push([]);
        }),
        with("a signature of 63 bytes", witness_rule, |case| {
            case.transaction.input[0].witness = Witness::from_slice(&[[7; 63]]);
        }),
        with("a signature of 65 bytes", witness_rule, |case| {
            case.transaction.input[0].witness = Witness::from_slice(&[[7; 65]]);
        }),
        with(
            "fewer coins than inputs",
            Err("bad-txns-inputs-missingorspent"),
            |case| {
                case.coins.clear();
            },
        ),
    ]
}

pub(super) fn amounts() -> Vec<SpendCase> {
    let worth = |about, amounts: [u64; 2], outputs: &[u64], outcome| {
        let outputs = outputs.iter().map(|amount| pay(*amount)).collect();
        signed(about, outputs, outcome, |transaction, coins, _| {
            let mut second = transaction.input[0].clone();
            second.previous_output.vout = 9;
            transaction.input.push(second);
            *coins = amounts.map(coin).to_vec();
        })
    };
    let rich = [ALL - 1, 1];
    vec![
        worth("nothing is left", [700, 300], &[600, 400], Ok(0)),
        worth("one unit is left", [700, 300], &[600, 399], Ok(1)),
        worth(
            "one unit is created",
            [700, 300],
            &[600, 401],
            Err("bad-txns-in-belowout"),
        ),
        worth("nothing is paid", [700, 300], &[0], Ok(1_000)),
        worth("all money in one output", rich, &[ALL], Ok(0)),
        worth(
            "one unit more than all money",
            rich,
            &[ALL + 1],
            Err("bad-txns-vout-toolarge"),
        ),
        worth(
            "an amount below zero, as others read it",
            rich,
            &[u64::MAX],
            Err("bad-txns-vout-toolarge"),
        ),
        worth("all money in two outputs", rich, &[ALL - 1, 1], Ok(0)),
        worth(
            "more than all money in two",
            rich,
            &[ALL, 1],
            Err("bad-txns-txouttotal-toolarge"),
        ),
        worth(
            "coins of more than all money",
            [ALL, 1],
            &[1],
            Err("bad-txns-inputvalues-outofrange"),
        ),
        worth(
            "coins that overflow",
            [u64::MAX, 1_001],
            &[1_000],
            Err("bad-txns-inputvalues-outofrange"),
        ),
    ]
}

pub(super) fn sizes() -> Vec<SpendCase> {
    // 4 + 1 + 41 + 1 + 8 + 1 + the script + 4: a script of 4 bytes makes 64.
    let sized = |about, script: &str, outcome| {
        signed(about, vec![output(0, raw(script))], outcome, as_it_is)
    };
    vec![
        sized("63 bytes without its witness", "6a01ab", Ok(1_000)),
        sized(
            "64 bytes without its witness",
            "6a02abab",
            Err("bad-txns-size-64"),
        ),
        sized("65 bytes without its witness", "6a03ababab", Ok(1_000)),
    ]
}

/// A transaction of exactly this weight, a multiple of 4: a block may weigh 400,000.
pub(super) fn of_weight(weight: u64, outcome: Result<u64, &'static str>) -> SpendCase {
    let mut case = signed("of a given weight", vec![pay(1_000)], outcome, as_it_is);
    let missing = |case: &SpendCase| (weight - case.transaction.weight().to_wu()) as usize / 4;
    while missing(&case) > 534 {
        case.transaction.output.push(filler(212));
    }
    let rest = missing(&case);
    let two = [filler(rest / 2), filler(rest - rest / 2)];
    case.transaction.output.extend(two);
    sign(&mut case.transaction, &case.coins);
    assert_eq!(case.transaction.weight().to_wu(), weight);
    case
}

/// Data of 76 bytes and more, in an output of `size` bytes.
fn filler(size: usize) -> TxOut {
    let length = size - 8 - 1 - 3;
    let script = [&[0x6a, 0x4c, length as u8][..], &vec![7; length]].concat();
    output(0, ScriptBuf::from_bytes(script))
}
