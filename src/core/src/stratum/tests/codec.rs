//! Lines, messages, words: what real programs write is read, and the rest is refused with a sentence.

use crate::stratum::words::{number_from_hex, prevhash_from_hex, prevhash_to_hex};
use crate::stratum::{Id, LineDecoder, Message, MessageError, Submission};
use serde_json::{Value, json};

fn read(line: &str) -> Message {
    Message::read(line.as_bytes()).unwrap_or_else(|unread| panic!("{line}: {}", unread.error))
}

fn refused(line: &str) -> String {
    Message::read(line.as_bytes())
        .unwrap_err()
        .error
        .to_string()
}

/// The code and the text of an answer's error.
fn error(line: &str) -> (Option<i64>, String) {
    match read(line) {
        Message::Response {
            result: Err(error), ..
        } => (error.code, error.message),
        other => panic!("{line}: {other:?}"),
    }
}

#[test]
fn ids_are_null_numbers_or_text() {
    for (line, id) in [
        (r#"{"id":null,"method":"m"}"#, Id::Null),
        (r#"{"method":"m","params":null}"#, Id::Null),
        (r#"{"id":7,"method":"m","params":[]}"#, Id::from_u64(7)),
        (r#"{"id":"7","method":"m"}"#, Id::Text("7".to_owned())),
    ] {
        let Message::Request { id: found, .. } = read(line) else {
            panic!("{line}");
        };
        assert_eq!(found, id, "{line}");
    }
    assert_eq!(Id::Text("7".to_owned()).as_u64(), Some(7));
    assert!(refused(r#"{"id":[],"method":"m"}"#).contains("expected an id"));
    let long = format!(r#"{{"id":"{}","method":"m"}}"#, "x".repeat(65));
    assert!(refused(&long).contains("at most 64 characters"));
}

#[test]
fn errors_are_arrays_objects_or_text() {
    for (line, code, message) in [
        (
            r#"{"id":1,"result":null,"error":[21,"Job not found",null]}"#,
            Some(21),
            "Job not found",
        ),
        (
            r#"{"id":1,"error":{"code":23,"message":"low","traceback":""}}"#,
            Some(23),
            "low",
        ),
        (r#"{"id":1,"result":false,"error":"no"}"#, None, "no"),
        (r#"{"id":1,"result":null,"error":["no"]}"#, None, "no"),
        (
            r#"{"id":1,"result":null,"error":[20,null]}"#,
            Some(20),
            "no reason given",
        ),
        (r#"{"id":1,"error":[-3,"a\u0007b"]}"#, Some(-3), "a?b"),
    ] {
        assert_eq!(error(line), (code, message.to_owned()), "{line}");
    }
    for line in [
        r#"{"id":1,"result":true,"error":null,"method":null,"jsonrpc":"2.0"}"#,
        r#"{"id":1,"result":true,"error":[]}"#,
        r#"{"id":1,"result":true,"error":false,"extra":{"deep":[1]}}"#,
    ] {
        let good = Message::Response {
            id: Id::from_u64(1),
            result: Ok(Value::Bool(true)),
        };
        assert_eq!(read(line), good, "{line}");
    }
}

#[test]
fn what_is_no_message_is_refused_with_a_sentence() {
    for (line, words) in [
        ("GET / HTTP/1.1", "expected a line of JSON"),
        ("[]", "found a list"),
        ("{}", "found an object with neither"),
        (
            r#"{"id":1,"method":5}"#,
            "expected text as method, found a number",
        ),
        (
            r#"{"id":1,"method":"m","params":"x"}"#,
            "expected a list as params, found text",
        ),
        (
            r#"{"id":1,"method":"m","params":[1e999]}"#,
            "expected a line of JSON",
        ),
    ] {
        assert!(refused(line).contains(words), "{line}: {}", refused(line));
    }
    let deep = "[".repeat(2_000);
    assert!(refused(&deep).contains("expected a line of JSON"));
}

#[test]
fn lines_are_bounded() {
    let mut lines = LineDecoder::new(8);
    lines.push(b"12345678\r\n\r\n\n1234567");
    assert_eq!(lines.next_line(), Some(Ok(b"12345678".to_vec())));
    assert_eq!(lines.next_line(), None);
    lines.push(b"8\n123456789\n");
    assert_eq!(lines.next_line(), Some(Ok(b"12345678".to_vec())));
    assert!(matches!(lines.next_line(), Some(Err(_))));

    let mut endless = LineDecoder::new(8);
    endless.push(b"123456789");
    assert_eq!(endless.next_line(), None, "a carriage return may follow");
    endless.push(b"0");
    assert!(matches!(endless.next_line(), Some(Err(_))));
    assert!(endless.kept() <= 10);
}

#[test]
fn the_parent_is_written_in_words_of_its_own_order() {
    // The first block, as people, headers and Stratum write it.
    let hash = "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f";
    let words = "0a8ce26f72b3f1b646a2a6c14ff763ae65831e939c085ae10019d66800000000";
    assert_eq!(prevhash_to_hex(&hash.parse().unwrap()), words);
    assert_eq!(prevhash_from_hex(words).unwrap().to_string(), hash);
    for text in ["", "00", &words[1..], &words.replace('0', "g")] {
        assert!(prevhash_from_hex(text).is_err(), "{text}");
    }
}

#[test]
fn numbers_are_one_to_eight_hex_digits() {
    for (text, number) in [("1d00ffff", 0x1d00_ffff), ("0", 0), ("FFFFFFFF", u32::MAX)] {
        assert_eq!(number_from_hex("n", text), Ok(number));
    }
    for text in ["", "+1", "-1", "0x1", "100000000", "1 ", "é"] {
        let error = number_from_hex("nonce", text).unwrap_err();
        assert!(
            matches!(error, MessageError::Field { what: "nonce", .. }),
            "{text}"
        );
    }
}

#[test]
fn whole_difficulties_are_written_without_a_fraction() {
    use crate::stratum::message::difficulty_value;
    for (number, text) in [
        (512.0, "512"),
        (0.25, "0.25"),
        (1e20, "1e+20"),
        (1.5e-5, "0.000015"),
    ] {
        assert_eq!(difficulty_value(number).to_string(), text);
    }
}

#[test]
fn a_share_is_read_as_it_is_written() {
    let share = Submission {
        user: "somebody.phone".to_owned(),
        job_id: "bf".to_owned(),
        extranonce2: vec![0, 0, 0, 1],
        time: 0x504e_86ed,
        nonce: 0xb295_7c02,
        version_bits: Some(0x0000_2000),
    };
    assert_eq!(
        json!(share.to_params()),
        json!([
            "somebody.phone",
            "bf",
            "00000001",
            "504e86ed",
            "b2957c02",
            "00002000"
        ])
    );
    assert_eq!(Submission::read(&share.to_params()), Ok(share));
    for (at, value) in [
        (0, json!(7)),
        (1, json!("x".repeat(300))),
        (2, json!("00".repeat(17))),
        (2, json!("0")),
        (3, json!("x")),
        (4, json!(5)),
        (5, json!([])),
    ] {
        let mut params = json!(["u", "j", "00", "0", "0", "0"]);
        params[at] = value.clone();
        let read = Submission::read(params.as_array().unwrap());
        assert!(read.is_err(), "{at}: {value}");
    }
}
