//! The project's own checks, behind `cargo xtask`. Each is one subcommand and one module; `ci` runs them all.

mod cbor;
mod ci;
mod deps;
mod fays;
mod fuzz;
mod generated;
mod opcodes;
mod project;
mod spec_map;
mod vectors;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(name = "cargo xtask", about = "The project's own checks")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run every check and every test
    Ci,
    /// Check who depends on whom, in the manifests and in the sources
    Deps,
    /// Check that all that is encoded is deterministic CBOR; with files, judge these
    Cbor {
        /// Artifacts, or files of one bare CBOR item
        files: Vec<PathBuf>,
    },
    /// Check the set of cases
    Vectors(Check),
    /// Check, or write, the JSON Schema of FCP
    Schema(CheckOrBless),
    /// Check, or write, the modules of opcodes in the contracts
    Opcodes(CheckOrBless),
    /// Build the example Fays anew, where the compilers are, and compare with the committed modules
    Fays(Check),
    /// Join clauses, code and cases from a real run; check, or write, spec-map/MAP.md
    SpecMap(CheckOrBless),
    /// Run each fuzz target for a while
    Fuzz {
        /// Seconds for each target; libFuzzer takes 0 for without end
        #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..))]
        seconds: u32,
    },
}

#[derive(Args, Debug)]
struct Check {
    /// Report what is wrong (the default)
    #[arg(long)]
    check: bool,
}

#[derive(Args, Debug)]
struct CheckOrBless {
    /// Report what is wrong (the default)
    #[arg(long, conflicts_with = "bless")]
    check: bool,
    /// Write the committed file anew
    #[arg(long)]
    bless: bool,
}

fn main() -> Result<ExitCode> {
    let is_good = match Cli::parse().command {
        Command::Ci => ci::run()?,
        Command::Deps => deps::run()?.report(),
        Command::Cbor { files } if files.is_empty() => cbor::run()?.report(),
        Command::Cbor { files } => cbor::judge_files(&files)?,
        Command::Vectors(_) => vectors::run()?.report(),
        Command::Schema(args) => generated::schema(args.bless)?.report(),
        Command::Opcodes(args) => opcodes::run(args.bless)?.report(),
        Command::Fays(_) => fays::run()?.report(),
        Command::SpecMap(args) => spec_map::run(args.bless)?.report(),
        Command::Fuzz { seconds } => fuzz::run(seconds)?.report(),
    };
    Ok(if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
