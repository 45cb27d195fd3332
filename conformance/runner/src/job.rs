//! A case as the runner takes it: what is told of it, and a way to what is sent and expected.

use std::collections::BTreeMap;
use std::fmt;

use fayger_cases::{Action, Case, Expect, ExpectedOk, Prepared, Suite};
use fayger_fcp::{ContextValue, features};
use fayger_spec_map::Level;

/// A case to run. Its input is expanded only when its turn comes.
pub struct Job<'a> {
    /// What is told of the case.
    pub about: About,
    /// Expands the case; a failure is the suite's fault, and its text says which.
    pub prepare: Box<dyn Fn() -> Result<Prepared, String> + 'a>,
    /// For an expected error: the context keys that its code defines and that must be absent here.
    pub absent: Vec<String>,
    /// For each expected event, in their order: the context keys that are its own and that must be absent here.
    pub absent_in_events: Vec<Vec<String>>,
}

impl fmt::Debug for Job<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Job").field("about", &self.about).finish_non_exhaustive()
    }
}

impl<'a> Job<'a> {
    /// A case of a suite. `fixed_keys` gives the context keys that the code of an error or the name of an event defines.
    #[must_use]
    pub fn of(suite: &'a Suite, case: &'a Case, fixed_keys: &dyn Fn(&str) -> Vec<String>) -> Self {
        let others = |name: &str, context: &BTreeMap<String, ContextValue>| {
            fixed_keys(name).into_iter().filter(|key| !context.contains_key(key)).collect()
        };
        let absent = match &case.expect {
            Expect::Err(error) => others(&error.code, &error.context),
            Expect::Ok(_) => Vec::new(),
        };
        let absent_in_events = case.events().iter().map(|event| others(&event.name, &event.context)).collect();
        let about = About {
            id: case.id.clone(),
            clauses: case.clauses.clone(),
            level: case.level,
            features: case.features.clone(),
            uses: uses(case),
            limits: case.limits.clone(),
        };
        Job {
            about,
            prepare: Box::new(|| suite.prepare(case).map_err(|problem| problem.what)),
            absent,
            absent_in_events,
        }
    }
}

/// What is told of a case without expanding it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// The permanent id, `chapter.group.slug`.
    pub id: String,
    /// The ids of the clauses that it tests.
    pub clauses: Vec<String>,
    /// How binding they are.
    pub level: Level,
    /// The features without which it is not run.
    pub features: Vec<String>,
    /// The features that it tests more with, where they are declared.
    pub uses: Vec<String>,
    /// The limits whose default values it presumes.
    pub limits: Vec<String>,
}

/// A load is compared further where the testee can show its events and write the object back.
fn uses(case: &Case) -> Vec<String> {
    if let Action::Exchange(exchange) = &case.action {
        return exchange.events.iter().map(|_| features::EVENTS.to_owned()).collect();
    }
    let Expect::Ok(ExpectedOk::Object(object)) = &case.expect else { return Vec::new() };
    let events = object.events.as_ref().map(|_| features::EVENTS);
    events.into_iter().chain([features::SERIALIZER]).map(str::to_owned).collect()
}

impl About {
    /// Whether a conforming implementation has to pass.
    #[must_use]
    pub fn is_must(&self) -> bool {
        self.level.is_required()
    }

    /// Chapter and group: the id without its last part.
    #[must_use]
    pub fn group(&self) -> &str {
        self.id.rsplit_once('.').map_or(self.id.as_str(), |(group, _)| group)
    }
}
