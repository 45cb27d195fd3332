//! Whatever a testee does, the case at hand has its outcome and the run goes on.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests may fail by panicking"
)]

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use fayger_cases::Prepared;
use fayger_fcp::CborValue;
use fayger_runner::{
    About, CaseOutcome, CaseResult, Class, Exit, Job, Launch, Observer, Run, Shutdown, TesteeCommand, Verdict,
    judge_run, run,
};
use fayger_spec_map::Level;

/// A case that decodes one byte to the integer of the same value.
fn job(byte: u8) -> Job<'static> {
    let about = About {
        id: format!("cbor.integers.decodes-{byte}"),
        clauses: vec!["CBOR-001".into()],
        level: Level::Must,
        features: vec!["cbor".into()],
        uses: Vec::new(),
        limits: Vec::new(),
    };
    Job {
        about,
        prepare: Box::new(move || {
            Ok(Prepared::Decode { bytes: vec![byte], expected: Ok(CborValue::Int(byte.into())) })
        }),
        absent: Vec::new(),
        absent_in_events: Vec::new(),
    }
}

/// Restarts that these tests allow.
const CAP: u32 = 32;

fn launch(arguments: &[&str]) -> Launch {
    Launch {
        command: TesteeCommand {
            program: env!("CARGO_BIN_EXE_misbehaving-testee").into(),
            arguments: arguments.iter().map(Into::into).collect(),
        },
        suite: "0.1.0".into(),
        deadline: Duration::from_secs(3),
        most_restarts: CAP,
        interrupt: Arc::new(AtomicBool::new(false)),
    }
}

fn run_three(manner: &str) -> Run {
    run(&launch(&[manner]), &[job(0), job(1), job(2)], &mut (), &mut |_, _| {})
}

/// The outcome of the middle case; the others must pass.
fn middle(manner: &str) -> CaseResult {
    let mut run = run_three(manner);
    assert_eq!(run.faults, Vec::<String>::new(), "{manner}");
    assert_eq!(run.results.len(), 3, "{manner}");
    assert_eq!(run.results[0].outcome, CaseOutcome::Pass, "{manner}: the case before");
    assert_eq!(run.results[2].outcome, CaseOutcome::Pass, "{manner}: the case after");
    assert_eq!(run.shutdown, Some(Shutdown::Exited(Exit::Code(0))), "{manner}");
    run.results.remove(1)
}

fn breach(manner: &str) -> String {
    match middle(manner).outcome {
        CaseOutcome::Protocol { what } => what,
        other => panic!("{manner}: {other:?}"),
    }
}

#[test]
fn a_good_testee_passes_and_ends_by_itself() {
    let run = run_three("behaves");
    assert!(run.results.iter().all(|result| result.outcome == CaseOutcome::Pass), "{run:?}");
    assert_eq!((run.shutdown, run.restarts), (Some(Shutdown::Exited(Exit::Code(0))), 0));
    assert_eq!(middle("answers slowly").outcome, CaseOutcome::Pass);
}

#[test]
fn an_exit_is_a_crash_with_its_code_and_last_words() {
    let result = middle("exits mid-run");
    assert_eq!(result.outcome, CaseOutcome::Crash { exit: Exit::Code(3) });
    assert_eq!(result.stderr, b"last words\n");
    assert_eq!(middle("writes half a line and exits").outcome, CaseOutcome::Crash { exit: Exit::Code(3) });
}

#[test]
fn a_signal_is_a_crash_with_its_number() {
    assert_eq!(middle("aborts").outcome, CaseOutcome::Crash { exit: Exit::Signal(6) });
}

#[test]
fn no_answer_in_time_is_a_hang() {
    assert_eq!(middle("hangs").outcome, CaseOutcome::Hang);
}

#[test]
fn megabytes_on_stderr_neither_block_nor_fail_a_case() {
    assert_eq!(middle("floods stderr").outcome, CaseOutcome::Pass);
}

#[test]
fn the_last_64_kib_of_stderr_are_kept() {
    let result = middle("floods stderr and fails");
    assert!(matches!(result.outcome, CaseOutcome::Fail { .. }), "{:?}", result.outcome);
    // The rest of stderr may come behind the answer; what came is never more than the limit.
    assert!(result.stderr.len() <= 64 << 10);
}

#[test]
fn a_second_answer_belongs_to_the_case_that_it_answers() {
    for manner in ["answers twice", "answers twice, late", "floods stdout"] {
        let what = breach(manner);
        assert!(what.contains("no request asked for") || what.contains("an answer with id"), "{manner}: {what}");
    }
}

