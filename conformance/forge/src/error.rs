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

/// A fault in a recipe. The name of the recipe's file is added by whoever knows it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RecipeError {
    /// A text of diagnostic notation cannot be read.
    #[error("{place}: {source}")]
    Edn {
        /// The key of the recipe that holds the text.
        place: String,
        /// Where in the text, and what.
        source: EdnError,
    },
    /// A text of commented hex cannot be read.
    #[error("{place}: {source}")]
    Hex {
        /// The key of the recipe that holds the text.
        place: String,
        /// Where in the text, and what.
        source: HexError,
    },
    /// A step of the recipe cannot be carried out.
    #[error("{place}: {what}")]
    Step {
        /// The step.
        place: String,
        /// Why not.
        what: String,
    },
}

impl RecipeError {
    pub(crate) fn step(place: impl Into<String>, what: impl Into<String>) -> Self {
        Self::Step { place: place.into(), what: what.into() }
    }
}
