//! Does the scripts of `real/` on every engine: `real/fetch.sh CACHE`, then `cargo run --release --bin real -- CACHE`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::Parser;
use fayger_interpreter_diff::engine::Engine;
use fayger_interpreter_diff::engines;
use fayger_interpreter_diff::real::{Source, play};

/// Real compiled modules, with the same calls on every engine: results, traps, host calls, instruction counts and the whole memory compared.
#[derive(Parser)]
struct Arguments {
    /// Where `real/fetch.sh` has put the packages.
    cache: PathBuf,
    /// Where the scripts are.
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/real"))]
    scripts: PathBuf,
    /// Only scripts whose name contains this.
    #[arg(long, default_value = "")]
    only: String,
    /// The engines.
    #[arg(long, value_delimiter = ',', default_values_t = engines::NAMES.map(str::to_owned))]
    engines: Vec<String>,
}

fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    let engines = arguments.engines.iter().map(|name| engines::by_name(name)).collect::<Result<Vec<_>>>()?;
    let mut scripts = Vec::new();
    for entry in fs::read_dir(&arguments.scripts)? {
        scripts.push(entry?.path());
    }
    scripts.retain(|path| path.extension().is_some_and(|extension| extension == "calls"));
    scripts.sort();
    let (mut passed, mut failed) = (0, 0);
    for path in scripts {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if !name.contains(&arguments.only) {
            continue;
        }
        match play_one(&engines, &arguments.cache, &path) {
            Ok(steps) => {
                passed += 1;
                println!("{name:<22}{steps:>6} steps agree");
            }
            Err(error) => {
                failed += 1;
                println!("{name:<22}FAILED {error:#}");
            }
        }
    }
    println!("{passed} passed, {failed} failed");
    Ok(if failed == 0 && passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn play_one(engines: &[Box<dyn Engine>], cache: &Path, script: &Path) -> Result<usize> {
    let script = fs::read_to_string(script)?;
    let source = Source::of(&script)?;
    let folder = cache.join(source.package.replace(['/', '@'], "_")).join("package");
    let file = folder.join(&source.file);
    let bytes = source.module(fs::read(&file).with_context(|| file.display().to_string())?)?;
    play(engines, &bytes, &script)
}
