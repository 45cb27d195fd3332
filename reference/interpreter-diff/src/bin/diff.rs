//! Compares engines on generated modules: `cargo run --release --bin diff -- --seconds 60`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use clap::Parser;
use fayger_interpreter_diff::engine::Ending;
use fayger_interpreter_diff::engines::{self, NAMES};
use fayger_interpreter_diff::generated;
use fayger_interpreter_diff::host::Answers;
use fayger_interpreter_diff::plan::Plan;
use fayger_interpreter_diff::trace::{Agreement, Trace, compare, trace};

/// The interpreter beside wasmi and wasmtime on modules from wasm-smith: results, traps, memories, globals, tables, host calls and
/// instruction counts, compared after every call.
#[derive(Parser)]
struct Arguments {
    /// Seconds to go on for; a seed that has begun is finished.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// The first seed; the next ones follow it.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Seeds at most.
    #[arg(long, default_value_t = u64::MAX)]
    count: u64,
    /// Where counterexamples go, as `SEED.wasm` and `SEED.wat`.
    #[arg(long, default_value = "target/counterexamples")]
    out: PathBuf,
    /// Ends after so many counterexamples.
    #[arg(long, default_value_t = 10)]
    most: usize,
}

/// Fuel of each call, where nothing in the module ends it.
const FUEL: u64 = 200_000;

/// How the names of the interpreter's engines begin.
const OURS: &str = "fayger";

#[derive(Default)]
struct Tally {
    modules: u64,
    unmade: u64,
    steps: usize,
    whole: u64,
    partial: u64,
    different: usize,
    /// Differences between the other engines alone: noted, and no fault of the interpreter's.
    others: usize,
    returned: usize,
    trapped: BTreeMap<String, usize>,
    stillborn: usize,
}

impl Tally {
    /// What became of the steps of a trace: a comparison of modules that all trap at once would say little.
    fn count(&mut self, trace: &Trace) {
        let Trace::Steps(steps) = trace else { return };
        for step in steps {
            match &step.ending {
                Ending::Returned(_) => self.returned += 1,
                Ending::Trapped(_) if step.state.is_none() => self.stillborn += 1,
                Ending::Trapped(trap) => *self.trapped.entry(format!("{trap:?}")).or_default() += 1,
                Ending::OutOfFuel | Ending::Odd(_) => {
                    *self.trapped.entry(format!("{:?}", step.ending)).or_default() += 1
                }
            }
        }
    }
}

fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    let engines = NAMES.iter().map(|name| engines::by_name(name)).collect::<Result<Vec<_>>>()?;
    let end = Instant::now() + Duration::from_secs(arguments.seconds);
    let mut tally = Tally::default();
    let last = arguments.seed.saturating_add(arguments.count);
    for seed in arguments.seed..last {
        if Instant::now() >= end || tally.different >= arguments.most {
            break;
        }
        let Ok(module) = generated::module(seed) else {
            tally.unmade += 1;
            continue;
        };
        tally.modules += 1;
        let fuel = if module.is_terminating { u64::from(u32::MAX) } else { FUEL };
        let answers = if seed & 1 == 0 { Answers::Mixed } else { Answers::Zero };
        let plan = Plan::of(&module.bytes, seed, 2, fuel, answers).with_context(|| format!("seed {seed}"))?;
        let traces: Vec<_> =
            engines.iter().map(|engine| (engine.name(), trace(&**engine, &module.bytes, &plan))).collect();
        let Some(((first_name, first), others)) = traces.split_first() else { break };
        tally.count(first);
        for (name, other) in others {
            match compare((first_name, first), (name, other)) {
                Agreement::Whole(steps) => {
                    tally.whole += 1;
                    tally.steps += steps;
                }
                Agreement::Partial(steps) => {
                    tally.partial += 1;
                    tally.steps += steps;
                }
                Agreement::None(how) => {
                    let is_ours = name.starts_with(OURS);
                    let (count, what) = if is_ours {
                        (&mut tally.different, "DIFFERENT")
                    } else {
                        (&mut tally.others, "the others differ")
                    };
                    *count += 1;
                    println!("{what} at seed {seed}: {how}");
                    save(&arguments.out, seed, &module.bytes)?;
                }
            }
        }
        // Where its fuel ends, the interpreter is still held against itself: to the last byte, however the fuel is divided.
        let ours: Vec<_> = others.iter().filter(|(name, _)| name.starts_with(OURS)).collect();
        if ours.windows(2).any(|pair| matches!(pair, [(_, whole), (_, sliced)] if whole != sliced)) {
            tally.different += 1;
            println!("DIFFERENT at seed {seed}: whole and sliced");
            save(&arguments.out, seed, &module.bytes)?;
        }
    }
    let Tally { modules, unmade, steps, whole, partial, different, others, returned, trapped, stillborn } = tally;
    println!(
        "of the first engine: {returned} steps return, {stillborn} modules trap before their first call, calls end: {trapped:?}"
    );
    println!("{modules} modules ({unmade} seeds make none), {steps} steps compared");
    println!(
        "{whole} comparisons agree to the end, {partial} up to where an engine's stack or fuel ends, {different} differ ({others} more between \
         the others)"
    );
    Ok(if different == 0 && modules > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Keeps a counterexample.
fn save(folder: &Path, seed: u64, bytes: &[u8]) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let wasm = folder.join(format!("{seed}.wasm"));
    fs::write(&wasm, bytes)?;
    fs::write(folder.join(format!("{seed}.wat")), wasmprinter::print_bytes(bytes)?)?;
    println!("  kept as {}", wasm.display());
    Ok(())
}
