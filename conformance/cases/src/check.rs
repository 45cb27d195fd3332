//! What must hold of the set of cases as a whole, and of each case against the specification.

use std::collections::{BTreeMap, BTreeSet};

use fayger_fcp::{ContextValue, Reader};
use fayger_spec_map::SpecMap;

use crate::{Action, Case, Expect, ExpectedError, ExpectedObject, ExpectedOk, Gets, Prepared, Problem, Suite};

/// The fewest cases that a suite is.
const FEWEST_CASES: usize = 150;

/// Holds a set of cases against the specification. Nothing is wrong where the list is empty; it is sorted by place.
///
/// Each case: it can be expanded; its clauses, features, limits and events exist; an error that it expects is one that the registry describes, to
/// the last context key; a refusal names an accepted case as its nearest. The set: no two cases ask for the same; two that expect the
/// same error name different mistakes; every observable pair of code and rule is expected somewhere; at least 150 cases, a third of them refusals.
#[must_use]
pub fn check(suite: &Suite, map: &SpecMap) -> Vec<Problem> {
    let mut problems = Vec::new();
    for case in suite.cases() {
        let found = [words(case), references(case, map), nearest(case, suite), expectation(case, map)];
        problems.extend(found.into_iter().flatten().map(|what| Problem::new(&case.id, what)));
    }
    problems.extend(distinct(suite));
    problems.extend(mistakes(suite));
    problems.extend(coverage(suite, map));
    problems.extend(size(suite));
    problems.sort();
    problems
}

/// What a reader needs.
fn words(case: &Case) -> Vec<String> {
    let mut problems = Vec::new();
    let slug =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    if case.id.split('.').count() != 3 || !case.id.split('.').all(slug) {
        problems.push("an id is chapter, group and slug, of small letters, digits and hyphens".to_owned());
    }
    if case.note.trim().is_empty() {
        problems.push("the note is empty".to_owned());
    }
    problems
}

/// Clauses, features, limits and events that there are.
fn references(case: &Case, map: &SpecMap) -> Vec<String> {
    let mut problems = Vec::new();
    if case.clauses.is_empty() {
        problems.push("it cites no clause".to_owned());
    }
    for clause in case.clauses.iter().filter(|id| map.clause(id).is_none()) {
        problems.push(format!("there is no clause `{clause}`"));
    }
    for feature in &case.features {
        if !map.registry.features.iter().any(|known| known.name == *feature) {
            problems.push(format!("there is no feature `{feature}`"));
        }
    }
    let set = match &case.action {
        Action::Load(load) => load.limits.keys().collect(),
        _ => Vec::new(),
    };
    for limit in case.limits.iter().chain(set).filter(|limit| map.registry.limit(limit).is_none()) {
        problems.push(format!("there is no limit `{limit}`"));
    }
    for event in case.events() {
        let Some(known) = map.registry.events.iter().find(|known| known.name == event.name) else {
            problems.push(format!("there is no event `{}`", event.name));
            continue;
        };
        let is_whole = known.context.iter().all(|key| event.context.contains_key(key));
        if !is_whole || !event.context.keys().all(|key| known.keys().any(|known| known == key)) {
            problems.push(format!("event `{}` has the context {}", event.name, known.context.join(", ")));
        }
    }
    problems
}

/// A refusal has a nearest accepted case, and nothing else has.
fn nearest(case: &Case, suite: &Suite) -> Vec<String> {
    let problem = match (&case.expect, &case.nearest) {
        (Expect::Ok(_), None) => return Vec::new(),
        (Expect::Ok(_), Some(_)) => "it is accepted, and names a nearest accepted case".to_owned(),
        (Expect::Err(_), None) => "it names no nearest accepted case".to_owned(),
        (Expect::Err(_), Some(nearest)) => match suite.find(nearest) {
            None => format!("its nearest case `{nearest}` does not exist"),
            Some(other) if matches!(other.expect, Expect::Err(_)) => format!("its nearest case `{nearest}` is refused"),
            Some(_) => return Vec::new(),
        },
    };
    vec![problem]
}

/// Errors that the registry describes: the case's own, and those on the way.
fn expectation(case: &Case, map: &SpecMap) -> Vec<String> {
    let mut errors = Vec::new();
    match &case.expect {
        Expect::Err(error) => errors.push(error),
        Expect::Ok(ExpectedOk::Object(object)) => {
            errors.extend(object.reads.iter().filter_map(|read| match &read.gets {
                Gets::Err(error) => Some(error),
                Gets::Body | Gets::Nothing => None,
            }));
        }
        Expect::Ok(_) => {}
    }
    if let Action::Trust(steps) = &case.action {
        errors.extend(steps.iter().filter_map(|step| step.err.as_ref()));
    }
    if let Action::Scenario(scenario) = &case.action {
        errors.extend(scenario.errors());
    }
    if let Action::Exchange(exchange) = &case.action {
        errors.extend(exchange.cause.as_ref());
    }
    errors.into_iter().flat_map(|error| described(error, map)).collect()
}

