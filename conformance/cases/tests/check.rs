//! Each check of a set finds the fault that is planted for it, and says where.
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail as tests do")]

use std::collections::BTreeMap;

use fayger_cases::{Problem, Suite, SuiteError, check};
use fayger_spec_map::SpecMap;

const ACCEPTED: &str = r#"
id = "cbor.accepts.zero"
clauses = ["ART-CBOR-003"]
level = "MUST"
features = ["cbor"]
note = "Zero."

[cbor.decode]
hex = "00"

[expect.ok]
value = "0"
"#;

const REFUSED: &str = r#"
id = "cbor.malformed.two"
clauses = ["LDR-CBOR-006"]
level = "MUST"
features = ["cbor"]
flags = ["sequence"]
note = "Two items."
nearest = "cbor.accepts.zero"

[cbor.decode]
hex = "00 00"

[expect.err]
code = "LDR_CBOR_MALFORMED"
phase = "parse"
context = { rule = "trailing", offset = 1 }
"#;

fn suite(files: &[(&str, &str)]) -> Result<Suite, SuiteError> {
    let files: BTreeMap<_, _> = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    Suite::of(files)
}

/// The problems of single cases; a set of two can have neither the size nor the cover.
fn problems_of(accepted: &str, refused: &str) -> Vec<String> {
    let files = [("cbor/accepts/zero.toml", accepted), ("cbor/malformed/two.toml", refused)];
    let suite = suite(&files).unwrap_or_else(|error| panic!("{error}"));
    let problems = check(&suite, &SpecMap::load().unwrap());
    problems.iter().filter(|problem| problem.place.contains('.')).map(Problem::to_string).collect()
}

fn replaced(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "{from}");
    text.replace(from, to)
}

#[test]
fn a_good_pair_of_cases_has_no_problem() {
    assert_eq!(problems_of(ACCEPTED, REFUSED), [""; 0]);
}

