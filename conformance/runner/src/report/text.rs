//! The report for people: each failure with its clauses, what was expected, what came, and how to run it again; a table by chapter; the
//! verdict as the last line.

use std::io::{self, Write};

use serde_json::Value;

use super::{Report, by_group};
use crate::abbreviate::abbreviate;
use crate::{CaseOutcome, CaseResult, Counts, Difference, Verdict};

/// How many lines of stderr are shown.
const STDERR_LINES: usize = 5;

/// Writes the text report. `clause_text` gives a clause's text by its id, `replay` the command that runs one case again.
///
/// # Errors
///
/// What the output gives.
pub fn write_text(
    out: &mut dyn Write,
    report: &Report<'_>,
    clause_text: &dyn Fn(&str) -> Option<String>,
    replay: &dyn Fn(&str) -> String,
) -> io::Result<()> {
    let (counted, others): (Vec<&CaseResult>, Vec<&CaseResult>) = report
        .run
        .results
        .iter()
        .filter(|result| result.outcome.is_red() || matches!(result.outcome, CaseOutcome::Skipped { .. }))
        .partition(|result| result.outcome.is_red());
    // A testee that never said hello has one fault, whatever the number of cases.
    let shown = if report.run.hello.is_some() { usize::MAX } else { 1 };
    for result in counted.into_iter().chain(others).take(shown) {
        write_case(out, result, clause_text)?;
        writeln!(out, "  replay    {}\n", replay(&result.about.id))?;
    }
    write_table(out, report)?;
    write_headline(out, report)
}

/// Writes one case's outcome with its clauses, its differences and its last lines on stderr.
///
/// # Errors
///
/// What the output gives.
pub fn write_case(
    out: &mut dyn Write,
    result: &CaseResult,
    clause_text: &dyn Fn(&str) -> Option<String>,
) -> io::Result<()> {
    writeln!(out, "{} {} ({})", result.outcome.word().to_uppercase(), result.about.id, result.about.level.name())?;
    for clause in &result.about.clauses {
        writeln!(out, "  {clause}  {}", clause_text(clause).unwrap_or_default())?;
    }
    match &result.outcome {
        CaseOutcome::Fail { differences } => {
            for difference in differences {
                write_difference(out, difference)?;
            }
        }
        CaseOutcome::Skipped { reason } | CaseOutcome::NotTested { reason } | CaseOutcome::NotRun { reason } => {
            writeln!(out, "  reason    {}", abbreviate(reason.as_bytes()))?;
        }
        CaseOutcome::Crash { exit } => writeln!(out, "  got       {exit}")?,
        CaseOutcome::Hang => writeln!(out, "  got       no answer before the deadline")?,
        CaseOutcome::Protocol { what } => writeln!(out, "  got       {what}")?,
        CaseOutcome::Pass => {}
    }
    let stderr = String::from_utf8_lossy(&result.stderr);
    let mut last: Vec<&str> = stderr.lines().rev().take(STDERR_LINES).collect();
    last.reverse();
    for line in last {
        writeln!(out, "  stderr    {}", abbreviate(line.as_bytes()))?;
    }
    Ok(())
}

fn write_difference(out: &mut dyn Write, difference: &Difference) -> io::Result<()> {
    writeln!(out, "  differs   {}", difference.what)?;
    writeln!(out, "  expected  {}", one_line(&difference.expected))?;
    writeln!(out, "  got       {}", one_line(&difference.got))
}

fn one_line(value: &Value) -> String {
    match value {
        Value::String(text) => abbreviate(text.as_bytes()),
        Value::Null => "nothing".to_owned(),
        value => abbreviate(value.to_string().as_bytes()),
    }
}

fn write_table(out: &mut dyn Write, report: &Report<'_>) -> io::Result<()> {
    let groups = by_group(&report.run.results);
    let width = groups.keys().map(|group| group.len()).max().unwrap_or_default().max("chapter".len());
    writeln!(
        out,
        "{:width$}  {:>6} {:>6} {:>8} {:>10} {:>8}",
        "chapter", "pass", "wrong", "skipped", "not tested", "not run"
    )?;
    let row = |name: &str, counts: &Counts| {
        let Counts { pass, skipped, not_tested, not_run, .. } = counts;
        format!("{name:width$}  {pass:>6} {:>6} {skipped:>8} {not_tested:>10} {not_run:>8}", counts.red())
    };
    for (group, counts) in &groups {
        writeln!(out, "{}", row(group, counts))?;
    }
    writeln!(out, "{}\n", row("all", &Counts::of(&report.run.results)))
}

fn write_headline(out: &mut dyn Write, report: &Report<'_>) -> io::Result<()> {
    let judgement = report.judgement;
    for remark in &judgement.remarks {
        writeln!(out, "remark: {remark}")?;
    }
    for reason in &judgement.reasons {
        writeln!(out, "because {reason}")?;
    }
    let who = report.run.hello.as_ref().map_or_else(
        || format!("`{}`", report.fingerprint.command),
        // The testee's own words: they must not look like the verdict.
        |hello| {
            let said = format!("{} {}", hello.implementation.name, hello.implementation.version);
            abbreviate(said.as_bytes())
        },
    );
    let counts = Counts::of(&report.run.results);
    let ran = report.run.results.len() - counts.not_tested - counts.not_run;
    let mut line = match judgement.verdict {
        Verdict::Conformant | Verdict::NotConformant => {
            format!("{who}: {} to {}", judgement.verdict.words(), report.class)
        }
        Verdict::Partial | Verdict::Incomplete => format!("{who}: {}", judgement.verdict.words()),
    };
    line.push_str(&format!("; suite {}, {} of {} cases pass", report.suite.version, counts.pass, ran));
    if let Some(filter) = report.filter {
        line.push_str(&format!(
            "; filter `{filter}`, {} of {} cases selected",
            report.run.results.len(),
            report.suite.cases
        ));
    }
    if !judgement.not_tested.is_empty() {
        let features: Vec<String> = judgement
            .not_tested
            .iter()
            .map(|(feature, cases)| format!("{feature} ({cases} {})", if *cases == 1 { "case" } else { "cases" }))
            .collect();
        line.push_str(&format!("; not tested: {}", features.join(", ")));
    }
    writeln!(out, "{line}")
}
