//! Each rule of the profile at its head, by offset; examples from RFC 8949 where it has one.
#![allow(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use fayger_cbor::{Kind, LimitField, Limits, Malformed, NotDeterministic, decode, validate};

fn refusal(hex_text: &str) -> (u64, Kind) {
    let bytes = hex::decode(hex_text.replace(' ', "")).expect("hex");
    let validated = validate(&bytes, 0, Limits::default()).expect_err(hex_text);
    let decoded = decode(&bytes, 0, Limits::default()).expect_err(hex_text);
    assert_eq!(validated, decoded, "{hex_text}: the two readers differ");
    (validated.offset, validated.kind)
}

fn malformed(hex_text: &str, offset: u64, rule: Malformed) {
    assert_eq!(refusal(hex_text), (offset, Kind::Malformed(rule)), "{hex_text}");
}

fn barred(hex_text: &str, offset: u64, rule: NotDeterministic) {
    assert_eq!(refusal(hex_text), (offset, Kind::NotDeterministic(rule)), "{hex_text}");
}

#[test]
fn refuses_every_example_of_rfc_8949_appendix_f() {
    // End of input in a head.
    for head in "18 19 1a 1b 1901 1a0102 1b01020304050607 38 58 78 98 9a01ff00 b8 d8 f8 f900 fa0000 fb000000".split(' ')
    {
        malformed(head, (head.len() / 2) as u64, Malformed::Truncated);
    }
    // Definite-length strings and containers with short data.
    for short in ["41", "61", "5affffffff00", "5bffffffffffffffff010203", "7bffffffffffffffff010203"] {
        let (_, kind) = refusal(short);
        if short.starts_with("7b") {
            // The limit on texts is checked before the bytes that remain.
            assert_eq!(kind, Kind::Limit { field: LimitField::Text, limit: 4096, actual: u64::MAX });
        } else {
            assert_eq!(kind, Kind::Malformed(Malformed::Truncated), "{short}");
        }
    }
    malformed("7affffffff00".get(..2).expect("head"), 1, Malformed::Truncated);
    for short in ["81", "818181818181818181", "8200", "a1", "a20102", "a100", "a2000000"] {
        let (_, kind) = refusal(short);
        let rule = if short.starts_with("a1") && short.len() == 2 || short.starts_with('8') {
            Kind::Malformed(Malformed::Truncated)
        } else {
            // A key that is a number is barred before the missing value is.
            Kind::NotDeterministic(NotDeterministic::KeyType)
        };
        assert_eq!(kind, rule, "{short}");
    }
    // Reserved additional information, in every major type.
    for high in 0..8_u8 {
        for info in 28..=30_u8 {
            malformed(&format!("{:02x}", high << 5 | info), 0, Malformed::ReservedInfo);
        }
    }
    // A simple value below 32 in two bytes.
    for n in 0..32_u8 {
        malformed(&format!("f8{n:02x}"), 0, Malformed::SimpleShort);
    }
    // A break, and indefinite lengths where there are none.
    for head in ["ff", "1f", "3f", "df"] {
        malformed(head, 0, Malformed::ReservedInfo);
    }
    malformed("81ff", 1, Malformed::ReservedInfo);
    malformed("a1ff", 1, Malformed::ReservedInfo);
    malformed("a16161ff", 3, Malformed::ReservedInfo);
}

