//! The reports: the text names everything that a reader needs, the JSON is the same for the same run.

use std::collections::BTreeMap;
use std::time::Duration;

use fayger_fcp::{HelloOk, Implementation};
use fayger_runner::{
    About, CaseOutcome, CaseResult, Class, Classes, Difference, Exit, Fingerprint, Report, Run, Suite, json_report,
    judge_run, timing_report, write_text,
};
use fayger_spec_map::Level;
use serde_json::{Value, json};

fn result(id: &str, features: &[&str], outcome: CaseOutcome, stderr: &str, milliseconds: u64) -> CaseResult {
    CaseResult {
        about: About {
            id: id.into(),
            clauses: vec!["ART-HEAD-001".into()],
            level: Level::Must,
            features: features.iter().map(|feature| (*feature).to_owned()).collect(),
            uses: Vec::new(),
            limits: Vec::new(),
        },
        outcome,
        duration: Duration::from_millis(milliseconds),
        stderr: stderr.into(),
    }
}

fn run(milliseconds: u64) -> Run {
    let difference = Difference { what: "context/offset".into(), expected: json!("3"), got: Value::Null };
    Run {
        hello: Some(HelloOk {
            protocol: "1.0".into(),
            implementation: Implementation {
                name: "mine".into(),
                version: "0.3".into(),
                language: "go".into(),
                url: None,
            },
            features: ["cbor", "loader", "signature.ed25519"].map(str::to_owned).into(),
            limits: BTreeMap::new(),
            notes: None,
        }),
        results: vec![
            result("loader.header.accepts-it", &["loader"], CaseOutcome::Pass, "", milliseconds),
            result(
                "loader.header.refuses-it",
                &["loader"],
                CaseOutcome::Fail { differences: vec![difference] },
                "a\nb\nc\nd\ne\nf\n",
                milliseconds,
            ),
            result("cbor.heads.refuses-it", &["cbor"], CaseOutcome::Crash { exit: Exit::Signal(11) }, "", milliseconds),
            result(
                "events.load.tells-it",
                &["events"],
                CaseOutcome::NotTested { reason: "feature `events` is not declared".into() },
                "",
                0,
            ),
        ],
        shutdown: None,
        restarts: 1,
        broke_off: false,
        faults: Vec::new(),
    }
}

fn with_report<T>(run: &Run, use_it: impl FnOnce(&Report<'_>) -> T) -> T {
    let classes = Classes::from(Class::Loader);
    let judgement = judge_run(run, classes.clone(), false);
    use_it(&Report {
        run,
        judgement: &judgement,
        class: &classes,
        filter: None,
        suite: Suite { version: "0.1.0".into(), digest: "ab".into(), cases: 4 },
        fingerprint: Fingerprint::default(),
    })
}

#[test]
fn the_json_has_no_times_and_the_timing_has_them() {
    let (quick, slow) = (run(1), run(2000));
    assert_eq!(with_report(&quick, json_report), with_report(&slow, json_report));
    assert_ne!(timing_report(&quick), timing_report(&slow));
    let timing: Value = serde_json::from_str(&timing_report(&slow)).unwrap();
    assert_eq!(timing["milliseconds"], 6000.0);
    assert_eq!(
        timing["cases"][1],
        json!({ "id": "loader.header.refuses-it", "milliseconds": 2000.0, "stderr": "a\nb\nc\nd\ne\nf\n" })
    );
}

#[test]
fn the_json_tells_verdict_counts_and_outcomes() {
    let report: Value = serde_json::from_str(&with_report(&run(1), json_report)).unwrap();
    assert_eq!(report["verdict"], "incomplete");
    assert_eq!(report["counts"]["pass"], 1);
    assert_eq!(report["groups"]["cbor.heads"]["crash"], 1);
    assert_eq!(report["not_tested"], json!({ "events": 1 }));
    assert_eq!(report["testee"]["hello"]["implementation"]["name"], "mine");
    assert_eq!(
        report["cases"][1],
        json!({
            "id": "loader.header.refuses-it", "clauses": ["ART-HEAD-001"], "level": "MUST", "features": ["loader"],
            "outcome": "fail", "differences": [{ "what": "context/offset", "expected": "3", "got": null }]
        })
    );
    assert_eq!(report["cases"][2]["exit"], json!({ "signal": 11 }));
}

#[test]
fn the_text_names_clause_difference_stderr_and_replay() {
    let mut text = Vec::new();
    let clause = |id: &str| (id == "ART-HEAD-001").then(|| "The magic MUST be there.".to_owned());
    let replay = |id: &str| format!("kit replay {id}");
    with_report(&run(1), |report| write_text(&mut text, report, &clause, &replay)).unwrap();
    let text = String::from_utf8(text).unwrap();
    let failure = "FAIL loader.header.refuses-it (MUST)\n  ART-HEAD-001  The magic MUST be there.\n  differs   context/offset\n  expected  3\n  \
                   got       nothing\n  stderr    b\n  stderr    c\n  stderr    d\n  stderr    e\n  stderr    f\n  \
                   replay    kit replay loader.header.refuses-it\n";
    assert!(text.contains(failure), "{text}");
    assert!(
        text.contains(
            "CRASH cbor.heads.refuses-it (MUST)\n  ART-HEAD-001  The magic MUST be there.\n  got       signal 11\n"
        ),
        "{text}"
    );
    let last = text.lines().last().unwrap();
    assert_eq!(last, "mine 0.3: incomplete; suite 0.1.0, 1 of 3 cases pass; not tested: events (1 case)");
    assert!(text.contains("because no MUST case of feature `signature.ed25519` was run\n"), "{text}");
    assert!(text.contains("because MUST cases that went wrong: 2\n"), "{text}");
}
