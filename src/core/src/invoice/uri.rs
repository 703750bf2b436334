//! The payment link: BIP321's `bitcoin:ADDRESS?amount=..&label=..`, and the same form with a scheme
//! of its own where the coins are not Bitcoin's, so that no wallet pays the wrong network.

use std::fmt::Write;

/// Units in a coin.
const COIN: u64 = 100_000_000;

/// A payment link. Without an amount (nothing is left to pay) the link names the address alone. On a
/// network of one's own the link carries its name: they write their addresses alike.
#[must_use]
pub fn payment_uri(
    scheme: &str,
    address: &str,
    amount: u64,
    label: &str,
    network: Option<&str>,
) -> String {
    let mut uri = format!("{scheme}:{address}");
    let mut separator = '?';
    if amount > 0 {
        uri.push(separator);
        uri.push_str("amount=");
        uri.push_str(&decimal(amount));
        separator = '&';
    }
    if !label.is_empty() {
        uri.push(separator);
        uri.push_str("label=");
        uri.push_str(&percent_encode(label));
        separator = '&';
    }
    if let Some(network) = network {
        uri.push(separator);
        uri.push_str("network=");
        uri.push_str(&percent_encode(network));
    }
    uri
}

/// Units as a decimal number of coins: no exponent, no digit grouping, no needless zero.
#[must_use]
pub fn decimal(units: u64) -> String {
    let (whole, rest) = (units / COIN, units % COIN);
    if rest == 0 {
        return whole.to_string();
    }
    let digits = format!("{rest:08}");
    format!("{whole}.{}", digits.trim_end_matches('0'))
}

/// RFC 3986: all but the unreserved characters, byte by byte of the UTF-8 form.
fn percent_encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact_decimals() {
        for (units, written) in [
            (1, "0.00000001"),
            (100_000, "0.001"),
            (COIN, "1"),
            (2_030_000_000, "20.3"),
            (2_100_000_000_000_000, "21000000"),
            (2_099_999_999_999_999, "20999999.99999999"),
        ] {
            assert_eq!(decimal(units), written);
        }
    }

    #[test]
    fn a_link_is_written_as_bip321_says() {
        assert_eq!(
            payment_uri(
                "bitcoin",
                "bc1qexample",
                150_000,
                "Table 7 & tip: 5% é",
                None
            ),
            "bitcoin:bc1qexample?amount=0.0015&label=Table%207%20%26%20tip%3A%205%25%20%C3%A9"
        );
        assert_eq!(
            payment_uri(
                "farthing",
                "fth1example",
                5 * COIN,
                "",
                Some("farthing:lesson")
            ),
            "farthing:fth1example?amount=5&network=farthing%3Alesson"
        );
        assert_eq!(
            payment_uri("bitcoin", "bc1qexample", 0, "done", None),
            "bitcoin:bc1qexample?label=done"
        );
    }
}
