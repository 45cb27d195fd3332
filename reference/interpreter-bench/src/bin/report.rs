//! Prints CPU times and ratios: `cargo run --release [--features wasm3] --bin report`.

use std::cmp::Ordering;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use clap::Parser;
use fayger_interpreter_bench::clock::timed;
use fayger_interpreter_bench::engines::{self, Run};
use fayger_interpreter_bench::programs::{PROGRAMS, Program};
use fayger_interpreter_bench::stack::on_a_deep_stack;

/// CPU time of eight programs on every engine, as ratios to wasmi's, with the median and the geometric mean over the eight.
#[derive(Parser)]
struct Arguments {
    /// Rounds; in each, every engine runs once, in turn. The smallest time of an engine counts.
    #[arg(long, default_value_t = 7)]
    rounds: u32,
    /// Only programs whose name contains this.
    #[arg(long, default_value = "")]
    only: String,
    /// Instead of the programs: how fast each engine validates and translates this module, in MiB/s.
    #[arg(long)]
    load: Option<PathBuf>,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    on_a_deep_stack(move || report(&arguments))?
}

fn report(arguments: &Arguments) -> Result<()> {
    for what in engines::LEFT_OUT {
        println!("LEFT OUT {what}");
    }
    match &arguments.load {
        Some(path) => report_load(&fs::read(path).with_context(|| path.display().to_string())?, arguments.rounds),
        None => report_programs(arguments),
    }
}

fn report_programs(arguments: &Arguments) -> Result<()> {
    let engines = engines::all();
    let mut rows = Vec::new();
    for program in PROGRAMS.iter().filter(|program| program.name.contains(&arguments.only)) {
        let bytes = program.bytes()?;
        let mut runs: Vec<Box<dyn Run>> = Vec::new();
        for engine in &engines {
            let mut run =
                engine.instantiate(&bytes).with_context(|| format!("{} on {}", engine.name(), program.name))?;
            // Before anything is measured; it also pays for what is compiled at the first call.
            check(program, engine.name(), run.run(program.argument)?)?;
            runs.push(run);
        }
        let mut best = vec![Duration::MAX; engines.len()];
        for _ in 0..arguments.rounds.max(1) {
            for ((run, best), engine) in runs.iter_mut().zip(&mut best).zip(&engines) {
                let (result, time) = timed(|| run.run(program.argument));
                check(program, engine.name(), result?)?;
                *best = time.min(*best);
            }
        }
        rows.push((program.name, best));
    }

    heading("ms of CPU", engines.iter().map(|engine| engine.name()));
    for (name, times) in &rows {
        line(name, times.iter().map(|time| format!("{:.1}", time.as_secs_f64() * 1e3)));
    }
    println!();
    heading("ratio to wasmi", engines.iter().map(|engine| engine.name()));
    let ratios: Vec<Vec<f64>> = rows
        .iter()
        .map(|(_, times)| {
            let wasmi = times.first().map_or(f64::NAN, Duration::as_secs_f64);
            times.iter().map(|time| time.as_secs_f64() / wasmi).collect()
        })
        .collect();
    for ((name, _), ratios) in rows.iter().zip(&ratios) {
        line(name, ratios.iter().map(|ratio| format!("{ratio:.2}")));
    }
    let of_engine = |at: usize| ratios.iter().filter_map(|row| row.get(at).copied()).collect::<Vec<_>>();
    line("median", (0..engines.len()).map(|at| format!("{:.2}", median(of_engine(at)))));
    line("geometric mean", (0..engines.len()).map(|at| format!("{:.2}", geometric_mean(&of_engine(at)))));
    Ok(())
}

fn check(program: &Program, engine: &str, result: i64) -> Result<()> {
    ensure!(
        result == program.result,
        "{engine} computes {result:#x} on `{}`, and {:#x} is right",
        program.name,
        program.result
    );
    Ok(())
}

fn report_load(bytes: &[u8], rounds: u32) -> Result<()> {
    let engines = engines::all();
    let validate = || -> Result<()> {
        wasmparser::validate(bytes)?;
        Ok(())
    };
    type Load<'a> = (&'static str, Box<dyn Fn() -> Result<()> + 'a>);
    let mut loads: Vec<Load<'_>> = vec![("wasmparser", Box::new(validate))];
    for engine in &engines {
        loads.push((engine.name(), Box::new(|| engine.load(bytes))));
    }
    let mut best = vec![Ok(Duration::MAX); loads.len()];
    for _ in 0..rounds.max(1) {
        for ((_, load), best) in loads.iter().zip(&mut best) {
            let (result, time) = timed(load);
            *best = match (result, &*best) {
                (Err(error), _) => Err(format!("refused: {error:#}")),
                (Ok(()), Ok(so_far)) => Ok(time.min(*so_far)),
                (Ok(()), Err(told)) => Err(told.clone()),
            };
        }
    }
    let mebibytes = f64::from(u32::try_from(bytes.len()).context("a module of at most 4 GiB")?) / f64::from(1 << 20);
    println!("{mebibytes:.2} MiB; engines that compile at the first call do less here");
    for ((name, _), best) in loads.iter().zip(best) {
        match best {
            Ok(time) => println!("{name:<14}{:>10.1} MiB/s", mebibytes / time.as_secs_f64()),
            Err(told) => println!("{name:<14}{told}"),
        }
    }
    Ok(())
}

fn heading<'a>(what: &str, names: impl Iterator<Item = &'a str>) {
    line(what, names.map(str::to_owned));
}

fn line(name: &str, cells: impl Iterator<Item = String>) {
    let cells: String = cells.map(|cell| format!("{cell:>10}")).collect();
    println!("{name:<16}{cells}");
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(|left, right| left.partial_cmp(right).unwrap_or(Ordering::Equal));
    let middle = values.len() / 2;
    match (values.get(middle.wrapping_sub(1)), values.get(middle)) {
        (Some(lower), Some(upper)) if values.len().is_multiple_of(2) => f64::midpoint(*lower, *upper),
        (_, Some(value)) => *value,
        _ => f64::NAN,
    }
}

fn geometric_mean(values: &[f64]) -> f64 {
    let logarithms: f64 = values.iter().map(|value| value.ln()).sum();
    (logarithms / values.len() as f64).exp()
}
