//! What differs from run to run, apart from the report: times and stderr.

use std::time::Duration;

use serde_json::{Value, json};

use crate::Run;

/// The timing report, indented, with a final line feed: milliseconds of the run and of each case, and what each case that did not pass left
/// on stderr.
#[must_use]
pub fn timing_report(run: &Run) -> String {
    let total: Duration = run.results.iter().map(|result| result.duration).sum();
    let cases: Vec<Value> = run
        .results
        .iter()
        .map(|result| {
            let mut case = json!({ "id": result.about.id, "milliseconds": milliseconds(result.duration) });
            if let (Some(members), false) = (case.as_object_mut(), result.stderr.is_empty()) {
                members.insert("stderr".to_owned(), String::from_utf8_lossy(&result.stderr).into());
            }
            case
        })
        .collect();
    let value = json!({ "report": "fayger-conformance-timing/1", "milliseconds": milliseconds(total), "cases": cases });
    format!("{value:#}\n")
}

/// With three decimals.
fn milliseconds(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1e6).round() / 1e3
}
