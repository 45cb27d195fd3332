//! The program from outside: exit codes, output, and the bundled reference as its testee.
#![expect(clippy::unwrap_used, reason = "helpers of tests may fail by panicking")]

use std::process::{Command, Output};

fn kit(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_fayger-conformance")).args(arguments).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn code(arguments: &[&str]) -> Option<i32> {
    kit(arguments).status.code()
}

#[test]
fn the_bundled_reference_is_conformant_and_the_report_is_the_same_twice() {
    let directory = tempfile::tempdir().unwrap();
    let report = |name: &str| {
        let path = directory.path().join(name);
        // A machine that is busy with other tests is slow, not hung.
        let output = kit(&["--json", path.to_str().unwrap(), "--deadline-scale", "10"]);
        assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
        assert!(
            stdout(&output)
                .lines()
                .last()
                .unwrap()
                .contains(": conformant to classes loader, adapter-core, runtime, full; "),
            "{}",
            stdout(&output)
        );
        std::fs::read(path).unwrap()
    };
    let first = report("first.json");
    assert_eq!(first, report("second.json"));
    let first: serde_json::Value = serde_json::from_slice(&first).unwrap();
    assert_eq!(first.get("verdict").unwrap(), "conformant");
}

#[test]
fn a_filter_selects_and_gives_no_verdict_on_the_class() {
    let output = kit(&["run", "--filter", "cbor.encode.*"]);
    assert_eq!(output.status.code(), Some(0));
    let last = stdout(&output).lines().last().unwrap().to_owned();
    assert!(last.contains("no verdict on the class") && last.contains("filter `cbor.encode.*`"), "{last}");
}

#[test]
fn nothing_ran_is_never_green() {
    assert_eq!(code(&["--filter", "no such case"]), Some(3));
    assert_eq!(code(&["--testee", "/no/such/program", "--filter", "cbor.encode"]), Some(3));
}

#[test]
fn bad_command_lines_exit_with_2() {
    assert_eq!(code(&["--class", "everything"]), Some(2));
    assert_eq!(code(&["--class", "loader,"]), Some(2));
    assert_eq!(code(&["--testee", "'open"]), Some(2));
    assert_eq!(code(&["replay", "no.such.case"]), Some(2));
    assert_eq!(code(&["explain", "no.such.case"]), Some(2));
}

#[test]
fn a_report_that_cannot_be_written_is_incomplete() {
    let output = kit(&["--filter", "cbor.encode", "--json", "/no/such/folder/report.json"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr(&output).contains("cannot write `/no/such/folder/report.json`"), "{}", stderr(&output));
}

#[test]
fn list_explain_and_replay_show_a_case() {
    let listed = stdout(&kit(&["list", "--filter", "loader.accepts"]));
    let id = listed.lines().next().unwrap().split("  ").next().unwrap().to_owned();
    assert!(id.starts_with("loader.accepts."), "{listed}");

    let explained = stdout(&kit(&["explain", &id]));
    for part in ["header (48 bytes)\n", "  00000000  42554600  # magic\n", "\ntrailer (44 bytes)\n", "\nexpected\n"] {
        assert!(explained.contains(part), "{part}: {explained}");
    }

    let replayed = kit(&["replay", &id]);
    assert_eq!(replayed.status.code(), Some(0));
    let replayed = stdout(&replayed);
    for part in [
        "→ {\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"hello\"",
        "\"method\":\"loader.load\"",
        "← ",
        "\nPASS loader.accepts.",
    ] {
        assert!(replayed.contains(part), "{part}: {replayed}");
    }
}

#[cfg(unix)]
mod unix {
    use std::process::{Child, Stdio};
    use std::time::{Duration, Instant};

    use super::*;

    fn start(arguments: &[&str]) -> Child {
        Command::new(env!("CARGO_BIN_EXE_fayger-conformance"))
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    #[test]
    fn a_testee_that_ends_is_not_conformant() {
        let output = kit(&["--testee", "sh -c 'echo gone >&2; exit 4'", "--filter", "cbor.encode.keeps-text-as-it-is"]);
        assert_eq!(output.status.code(), Some(1));
        let text = stdout(&output);
        for part in [
            "CRASH cbor.encode.keeps-text-as-it-is (MUST)\n",
            "  got       exit code 4\n",
            "  stderr    gone\n",
            "  replay    cargo conformance replay cbor.encode.keeps-text-as-it-is --testee \"sh -c 'echo gone >&2; exit 4'\"\n",
            "because the testee did not get through hello\n",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }

    #[test]
    fn a_closed_stdout_is_no_panic() {
        let mut child = start(&["explain", "cbor.limits.refuses-a-hundred-thousand-open-arrays"]);
        drop(child.stdout.take());
        assert_eq!(child.wait().unwrap().code(), Some(0));
    }

    #[test]
    fn an_interrupt_ends_the_run_and_the_testee() {
        let directory = tempfile::tempdir().unwrap();
        let pid_file = directory.path().join("pid");
        // The testee tells its process id and then never answers.
        let testee = format!("sh -c 'echo $$ > {}; exec sleep 600'", pid_file.display());
        let child = start(&["--testee", &testee, "--deadline-scale", "100"]);
        let began = Instant::now();
        let testee_pid = loop {
            assert!(began.elapsed() < Duration::from_secs(60), "the testee was not started");
            match std::fs::read_to_string(&pid_file) {
                Ok(pid) if pid.ends_with('\n') => break pid.trim().to_owned(),
                _ => std::thread::sleep(Duration::from_millis(10)),
            }
        };
        let signal =
            |name: &str, pid: &str| Command::new("kill").args([name, pid]).stderr(Stdio::null()).status().unwrap();
        assert!(signal("-INT", &child.id().to_string()).success());
        // Read while it ends: a line for each case does not fit a pipe.
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(3));
        assert!(!signal("-0", &testee_pid).success(), "the testee lives on");
        let progress = String::from_utf8(output.stderr).unwrap();
        assert!(progress.starts_with("not run"), "{progress}");
    }
}
