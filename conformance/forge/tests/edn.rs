//! The notation against encodings worked out elsewhere: RFC 8949 appendix A, and heads written by hand where the appendix has none.
#![expect(clippy::panic, reason = "helpers of tests fail as tests do")]

use fayger_forge::Value;
use fayger_forge::edn::{encode, parse};

fn hex_of(text: &str) -> String {
    hex::encode(encode(&parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))))
}

#[test]
fn encodes_the_examples_of_rfc_8949_appendix_a() {
    for (text, bytes) in [
        ("0", "00"),
        ("1", "01"),
        ("10", "0a"),
        ("23", "17"),
        ("24", "1818"),
        ("25", "1819"),
        ("100", "1864"),
        ("1000", "1903e8"),
        ("1000000", "1a000f4240"),
        ("1000000000000", "1b000000e8d4a51000"),
        ("18446744073709551615", "1bffffffffffffffff"),
        ("-18446744073709551616", "3bffffffffffffffff"),
        ("-1", "20"),
        ("-10", "29"),
        ("-100", "3863"),
        ("-1000", "3903e7"),
        ("0.0", "f90000"),
        ("-0.0", "f98000"),
        ("1.0", "f93c00"),
        ("1.1", "fb3ff199999999999a"),
        ("1.5", "f93e00"),
        ("65504.0", "f97bff"),
        ("100000.0", "fa47c35000"),
        ("3.4028234663852886e+38", "fa7f7fffff"),
        ("1.0e+300", "fb7e37e43c8800759c"),
        ("5.960464477539063e-8", "f90001"),
        ("0.00006103515625", "f90400"),
        ("-4.0", "f9c400"),
        ("-4.1", "fbc010666666666666"),
        ("Infinity", "f97c00"),
        ("NaN", "f97e00"),
        ("-Infinity", "f9fc00"),
        ("Infinity_2", "fa7f800000"),
        ("-Infinity_3", "fbfff0000000000000"),
        ("false", "f4"),
        ("true", "f5"),
        ("null", "f6"),
        ("undefined", "f7"),
        ("simple(16)", "f0"),
        ("simple(255)", "f8ff"),
        ("0(\"2013-03-21T20:04:00Z\")", "c074323031332d30332d32315432303a30343a30305a"),
        ("1(1363896240)", "c11a514b67b0"),
        ("1(1363896240.5)", "c1fb41d452d9ec200000"),
        ("23(h'01020304')", "d74401020304"),
        ("24(h'6449455446')", "d818456449455446"),
        ("h''", "40"),
        ("h'01020304'", "4401020304"),
        ("\"\"", "60"),
        ("\"a\"", "6161"),
        ("\"IETF\"", "6449455446"),
        ("\"\\\"\\\\\"", "62225c"),
        ("\"\\u00fc\"", "62c3bc"),
        ("\"\\u6c34\"", "63e6b0b4"),
        ("\"\\ud800\\udd51\"", "64f0908591"),
        ("[]", "80"),
        ("[1, 2, 3]", "83010203"),
        ("[1, [2, 3], [4, 5]]", "8301820203820405"),
        ("{}", "a0"),
        ("{1: 2, 3: 4}", "a201020304"),
        ("{\"a\": 1, \"b\": [2, 3]}", "a26161016162820203"),
        ("[\"a\", {\"b\": \"c\"}]", "826161a161626163"),
        ("(_ h'0102', h'030405')", "5f42010243030405ff"),
        ("(_ \"strea\", \"ming\")", "7f657374726561646d696e67ff"),
        ("[_ ]", "9fff"),
        ("[_ 1, [2, 3], [_ 4, 5]]", "9f018202039f0405ffff"),
        ("[1, [2, 3], [_ 4, 5]]", "83018202039f0405ff"),
        ("[1, [_ 2, 3], [4, 5]]", "83019f0203ff820405"),
        ("{_ \"a\": 1, \"b\": [_ 2, 3]}", "bf61610161629f0203ffff"),
        ("{_ \"Fun\": true, \"Amt\": -2}", "bf6346756ef563416d7421ff"),
    ] {
        assert_eq!(hex_of(text), bytes, "{text}");
    }
    let long: Vec<_> = (1..=25).map(|number| number.to_string()).collect();
    assert_eq!(hex_of(&format!("[{}]", long.join(", "))), "98190102030405060708090a0b0c0d0e0f101112131415161718181819");
}

#[test]
fn writes_every_head_at_the_width_asked_for() {
    for (text, bytes) in [
        ("7_0", "1807"),
        ("7_1", "190007"),
        ("7_2", "1a00000007"),
        ("7_3", "1b0000000000000007"),
        ("-1_0", "3800"),
        ("\"a\"_0", "780161"),
        ("h'ff'_1", "590001ff"),
        ("[_0 1]", "980101"),
        ("{_1 \"a\": 1}", "b90001616101"),
        ("1_0(0)", "d80100"),
        ("simple(20)_0", "f814"),
        ("1.5_2", "fa3fc00000"),
        ("1.5_3", "fb3ff8000000000000"),
        ("#'ff 00*2'", "ff0000"),
        ("[#'1c', 1]", "821c01"),
        ("t'ff'", "61ff"),
        ("{\"b\": 1, \"a\": 2}", "a2616201616102"),
        ("{\"a\": 1, \"a\": 2}", "a2616101616102"),
        ("/ a / [ # one\n 1, / b / ]", "8101"),
    ] {
        assert_eq!(hex_of(text), bytes, "{text}");
    }
}

#[test]
fn a_value_is_what_is_said_and_not_how() {
    let plain = Value::of(&parse(r#"{"a": [1, -1, h'00', true, null]}"#).unwrap()).unwrap();
    let odd = parse(r#"{_ "a"_1: [_ 1_3, -1_0, h'00'_2, true, null]}"#).unwrap();
    assert_eq!(Value::of(&odd), Some(plain));
    for text in ["1.5", "1(0)", "undefined", "{1: 2}", "t'ff'", "#'00'", "[$index_digest]", "(_ \"a\")"] {
        assert_eq!(Value::of(&parse(text).unwrap()), None, "{text}");
    }
}

#[test]
fn names_line_and_column_of_a_fault() {
    for (text, line, column) in [
        ("", 1, 1),
        ("[1\n 2]", 2, 2),
        ("[1, 2", 1, 6),
        ("{\"a\" 1}", 1, 6),
        ("256_0", 1, 6),
        ("18446744073709551616", 1, 21),
        ("\"a", 1, 1),
        ("\"\\q\"", 1, 4),
        ("/ open", 1, 1),
        ("1 1", 1, 3),
        ("simple(24)", 1, 10),
        ("$digset(1)", 1, 1),
        ("1.1_1", 1, 6),
        ("h'0'", 1, 3),
        ("é x", 1, 1),
    ] {
        let error = parse(text).unwrap_err();
        assert_eq!((error.line, error.column), (line, column), "{text}: {error}");
    }
}
