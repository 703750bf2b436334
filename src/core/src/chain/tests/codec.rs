//! Coins and undo data as bytes.

use crate::chain::Coin;
use crate::chain::codec::{CodecError, decode_coin, decode_undo, encode_coin, encode_undo};
use bitcoin::ScriptBuf;
use proptest::prelude::*;

fn coins() -> impl Strategy<Value = Coin> {
    let script = prop::collection::vec(any::<u8>(), 0..300);
    (
        any::<u64>(),
        script,
        any::<u32>(),
        any::<bool>(),
        any::<u32>(),
    )
        .prop_map(
            |(amount, script, height, coinbase, median_time_past)| Coin {
                amount,
                script_pubkey: ScriptBuf::from_bytes(script),
                height,
                coinbase,
                median_time_past,
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn coins_there_and_back(coin in coins(), cut in any::<prop::sample::Index>()) {
        let bytes = encode_coin(&coin);
        prop_assert_eq!(decode_coin(&bytes), Ok(coin));
        // Cut anywhere, or followed by something, it is no coin.
        prop_assert!(decode_coin(&bytes[..cut.index(bytes.len())]).is_err());
        let longer = [bytes.as_slice(), &[0]].concat();
        let left_over = CodecError::LeftOver { expected: "a coin", left: 1 };
        prop_assert_eq!(decode_coin(&longer), Err(left_over));
    }

    #[test]
    fn undo_data_there_and_back(
        coins in prop::collection::vec(coins(), 0..8),
        cut in any::<prop::sample::Index>(),
    ) {
        let bytes = encode_undo(&coins);
        prop_assert_eq!(decode_undo(&bytes), Ok(coins));
        prop_assert!(decode_undo(&bytes[..cut.index(bytes.len())]).is_err());
        prop_assert!(decode_undo(&[bytes.as_slice(), &[0]].concat()).is_err());
    }

    /// Whatever is read either is refused or was written just so.
    #[test]
    fn hostile_bytes(bytes in prop::collection::vec(any::<u8>(), 0..120)) {
        if let Ok(coin) = decode_coin(&bytes) {
            prop_assert_eq!(encode_coin(&coin), bytes.clone());
        }
        if let Ok(coins) = decode_undo(&bytes) {
            prop_assert_eq!(encode_undo(&coins), bytes);
        }
    }
}

#[test]
fn a_length_that_lies_allocates_nothing() {
    // 2^64 - 1 coins in no bytes; a script of 2^32 bytes in one.
    let coins = [0xff; 9];
    assert!(matches!(
        decode_undo(&coins),
        Err(CodecError::Malformed { .. })
    ));
    let mut script = vec![2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    script.extend([0xfe, 0xff, 0xff, 0xff, 0xff, 0]);
    assert!(matches!(
        decode_coin(&script),
        Err(CodecError::Malformed { .. })
    ));
    // Twice the height is 2^33.
    let mut high = vec![0xff, 0, 0, 0, 0, 2, 0, 0, 0];
    high.extend([0; 13]);
    assert_eq!(
        decode_coin(&high),
        Err(CodecError::Height { found: 1 << 32 })
    );
}
