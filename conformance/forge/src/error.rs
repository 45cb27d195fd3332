//! What can be wrong with the text of a recipe: the place, and what is the matter there.

use thiserror::Error;

/// A fault in a text of commented hex.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {line}: {what}")]
pub struct HexError {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong there.
    pub what: String,
}

/// A fault in a text of diagnostic notation.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {line}, column {column}: {what}")]
pub struct EdnError {
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
    /// What is wrong there.
    pub what: String,
}

/// A step of a recipe that cannot be carried out. The name of the recipe's file is added by whoever knows it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{place}: {what}")]
pub struct RecipeError {
    /// The step, such as `edit 2` or `sign`.
    pub place: String,
    /// Why not.
    pub what: String,
}

impl RecipeError {
    pub(crate) fn step(place: impl Into<String>, what: impl Into<String>) -> Self {
        Self { place: place.into(), what: what.into() }
    }
}
