//! `errors.toml`: each code with the shapes that its context can have.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::ContextKey;
use crate::error::Error;

/// An error code.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErrorEntry {
    /// The code.
    pub code: String,
    /// The layer that makes it: `loader`, `runtime`, `adapter` or `host`.
    pub layer: String,
    /// The phases that it can arise in; none where it carries no phase.
    pub phases: Vec<String>,
    /// What it says, for people.
    pub summary: String,
    /// The clauses that define it.
    pub clauses: Vec<String>,
    /// The shapes of its context.
    #[serde(rename = "variant")]
    pub variants: Vec<Variant>,
}

/// One shape of an error's context.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variant {
    /// The phases that it can arise in, where these are not all of the code's.
    phases: Option<Vec<String>>,
    rule: Option<Vec<String>>,
    reason: Option<Vec<String>>,
    subject: Option<Vec<String>>,
    field: Option<Vec<String>>,
    kind: Option<Vec<String>>,
    resource: Option<Vec<String>>,
    /// Every fixed key.
    pub context: Vec<String>,
    /// Why no case can bring it about from outside.
    pub in_process: Option<String>,
}

/// A code with one value of a closed list, or alone where it has none: what the cases have to cover.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pair {
    /// The code.
    pub code: String,
    /// The context key, such as `rule`, and its value.
    pub value: Option<(String, String)>,
    /// Whether a case can bring it about from outside.
    pub is_observable: bool,
}

impl Variant {
    /// The context keys whose values form closed lists, and these lists.
    pub fn closed(&self) -> impl Iterator<Item = (&'static str, &[String])> {
        [
            ("rule", &self.rule),
            ("reason", &self.reason),
            ("subject", &self.subject),
            ("field", &self.field),
            ("kind", &self.kind),
            ("resource", &self.resource),
        ]
        .into_iter()
        .filter_map(|(key, list)| list.as_deref().map(|list| (key, list)))
    }
}

impl ErrorEntry {
    /// Every key that one of its contexts has. A key that a variant does not have is absent there.
    #[must_use]
    pub fn keys(&self) -> BTreeSet<&str> {
        self.variants.iter().flat_map(|variant| &variant.context).map(String::as_str).collect()
    }

    /// The phases that a variant of this code can arise in.
    #[must_use]
    pub fn phases_of<'a>(&'a self, variant: &'a Variant) -> &'a [String] {
        variant.phases.as_deref().unwrap_or(&self.phases)
    }

    /// The variant that an error in this phase with this context is: the same keys, and a value of each closed list. The value of a key that
    /// holds a list of names is not looked at.
    #[must_use]
    pub fn variant(&self, phase: Option<&str>, context: &BTreeMap<&str, &str>) -> Option<&Variant> {
        self.variants.iter().find(|variant| {
            let phases = self.phases_of(variant);
            let in_phase = phase.map_or(phases.is_empty(), |phase| phases.iter().any(|other| other == phase));
            let keys = variant.context.iter().map(String::as_str).collect::<BTreeSet<_>>();
            let in_lists = variant
                .closed()
                .all(|(key, list)| context.get(key).is_some_and(|value| list.iter().any(|name| name == value)));
            in_phase && in_lists && context.keys().copied().eq(keys)
        })
    }

    /// The code with each value of its closed lists.
    #[must_use]
    pub fn pairs(&self) -> Vec<Pair> {
        let mut pairs: Vec<Pair> = Vec::new();
        for variant in &self.variants {
            let is_observable = variant.in_process.is_none();
            let values =
                variant.closed().flat_map(|(key, list)| list.iter().map(move |value| (key.to_owned(), value.clone())));
            let mut values: Vec<_> = values.map(Some).collect();
            if values.is_empty() {
                values.push(None);
            }
            for value in values {
                match pairs.iter_mut().find(|pair| pair.value == value) {
                    Some(pair) => pair.is_observable |= is_observable,
                    None => pairs.push(Pair { code: self.code.clone(), value, is_observable }),
                }
            }
        }
        pairs
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    keys: BTreeMap<String, String>,
    error: Vec<ErrorEntry>,
}

pub(super) fn parse(text: &str) -> Result<(Vec<ErrorEntry>, Vec<ContextKey>), Error> {
    let file: File = super::parse("errors", text)?;
    let keys = file.keys.into_iter().map(|(name, form)| ContextKey { name, form }).collect();
    Ok((file.error, keys))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"
keys = {}
[[error]]
code = "LDR_X"
layer = "loader"
phases = ["read", "parse"]
summary = ""
clauses = []
[[error.variant]]
phases = ["read"]
rule = ["a", "b"]
context = ["rule", "actual"]
[[error.variant]]
rule = ["c"]
context = ["rule"]
in_process = "why"
[[error.variant]]
context = ["offset"]
"#;

    fn entry() -> ErrorEntry {
        parse(TEXT).unwrap().0.remove(0)
    }

    #[test]
    fn a_variant_has_its_keys_its_phase_and_its_lists() {
        let entry = entry();
        let found = |phase: Option<&str>, context: &[(&str, &str)]| {
            entry.variant(phase, &context.iter().copied().collect()).map(|variant| variant.context.clone())
        };
        assert_eq!(found(Some("read"), &[("rule", "a"), ("actual", "7")]), Some(vec!["rule".into(), "actual".into()]));
        assert_eq!(found(Some("parse"), &[("rule", "a"), ("actual", "7")]), None);
        assert_eq!(found(None, &[("rule", "a"), ("actual", "7")]), None);
        assert_eq!(found(Some("read"), &[("rule", "z"), ("actual", "7")]), None);
        assert_eq!(found(Some("read"), &[("rule", "a")]), None);
        assert_eq!(found(Some("parse"), &[("rule", "c")]), Some(vec!["rule".into()]));
        assert_eq!(found(Some("parse"), &[("offset", "3")]), Some(vec!["offset".into()]));
    }

    #[test]
    fn each_value_of_a_list_is_a_pair_and_a_shape_without_lists_is_one_too() {
        let pair = |value: Option<(&str, &str)>, is_observable| Pair {
            code: "LDR_X".into(),
            value: value.map(|(key, value)| (key.into(), value.into())),
            is_observable,
        };
        assert_eq!(
            entry().pairs(),
            [
                pair(Some(("rule", "a")), true),
                pair(Some(("rule", "b")), true),
                pair(Some(("rule", "c")), false),
                pair(None, true)
            ]
        );
        assert_eq!(entry().keys().into_iter().collect::<Vec<_>>(), ["actual", "offset", "rule"]);
    }
}
