//! Whether chapters, registry and exclusions fit together.

use std::collections::BTreeSet;
use std::fmt;

use crate::SpecMap;
use crate::clause::{Clause, Level, code_spans};
use crate::registry::{Part, Registry, Transition};

/// What is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The path below `spec-map/`, with the line where there is one.
    pub place: String,
    /// What is wrong there.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.place, self.what)
    }
}

/// The first part of the ids that a chapter has.
const PREFIXES: &[(&str, &[&str])] = &[
    ("artifact", &["ART"]),
    ("loader", &["LDR", "SER"]),
    ("runtime", &["RT"]),
    ("adapter", &["ADP"]),
    ("errors", &["ERR"]),
    ("security", &["SEC"]),
];

/// Of how many clauses one may be excluded.
const EXCLUDED_ONE_IN: usize = 10;

pub(crate) fn check(map: &SpecMap) -> Vec<Problem> {
    let mut problems = Problems::default();
    check_ids(map, &mut problems);
    for clause in map.clauses() {
        check_levels(clause, &mut problems);
    }
    check_codes_in_text(map, &mut problems);
    check_registry(map, &mut problems);
    check_parts(&map.registry, &mut problems);
    check_transitions(&map.registry, &mut problems);
    check_exclusions(map, &mut problems);
    problems.0
}

#[derive(Default)]
struct Problems(Vec<Problem>);

impl Problems {
    fn add(&mut self, place: impl Into<String>, what: impl Into<String>) {
        self.0.push(Problem { place: place.into(), what: what.into() });
    }
}

fn place(clause: &Clause) -> String {
    format!("chapters/{}.md:{}", clause.chapter, clause.line)
}

/// Ids are unique, stand in their chapter, and ascend within their area.
fn check_ids(map: &SpecMap, problems: &mut Problems) {
    let mut seen = BTreeSet::new();
    for chapter in &map.chapters {
        let prefixes = PREFIXES.iter().find(|(name, _)| *name == chapter.name).map(|(_, prefixes)| *prefixes);
        for clause in &chapter.clauses {
            if !seen.insert(clause.id.as_str()) {
                problems.add(place(clause), format!("`{}` is used twice", clause.id));
            }
            let prefix = clause.id.split('-').next().unwrap_or_default();
            if !prefixes.is_some_and(|prefixes| prefixes.contains(&prefix)) {
                problems.add(place(clause), format!("`{}` does not belong to this chapter", clause.id));
            }
        }
    }
}

/// A clause says its level once, and no other.
fn check_levels(clause: &Clause, problems: &mut Problems) {
    let plain: String = clause.text.split('`').step_by(2).collect::<Vec<_>>().join(" ");
    let words: Vec<&str> = plain.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| !word.is_empty()).collect();
    let mut levels = Vec::new();
    for (position, word) in words.iter().enumerate() {
        let is_not = words.get(position.saturating_add(1)) == Some(&"NOT");
        levels.extend(match *word {
            "MUST" if is_not => Some(Level::MustNot),
            "MUST" => Some(Level::Must),
            "SHOULD" => Some(Level::Should),
            "MAY" => Some(Level::May),
            _ => None,
        });
    }
    if levels != [clause.level] {
        problems.add(place(clause), format!("`{}` has to say {} once, and no other level", clause.id, clause.level));
    }
}

/// Every error code in a text is one of the registry.
fn check_codes_in_text(map: &SpecMap, problems: &mut Problems) {
    for chapter in &map.chapters {
        for (line, content) in (1..).zip(chapter.text.lines()) {
            for span in code_spans(content).filter(|span| is_code(span)) {
                if map.registry.error(span).is_none() {
                    problems.add(format!("chapters/{}.md:{line}", chapter.name), format!("`{span}` is no error code"));
                }
            }
        }
    }
}

fn is_code(span: &str) -> bool {
    let has_prefix = ["LDR_", "SER_", "TRUST_", "HOST_", "RT_", "ADP_"].iter().any(|prefix| span.starts_with(prefix));
    has_prefix && !span.ends_with('_') && span.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
}

/// An entry of the registry, as far as citations go.
struct Entry<'a> {
    file: &'static str,
    name: &'a str,
    clauses: &'a [String],
    /// What its clauses have to name between backticks.
    words: BTreeSet<&'a str>,
}

