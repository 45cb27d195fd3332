//! `fuzz`: each target of `fuzz/fuzz_targets/` for a bounded time, from the suite's own inputs.

use std::fs;
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::project::{Outcome, root, rust_files, succeeds};

pub(crate) fn run(seconds: u32) -> Result<Outcome> {
    if let Some(missing) = missing() {
        return Ok(Outcome::Skipped(missing));
    }
    let root = root()?;
    let (mut problems, mut targets) = (Vec::new(), Vec::new());
    for path in rust_files(&root.join("fuzz/fuzz_targets"))? {
        let target = path.file_stem().context("a file has a name")?.to_string_lossy().into_owned();
        let corpus = root.join("target/fuzz-corpus").join(&target);
        fs::create_dir_all(&corpus)?;
        for (name, bytes) in fayger_fuzz::seeds(&target)? {
            fs::write(corpus.join(name), bytes)?;
        }
        println!("fuzzing `{target}` for {seconds} s");
        // Cargo puts its own toolchain into the environment, so nightly is asked for by rustup.
        let output = Command::new("rustup")
            .args(["run", "nightly", "cargo", "fuzz", "run", "--features", "libfuzzer", &target])
            .arg(&corpus)
            .args(["--", &format!("-max_total_time={seconds}"), "-print_final_stats=1"])
            .current_dir(&root)
            .output()
            .context("cannot start rustup")?;
        // The fuzzer's own words: the statistics of a good run, all of a bad one.
        let words = String::from_utf8_lossy(&output.stderr);
        if output.status.success() {
            words.lines().filter(|line| line.starts_with("stat::")).for_each(|line| println!("  {line}"));
        } else {
            problems.push(format!("fuzz target `{target}` fails: {}\n{words}", output.status));
        }
        targets.push(target);
    }
    Ok(Outcome::of(problems, format!("{} hold for {seconds} s each", targets.join(", "))))
}

/// What is needed and not here.
fn missing() -> Option<String> {
    let needed: [(&str, &str, &[&str]); 3] = [
        ("a nightly toolchain", "rustup", &["run", "nightly", "rustc", "--version"]),
        ("cargo-fuzz", "cargo", &["fuzz", "--version"]),
        ("a C++ compiler, for libFuzzer", "c++", &["--version"]),
    ];
    let missing = needed.iter().find(|(_, program, arguments)| !succeeds(program, arguments));
    missing.map(|(what, _, _)| format!("fuzzing needs {what}, which is not here"))
}
