//! What a run leaves behind: JSON for machines, text for people, and timing apart.

mod fingerprint;
mod json;
mod text;
mod timing;

use std::collections::BTreeMap;

use serde::Serialize;

pub use self::fingerprint::{FileDigest, Fingerprint, fingerprint};
pub use self::json::json_report;
pub use self::text::{write_case, write_text};
pub use self::timing::timing_report;
use crate::{CaseResult, Classes, Counts, Judgement, Run};

/// What a report tells of a run besides its results.
#[derive(Clone, Debug)]
pub struct Report<'a> {
    /// The run.
    pub run: &'a Run,
    /// Its verdict.
    pub judgement: &'a Judgement,
    /// The classes that were asked for.
    pub class: &'a Classes,
    /// The filter, where one was given.
    pub filter: Option<&'a str>,
    /// The suite.
    pub suite: Suite,
    /// The programs that answered.
    pub fingerprint: Fingerprint,
}

/// The suite that ran.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Suite {
    /// Its version.
    pub version: String,
    /// SHA-256 over all its files, hex.
    pub digest: String,
    /// How many cases it has, with those that a filter left out.
    pub cases: usize,
}

/// Counts by chapter and group, in the order of their names.
fn by_group(results: &[CaseResult]) -> BTreeMap<&str, Counts> {
    let mut groups: BTreeMap<&str, Vec<&CaseResult>> = BTreeMap::new();
    for result in results {
        groups.entry(result.about.group()).or_default().push(result);
    }
    groups.into_iter().map(|(group, results)| (group, Counts::of(results))).collect()
}