/// Every entry is cited: its clauses exist, and between them they name it and all that it lists.
fn check_registry(map: &SpecMap, problems: &mut Problems) {
    let entries = entries(&map.registry);
    let mut names = BTreeSet::new();
    for Entry { file, name, clauses, words } in &entries {
        let place = format!("registry/{file}.toml");
        if !names.insert((file, name)) {
            problems.add(&place, format!("`{name}` is listed twice"));
        }
        if clauses.is_empty() {
            problems.add(&place, format!("no clause defines `{name}`"));
        }
        let mut found = Vec::new();
        for id in *clauses {
            match map.clause(id) {
                Some(clause) => found.push(clause),
                None => problems.add(&place, format!("`{name}` cites `{id}`, which is no clause")),
            }
        }
        for word in words.iter().filter(|word| !found.iter().any(|clause| clause.names(word))) {
            problems.add(&place, format!("no clause that `{name}` cites names `{word}`"));
        }
    }
    check_errors(&map.registry, problems);
    for what in map.registry.instructions.problems(&map.registry.capabilities) {
        problems.add("registry/opcodes.toml", what);
    }
}

fn entries(registry: &Registry) -> Vec<Entry<'_>> {
    let mut entries = Vec::new();
    let mut add = |file, name, clauses, words: Vec<_>| {
        entries.push(Entry { file, name, clauses, words: words.into_iter().collect() });
    };
    for error in &registry.errors {
        let values = error.variants.iter().flat_map(|variant| variant.closed()).flat_map(|(_, list)| list);
        let words = error.keys().into_iter().chain(values.map(String::as_str)).chain([error.code.as_str()]);
        add("errors", error.code.as_str(), error.clauses.as_slice(), words.collect());
    }
    for phase in &registry.phases {
        add("phases", &phase.name, &phase.clauses, vec![&phase.name]);
    }
    for (name, part) in [("header", &registry.header), ("trailer", &registry.trailer)] {
        add("parts", name, &part.clauses, part.fields.iter().map(|field| field.name.as_str()).collect());
    }
    for field in &registry.manifest {
        let name = field.path.split('/').rfind(|part| *part != "*").unwrap_or_default();
        add("manifest", &field.path, &field.clauses, vec![name]);
    }
    for kind in &registry.kinds {
        add("sections", &kind.name, &kind.clauses, vec![&kind.name]);
    }
    for visibility in &registry.visibilities {
        add("sections", &visibility.name, &visibility.clauses, vec![&visibility.name]);
    }
    for capability in &registry.capabilities {
        add("capabilities", &capability.name, &capability.clauses, vec![&capability.name]);
    }
    for limit in &registry.limits {
        add("limits", &limit.name, &limit.clauses, vec![&limit.name]);
    }
    for event in &registry.events {
        let words = event.keys().chain([&event.name]).map(String::as_str);
        add("events", &event.name, &event.clauses, words.collect());
    }
    for algorithm in &registry.algorithms {
        add("signatures", &algorithm.name, &algorithm.clauses, vec![&algorithm.name]);
    }
    for status in &registry.statuses {
        add("signatures", &status.name, &status.clauses, vec![&status.name]);
    }
    let instructions = &registry.instructions;
    for category in &instructions.categories {
        add("instructions (category)", &category.name, &category.clauses, vec![&category.name]);
    }
    for kind in &instructions.types {
        add("instructions (type)", &kind.name, &kind.clauses, vec![&kind.name]);
    }
    for status in &instructions.statuses {
        add("instructions (status)", &status.name, &status.clauses, vec![&status.name]);
    }
    for opcode in &instructions.opcodes {
        add("opcodes", &opcode.name, &opcode.clauses, vec![&opcode.name, &opcode.category]);
    }
    for event in &instructions.events {
        add("opcodes (event)", &event.name, &event.clauses, vec![&event.name, &event.category]);
    }
    let runtime = &registry.runtime;
    for named in runtime.methods.iter().chain(&runtime.traps).chain(&runtime.resources) {
        add("runtime", &named.name, &named.clauses, vec![&named.name]);
    }
    for state in &runtime.states {
        add("runtime (state)", &state.name, &state.clauses, vec![&state.name]);
    }
    for feature in &registry.features {
        add("protocol", &feature.name, &feature.clauses, Vec::new());
    }
    for class in &registry.classes {
        // A class may be named like a feature.
        add("protocol (class)", &class.name, &class.clauses, Vec::new());
    }
    entries
}