#[test]
fn finds_what_is_wrong_with_a_refusal() {
    for (from, to, problem) in [
        (r#"["LDR-CBOR-006"]"#, "[]", "it cites no clause"),
        ("LDR-CBOR-006", "LDR-CBOR-999", "there is no clause `LDR-CBOR-999`"),
        (r#"features = ["cbor"]"#, r#"features = ["cobr"]"#, "there is no feature `cobr`"),
        ("flags =", "limits = [\"txt\"]\nflags =", "there is no limit `txt`"),
        ("Two items.", " ", "the note is empty"),
        ("nearest = \"cbor.accepts.zero\"", "", "it names no nearest accepted case"),
        ("cbor.accepts.zero", "cbor.accepts.one", "its nearest case `cbor.accepts.one` does not exist"),
        ("cbor.accepts.zero", "cbor.malformed.two", "its nearest case `cbor.malformed.two` is refused"),
        ("LDR_CBOR_MALFORMED", "LDR_CBOR_MISFORMED", "there is no error code `LDR_CBOR_MISFORMED`"),
        ("phase =", "layers = [\"host\"]\nphase =", "`LDR_CBOR_MALFORMED` comes from the layer loader"),
        ("trailing", "tailing", "`LDR_CBOR_MALFORMED` has no variant of this phase with this context"),
        (", offset = 1", "", "`LDR_CBOR_MALFORMED` has no variant of this phase with this context"),
        ("offset = 1", "offset = 1, at = 1", "`LDR_CBOR_MALFORMED` has no variant of this phase with this context"),
        ("\"parse\"", "\"read\"", "`LDR_CBOR_MALFORMED` has no variant of this phase with this context"),
        ("00 00", "00", "it asks for the same as `cbor.accepts.zero`"),
    ] {
        let found = problems_of(ACCEPTED, &replaced(REFUSED, from, to));
        assert_eq!(found, [format!("cbor.malformed.two: {problem}")], "{from} -> {to}");
    }
}

#[test]
fn an_event_has_its_keys_and_no_others() {
    let told = |event: &str| {
        let case = format!(
            r#"
            id = "cbor.accepts.zero"
            clauses = ["RT-OBSERVE-003"]
            level = "MUST"
            features = ["runtime", "events"]
            note = "An end."
            events = [{event}]
            [runtime]
            fields = '(func (export "start") (result i32) i32.const 0)'
            [[runtime.step]]
            ask = "terminate"
            "#
        );
        problems_of(&case, REFUSED)
    };
    assert_eq!(told(r#"{ name = "instance.terminated" }"#), [""; 0]);
    assert_eq!(told(r#"{ name = "instance.terminated", context = { status = "1" } }"#), [""; 0]);
    let problem = "cbor.accepts.zero: event `instance.terminated` has the context ";
    assert_eq!(told(r#"{ name = "instance.terminated", context = { to = "1" } }"#), [problem]);
    let problem = "cbor.accepts.zero: event `instance.failed` has the context cause";
    assert_eq!(told(r#"{ name = "instance.failed" }"#), [problem]);
}

#[test]
fn finds_a_nearest_case_where_none_belongs() {
    let accepted = replaced(ACCEPTED, "note =", "nearest = \"cbor.accepts.zero\"\nnote =");
    let problem = "cbor.accepts.zero: it is accepted, and names a nearest accepted case";
    assert_eq!(problems_of(&accepted, REFUSED), [problem]);
}

#[test]
fn finds_refusals_that_hunt_the_same_mistake() {
    let twin = replaced(&replaced(REFUSED, "malformed.two", "malformed.three"), "00 00", "00 01");
    let files = |twin| {
        [
            ("cbor/accepts/zero.toml", ACCEPTED),
            ("cbor/malformed/three.toml", twin),
            ("cbor/malformed/two.toml", REFUSED),
        ]
    };
    let map = SpecMap::load().unwrap();
    let found = |twin| check(&suite(&files(twin)).expect("the files can be read"), &map);
    let problem = "it expects the same error as `cbor.malformed.three`, and its flags name no other mistake";
    assert!(found(&twin).iter().any(|found| found.place == "cbor.malformed.two" && found.what == problem));
    let other = replaced(&twin, "sequence", "parse-what-follows");
    assert!(!found(&other).iter().any(|found| found.what == problem));
}

#[test]
fn finds_a_pair_that_no_case_expects_and_a_set_that_is_too_small() {
    let suite = suite(&[("cbor/accepts/zero.toml", ACCEPTED), ("cbor/malformed/two.toml", REFUSED)]).unwrap();
    let problems: Vec<_> = check(&suite, &SpecMap::load().unwrap()).iter().map(Problem::to_string).collect();
    for problem in [
        ": 2 cases; at least 150 are needed",
        "LDR_BAD_MAGIC: no case expects it",
        "LDR_CBOR_MALFORMED: no case expects it with rule `truncated`",
        "LDR_STRUCTURE_INVALID: no case expects it with subject `digest`",
    ] {
        assert!(problems.iter().any(|found| found == problem), "{problem}");
    }
    assert!(!problems.iter().any(|found| found == "LDR_CBOR_MALFORMED: no case expects it with rule `trailing`"));
}

#[test]
fn a_file_that_is_no_case_is_named() {
    for (path, text, problem) in [
        ("cbor/accepts/nought.toml", ACCEPTED.to_owned(), "the id `cbor.accepts.zero` is not the path"),
        ("cbor/accepts/zero.toml", replaced(ACCEPTED, "note =", "notes ="), "unknown field `notes`"),
        (
            "cbor/accepts/zero.toml",
            replaced(ACCEPTED, "[cbor.decode]", "[cbor.decode]\nedn = '0'"),
            "needs `hex` or `edn`",
        ),
        ("cbor/accepts/zero.toml", replaced(ACCEPTED, "value = \"0\"", "selected = [1]"), "unknown field `selected`"),
        ("cbor/accepts/zero.toml", replaced(ACCEPTED, "\"0\"", "\"[0\""), "line 1, column 3"),
        ("cbor/accepts/zero.toml", replaced(ACCEPTED, "[cbor.decode]\nhex = \"00\"", ""), "exactly one of"),
        ("recipes/bad.toml", "note = 'n'".to_owned(), "missing field `section`"),
    ] {
        let error = suite(&[(path, &text)]).expect_err(problem).to_string();
        assert!(error.starts_with(&format!("{path}: ")) && error.contains(problem), "{problem}: {error}");
    }
}

#[test]
fn a_recipe_that_is_not_there_is_a_problem_of_its_case() {
    let load = "id = 'loader.accepts.one'\nclauses = ['LDR-HANDOFF-001']\nlevel = 'MUST'\nfeatures = ['loader']\nnote = 'n'\n\n[load]\nrecipe = 'none'\n\n[expect.ok]\nselected = [1]\nsignature = 'absent'\n";
    let suite = suite(&[("loader/accepts/one.toml", load)]).unwrap();
    let case = suite.find("loader.accepts.one").unwrap();
    let problem = suite.prepare(case).expect_err("there is no recipe");
    assert_eq!(problem.to_string(), "loader.accepts.one: there is no recipe `none`");
}

#[test]
fn the_digest_tells_files_apart_by_path_and_text() {
    let digest = |files: &[(&str, &str)]| suite(files).unwrap().digest();
    let one = digest(&[("cbor/accepts/zero.toml", ACCEPTED)]);
    assert_eq!(one, digest(&[("cbor/accepts/zero.toml", ACCEPTED)]));
    assert_ne!(one, digest(&[("cbor/accepts/zero.toml", &replaced(ACCEPTED, "Zero.", "Nought."))]));
    assert_ne!(one, digest(&[("cbor/accepts/zero.toml", ACCEPTED), ("cbor/malformed/two.toml", REFUSED)]));
}
