//! `ci`: every check and every test. What cannot be had here is skipped with a loud line; the last line is the test runner's own.

use std::collections::VecDeque;
use std::io::{self, BufRead as _, BufReader, Read, Write as _};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::thread;
use std::time::Instant;

use anyhow::{Context as _, Result};

use crate::project::{Outcome, cargo, succeeds};
use crate::{cbor, deps, fays, fuzz, generated, opcodes, spec_map, vectors};

/// Seconds of each fuzz target.
const FUZZ_SECONDS: u32 = 60;

/// Seconds of generated modules.
const DIFF_SECONDS: u32 = 60;

/// Lines that are told again of a step that failed.
const KEPT: usize = 40;

/// A step's name and what it does.
type Step<'a> = (&'static str, &'a dyn Fn() -> Result<Outcome>);

/// Runs every step, also after one that failed; whether none did.
pub(crate) fn run() -> Result<bool> {
    let closing = Mutex::new(Vec::new());
    let tests = |command: Command| -> Result<Outcome> {
        let (outcome, lines) = run_tests(command)?;
        if let Ok(mut closing) = closing.lock() {
            closing.extend(lines);
        }
        Ok(outcome)
    };
    let steps: [Step<'_>; 16] = [
        ("format", &|| run_command(cargo_with(&["fmt", "--all", "--check"], &[])?)),
        ("deps", &deps::run),
        ("clippy", &|| {
            run_command(cargo_with(
                &["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"],
                &[],
            )?)
        }),
        ("schema", &|| generated::schema(false)),
        ("opcodes", &|| opcodes::run(false)),
        ("fays", &fays::run),
        ("vectors", &vectors::run),
        ("cbor", &cbor::run),
        ("spec-map", &|| spec_map::run(false)),
        ("tests", &|| tests(test_command()?)),
        ("sources", &|| {
            tests(cargo_with(&["test", "--package", "fayger-sources", "--features", "http", "--no-fail-fast"], &[])?)
        }),
        ("servers", &|| {
            let outcome = tests(cargo_with(
                &["test", "--package", "fayger-sources-servers", "--features", "servers", "--no-fail-fast"],
                &[],
            )?)?;
            // The S3 server is in the tests themselves; the tests of nginx pass by where there is none.
            let has_nginx = ["nginx", "/usr/sbin/nginx"].iter().any(|program| succeeds(program, &["-v"]));
            Ok(match outcome {
                Outcome::Passed(_) if !has_nginx => {
                    Outcome::Skipped("there is no nginx, so its tests did not run".to_owned())
                }
                outcome => outcome,
            })
        }),
        ("interpreter beside others", &interpreter_diff),
        ("documentation tests", &|| tests(cargo_with(&["test", "--workspace", "--doc"], &[])?)),
        ("documentation", &|| {
            let environment = [("RUSTDOCFLAGS", "-D warnings")];
            run_command(cargo_with(&["doc", "--workspace", "--no-deps", "--quiet"], &environment)?)
        }),
        ("fuzz", &|| fuzz::run(FUZZ_SECONDS)),
    ];
    let (mut passed, mut failed, mut skipped) = (0_u32, Vec::new(), Vec::new());
    for (name, step) in steps {
        println!("\n== {name}");
        let begin = Instant::now();
        let outcome = step().unwrap_or_else(|error| Outcome::Failed(vec![format!("{error:#}")]));
        outcome.report();
        println!("{name}: {} s", begin.elapsed().as_secs());
        match outcome {
            Outcome::Passed(_) => passed = passed.saturating_add(1),
            Outcome::Failed(problems) => failed.push((name, problems)),
            Outcome::Skipped(what) => skipped.push(format!("{name}: {what}")),
        }
    }
    println!();
    skipped.iter().for_each(|what| println!("SKIPPED {what}"));
    // Again, as what failed may be far above.
    for (name, problems) in &failed {
        println!("FAILED {name}");
        problems.iter().flat_map(|problem| problem.lines()).take(KEPT).for_each(|line| println!("  {line}"));
    }
    println!("ci: {passed} passed, {} failed, {} skipped", failed.len(), skipped.len());
    if !failed.is_empty() {
        // The runner's own line is no last word where something else failed.
        io::stdout().flush()?;
        return Ok(false);
    }
    if let Some(line) = closing_line(&closing.into_inner().unwrap_or_default()) {
        println!("{line}");
    }
    io::stdout().flush()?;
    Ok(true)
}

/// The interpreter against wasmtime and wasmi on generated modules, and alone on hostile ones: a workspace of its own, built without release's
/// optimisation, so that overflow would be seen.
fn interpreter_diff() -> Result<Outcome> {
    let seconds = DIFF_SECONDS.to_string();
    for arguments in [&["diff", "--", "--seconds", &seconds][..], &["hostile", "--", "--engine", "fayger"]] {
        let manifest = "reference/interpreter-diff/Cargo.toml";
        let fixed = ["run", "--quiet", "--locked", "--manifest-path", manifest, "--bin"];
        let outcome = run_command(cargo_with(&[&fixed, arguments].concat(), &[])?)?;
        if !matches!(outcome, Outcome::Passed(_)) {
            return Ok(outcome);
        }
    }
    Ok(Outcome::Passed(format!("{seconds} seconds of generated modules, and every hostile one")))
}

