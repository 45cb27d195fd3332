//! One value, one encoding: both ways, and against examples of RFC 8949 Appendix A.

use fayger_cbor::{Limits, Map, Value, decode, encode, key_order, validate};
use proptest::prelude::*;

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<u64>().prop_map(Value::Unsigned),
        any::<u64>().prop_map(Value::Negative),
        (0_u64..70_000).prop_map(Value::Unsigned),
        prop::collection::vec(any::<u8>(), 0..300).prop_map(Value::Bytes),
        ".{0,40}".prop_map(Value::Text),
        any::<bool>().prop_map(Value::Bool),
        Just(Value::Null),
    ];
    leaf.prop_recursive(6, 64, 30, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..30).prop_map(Value::Array),
            prop::collection::vec((".{0,30}", inner), 0..30)
                .prop_map(|pairs| Value::Map(pairs.into_iter().collect::<Map>())),
        ]
    })
}

proptest! {
    #[test]
    fn decoding_an_encoding_gives_the_value(value in values()) {
        let bytes = encode(&value);
        prop_assert_eq!(validate(&bytes, 0, Limits::default()), Ok(()));
        prop_assert_eq!(decode(&bytes, 0, Limits::default()), Ok(value));
    }

    #[test]
    fn whatever_decodes_encodes_to_the_same_bytes(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        if let Ok(value) = decode(&bytes, 0, Limits::default()) {
            prop_assert_eq!(encode(&value), bytes);
        }
    }

    #[test]
    fn no_changed_byte_decodes_to_an_equal_value(value in values(), at in any::<prop::sample::Index>(), xor in 1_u8..) {
        let mut bytes = encode(&value);
        let at = at.index(bytes.len());
        bytes[at] ^= xor;
        prop_assert_ne!(decode(&bytes, 0, Limits::default()), Ok(value));
    }

    #[test]
    fn keys_compare_as_their_encodings_do(a in ".{0,300}", b in ".{0,300}") {
        let encoded = |text: &str| encode(&Value::from(text));
        prop_assert_eq!(key_order(&a, &b), encoded(&a).cmp(&encoded(&b)));
    }
}

#[test]
fn encodes_the_examples_of_rfc_8949_appendix_a() {
    let integer = |n: i128| Value::from_integer(n).expect("in range");
    let array = |items: &[i128]| Value::Array(items.iter().map(|&n| integer(n)).collect());
    let map: Map = [("a", integer(1)), ("b", array(&[2, 3]))].into_iter().collect();
    let examples = [
        (integer(0), "00"),
        (integer(23), "17"),
        (integer(24), "1818"),
        (integer(1000), "1903e8"),
        (integer(1_000_000), "1a000f4240"),
        (integer(1_000_000_000_000), "1b000000e8d4a51000"),
        (integer(18_446_744_073_709_551_615), "1bffffffffffffffff"),
        (integer(-18_446_744_073_709_551_616), "3bffffffffffffffff"),
        (integer(-1), "20"),
        (integer(-1000), "3903e7"),
        (Value::Bool(false), "f4"),
        (Value::Bool(true), "f5"),
        (Value::Null, "f6"),
        (Value::Bytes(vec![1, 2, 3, 4]), "4401020304"),
        (Value::from("IETF"), "6449455446"),
        (Value::from("\"\\"), "62225c"),
        (Value::from("\u{6c34}"), "63e6b0b4"),
        (Value::from("\u{10151}"), "64f0908591"),
        (array(&[]), "80"),
        (array(&[1, 2, 3]), "83010203"),
        (array(&(1..=25).collect::<Vec<_>>()), "98190102030405060708090a0b0c0d0e0f101112131415161718181819"),
        (Value::Map(Map::new()), "a0"),
        (Value::Map(map), "a26161016162820203"),
    ];
    for (value, hex_text) in examples {
        assert_eq!(hex::encode(encode(&value)), hex_text);
    }
}

#[test]
fn has_no_integer_outside_the_two_major_types() {
    assert_eq!(Value::from_integer(1 << 64), None);
    assert_eq!(Value::from_integer(-(1 << 64) - 1), None);
    assert_eq!(Value::Negative(u64::MAX).as_integer(), Some(-(1 << 64)));
}
