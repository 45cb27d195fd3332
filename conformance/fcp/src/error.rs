//! The wire form of a Fayger error.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The kinds of trap, `kind` of `RT_TRAP`: a closed list.
pub const TRAPS: [&str; 9] = [
    "unreachable",
    "divide_by_zero",
    "integer_overflow",
    "invalid_conversion",
    "memory_out_of_bounds",
    "table_out_of_bounds",
    "indirect_type_mismatch",
    "null_element",
    "stack_overflow",
];

/// An error of the implementation under test. `code`, `source_layer`, `phase`, the fixed keys of `context` and the chain of causes are
/// compared; `message` never is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend(
    "if" = { "properties": { "code": { "const": "RT_TRAP" } } },
    "then" = { "properties": { "context": { "properties": { "kind": { "enum": TRAPS } } } } }
))]
pub struct FaygerError {
    /// The stable code, such as `LDR_TRUNCATED`.
    pub code: String,
    /// The layer in which the error arose.
    pub source_layer: SourceLayer,
    /// The loading phase; every `LDR_` error has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<String>,
    /// A short text for people.
    pub message: String,
    /// What triggered the error. Integers are decimal strings; digests and other bytes are lower-case hex.
    pub context: BTreeMap<String, ContextValue>,
    /// The error of the layer below that this one wraps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Box<FaygerError>>,
}

impl FaygerError {
    /// The error and its causes, outermost first.
    pub fn chain(&self) -> impl Iterator<Item = &FaygerError> {
        std::iter::successors(Some(self), |error| error.cause.as_deref())
    }
}

/// The layer in which an error arose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SourceLayer {
    /// The loader, its serialiser and its trust store.
    Loader,
    /// The runtime.
    Runtime,
    /// The adapter layer.
    Adapter,
    /// The host environment.
    Host,
}

impl SourceLayer {
    /// The name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Loader => "loader",
            Self::Runtime => "runtime",
            Self::Adapter => "adapter",
            Self::Host => "host",
        }
    }
}

/// One value of an error's or an event's context.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum ContextValue {
    /// A single value.
    Text(String),
    /// A list, in an order that the key's definition fixes.
    List(Vec<String>),
}

impl From<&str> for ContextValue {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_with_a_cause_has_its_json_form() {
        let error = FaygerError {
            code: "LDR_IO".into(),
            source_layer: SourceLayer::Loader,
            phase: Some("read".into()),
            message: "cannot read".into(),
            context: BTreeMap::from([
                ("reason".into(), "native".into()),
                ("seen".into(), ContextValue::List(vec!["1".into()])),
            ]),
            cause: Some(Box::new(FaygerError {
                code: "HOST_NATIVE".into(),
                source_layer: SourceLayer::Host,
                phase: None,
                message: "no such file".into(),
                context: BTreeMap::new(),
                cause: None,
            })),
        };
        let json = concat!(
            r#"{"code":"LDR_IO","source_layer":"loader","phase":"read","message":"cannot read","context":{"reason":"native","seen":["1"]},"#,
            r#""cause":{"code":"HOST_NATIVE","source_layer":"host","message":"no such file","context":{}}}"#
        );
        assert_eq!(serde_json::to_string(&error).unwrap(), json);
        assert_eq!(serde_json::from_str::<FaygerError>(json).unwrap(), error);
        assert_eq!(error.chain().map(|error| error.source_layer.name()).collect::<Vec<_>>(), ["loader", "host"]);
    }
}
