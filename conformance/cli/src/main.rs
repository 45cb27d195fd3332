//! The conformance kit's program, behind `cargo conformance`: runs the suite against an implementation and reports.
//!
//! It alone of the kit links the reference, to be it: `testee` makes this program the bundled implementation under test, which it starts as
//! a child process like any other.

mod args;
mod explain;
mod hexdump;
mod list;
mod output;
mod replay;
mod run;
mod suite;

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;

use crate::args::{Cli, Command};
use crate::suite::NoSuchCase;

/// The exit code for a command line that asks for what there is not.
const USAGE: u8 = 2;
/// The exit code of a run that says nothing of the testee.
const INCOMPLETE: u8 = 3;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let result = match &cli.command {
        None => run::run(&cli.run),
        Some(Command::Run(args)) => run::run(args),
        Some(Command::List(args)) => list::list(args),
        Some(Command::Explain(args)) => explain::explain(args),
        Some(Command::Replay(args)) => replay::replay(args),
        Some(Command::Testee) => fayger_testee::serve_stdio().map(|()| 0).map_err(Into::into),
    };
    match result {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            // Where stderr is gone too, the exit code still tells.
            drop(writeln!(std::io::stderr(), "error: {error:#}"));
            ExitCode::from(if error.is::<NoSuchCase>() { USAGE } else { INCOMPLETE })
        }
    }
}
