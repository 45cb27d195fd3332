//! One wrong value in one answer turns a case red, and the report names it.
#![expect(clippy::unwrap_used, reason = "helpers of tests may fail by panicking")]

use std::process::Command;

/// What the kit prints of one case, run against the reference with one value of one answer replaced.
fn tampered(id: &str, method: &str, pointer: &str, value: &str) -> String {
    let kit = env!("CARGO_BIN_EXE_fayger-conformance");
    let testee = [env!("CARGO_BIN_EXE_tampering-testee"), method, pointer, value, kit, "testee"];
    let testee: Vec<_> = testee.iter().map(|word| format!("'{word}'")).collect();
    let output = Command::new(kit).args(["replay", id, "--testee", &testee.join(" ")]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let outcome = text.rsplit("\n\n").next().unwrap().to_owned();
    assert_eq!(output.status.code(), Some(if outcome.starts_with("PASS") { 0 } else { 1 }), "{outcome}");
    outcome
}

const SIGNED: &str = "loader.accepts.signed";
const REFUSED: &str = "cbor.malformed.refuses-a-second-item";
const DECODED: &str = "cbor.accepts.zero";
const ENCODED: &str = "cbor.encode.writes-the-shortest-heads";

#[test]
fn an_untouched_answer_passes() {
    for id in [SIGNED, REFUSED, DECODED, ENCODED] {
        let outcome = tampered(id, "no.such.method", "/result", "null");
        assert!(outcome.starts_with("PASS"), "{id}: {outcome}");
    }
}

#[test]
fn free_parts_of_an_answer_are_not_compared() {
    for (id, method, pointer, value) in [
        (REFUSED, "cbor.decode", "/result/err/message", r#""another text""#),
        (SIGNED, "hello", "/result/ok/implementation/language", r#""another""#),
    ] {
        let outcome = tampered(id, method, pointer, value);
        assert!(outcome.starts_with("PASS"), "{pointer}: {outcome}");
    }
}

#[test]
fn each_compared_part_of_an_answer_is_named() {
    let error = r#"{"code":"HOST_NATIVE","source_layer":"host","message":"","context":{}}"#;
    let chain = format!(
        r#"{{"code":"LDR_CBOR_MALFORMED","source_layer":"loader","phase":"parse","message":"","context":{{"rule":"trailing","offset":"1"}},"cause":{error}}}"#
    );
    for (id, method, pointer, value, named) in [
        (DECODED, "cbor.decode", "/result/ok/value", "null", "value"),
        (DECODED, "cbor.decode", "/result", &format!(r#"{{"err":{error}}}"#), "result"),
        (ENCODED, "cbor.encode", "/result/ok/bytes", r#""AA==""#, "bytes from offset 0"),
        (REFUSED, "cbor.decode", "/result", r#"{"ok":{"value":null}}"#, "result"),
        (REFUSED, "cbor.decode", "/result/err/code", r#""LDR_CBOR_NOT_DETERMINISTIC""#, "code"),
        (REFUSED, "cbor.decode", "/result/err/phase", r#""read""#, "phase"),
        (REFUSED, "cbor.decode", "/result/err/source_layer", r#""runtime""#, "layers"),
        (REFUSED, "cbor.decode", "/result/err", &chain, "layers"),
        (REFUSED, "cbor.decode", "/result/err/context/offset", r#""9""#, "context/offset"),
        (REFUSED, "cbor.decode", "/result/err/context/rule", r#""truncated""#, "context/rule"),
        (SIGNED, "loader.load", "/result/ok/format_version/minor", "1", "format_version"),
        (SIGNED, "loader.load", "/result/ok/flags", "1", "flags"),
        (SIGNED, "loader.load", "/result/ok/manifest/map/0/1", r#"{"text":"org.example.other"}"#, "manifest/id"),
        (SIGNED, "loader.load", "/result/ok/manifest", r#"{"map":[]}"#, "manifest (keys)"),
        (SIGNED, "loader.load", "/result/ok/sections/0/offset", r#""1""#, "sections/0"),
        (SIGNED, "loader.load", "/result/ok/sections/0/selected", "false", "sections/0"),
        (SIGNED, "loader.load", "/result/ok/sections", "[]", "number of sections"),
        (SIGNED, "loader.load", "/result/ok/signature", r#"{"status":"absent"}"#, "signature"),
        (SIGNED, "loader.read_section", "/result/ok/bytes", r#""AA==""#, "body of section 1 from offset 1"),
        (SIGNED, "loader.read_section", "/result/ok/bytes", "null", "body of section 1"),
        (SIGNED, "serializer.serialize", "/result/ok/bytes", r#""QlVG""#, "serialised artifact from offset 3"),
        (
            SIGNED,
            "serializer.serialize",
            "/result",
            &format!(r#"{{"err":{error}}}"#),
            "result of `serializer.serialize`",
        ),
    ] {
        let outcome = tampered(id, method, pointer, value);
        assert!(outcome.starts_with("FAIL"), "{pointer}: {outcome}");
        assert!(outcome.contains(&format!("\n  differs   {named}\n")), "{pointer}: {outcome}");
    }
}

#[test]
fn what_a_testee_says_of_a_read_that_failed_is_compared() {
    const UNREADABLE: &str = "loader.sources.refuses-header-bytes-that-cannot-be-read";
    const UNREAD: &str = "loader.sources.refuses-a-failure-without-a-number";
    for (id, pointer, value, named) in [
        (UNREADABLE, "/result/err/context/offset", r#""7""#, "context/offset"),
        (UNREADABLE, "/result/err/context/reason", r#""short_read""#, "context/reason"),
        (UNREADABLE, "/result/err/cause/context/native_code", r#""6""#, "cause/context/native_code"),
        (UNREADABLE, "/result/err/cause/context", r#"{"kind":"native"}"#, "cause/context/native_code"),
        (UNREAD, "/result/err/cause/context", r#"{"kind":"native","native_code":"0"}"#, "cause/context/native_code"),
    ] {
        let outcome = tampered(id, "loader.load", pointer, value);
        assert!(outcome.starts_with("FAIL"), "{pointer}: {outcome}");
        assert!(outcome.contains(&format!("\n  differs   {named}\n")), "{pointer}: {outcome}");
    }
}

#[test]
fn answers_off_the_schema_and_skips_are_no_passes() {
    let off = tampered(SIGNED, "loader.load", "/result/ok/sections/0/kind", r#""code""#);
    assert!(off.starts_with("PROTOCOL") && off.contains("at `/result/ok/sections/0/kind`"), "{off}");
    let skipped = tampered(SIGNED, "loader.load", "/result", r#"{"skipped":"later"}"#);
    assert!(skipped.starts_with("SKIPPED") && skipped.contains("later"), "{skipped}");
}
