//! The specification as data: the chapters' clauses, the registry, and the clauses that no case can observe.
//!
//! The files under `spec-map/` are built in. [`SpecMap::load`] parses them; an error names file and line. [`SpecMap::check`] holds them against each
//! other: ids, levels, citations, names.
//!
//! Nothing of an implementation is known here, and no case: who meets and who tests a clause is joined by `cargo xtask spec-map`.

mod chapter;
mod check;
mod clause;
mod error;
mod exclusion;
mod files;
pub mod registry;

pub use chapter::{Chapter, parse_chapter};
pub use check::Problem;
pub use clause::{Clause, Level, Provenance, is_clause_id};
pub use error::Error;
pub use exclusion::{Exclusion, parse_exclusions};
pub use registry::Registry;

/// Everything that `spec-map/` says.
#[derive(Clone, Debug)]
pub struct SpecMap {
    /// The chapters, in the order in which they are read.
    pub chapters: Vec<Chapter>,
    /// The closed lists: codes, fields, numbers, names.
    pub registry: Registry,
    /// The clauses that cannot be observed from outside.
    pub exclusions: Vec<Exclusion>,
}

impl SpecMap {
    /// Parses the files that are built in.
    ///
    /// # Errors
    /// The first file and line that is not of the form that it should be.
    pub fn load() -> Result<Self, Error> {
        let chapters =
            files::CHAPTERS.iter().map(|(name, text)| parse_chapter(name, text)).collect::<Result<_, _>>()?;
        Ok(Self { chapters, registry: Registry::load()?, exclusions: parse_exclusions(files::EXCLUSIONS)? })
    }

    /// Every clause, chapter by chapter.
    pub fn clauses(&self) -> impl Iterator<Item = &Clause> {
        self.chapters.iter().flat_map(|chapter| &chapter.clauses)
    }

    /// The clause of this id.
    #[must_use]
    pub fn clause(&self, id: &str) -> Option<&Clause> {
        self.clauses().find(|clause| clause.id == id)
    }

    /// Why no case tests this clause, where that is so.
    #[must_use]
    pub fn exclusion(&self, id: &str) -> Option<&Exclusion> {
        self.exclusions.iter().find(|exclusion| exclusion.clause == id)
    }

    /// What is wrong with the files as a whole; nothing where they fit together.
    #[must_use]
    pub fn check(&self) -> Vec<Problem> {
        check::check(self)
    }
}
