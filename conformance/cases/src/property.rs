//! Cases that are properties: the runner makes inputs from a seed, and whatever they are, the answers keep a law.

use fayger_spec_map::Level;
use serde::Deserialize;

use crate::case::{Action, Case, Expect, ExpectedOk};

/// A law, and how often it is tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Property {
    /// The name of the law; the runner knows each.
    pub law: String,
    /// Inputs to try.
    pub runs: u32,
    /// From which the inputs are made.
    pub seed: u64,
}

/// Whether a case file is one of these.
pub(crate) fn is_property(text: &str) -> bool {
    toml::from_str::<toml::Table>(text).is_ok_and(|table| table.contains_key("property"))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCase {
    id: String,
    clauses: Vec<String>,
    level: Level,
    features: Vec<String>,
    #[serde(default)]
    flags: Vec<String>,
    note: String,
    property: RawProperty,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawProperty {
    law: String,
    runs: u32,
    seed: u64,
}

/// Reads a case.
pub(crate) fn parse(text: &str) -> Result<Case, String> {
    let raw: RawCase = toml::from_str(text).map_err(|error| error.to_string())?;
    let RawProperty { law, runs, seed } = raw.property;
    if runs == 0 {
        return Err("a property that is tried zero times says nothing".to_owned());
    }
    Ok(Case {
        id: raw.id,
        clauses: raw.clauses,
        level: raw.level,
        features: raw.features,
        flags: raw.flags,
        note: raw.note,
        nearest: None,
        limits: Vec::new(),
        action: Action::Property(Property { law, runs, seed }),
        expect: Expect::Ok(ExpectedOk::Holds),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const CASE: &str = "id = \"a.b.c\"\nclauses = []\nlevel = \"MUST\"\nfeatures = []\nnote = \"n\"\n\
                        [property]\nlaw = \"l\"\nruns = 3\nseed = 1\n";

    #[test]
    fn a_property_has_a_law_runs_and_a_seed_and_nothing_else() {
        assert!(is_property(CASE) && !is_property("[load]\n"));
        let Action::Property(property) = parse(CASE).unwrap().action else { panic!("a property") };
        assert_eq!(property, Property { law: "l".into(), runs: 3, seed: 1 });
        for (from, to, what) in
            [("runs = 3", "runs = 0", "zero times"), ("seed = 1", "sede = 1", "unknown field `sede`")]
        {
            let error = parse(&CASE.replace(from, to)).unwrap_err();
            assert!(error.contains(what), "{error}");
        }
    }
}
