//! `replay`: one case again, with the lines that are exchanged.

use std::io::Write as _;

use anyhow::{Context as _, Result};
use fayger_runner::{Class, Direction, abbreviate, judge_run, write_case};

use crate::args;
use crate::output::Output;
use crate::run::launch;
use crate::suite::Suite;

pub(crate) fn replay(args: &args::Replay) -> Result<u8> {
    let suite = Suite::load()?;
    let job = suite.job(&args.id)?;
    let launch = launch(&args.testee, &suite)?;
    let mut out = Output::new();
    let mut broken = None;
    let mut show = |direction: Direction, line: &[u8]| {
        let arrow = match direction {
            Direction::Sent => "→",
            Direction::Received => "←",
        };
        if let Err(error) = writeln!(out, "{arrow} {}", abbreviate(line)) {
            broken = Some(error);
        }
    };
    let run = fayger_runner::run(&launch, &[job], &mut (), &mut show);
    if let Some(error) = broken {
        return Err(error).context("cannot write to stdout");
    }
    writeln!(out)?;
    for result in &run.results {
        write_case(&mut out, result, &|id| suite.clause_text(id))?;
    }
    let judgement = judge_run(&run, Class::default(), true);
    for line in judgement.remarks.iter().chain(&run.faults) {
        writeln!(out, "{line}")?;
    }
    Ok(judgement.verdict.exit_code())
}
