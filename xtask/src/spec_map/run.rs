//! The real run: the kit's program against the bundled reference, read from its JSON report.

use std::process::Stdio;

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use crate::project::{cargo, read};

/// What the run says.
#[derive(Debug, Deserialize)]
pub(super) struct Run {
    /// The verdict, such as `conformant`.
    pub(super) verdict: String,
    /// The cases.
    #[serde(rename = "cases")]
    pub(super) executed: Vec<Executed>,
}

/// A case of the run.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Executed {
    /// Its id.
    pub(super) id: String,
    /// The clauses that it cites.
    pub(super) clauses: Vec<String>,
    /// How binding it is.
    pub(super) level: String,
    /// What came of it, such as `pass`.
    pub(super) outcome: String,
}

pub(super) fn run() -> Result<Run> {
    let folder = tempfile::tempdir()?;
    let report = folder.path().join("report.json");
    let mut command = cargo()?;
    command.args(["run", "--quiet", "--package", "fayger-conformance", "--", "run", "--json"]).arg(&report);
    let output = command.stdin(Stdio::null()).output().context("cannot start cargo")?;
    // 1 is a verdict too, and the report says it.
    if !matches!(output.status.code(), Some(0 | 1)) || !report.exists() {
        bail!("`cargo conformance` gave no report: {}\n{}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    parse(&read(&report)?)
}

fn parse(text: &str) -> Result<Run> {
    let run: Run = serde_json::from_str(text).context("the report has another form")?;
    if run.executed.is_empty() {
        bail!("no case was run");
    }
    Ok(run)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_needs_of_a_report() {
        let run = parse(
            r#"{"report": "fayger-conformance/1", "verdict": "not_conformant", "cases": [
                {"id": "a.b", "clauses": ["LDR-READ-001"], "level": "MUST", "features": [], "outcome": "fail", "differences": []}]}"#,
        )
        .unwrap();
        assert_eq!(run.verdict, "not_conformant");
        assert_eq!((run.executed[0].id.as_str(), run.executed[0].outcome.as_str()), ("a.b", "fail"));
    }

    #[test]
    fn a_run_without_cases_is_none() {
        assert!(parse(r#"{"verdict": "conformant", "cases": []}"#).is_err());
    }
}
