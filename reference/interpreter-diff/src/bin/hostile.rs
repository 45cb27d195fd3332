//! Runs one hostile module in a process of its own and tells how it ended, in what time and memory: `hostile --engine ENGINE NAME`; without a
//! name, all of them, each in a child.

use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use anyhow::{Context as _, Result, bail};
use clap::Parser;
use fayger_interpreter_diff::engine::Start;
use fayger_interpreter_diff::engines;
use fayger_interpreter_diff::host::Answers;
use fayger_interpreter_diff::hostile::{ALL, Hostile};

/// Modules that would hurt a careless engine: how they end, CPU time and peak memory.
#[derive(Parser)]
struct Arguments {
    /// Whose hurt.
    #[arg(long)]
    engine: String,
    /// Ends a child after so many seconds.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// The module.
    name: Option<String>,
}

/// Fuel of `run`: what a loop may use up.
const FUEL: u64 = 50_000_000;

fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    let Some(name) = &arguments.name else { return run_all(&arguments) };
    let hostile = ALL.iter().find(|hostile| hostile.name == *name).with_context(|| format!("no module `{name}`"))?;
    run_one(&arguments.engine, hostile)
}

fn run_one(name: &str, hostile: &Hostile) -> Result<ExitCode> {
    let bytes = (hostile.make)()?;
    let engine = engines::by_name(name)?;
    let before = peak()?;
    let start = Instant::now();
    let ending = match engine.instantiate(&bytes, FUEL, Answers::Zero) {
        Start::Refused(why) => {
            println!("refused: {}", why.chars().take(120).collect::<String>());
            None
        }
        Start::Ended(ending) => Some(ending),
        Start::Ready(mut instance) => Some(instance.call("run", &[], FUEL)),
    };
    let time = start.elapsed();
    let (module, peak) = (bytes.len() >> 10, peak()?.saturating_sub(before));
    println!("{:?} in {} ms, {peak} KiB over a module of {module} KiB", ending, time.as_millis());
    hostile.expected.check(name, ending.as_ref())?;
    Ok(ExitCode::SUCCESS)
}

/// The most memory that this process has had, in KiB.
fn peak() -> Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}

fn run_all(arguments: &Arguments) -> Result<ExitCode> {
    let mut failed = 0;
    for hostile in ALL {
        let mut child = Command::new(env::current_exe()?)
            .args(["--engine", &arguments.engine, hostile.name])
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()?;
        let end = Instant::now() + Duration::from_secs(arguments.seconds);
        while child.try_wait()?.is_none() {
            if Instant::now() >= end {
                child.kill()?;
                break;
            }
            thread::sleep(Duration::from_millis(5));
        }
        let output = child.wait_with_output()?;
        let told = String::from_utf8_lossy(&output.stdout).trim().replace('\n', "; ");
        if output.status.success() {
            println!("{:<26}{told}", hostile.name);
        } else {
            failed += 1;
            let errors = String::from_utf8_lossy(&output.stderr);
            let last: Vec<_> = errors.lines().filter(|line| !line.is_empty()).take(3).collect();
            println!(
                "{:<26}FAILED ({}) {told} {}: hunts {}",
                hostile.name,
                output.status,
                last.join(" "),
                hostile.hunts
            );
        }
    }
    if failed > 0 {
        bail!("{failed} of {} hurt it", ALL.len());
    }
    Ok(ExitCode::SUCCESS)
}