/// Phases, layers and context keys are known, and a key's values form a closed list only where the key is in the context.
fn check_errors(registry: &Registry, problems: &mut Problems) {
    let file = "registry/errors.toml";
    for error in &registry.errors {
        let code = &error.code;
        if !matches!(error.layer.as_str(), "loader" | "runtime" | "adapter" | "host") {
            problems.add(file, format!("`{code}` has the unknown layer `{}`", error.layer));
        }
        if error.variants.is_empty() {
            problems.add(file, format!("`{code}` has no variant"));
        }
        let phases = error.variants.iter().flat_map(|variant| error.phases_of(variant)).chain(&error.phases);
        for phase in phases.collect::<BTreeSet<_>>() {
            if !registry.phases.iter().any(|other| other.name == *phase) || !error.phases.contains(phase) {
                problems.add(file, format!("`{code}` has the unknown phase `{phase}`"));
            }
        }
        for variant in &error.variants {
            for key in &variant.context {
                if !registry.context_keys.iter().any(|other| other.name == *key) {
                    problems.add(file, format!("`{code}` has the context key `{key}`, which `[keys]` does not list"));
                }
            }
            for (key, _) in variant.closed().filter(|(key, _)| !variant.context.iter().any(|other| other == key)) {
                problems.add(file, format!("a variant of `{code}` lists values of `{key}` but does not have it"));
            }
        }
    }
    for class in &registry.classes {
        for feature in &class.features {
            if !registry.features.iter().any(|other| other.name == *feature) {
                problems.add(
                    "registry/protocol.toml",
                    format!("class `{}` needs the unknown feature `{feature}`", class.name),
                );
            }
        }
    }
    for limit in &registry.limits {
        if !(limit.floor <= limit.default && limit.default <= limit.ceiling) {
            problems.add(
                "registry/limits.toml",
                format!("the default of `{}` is not between floor and ceiling", limit.name),
            );
        }
    }
}

/// Every transition leads to a state, and no command leads to two.
fn check_transitions(registry: &Registry, problems: &mut Problems) {
    let file = "registry/runtime.toml";
    for state in &registry.runtime.states {
        let mut commands = BTreeSet::new();
        for Transition { command, to } in &state.transitions {
            if !registry.runtime.states.iter().any(|other| other.name == *to) {
                problems.add(file, format!("`{command}` leads to `{to}`, which is no state"));
            }
            if !registry.runtime.methods.iter().any(|method| method.name == *command) {
                problems.add(file, format!("`{command}` is no method"));
            }
            if !commands.insert(command) {
                problems.add(file, format!("`{command}` leads to two states from `{}`", state.name));
            }
        }
    }
}

/// The fields of a part fill it without gap or overlap.
fn check_parts(registry: &Registry, problems: &mut Problems) {
    for (name, Part { size, fields, .. }) in [("header", &registry.header), ("trailer", &registry.trailer)] {
        let mut end = 0_u64;
        for field in fields {
            if field.at != end {
                problems.add("registry/parts.toml", format!("`{}` of the {name} does not begin at {end}", field.name));
            }
            end = field.at.saturating_add(field.size);
        }
        if end != *size {
            problems.add("registry/parts.toml", format!("the fields of the {name} end at {end}, not at {size}"));
        }
    }
}

