//! The clauses that no case can observe, each with its reason and the test that holds it instead.

use serde::Deserialize;

use crate::error::Error;

/// One entry of `exclusions.toml`.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Exclusion {
    /// The clause's id.
    pub clause: String,
    /// Why it cannot be observed from outside.
    pub reason: String,
    /// The file of the test, from the project's root.
    pub file: String,
    /// The name of the test's function.
    pub test: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    exclusion: Vec<Exclusion>,
}

/// Reads the text of `exclusions.toml`.
///
/// # Errors
/// The line that is not of this form.
pub fn parse_exclusions(text: &str) -> Result<Vec<Exclusion>, Error> {
    let file: File = toml::from_str(text).map_err(|error| Error::toml("exclusions.toml", text, &error))?;
    Ok(file.exclusion)
}