#[test]
fn refuses_what_is_well_formed_but_not_deterministic() {
    use NotDeterministic::*;
    for long in
        ["1800", "1817", "190018", "1900ff", "1a0000ffff", "1b00000000ffffffff", "3817", "580100", "780161", "980100"]
    {
        barred(long, 0, Shortest);
    }
    barred("b801616100", 0, Shortest);
    for head in ["5fff", "7fff", "9fff", "bfff"] {
        barred(head, 0, Indefinite);
    }
    for float in ["f90000", "fa7fc00000", "fb7ff8000000000000"] {
        barred(float, 0, Float);
    }
    barred("c074323031332d30332d32315432303a30343a30305a", 0, Tag);
    barred("d9d9f7a0", 0, Tag);
    for simple in ["e0", "f3", "f7", "f820", "f8ff"] {
        barred(simple, 0, Simple);
    }
    barred("a10102", 1, KeyType);
    barred("a1416100", 1, KeyType);
    barred("a1f500", 1, KeyType);
    barred("61ff", 0, Utf8);
    barred("63eda080", 0, Utf8); // a surrogate
    barred("62c080", 0, Utf8); // an overlong NUL
    barred("64f4908080", 0, Utf8); // above U+10FFFF
}

#[test]
fn holds_keys_to_their_encoded_order() {
    use NotDeterministic::*;
    // {"b": 0, "a": 0}: the second key's head is at 4.
    barred("a2 616200 616100", 4, Order);
    // {"aa": 0, "b": 0}: the shorter text sorts first.
    barred("a2 62616100 616200", 5, Order);
    barred("a2 616100 616100", 4, DuplicateKey);
    // Keys of an inner map start afresh; the value of one key is not compared with the next.
    let inner = hex::decode("a2616261636161a1617a00").expect("hex");
    assert_eq!(validate(&inner, 0, Limits::default()).map_err(|e| e.kind), Err(Kind::NotDeterministic(Order)));
    let nested = hex::decode("a26161a1617a006162a1616100").expect("hex");
    assert_eq!(validate(&nested, 0, Limits::default()), Ok(()));
}

#[test]
fn checks_one_head_in_the_order_of_the_format() {
    use NotDeterministic::*;
    // At a key: the type before the length of the head; a float before the type of keys; text before indefinite.
    barred("a1180000", 1, KeyType);
    barred("a1f9000000", 1, Float);
    barred("a19fff00", 1, KeyType);
    barred("a17fff00", 1, Indefinite);
    // Shortest before limits, limits before the bytes that remain, those before UTF-8.
    barred("7800", 0, Shortest);
    assert_eq!(refusal("791001"), (0, Kind::Limit { field: LimitField::Text, limit: 4096, actual: 4097 }));
    malformed("62ff", 2, Malformed::Truncated);
    // UTF-8 before order.
    barred("a2 616200 61ff00", 4, Utf8);
}

#[test]
fn refuses_bytes_after_the_item_and_an_empty_input() {
    malformed("0000", 1, Malformed::Trailing);
    malformed("a0ff", 1, Malformed::Trailing);
    malformed("", 0, Malformed::Truncated);
}

#[test]
fn counts_open_containers() {
    let nest = |n: usize| "81".repeat(n - 1) + "80";
    let bytes = hex::decode(nest(16)).expect("hex");
    assert_eq!(validate(&bytes, 0, Limits::default()), Ok(()));
    assert_eq!(refusal(&nest(17)), (16, Kind::Limit { field: LimitField::Depth, limit: 16, actual: 17 }));
}

#[test]
fn takes_texts_up_to_the_limit() {
    let mut text = vec![0x79, 0x10, 0x00];
    text.extend([b'a'; 4096]);
    assert_eq!(validate(&text, 0, Limits::default()), Ok(()));
}

#[test]
fn never_allocates_for_a_claimed_length() {
    // 2^64 − 1 items, pairs, bytes: each is refused where the input ends.
    for claim in ["9bffffffffffffffff", "bbffffffffffffffff", "5bffffffffffffffff"] {
        malformed(claim, 9, Malformed::Truncated);
    }
}

#[test]
fn names_offsets_from_the_base_it_is_given() {
    let error = validate(&[0x82, 0x00, 0xf7], 48, Limits::default()).expect_err("undefined");
    assert_eq!((error.offset, error.kind.clone()), (50, Kind::NotDeterministic(NotDeterministic::Simple)));
    assert_eq!(error.to_string(), "not deterministic CBOR: rule `simple` at offset 50");
}