#[test]
fn lines_that_are_no_answers_break_the_protocol() {
    assert!(breach("answers with a wrong id").contains("an answer with id 999999 while request"));
    assert!(breach("prints garbage").contains("not json"));
    assert!(breach("prints garbage").ends_with("debug: decoding \u{fffd}"));
    assert!(breach("prints what is not UTF-8").contains("not json"));
    assert!(breach("prints a blank line").contains("not json"));
    assert!(breach("writes a line of 40 MiB").contains("longer than 32 MiB"));
}

#[test]
fn answers_off_the_schema_break_the_protocol() {
    assert!(breach("answers off the schema").contains("at `/result/ok/value"), "{}", breach("answers off the schema"));
    assert!(breach("answers ok and err").contains("at `/result`"), "{}", breach("answers ok and err"));
    assert!(breach("answers beside the result").contains("time"));
}

#[test]
fn a_json_rpc_error_is_a_breach_but_a_missing_method_is_a_failure() {
    assert!(breach("calls the parameters bad").contains("json-rpc error -32602"));
    let run = run_three("has no such method");
    assert!(matches!(run.results[1].outcome, CaseOutcome::Fail { .. }), "{run:?}");
    assert_eq!(run.restarts, 0);
}

#[test]
fn skipped_is_neither_pass_nor_failure() {
    assert_eq!(middle("skips").outcome, CaseOutcome::Skipped { reason: "no decoder".into() });
}

#[test]
fn a_testee_that_closes_stdout_and_lives_breaks_the_protocol() {
    assert!(breach("closes stdout but lives").contains("stdout was closed"));
}

/// No case is run again and again against a testee that does not start; none passes, and the verdict is that it is not conformant.
fn never_starts(manner: &str) -> CaseOutcome {
    let began = Instant::now();
    let run = run_three(manner);
    assert!(began.elapsed() < Duration::from_secs(8), "{manner}: one attempt is enough");
    assert!(run.hello.is_none(), "{manner}");
    assert!(run.results.iter().all(|result| result.outcome == run.results[0].outcome), "{manner}: {run:?}");
    assert_eq!(judge_run(&run, Class::Loader, false).verdict, Verdict::NotConformant, "{manner}");
    run.results[0].outcome.clone()
}

#[test]
fn a_testee_that_does_not_start_fails_every_case() {
    assert_eq!(never_starts("exits at once"), CaseOutcome::Crash { exit: Exit::Code(7) });
    assert_eq!(never_starts("never says hello"), CaseOutcome::Hang);
    for manner in ["skips hello", "speaks another protocol", "skips reset", "answers unasked at start"] {
        assert!(matches!(never_starts(manner), CaseOutcome::Protocol { .. }), "{manner}");
    }
}

#[test]
fn a_testee_that_does_not_read_cannot_block_the_runner() {
    assert_eq!(never_starts("reads nothing"), CaseOutcome::Hang);
    // A request larger than any pipe.
    let mut large = job(0);
    large.prepare = Box::new(|| Ok(Prepared::Decode { bytes: vec![0; 8 << 20], expected: Ok(CborValue::Null) }));
    let mut launch = launch(&[
        "-c",
        r#"
        read -r hello; echo '{"jsonrpc":"2.0","id":1,"result":{"ok":{"protocol":"1.0","implementation":{"name":"n","version":"1","language":"sh"},"features":["cbor"]}}}'
        read -r reset; echo '{"jsonrpc":"2.0","id":2,"result":{"ok":{}}}'
        exec sleep 600"#,
    ]);
    launch.command.program = "sh".into();
    let run = run(&launch, &[large], &mut (), &mut |_, _| {});
    assert_eq!(run.results[0].outcome, CaseOutcome::Hang);
}

#[test]
fn a_program_that_is_not_there_makes_the_run_incomplete() {
    let mut launch = launch(&[]);
    launch.command.program = "/no/such/testee".into();
    let run = run(&launch, &[job(0), job(1)], &mut (), &mut |_, _| {});
    assert!(run.faults[0].contains("cannot start `/no/such/testee`"), "{:?}", run.faults);
    assert_eq!(judge_run(&run, Class::Loader, false).verdict, Verdict::Incomplete);
}