/// Excluded clauses exist, once each, with reason and test, and are few.
fn check_exclusions(map: &SpecMap, problems: &mut Problems) {
    let file = "exclusions.toml";
    let mut seen = BTreeSet::new();
    for exclusion in &map.exclusions {
        let id = exclusion.clause.as_str();
        if map.clause(id).is_none() {
            problems.add(file, format!("`{id}` is no clause"));
        }
        if !seen.insert(id) {
            problems.add(file, format!("`{id}` is listed twice"));
        }
        if [&exclusion.reason, &exclusion.file, &exclusion.test].into_iter().any(|text| text.trim().is_empty()) {
            problems.add(file, format!("`{id}` needs a reason, a file and a test"));
        }
    }
    let (excluded, clauses) = (map.exclusions.len(), map.clauses().count());
    if excluded.saturating_mul(EXCLUDED_ONE_IN) > clauses {
        problems.add(file, format!("{excluded} of {clauses} clauses are excluded, more than one in {EXCLUDED_ONE_IN}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Exclusion, parse_chapter};

    /// The real map with one thing changed.
    fn changed(change: impl FnOnce(&mut SpecMap)) -> Vec<String> {
        let mut map = SpecMap::load().expect("the files are of the right form");
        change(&mut map);
        map.check().iter().map(Problem::to_string).collect()
    }

    fn with_clause(heading_and_text: &str) -> Vec<String> {
        let chapter = parse_chapter("errors", &format!("# Errors\n\n#### {heading_and_text}\n")).expect("a chapter");
        changed(|map| {
            if let Some(errors) = map.chapters.iter_mut().find(|chapter| chapter.name == "errors") {
                errors.clauses.extend(chapter.clauses);
                errors.text = chapter.text;
            }
        })
    }

    #[test]
    fn the_files_fit_together() {
        assert_eq!(changed(|_| {}), Vec::<String>::new());
    }

    #[test]
    fn an_id_that_is_used_twice_or_in_the_wrong_chapter_is_a_problem() {
        let twice = with_clause("ERR-MODEL-001 · MUST · seed 8.1\nIt MUST be.");
        assert!(twice.iter().any(|what| what.ends_with("`ERR-MODEL-001` is used twice")), "{twice:?}");
        let elsewhere = with_clause("LDR-READ-900 · MUST · seed 8.1\nIt MUST be.");
        assert_eq!(elsewhere, ["chapters/errors.md:3: `LDR-READ-900` does not belong to this chapter"]);
    }

    #[test]
    fn a_clause_says_its_own_level_once() {
        for text in
            ["It is.", "It MUST NOT be.", "It MUST be and MUST stay.", "It MUST be, and MAY go.", "It `MUST` be."]
        {
            let problems = with_clause(&format!("ERR-MODEL-900 · MUST · seed 8.1\n{text}"));
            assert_eq!(
                problems,
                ["chapters/errors.md:3: `ERR-MODEL-900` has to say MUST once, and no other level"],
                "{text}"
            );
        }
        assert_eq!(with_clause("ERR-MODEL-900 · MUST NOT · seed 8.1\nIt MUST\nNOT be."), Vec::<String>::new());
    }

    #[test]
    fn a_code_that_the_registry_does_not_have_is_a_problem() {
        let problems = with_clause("ERR-MODEL-900 · MUST · seed 8.1\nIt MUST be `LDR_WRONG`, as `LDR_` codes are.");
        assert_eq!(problems, ["chapters/errors.md:4: `LDR_WRONG` is no error code"]);
    }

    #[test]
    fn an_entry_needs_a_clause_that_names_it() {
        let problems = changed(|map| {
            map.registry.limits[0].clauses = vec!["LDR-CHAIN-001".into(), "LDR-CHAIN-999".into()];
            map.registry.events[0].clauses.clear();
            map.registry.events[0].context.clear();
        });
        assert_eq!(
            problems,
            [
                "registry/limits.toml: `manifest_length` cites `LDR-CHAIN-999`, which is no clause",
                "registry/limits.toml: no clause that `manifest_length` cites names `manifest_length`",
                "registry/events.toml: no clause defines `artifact.signature_absent`",
                "registry/events.toml: no clause that `artifact.signature_absent` cites names `artifact.signature_absent`",
            ]
        );
    }

    #[test]
    fn a_value_of_a_closed_list_is_named_by_a_clause() {
        let problems = changed(|map| map.registry.errors[1].clauses = vec!["LDR-READ-003".into()]);
        assert_eq!(problems, ["registry/errors.toml: no clause that `LDR_BAD_MAGIC` cites names `LDR_BAD_MAGIC`"]);
    }

    #[test]
    fn the_fields_of_a_part_leave_no_gap() {
        let problems = changed(|map| map.registry.trailer.fields[2].at = 41);
        assert_eq!(
            problems,
            [
                "registry/parts.toml: `crc32` of the trailer does not begin at 40",
                "registry/parts.toml: the fields of the trailer end at 45, not at 44",
            ]
        );
    }

    #[test]
    fn exclusions_are_few_and_name_their_test() {
        let exclusion = |clause: &str, test: &str| Exclusion {
            clause: clause.into(),
            reason: "why".into(),
            file: "a.rs".into(),
            test: test.into(),
        };
        let problems =
            changed(|map| map.exclusions = vec![exclusion("LDR-READ-999", "t"), exclusion("LDR-READ-001", " ")]);
        assert_eq!(
            problems,
            [
                "exclusions.toml: `LDR-READ-999` is no clause",
                "exclusions.toml: `LDR-READ-001` needs a reason, a file and a test"
            ]
        );
        let problems = changed(|map| {
            let ids: Vec<String> = map.clauses().map(|clause| clause.id.clone()).take(50).collect();
            map.exclusions = ids.iter().map(|id| exclusion(id, "t")).collect();
        });
        assert!(problems.iter().any(|what| what.ends_with("more than one in 10")), "{problems:?}");
    }
}
