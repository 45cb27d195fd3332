//! `vectors`: the set of cases, held against its own rules and against the specification.

use anyhow::Result;
use fayger_cases::{Suite, SuiteError, check};
use fayger_spec_map::SpecMap;

use crate::project::{Outcome, root};

/// Checks the set as it lies in the checkout.
pub(crate) fn run() -> Result<Outcome> {
    let suite = match Suite::from_dir(&root()?.join("vectors")) {
        Ok(suite) => suite,
        Err(SuiteError::Files(problems)) => {
            return Ok(Outcome::Failed(problems.iter().map(ToString::to_string).collect()));
        }
        Err(error) => return Err(error.into()),
    };
    let problems = check(&suite, &SpecMap::load()?);
    let passed = format!("{} cases and {} recipes keep the rules", suite.cases().count(), suite.recipes().count());
    Ok(Outcome::of(problems.iter().map(ToString::to_string).collect(), passed))
}
