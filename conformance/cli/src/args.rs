//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use fayger_runner::{Classes, TesteeCommand};

/// Tests an implementation of Fayger against its specification.
///
/// Exit codes: 0 conformant (or, with --filter, every selected case passes), 1 not conformant, 2 usage, 3 incomplete.
#[derive(Debug, Parser)]
#[command(name = "cargo conformance", version, args_conflicts_with_subcommands = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) run: Run,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the cases and report (the default)
    Run(Run),
    /// List the cases
    List(List),
    /// Tell everything about one case: clauses, the mistake that it hunts, input, expectation
    Explain(Explain),
    /// Run one case again and show the lines that are exchanged
    Replay(Replay),
    /// Be the bundled reference implementation: speak FCP over stdin and stdout
    #[command(hide = true)]
    Testee,
}

#[derive(Args, Debug)]
pub(crate) struct Run {
    #[command(flatten)]
    pub(crate) testee: Testee,
    /// The class whose verdict is asked for, or several with commas: loader, adapter-core, runtime, full [default: full; of the bundled
    /// reference, every class]
    #[arg(long, value_name = "CLASS")]
    pub(crate) class: Option<Classes>,
    /// Run only the cases whose id has this text in it, or fits this pattern of `*` and `?`
    #[arg(long, value_name = "TEXT")]
    pub(crate) filter: Option<String>,
    /// Write the report as JSON, the same for the same run
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
    /// Write times and stderr as JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) timing: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct List {
    /// List only the cases whose id has this text in it, or fits this pattern of `*` and `?`
    #[arg(long, value_name = "TEXT")]
    pub(crate) filter: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct Explain {
    /// The case's id
    pub(crate) id: String,
}

#[derive(Args, Debug)]
pub(crate) struct Replay {
    /// The case's id
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) testee: Testee,
}

#[derive(Args, Debug)]
pub(crate) struct Testee {
    /// The command that starts the implementation under test; it is split like a shell does, without one [default: the bundled reference]
    #[arg(long = "testee", value_name = "COMMAND")]
    pub(crate) command: Option<TesteeCommand>,
    /// Multiply the 5 s that an answer may take
    #[arg(long, value_name = "FACTOR", default_value_t = 1.0, value_parser = scale)]
    pub(crate) deadline_scale: f64,
}

/// A factor that keeps a deadline between some milliseconds and some hours.
fn scale(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(factor) if (0.01..=1000.0).contains(&factor) => Ok(factor),
        _ => Err("a number from 0.01 to 1000 is needed".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn run_is_the_default() {
        let cli = Cli::try_parse_from(["kit", "--testee", "python3 'my testee.py'", "--filter", "cbor"]).unwrap();
        assert!(cli.command.is_none());
        assert_eq!(cli.run.testee.command.unwrap().arguments, ["my testee.py"]);
        assert_eq!(cli.run.filter.as_deref(), Some("cbor"));
    }

    #[test]
    fn bad_values_are_usage_errors() {
        for arguments in [
            &["kit", "--deadline-scale", "0"][..],
            &["kit", "--deadline-scale", "NaN"],
            &["kit", "--class", "everything"],
            &["kit", "--testee", "'open"],
            &["kit", "replay"],
            &["kit", "dance"],
        ] {
            assert_eq!(Cli::try_parse_from(arguments).unwrap_err().exit_code(), 2, "{arguments:?}");
        }
    }
}
