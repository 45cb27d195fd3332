//! A case as the runner takes it: what is told of it, and a way to what is sent and expected.

use std::fmt;

use fayger_cases::{Action, Case, Expect, ExpectedOk, Prepared, Suite};
use fayger_fcp::features;
use fayger_spec_map::Level;

use crate::ContextKeys;

/// A case to run. Its input is expanded only when its turn comes.
pub struct Job<'a> {
    /// What is told of the case.
    pub about: About,
    /// Expands the case; a failure is the suite's fault, and its text says which.
    pub prepare: Box<dyn Fn() -> Result<Prepared, String> + 'a>,
    /// The context keys that each error code defines: of an expected error those that the case does not name must be absent.
    pub keys: ContextKeys,
}

impl fmt::Debug for Job<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Job").field("about", &self.about).finish_non_exhaustive()
    }
}

impl<'a> Job<'a> {
    /// A case of a suite.
    #[must_use]
    pub fn of(suite: &'a Suite, case: &'a Case, keys: ContextKeys) -> Self {
        let about = About {
            id: case.id.clone(),
            clauses: case.clauses.clone(),
            level: case.level,
            features: case.features.clone(),
            uses: uses(case),
            limits: case.limits.clone(),
        };
        Job { about, prepare: Box::new(|| suite.prepare(case).map_err(|problem| problem.what)), keys }
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
