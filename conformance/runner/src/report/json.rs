//! The JSON report. It is the same, byte for byte, for the same run: it has no times and no stderr, which the timing report has.

use serde::Serialize;
use serde_json::{Value, json};

use super::{Report, by_group};
use crate::{CaseOutcome, Counts};

#[derive(Serialize)]
struct Case<'a> {
    id: &'a str,
    clauses: &'a [String],
    level: &'a str,
    features: &'a [String],
    #[serde(flatten)]
    outcome: &'a CaseOutcome,
}

/// The JSON report, indented, with a final line feed. It is the same, byte for byte, for the same run.
///
/// ```text
/// report          "fayger-conformance/1", the version of this form
/// verdict         conformant | partial | not_conformant | incomplete
/// class, filter   what was asked for; filter is null for the whole suite
/// reasons         why the verdict is not better
/// remarks         what does not change the verdict
/// not_tested      undeclared features that cases need: number of these cases
/// suite           version, digest, cases
/// testee          command, files with digests, hello (null when there was none), restarts, shutdown
/// counts          number of cases by outcome
/// groups          the same for each chapter and group
/// cases           id, clauses, level, features, outcome with its details
/// ```
#[must_use]
pub fn json_report(report: &Report<'_>) -> String {
    let Report { run, judgement, class, filter, suite, fingerprint } = report;
    let cases: Vec<Case<'_>> = run
        .results
        .iter()
        .map(|result| Case {
            id: &result.about.id,
            clauses: &result.about.clauses,
            level: result.about.level.name(),
            features: &result.about.features,
            outcome: &result.outcome,
        })
        .collect();
    let value: Value = json!({
        "report": "fayger-conformance/1",
        "verdict": judgement.verdict,
        "class": class,
        "filter": filter,
        "reasons": judgement.reasons,
        "remarks": judgement.remarks,
        "not_tested": judgement.not_tested,
        "suite": suite,
        "testee": {
            "command": fingerprint.command,
            "files": fingerprint.files,
            "hello": run.hello,
            "restarts": run.restarts,
            "shutdown": run.shutdown,
        },
        "counts": Counts::of(&run.results),
        "groups": by_group(&run.results),
        "cases": cases,
    });
    format!("{value:#}\n")
}
