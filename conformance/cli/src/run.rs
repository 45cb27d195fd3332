//! `run`: the cases, the report, the verdict.

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context as _, Result};
use fayger_runner::{
    Class, Classes, Launch, Progress, Report, TesteeCommand, Verdict, fingerprint, json_report, judge_run,
    timing_report, write_text,
};

use crate::args;
use crate::output::Output;
use crate::suite::Suite;

pub(crate) fn run(args: &args::Run) -> Result<u8> {
    let suite = Suite::load()?;
    let jobs = suite.jobs(args.filter.as_deref());
    let launch = launch(&args.testee, &suite)?;
    let mut progress = Progress::new(jobs.len());
    let run = fayger_runner::run(&launch, &jobs, &mut progress, &mut |_, _| {});
    progress.clear();

    let classes = match (&args.class, &args.testee.command) {
        (Some(classes), _) => classes.clone(),
        (None, Some(_)) => Class::default().into(),
        (None, None) => Classes::all(),
    };
    let judgement = judge_run(&run, classes.clone(), jobs.len() < suite.cases().cases().count());
    let told = args.testee.command.as_ref().map_or_else(|| "the bundled reference".to_owned(), ToString::to_string);
    let report = Report {
        run: &run,
        judgement: &judgement,
        class: &classes,
        filter: args.filter.as_deref(),
        suite: suite.describe(),
        fingerprint: fingerprint(&launch.command, &told),
    };
    let mut exit_code = judgement.verdict.exit_code();
    for (path, text) in [(&args.json, json_report(&report)), (&args.timing, timing_report(&run))] {
        if let Some(path) = path
            && let Err(error) = write_file(path, &text)
        {
            // The run stands, but what was asked for is not there.
            drop(writeln!(std::io::stderr(), "error: {error:#}"));
            exit_code = Verdict::Incomplete.exit_code();
        }
    }
    // The files first: they are whole even where nobody reads the text to its end.
    write_text(&mut Output::new(), &report, &|id| suite.clause_text(id), &|id| {
        replay_command(id, args.testee.command.as_ref())
    })?;
    Ok(exit_code)
}

fn write_file(path: &Path, text: &str) -> Result<()> {
    std::fs::write(path, text).with_context(|| format!("cannot write `{}`", path.display()))
}

/// How the testee is started: the one asked for, or this program as the bundled reference. An interrupt from the user ends the run, and the
/// testee with it.
pub(crate) fn launch(args: &args::Testee, suite: &Suite) -> Result<Launch> {
    let command = match &args.command {
        Some(command) => command.clone(),
        None => TesteeCommand {
            program: std::env::current_exe().context("cannot find this program")?.into_os_string(),
            arguments: vec!["testee".into()],
        },
    };
    let interrupt = Arc::new(AtomicBool::new(false));
    let interrupted = Arc::clone(&interrupt);
    ctrlc::set_handler(move || interrupted.store(true, Ordering::Relaxed)).context("cannot listen for interrupts")?;
    Ok(Launch {
        command,
        suite: suite.version().to_owned(),
        deadline: fayger_runner::DEADLINE.mul_f64(args.deadline_scale),
        most_restarts: fayger_runner::MOST_RESTARTS,
        interrupt,
    })
}

/// The command that runs one case again.
fn replay_command(id: &str, testee: Option<&TesteeCommand>) -> String {
    match testee {
        None => format!("cargo conformance replay {id}"),
        Some(command) => {
            format!("cargo conformance replay {id} --testee {}", fayger_runner::quoted(&command.to_string()))
        }
    }
}
