//! Whatever a testee asks back, or tells of an end, the case at hand has its outcome and the run goes on.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests may fail by panicking"
)]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use fayger_cases::Suite;
use fayger_runner::{CaseOutcome, ContextKeys, Exit, Job, Launch, Run, Shutdown, TesteeCommand, run};
use fayger_spec_map::SpecMap;

/// One instance, one call of it with a request within, and its end; then an error over a cause, and a runtime by name and version.
const ASKS: &str = r#"
id = "runtime.host.asks"
clauses = ["RT-EXECUTE-001"]
level = "MUST"
features = ["runtime"]
note = "One call."

[runtime]
fields = '(func (export "start") (result i32) i32.const 0)'
released = ["a"]

[[runtime.step]]
ask = "init"

[[runtime.step]]
ask = "run"
stopped = "ended"
host = [{ expect = "01", reply = "0000", during = [{ ask = "state", state = "Running" }] }]

[[runtime.step]]
ask = "state"
state = "Terminated"

[[runtime.step]]
ask = "resume"
err = [{ code = "RT_INSTANCE_FAILED" }, { code = "HOST_NATIVE", context = { kind = "panic" } }]

[[runtime.step]]
ask = "resolve"
resolved = "one 1.0.0"
"#;

/// A case without an instance.
const DECODES: &str = r#"
id = "cbor.integers.ID"
clauses = ["CBOR-001"]
level = "MUST"
features = ["cbor"]
note = "Zero."
[cbor.decode]
hex = "00"
[expect.ok]
value = "0"
"#;

/// The three cases: one that decodes, the one that asks, and one that decodes.
fn three(manner: &str) -> Run {
    let mut files = BTreeMap::from([("runtime/host/asks.toml".to_owned(), ASKS.to_owned())]);
    for id in ["after", "before"] {
        files.insert(format!("cbor/integers/{id}.toml"), DECODES.replace("ID", id));
    }
    let suite = Suite::of(files).unwrap();
    let keys = ContextKeys::new(&SpecMap::load().unwrap().registry);
    let ids = ["cbor.integers.before", "runtime.host.asks", "cbor.integers.after"];
    let jobs = ids.map(|id| Job::of(&suite, suite.find(id).unwrap(), keys.clone()));
    let launch = Launch {
        command: TesteeCommand { program: env!("CARGO_BIN_EXE_calling-testee").into(), arguments: vec![manner.into()] },
        suite: "0.1.0".into(),
        deadline: Duration::from_secs(3),
        most_restarts: 4,
        interrupt: Arc::new(AtomicBool::new(false)),
    };
    run(&launch, &jobs, &mut (), &mut |_, _| {})
}

/// The outcome of the case that asks; the others must pass.
fn outcome(manner: &str) -> CaseOutcome {
    let mut run = three(manner);
    assert_eq!(run.faults, Vec::<String>::new(), "{manner}");
    assert_eq!(run.results[0].outcome, CaseOutcome::Pass, "{manner}: the case before");
    assert_eq!(run.results[2].outcome, CaseOutcome::Pass, "{manner}: the case after");
    assert_eq!(run.shutdown, Some(Shutdown::Exited(Exit::Code(0))), "{manner}");
    run.results.remove(1).outcome
}

fn breach(manner: &str) -> String {
    match outcome(manner) {
        CaseOutcome::Protocol { what } => what,
        other => panic!("{manner}: {other:?}"),
    }
}

/// What differs first.
fn difference(manner: &str) -> String {
    match outcome(manner) {
        CaseOutcome::Fail { differences } => differences[0].what.clone(),
        other => panic!("{manner}: {other:?}"),
    }
}

#[test]
fn one_that_asks_as_it_must_passes() {
    assert_eq!(outcome("behaves"), CaseOutcome::Pass);
}

#[test]
fn a_call_off_the_schema_breaks_the_protocol() {
    for manner in ["calls off the schema", "calls without an id"] {
        assert!(breach(manner).contains("a request of the testee is off the schema"), "{manner}: {}", breach(manner));
    }
}

#[test]
fn a_call_comes_within_what_runs_code_alone() {
    for manner in ["calls outside of a run", "calls within a nested request"] {
        assert_eq!(breach(manner), "a host call while `runtime.state` is open, which makes none", "{manner}");
    }
    // Seen before the next request is sent, or while it is open.
    for manner in ["calls twice at once", "calls after the answer"] {
        let what = breach(manner);
        assert!(what.contains("no request asked for") || what.contains("which makes none"), "{manner}: {what}");
    }
}

#[test]
fn no_answer_comes_while_a_call_is_open() {
    let what = breach("answers while a call is open");
    assert!(what.contains("an answer with id") || what.contains("no request asked for"), "{what}");
}

#[test]
fn calls_without_end_are_no_answer() {
    let began = Instant::now();
    assert_eq!(outcome("calls for ever"), CaseOutcome::Hang);
    assert!(began.elapsed() < Duration::from_secs(20), "one deadline for the whole request");
}

#[test]
fn a_release_is_of_an_instance_that_has_ended_and_comes_once_and_in_time() {
    assert!(breach("releases off the schema").contains("a notification of the testee is off the schema"));
    assert_eq!(breach("releases a stranger"), "a release of an instance that there is not");
    assert_eq!(breach("releases what lives"), "a release of an instance that is Initialized");
    assert_eq!(breach("releases twice"), "a second release of one instance");
    let late = breach("releases after the answer");
    assert!(late.contains("no request asked for") || late.contains("after the answer to the request"), "{late}");
}

#[test]
fn what_a_scenario_says_of_a_call_a_cause_and_a_version_is_compared() {
    assert_eq!(difference("calls for another instance"), "step 2: host call of the instance");
    assert_eq!(difference("names a key too many"), "step 4: HOST_NATIVE/context/native_code");
    assert_eq!(difference("resolves another version"), "step 5/version");
}
