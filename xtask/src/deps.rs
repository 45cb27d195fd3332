//! `deps`: who may depend on whom. The table is in `rules.rs`; it is held against the packages' dependencies and against what their sources
//! import.

mod imports;
mod inclusions;
mod metadata;
mod rules;

use std::path::Path;

use anyhow::Result;
use cargo_metadata::{CargoOpt, MetadataCommand};

use crate::project::{Outcome, read, relative, root, rust_files};
use metadata::Graph;
use rules::RULES;

/// A dependency that its rule does not allow.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Violation {
    /// The manifest, or the file and line.
    place: String,
    /// The package that has it.
    package: String,
    /// What it depends on.
    on: String,
    /// The rule's reason; none where the package has no rule.
    why: Option<&'static str>,
}

impl std::fmt::Display for Violation {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { place, package, on, why } = self;
        match why {
            Some(why) => write!(formatter, "{place}: `{package}` may not use `{on}`: {why}"),
            None => write!(formatter, "{place}: `{package}` has no rule; give it one in xtask/src/deps/rules.rs"),
        }
    }
}

pub(crate) fn run() -> Result<Outcome> {
    let root = root()?;
    let metadata =
        MetadataCommand::new().manifest_path(root.join("Cargo.toml")).features(CargoOpt::AllFeatures).exec()?;
    let graph = Graph::of(&metadata, &root);
    let mut violations = metadata::check(RULES, &graph);
    let mut files = 0_usize;
    for member in &graph.members {
        for path in rust_files(Path::new(&member.folder))? {
            // A member that lies inside another is judged by its own rule alone.
            if graph.owner_of(&path) != Some(member.name.as_str()) {
                continue;
            }
            files = files.saturating_add(1);
            let name = relative(&path, &root);
            let text = read(&path)?;
            violations.extend(imports::check(RULES, &graph.member_names(), &member.name, &name, &text)?);
            violations.extend(inclusions::check(RULES, &graph, &member.name, &name, &path, &text)?);
        }
    }
    let what = format!("{} packages and {files} files keep {} rules", graph.members.len(), RULES.len());
    Ok(Outcome::of(violations.iter().map(Violation::to_string).collect(), what))
}
