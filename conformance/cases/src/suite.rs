//! A set of files: the one that is built in, or a folder.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fmt, fs, io};

use fayger_forge::Recipe;
use sha2::{Digest as _, Sha256};
use thiserror::Error;

use crate::{Case, raw};

/// The files under `vectors/` as they were when this crate was built: path and text.
const EMBEDDED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/vectors.rs"));

/// The folder of the recipes that cases share.
const RECIPES: &str = "recipes/";

/// The folder of compiled modules, which other tests read; no case is there.
const MODULES: &str = "modules/";

/// Cases, recipes, and the files that they came from.
#[derive(Clone, Debug)]
pub struct Suite {
    files: BTreeMap<String, String>,
    cases: BTreeMap<String, Case>,
    recipes: BTreeMap<String, Recipe>,
}

/// What is wrong with one file, or, under an empty path, with the set.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file's path below `vectors/`, or a case's id.
    pub place: String,
    /// What is wrong.
    pub what: String,
}

impl Problem {
    pub(crate) fn new(place: impl Into<String>, what: impl Into<String>) -> Self {
        Self { place: place.into(), what: what.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.place, self.what)
    }
}

/// Why a set cannot be read.
#[derive(Debug, Error)]
pub enum SuiteError {
    /// The folder or a file in it cannot be read.
    #[error("cannot read `{path}`: {source}")]
    Io {
        /// The path.
        path: String,
        /// Why not.
        source: io::Error,
    },
    /// Some files are not what they should be.
    #[error("{}", .0.iter().map(Problem::to_string).collect::<Vec<_>>().join("\n"))]
    Files(Vec<Problem>),
}

impl Suite {
    /// The set that is built in.
    ///
    /// # Errors
    /// The files that cannot be read, all of them.
    pub fn embedded() -> Result<Self, SuiteError> {
        Self::of(EMBEDDED.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect())
    }

    /// The set in a folder, laid out like `vectors/`.
    ///
    /// # Errors
    /// What cannot be read, or the files that are not what they should be, all of them.
    pub fn from_dir(root: &Path) -> Result<Self, SuiteError> {
        let mut files = BTreeMap::new();
        let mut folders = vec![root.to_owned()];
        while let Some(folder) = folders.pop() {
            let failed = |source| SuiteError::Io { path: folder.display().to_string(), source };
            for entry in fs::read_dir(&folder).map_err(failed)? {
                let path = entry.map_err(failed)?.path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "toml") {
                    let text = fs::read_to_string(&path)
                        .map_err(|source| SuiteError::Io { path: path.display().to_string(), source })?;
                    let below = path.strip_prefix(root).unwrap_or(&path);
                    let name: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
                    files.insert(name.join("/"), text);
                }
            }
        }
        Self::of(files)
    }

    /// A set of files: path below the root, with `/`, and text.
    ///
    /// # Errors
    /// The files that cannot be read as case or recipe, and cases whose id is not their path, all of them.
    pub fn of(mut files: BTreeMap<String, String>) -> Result<Self, SuiteError> {
        files.retain(|path, _| !path.starts_with(MODULES));
        let mut cases = BTreeMap::new();
        let mut recipes = BTreeMap::new();
        let mut problems = Vec::new();
        for (path, text) in &files {
            let stem = path.strip_suffix(".toml").unwrap_or(path);
            if let Some(name) = stem.strip_prefix(RECIPES) {
                match toml::from_str(text) {
                    Ok(recipe) => _ = recipes.insert(name.to_owned(), recipe),
                    Err(error) => problems.push(Problem::new(path, error.to_string())),
                }
                continue;
            }
            match raw::parse(text) {
                Ok(case) if case.id != stem.replace('/', ".") => {
                    problems.push(Problem::new(path, format!("the id `{}` is not the path", case.id)));
                }
                Ok(case) => _ = cases.insert(case.id.clone(), case),
                Err(what) => problems.push(Problem::new(path, what)),
            }
        }
        if problems.is_empty() { Ok(Self { files, cases, recipes }) } else { Err(SuiteError::Files(problems)) }
    }

    /// The cases in the order of their ids.
    pub fn cases(&self) -> impl Iterator<Item = &Case> {
        self.cases.values()
    }

    /// The case with this id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&Case> {
        self.cases.get(id)
    }

    /// The recipes by name.
    pub fn recipes(&self) -> impl Iterator<Item = (&str, &Recipe)> {
        self.recipes.iter().map(|(name, recipe)| (name.as_str(), recipe))
    }

    pub(crate) fn recipe(&self, name: &str) -> Option<&Recipe> {
        self.recipes.get(name)
    }

    /// What the set is, in 32 bytes: the SHA-256 over each file in the order of the paths, as path, a zero byte, the length of the text as
    /// 8 bytes (least significant first), and the text.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        for (path, text) in &self.files {
            hash.update(path);
            hash.update([0]);
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text);
        }
        hash.finalize().into()
    }
}
