//! The rules against `cargo metadata`: normal, build and test dependencies, on every platform.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use cargo_metadata::Metadata;

use super::Violation;
use super::rules::{Rule, rule_of};
use crate::project::relative;

/// The packages, and who depends on whom.
#[derive(Clone, Debug, Default)]
pub(super) struct Graph {
    /// The packages of the project.
    pub(super) members: Vec<Member>,
    /// What each package from elsewhere uses.
    pub(super) others: BTreeMap<String, BTreeSet<String>>,
}

/// A package of the project.
#[derive(Clone, Debug)]
pub(super) struct Member {
    /// Its name.
    pub(super) name: String,
    /// Its folder.
    pub(super) folder: String,
    /// Its manifest, from the root.
    pub(super) manifest: String,
    /// What its manifest names, of every kind.
    pub(super) dependencies: BTreeSet<String>,
}

impl Graph {
    pub(super) fn of(metadata: &Metadata, root: &Path) -> Self {
        let mut graph = Self::default();
        for package in metadata.workspace_packages() {
            graph.members.push(Member {
                name: package.name.to_string(),
                folder: package.manifest_path.parent().map(ToString::to_string).unwrap_or_default(),
                manifest: relative(package.manifest_path.as_std_path(), root),
                dependencies: package.dependencies.iter().map(|dependency| dependency.name.clone()).collect(),
            });
        }
        // A manifest from elsewhere names what nobody here switches on; what is resolved is what is built.
        let names: BTreeMap<_, _> =
            metadata.packages.iter().map(|package| (&package.id, package.name.to_string())).collect();
        for node in metadata.resolve.iter().flat_map(|resolve| &resolve.nodes) {
            let Some(name) = names.get(&node.id).filter(|_| !metadata.workspace_members.contains(&node.id)) else {
                continue;
            };
            let used = node.deps.iter().filter_map(|dependency| names.get(&dependency.pkg).cloned());
            graph.others.entry(name.clone()).or_default().extend(used);
        }
        graph
    }

    pub(super) fn member_names(&self) -> Vec<String> {
        self.members.iter().map(|member| member.name.clone()).collect()
    }

    /// The member in whose folder a file lies.
    pub(super) fn owner_of(&self, path: &Path) -> Option<&str> {
        let owners = self.members.iter().filter(|member| path.starts_with(&member.folder));
        owners.max_by_key(|member| member.folder.len()).map(|member| member.name.as_str())
    }

    /// The packages from elsewhere that a member uses, by way of others too.
    fn reached<'a>(&'a self, member: &'a Member) -> BTreeSet<&'a str> {
        let mut open: Vec<&str> = member.dependencies.iter().map(String::as_str).collect();
        let mut reached = BTreeSet::new();
        while let Some(name) = open.pop() {
            if let Some(dependencies) = self.others.get(name)
                && reached.insert(name)
            {
                open.extend(dependencies.iter().map(String::as_str));
            }
        }
        reached
    }
}

pub(super) fn check(rules: &[Rule], graph: &Graph) -> Vec<Violation> {
    let members = graph.member_names();
    let mut violations = Vec::new();
    for member in &graph.members {
        let violation = |on: &str, why| Violation {
            place: member.manifest.clone(),
            package: member.name.clone(),
            on: on.to_owned(),
            why,
        };
        let Some(rule) = rule_of(rules, &member.name) else {
            violations.push(violation("", None));
            continue;
        };
        let used: BTreeSet<&str> =
            member.dependencies.iter().map(String::as_str).chain(graph.reached(member)).collect();
        let barred = used.into_iter().filter(|on| !rule.allows(on, &members));
        violations.extend(barred.map(|on| violation(on, Some(rule.why))));
    }
    violations
}

#[cfg(test)]
mod tests {
    use super::super::rules::RULES;
    use super::*;

    /// The project with every dependency that the rules allow.
    fn allowed() -> Graph {
        let member = |rule: &Rule| Member {
            name: rule.package.into(),
            folder: format!("/project/{}", rule.package),
            manifest: format!("{}/Cargo.toml", rule.package),
            dependencies: rule.may_use.iter().map(|name| (*name).to_owned()).collect(),
        };
        Graph { members: RULES.iter().map(member).collect(), others: BTreeMap::new() }
    }

    fn planted(package: &str, on: &str, others: &[(&str, &str)]) -> Vec<(String, String)> {
        let mut graph = allowed();
        for (from, to) in others {
            graph.others.entry((*from).into()).or_default().insert((*to).into());
            graph.others.entry((*to).into()).or_default();
        }
        let member = graph.members.iter_mut().find(|member| member.name == package).expect("a member");
        member.dependencies.insert(on.into());
        check(RULES, &graph).into_iter().map(|violation| (violation.package, violation.on)).collect()
    }

    #[test]
    fn what_the_rules_allow_is_no_violation() {
        assert_eq!(check(RULES, &allowed()), []);
    }

    #[test]
    fn each_package_that_a_rule_bars_is_a_violation_when_planted() {
        for rule in RULES {
            let ours = RULES.iter().map(|other| other.package);
            let barred = ours.filter(|other| *other != rule.package && !rule.may_use.contains(other));
            for on in barred.chain(rule.bars.iter().copied()) {
                assert_eq!(planted(rule.package, on, &[]), [(rule.package.into(), on.into())]);
            }
        }
    }

    #[test]
    fn a_barred_package_is_found_behind_another() {
        let on = planted("fayger-forge", "signer", &[("signer", "ed25519-dalek")]);
        assert_eq!(on, [("fayger-forge".into(), "ed25519-dalek".into())]);
    }

    #[test]
    fn a_package_without_a_rule_is_a_violation() {
        let mut graph = allowed();
        graph.members.push(Member {
            name: "fayger-new".into(),
            folder: "/project/new".into(),
            manifest: "new/Cargo.toml".into(),
            dependencies: BTreeSet::new(),
        });
        let violations = check(RULES, &graph);
        assert_eq!(
            violations.iter().map(Violation::to_string).collect::<Vec<_>>(),
            ["new/Cargo.toml: `fayger-new` has no rule; give it one in xtask/src/deps/rules.rs"]
        );
    }

    #[test]
    fn a_file_belongs_to_the_innermost_package() {
        let mut graph = allowed();
        graph.members[0].folder = "/project/a".into();
        graph.members[1].folder = "/project/a/b".into();
        assert_eq!(graph.owner_of(Path::new("/project/a/b/src/lib.rs")), Some(graph.members[1].name.as_str()));
        assert_eq!(graph.owner_of(Path::new("/project/a/src/lib.rs")), Some(graph.members[0].name.as_str()));
    }
}