fn cargo_with(arguments: &[&str], environment: &[(&str, &str)]) -> Result<Command> {
    let mut command = cargo()?;
    command.args(arguments).envs(environment.iter().copied());
    Ok(command)
}

/// The test runner: cargo-nextest where it is here, else Cargo's own.
fn test_command() -> Result<Command> {
    if succeeds("cargo", &["nextest", "--version"]) {
        cargo_with(&["nextest", "run", "--workspace", "--no-fail-fast"], &[])
    } else {
        println!("cargo-nextest is not here; the tests run under `cargo test`");
        cargo_with(&["test", "--workspace", "--lib", "--bins", "--tests", "--no-fail-fast"], &[])
    }
}

fn run_command(command: Command) -> Result<Outcome> {
    Ok(run_tests(command)?.0)
}

/// Runs tests, or another command, shows what they say, and keeps their closing lines.
fn run_tests(mut command: Command) -> Result<(Outcome, Vec<String>)> {
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {command:?}"))?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let (out, err) = thread::scope(|scope| {
        let out = scope.spawn(|| stdout.map(|stream| show(stream, &mut io::stdout())));
        let err = scope.spawn(|| stderr.map(|stream| show(stream, &mut io::stderr())));
        let [out, err] = [out, err].map(|thread| thread.join().ok().flatten().unwrap_or_default());
        (out, err)
    });
    let arguments: Vec<_> = command.get_args().map(|argument| argument.to_string_lossy()).collect();
    let told = format!("cargo {}", arguments.join(" "));
    let outcome = if child.wait()?.success() {
        Outcome::Passed(told)
    } else {
        let last: Vec<_> = out.last.into_iter().chain(err.last).collect();
        Outcome::Failed(vec![format!("`{told}` fails: {}", last.join("\n"))])
    };
    Ok((outcome, out.closing.into_iter().chain(err.closing).collect()))
}

/// What is kept of a stream.
#[derive(Debug, Default)]
struct Kept {
    /// Its last lines.
    last: VecDeque<String>,
    /// Closing lines of test runners.
    closing: Vec<String>,
}

/// Copies a stream line by line, and keeps what is told again.
fn show(stream: impl Read, to: &mut impl io::Write) -> Kept {
    let mut kept = Kept::default();
    for line in BufReader::new(stream).lines().map_while(Result::ok) {
        // Where nobody listens any more, the exit code still tells.
        drop(writeln!(to, "{line}"));
        if is_closing(&line) {
            kept.closing.push(line.clone());
        }
        if kept.last.len() == KEPT / 2 {
            kept.last.pop_front();
        }
        kept.last.push_back(line);
    }
    kept
}

/// Whether a test runner ends with this line: nextest's `Summary […] N tests run: …`, or Cargo's `test result: …`.
fn is_closing(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("Summary [") && line.contains(" tests run: ") || line.starts_with("test result: ")
}

/// One closing line for the whole: nextest's own, with which Cargo's for documentation tests are not mixed; else Cargo's, added up in their form.
fn closing_line(lines: &[String]) -> Option<String> {
    if let Some(summary) = lines.iter().find(|line| line.trim_start().starts_with("Summary [")) {
        return Some(summary.trim_start().to_owned());
    }
    let results: Vec<&str> = lines.iter().filter_map(|line| line.trim_start().strip_prefix("test result: ")).collect();
    let count = |what: &str| -> u64 {
        let numbers = results.iter().filter_map(|line| {
            let fields = line.split([';', '.']).map(str::trim);
            fields.filter_map(|field| field.strip_suffix(what)).find_map(|number| number.trim().parse::<u64>().ok())
        });
        numbers.sum()
    };
    let is_ok = results.iter().all(|line| line.starts_with("ok"));
    (!results.is_empty()).then(|| {
        let [passed, failed, ignored] = ["passed", "failed", "ignored"].map(count);
        format!(
            "test result: {}. {passed} passed; {failed} failed; {ignored} ignored",
            if is_ok { "ok" } else { "FAILED" }
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        show(text.as_bytes(), &mut Vec::new()).closing
    }

    #[test]
    fn the_last_line_is_that_of_nextest() {
        let kept = lines(
            "    Starting 5 tests across 2 binaries\n        PASS [   0.004s] xtask a\n     Summary [   0.012s] 5 tests run: 5 passed, 0 skipped\n\
             test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.10s\n",
        );
        assert_eq!(closing_line(&kept).as_deref(), Some("Summary [   0.012s] 5 tests run: 5 passed, 0 skipped"));
    }

    #[test]
    fn of_what_was_said_the_last_lines_are_told_again() {
        let text: String = (1..=KEPT).map(|line| format!("line {line}\n")).collect();
        let last = show(text.as_bytes(), &mut Vec::new()).last;
        assert_eq!(last.len(), 20);
        assert_eq!([&last[0], &last[19]], ["line 21", "line 40"]);
    }

    #[test]
    fn the_lines_of_cargo_are_added_up() {
        let kept = lines(
            "running 3 tests\ntest result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.21s\n\
             test result: FAILED. 4 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n",
        );
        assert_eq!(closing_line(&kept).as_deref(), Some("test result: FAILED. 7 passed; 2 failed; 1 ignored"));
        assert_eq!(closing_line(&lines("nothing\n")), None);
    }
}