fn described(error: &ExpectedError, map: &SpecMap) -> Vec<String> {
    let Some(entry) = map.registry.error(&error.code) else {
        return vec![format!("there is no error code `{}`", error.code)];
    };
    let mut problems = Vec::new();
    if error.layers.first().map(|layer| layer.name()) != Some(entry.layer.as_str()) {
        problems.push(format!("`{}` comes from the layer {}", error.code, entry.layer));
    }
    let context = error.context.iter().map(|(key, value)| {
        let text = match value {
            ContextValue::Text(text) => text.as_str(),
            ContextValue::List(_) => "",
        };
        (key.as_str(), text)
    });
    if entry.variant(error.phase.as_deref(), &context.collect()).is_none() {
        problems.push(format!("`{}` has no variant of this phase with this context", error.code));
    }
    problems
}

/// No two cases send the same.
fn distinct(suite: &Suite) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut seen: Vec<(&Case, Prepared)> = Vec::new();
    for case in suite.cases() {
        match suite.prepare(case) {
            Err(problem) => problems.push(problem),
            Ok(prepared) => {
                let twin = seen.iter().find(|(_, other)| same_request(other, &prepared));
                if let Some((other, _)) = twin {
                    problems.push(Problem::new(&case.id, format!("it asks for the same as `{}`", other.id)));
                }
                seen.push((case, prepared));
            }
        }
    }
    problems
}

fn same_request(left: &Prepared, right: &Prepared) -> bool {
    match (left, right) {
        (Prepared::Decode { bytes: left, .. }, Prepared::Decode { bytes: right, .. }) => left == right,
        (Prepared::Encode { value: left, .. }, Prepared::Encode { value: right, .. }) => left == right,
        (Prepared::Load { params, expected }, Prepared::Load { params: other, expected: other_expected }) => {
            params == other && reads(expected).eq(reads(other_expected))
        }
        (Prepared::Build { params: left, .. }, Prepared::Build { params: right, .. }) => left == right,
        (Prepared::Trust { steps: left, .. }, Prepared::Trust { steps: right, .. }) => {
            left.iter().map(|step| &step.call).eq(right.iter().map(|step| &step.call))
        }
        (Prepared::Exchange { exchange: left, .. }, Prepared::Exchange { exchange: right, .. }) => {
            (&left.before, &left.request) == (&right.before, &right.request)
        }
        (Prepared::Scenario(left), Prepared::Scenario(right)) => left == right,
        (Prepared::Property(left), Prepared::Property(right)) => left == right,
        _ => false,
    }
}

/// What is asked of an object once it is loaded.
fn reads(expected: &Result<Box<ExpectedObject>, ExpectedError>) -> impl Iterator<Item = (u32, Reader)> {
    expected.iter().flat_map(|object| &object.reads).map(|read| (read.section, read.reader))
}

/// Cases that expect the same error hunt different mistakes, each by its flags.
fn mistakes(suite: &Suite) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut seen: BTreeMap<_, BTreeMap<BTreeSet<&String>, &Case>> = BTreeMap::new();
    for case in suite.cases() {
        let Expect::Err(ExpectedError { code, phase, context, .. }) = &case.expect else {
            continue;
        };
        let alike = seen.entry((code, phase, context)).or_default();
        let flags = case.flags.iter().collect();
        if let Some(other) = alike.insert(flags, case) {
            let what = format!("it expects the same error as `{}`, and its flags name no other mistake", other.id);
            problems.push(Problem::new(&case.id, what));
        }
    }
    problems
}

/// Every observable pair of the registry is expected by a case.
fn coverage(suite: &Suite, map: &SpecMap) -> Vec<Problem> {
    let errors: Vec<_> = suite
        .cases()
        .flat_map(|case| {
            let cause = match &case.action {
                Action::Exchange(exchange) => exchange.cause.as_ref(),
                _ => None,
            };
            let error = match &case.expect {
                Expect::Err(error) => Some(error),
                Expect::Ok(_) => None,
            };
            let steps = match &case.action {
                Action::Scenario(scenario) => Some(scenario.errors()),
                _ => None,
            };
            error.into_iter().chain(cause).chain(steps.into_iter().flatten())
        })
        .collect();
    let pairs = map.registry.errors.iter().flat_map(|entry| entry.pairs()).filter(|pair| pair.is_observable);
    pairs
        .filter_map(|pair| {
            let expects = |error: &&&ExpectedError| {
                error.code == pair.code
                    && pair
                        .value
                        .as_ref()
                        .is_none_or(|(key, value)| error.context.get(key) == Some(&ContextValue::Text(value.clone())))
            };
            let name = pair.value.as_ref().map_or_else(String::new, |(key, value)| format!(" with {key} `{value}`"));
            errors.iter().find(expects).is_none().then(|| Problem::new(&pair.code, format!("no case expects it{name}")))
        })
        .collect()
}

/// Enough cases, and enough refusals among them.
fn size(suite: &Suite) -> Vec<Problem> {
    let all = suite.cases().count();
    let refusals = suite.cases().filter(|case| matches!(case.expect, Expect::Err(_))).count();
    let mut problems = Vec::new();
    if all < FEWEST_CASES {
        problems.push(Problem::new("", format!("{all} cases; at least {FEWEST_CASES} are needed")));
    }
    if refusals.saturating_mul(3) < all {
        problems.push(Problem::new("", format!("{refusals} of {all} cases are refusals; at least a third are needed")));
    }
    problems
}
