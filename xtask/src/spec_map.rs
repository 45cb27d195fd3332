//! `spec-map`: every clause is met somewhere in the code and covered by a case that really ran and passed, or excluded with a reason.

mod citations;
mod join;
mod run;
mod snapshot;

use anyhow::Result;
use fayger_spec_map::SpecMap;

use crate::generated::update;
use crate::project::{Outcome, root};

/// The committed snapshot.
const SNAPSHOT: &str = "spec-map/MAP.md";

pub(crate) fn run(bless: bool) -> Result<Outcome> {
    let root = root()?;
    let map = SpecMap::load()?;
    let mut problems: Vec<String> = map.check().iter().map(|problem| format!("spec-map/{problem}")).collect();
    let citations = citations::of_project(&root)?;
    problems.extend(citations.problems);
    let run = run::run()?;
    if run.verdict != "conformant" {
        problems.push(format!("the bundled reference is {}; see `cargo conformance`", run.verdict.replace('_', " ")));
    }
    let joined = join::join(&map, &citations.found, &run.executed);
    problems.extend(joined.problems);
    problems.extend(join::missing_tests(&map.exclusions, &root));
    for note in &joined.notes {
        println!("note: {note}");
    }
    // A snapshot of what is not in order would make it look so.
    let bless = bless && problems.is_empty();
    if update(&root.join(SNAPSHOT), &snapshot::text(&map, &joined.rows), bless)? {
        problems.push(format!(
            "`{SNAPSHOT}` is stale; write it by `cargo xtask spec-map --bless` and review the difference"
        ));
    }
    let covered = joined.rows.iter().filter(|row| !row.cases.is_empty()).count();
    let passed = format!(
        "of {} clauses {covered} are covered by {} executed cases, {} excluded",
        joined.rows.len(),
        run.executed.len(),
        map.exclusions.len()
    );
    Ok(Outcome::of(problems, passed))
}
