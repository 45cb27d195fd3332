//! The suite that is built in: its cases, and the texts of the clauses that they cite.

use std::fmt;

use anyhow::{Context as _, Result};
use fayger_cases::Case;
use fayger_runner::{Job, selects};
use fayger_spec_map::SpecMap;

/// The suite's own version; a verdict that flips on unchanged input is a major change of it.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// An id that no case has.
#[derive(Debug)]
pub(crate) struct NoSuchCase(String);

impl fmt::Display for NoSuchCase {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "there is no case `{}`; `list` shows all", self.0)
    }
}

impl std::error::Error for NoSuchCase {}

pub(crate) struct Suite {
    cases: fayger_cases::Suite,
    map: SpecMap,
}

impl Suite {
    pub(crate) fn load() -> Result<Self> {
        let cases = fayger_cases::Suite::embedded().context("the suite is at fault")?;
        let map = SpecMap::load().context("the specification is at fault")?;
        Ok(Self { cases, map })
    }

    pub(crate) fn version(&self) -> &'static str {
        VERSION
    }

    /// What a report tells of the suite.
    pub(crate) fn describe(&self) -> fayger_runner::Suite {
        fayger_runner::Suite {
            version: VERSION.to_owned(),
            digest: hex::encode(self.cases.digest()),
            cases: self.cases.cases().count(),
        }
    }

    /// The cases that a filter selects, in the order of their ids.
    pub(crate) fn jobs(&self, filter: Option<&str>) -> Vec<Job<'_>> {
        self.cases
            .cases()
            .filter(|case| filter.is_none_or(|filter| selects(filter, &case.id)))
            .map(|case| self.job_of(case))
            .collect()
    }

    /// The case with this id.
    pub(crate) fn job(&self, id: &str) -> Result<Job<'_>> {
        self.case(id).map(|case| self.job_of(case))
    }

    /// The case with this id.
    pub(crate) fn case(&self, id: &str) -> Result<&Case> {
        Ok(self.cases.find(id).ok_or_else(|| NoSuchCase(id.to_owned()))?)
    }

    pub(crate) fn cases(&self) -> &fayger_cases::Suite {
        &self.cases
    }

    /// A clause's text in one line.
    pub(crate) fn clause_text(&self, id: &str) -> Option<String> {
        let words: Vec<&str> = self.map.clause(id)?.text.split_whitespace().collect();
        Some(words.join(" "))
    }

    fn job_of<'a>(&'a self, case: &'a Case) -> Job<'a> {
        Job::of(&self.cases, case, &|name| {
            let registry = &self.map.registry;
            [registry.context_keys_of(name), registry.event_keys_of(name)].concat()
        })
    }
}