#[test]
fn restarts_have_a_cap_and_the_rest_is_not_run() {
    let jobs: Vec<Job> = (0..40).map(|_| job(2)).collect();
    let run = run(&launch(&["exits at every case"]), &jobs, &mut (), &mut |_, _| {});
    let crashed = run.results.iter().filter(|result| matches!(result.outcome, CaseOutcome::Crash { .. })).count();
    let not_run = run.results.iter().filter(|result| matches!(result.outcome, CaseOutcome::NotRun { .. })).count();
    assert_eq!((crashed, not_run, run.restarts), (CAP as usize + 1, 7, CAP));
    // What it did is enough for a verdict.
    let judgement = judge_run(&run, Class::Loader, false);
    assert_eq!(judgement.verdict, Verdict::NotConformant);
    assert!(judgement.reasons.contains(&"the testee broke off more than 32 times; cases not run: 7".to_owned()));
}

#[test]
fn a_restarted_testee_has_to_be_the_same() {
    let run = run_three("changes its hello");
    assert_eq!(run.results[1].outcome, CaseOutcome::Crash { exit: Exit::Code(3) });
    assert_eq!(
        run.results[2].outcome,
        CaseOutcome::Protocol { what: "hello is not the same as at the first start".into() }
    );
}

#[test]
fn a_testee_that_does_not_end_is_terminated_then_killed() {
    assert_eq!(run_three("exits with 9 at the end").shutdown, Some(Shutdown::Exited(Exit::Code(9))));
    assert_eq!(run_three("ignores the end of stdin").shutdown, Some(Shutdown::Terminated));
    assert_eq!(run_three("ignores the end of stdin and TERM").shutdown, Some(Shutdown::Killed));
}

/// Runs three cases of which the middle one leaves a grandchild; gives the run and the grandchild's process id.
#[cfg(target_os = "linux")]
fn with_grandchild(manner: &str) -> (Run, u32) {
    let directory = tempfile::tempdir().unwrap();
    let pid_file = directory.path().join("pid");
    let run = run(&launch(&[manner, pid_file.to_str().unwrap()]), &[job(0), job(1), job(2)], &mut (), &mut |_, _| {});
    (run, std::fs::read_to_string(pid_file).unwrap().parse().unwrap())
}

/// Waits until a process is gone, or dead and not yet reaped by the init process.
#[cfg(target_os = "linux")]
fn is_gone(pid: u32) -> bool {
    let gone = || {
        let stat =
            std::fs::read_to_string(PathBuf::from("/proc").join(pid.to_string()).join("stat")).unwrap_or_default();
        stat.is_empty() || stat.rsplit(") ").next().is_some_and(|rest| rest.starts_with('Z'))
    };
    (0..100).any(|_| {
        std::thread::sleep(Duration::from_millis(10));
        gone()
    })
}

#[cfg(target_os = "linux")]
#[test]
fn a_grandchild_dies_with_its_testee() {
    let (run, pid) = with_grandchild("leaves a grandchild and exits");
    assert_eq!(run.results[1].outcome, CaseOutcome::Crash { exit: Exit::Code(3) }, "although stdout is still open");
    assert_eq!(run.results[2].outcome, CaseOutcome::Pass);
    assert!(is_gone(pid));
    let (run, pid) = with_grandchild("leaves a grandchild and goes on");
    assert_eq!(run.results[1].outcome, CaseOutcome::Pass);
    assert_eq!(run.shutdown, Some(Shutdown::Exited(Exit::Code(0))));
    assert!(is_gone(pid), "a clean exit leaves nothing either");
}

/// Sets the interrupt when the second case begins.
struct InterruptAtSecond(Arc<AtomicBool>, usize);

impl Observer for InterruptAtSecond {
    fn started(&mut self, _: &About) {
        self.1 += 1;
        self.0.store(self.1 == 2, Ordering::Relaxed);
    }
    fn finished(&mut self, _: &CaseResult) {}
}

#[test]
fn an_interrupt_ends_the_run_at_once() {
    let launch = launch(&["hangs"]);
    let began = Instant::now();
    let mut observer = InterruptAtSecond(Arc::clone(&launch.interrupt), 0);
    let run = run(&launch, &[job(0), job(1), job(2)], &mut observer, &mut |_, _| {});
    assert!(began.elapsed() < launch.deadline, "no deadline was waited for");
    assert_eq!(run.results[0].outcome, CaseOutcome::Pass);
    assert!(run.results[1..].iter().all(|result| matches!(result.outcome, CaseOutcome::NotRun { .. })), "{run:?}");
    assert_eq!(judge_run(&run, Class::Loader, false).verdict, Verdict::Incomplete);
}
