//! What came of a case.

use fayger_fcp::CborValue;
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::process::Exit;
use crate::session::Fault;

/// What came of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum CaseOutcome {
    /// Everything is as expected.
    Pass,
    /// Something is not.
    Fail {
        /// What, first things first.
        differences: Vec<Difference>,
    },
    /// The testee answered `skipped`.
    Skipped {
        /// Its reason.
        reason: String,
    },
    /// The testee ended.
    Crash {
        /// How.
        exit: Exit,
    },
    /// The testee did not answer in time.
    Hang,
    /// The testee broke the protocol.
    Protocol {
        /// How.
        what: String,
    },
    /// The testee does not declare what the case needs.
    NotTested {
        /// What it does not declare.
        reason: String,
    },
    /// The run ended before.
    NotRun {
        /// Why.
        reason: String,
    },
}

impl CaseOutcome {
    /// Whether the testee did something wrong.
    #[must_use]
    pub fn is_red(&self) -> bool {
        matches!(self, Self::Fail { .. } | Self::Crash { .. } | Self::Hang | Self::Protocol { .. })
    }

    /// The word for it in texts.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail { .. } => "fail",
            Self::Skipped { .. } => "skipped",
            Self::Crash { .. } => "crash",
            Self::Hang => "hang",
            Self::Protocol { .. } => "protocol",
            Self::NotTested { .. } => "not tested",
            Self::NotRun { .. } => "not run",
        }
    }
}

impl From<Fault> for CaseOutcome {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Crash(exit) => Self::Crash { exit },
            Fault::Hang => Self::Hang,
            Fault::Protocol(what) => Self::Protocol { what },
        }
    }
}

/// One thing that is not as expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// What was compared: `code`, `context/offset`, `manifest/entry/section`, `bytes`, …
    pub what: String,
    /// What had to come.
    pub expected: Value,
    /// What came.
    pub got: Value,
}

impl Difference {
    pub(crate) fn new(what: impl Into<String>, expected: impl Serialize, got: impl Serialize) -> Self {
        Self { what: what.into(), expected: shown(&expected), got: shown(&got) }
    }

    /// Bytes, with the first offset at which they differ.
    pub(crate) fn bytes(what: &str, expected: &[u8], got: &[u8]) -> Option<Self> {
        let common = expected.iter().zip(got).take_while(|(left, right)| left == right).count();
        (expected != got).then(|| Self {
            what: format!("{what} from offset {common}"),
            expected: bytes_from(expected, common),
            got: bytes_from(got, common),
        })
    }

    /// CBOR values, down to the first place at which they differ.
    pub(crate) fn value(what: &str, expected: &CborValue, got: &CborValue) -> Option<Self> {
        if expected == got {
            return None;
        }
        match (expected, got) {
            (CborValue::Array(left), CborValue::Array(right)) if left.len() == right.len() => left
                .iter()
                .zip(right)
                .enumerate()
                .find_map(|(index, (left, right))| Self::value(&format!("{what}/{index}"), left, right)),
            (CborValue::Map(left), CborValue::Map(right)) if keys(left) == keys(right) => left
                .iter()
                .zip(right)
                .find_map(|((key, left), (_, right))| Self::value(&format!("{what}/{key}"), left, right)),
            (CborValue::Map(left), CborValue::Map(right)) => {
                Some(Self::new(format!("{what} (keys)"), keys(left), keys(right)))
            }
            _ => Some(Self::new(what, expected, got)),
        }
    }
}

fn keys(pairs: &[(String, CborValue)]) -> Vec<&str> {
    pairs.iter().map(|(key, _)| key.as_str()).collect()
}

/// The longest JSON value that a report carries whole.
const WHOLE: usize = 64 << 10;
/// How many bytes are shown of bytes that differ.
const WINDOW: usize = 32;

fn shown(value: &impl Serialize) -> Value {
    let value = serde_json::to_value(value).unwrap_or_default();
    let text = value.to_string();
    if text.len() <= WHOLE {
        return value;
    }
    json!({ "json_length": text.len(), "json_sha256": hex::encode(Sha256::digest(&text)) })
}

fn bytes_from(bytes: &[u8], at: usize) -> Value {
    let window: Vec<u8> = bytes.iter().skip(at).take(WINDOW).copied().collect();
    json!({ "length": bytes.len(), "sha256": hex::encode(Sha256::digest(bytes)), "hex": hex::encode(window) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_shown_from_where_they_differ() {
        assert_eq!(Difference::bytes("bytes", b"abc", b"abc"), None);
        let difference = Difference::bytes("bytes", b"abc", b"abd").unwrap();
        assert_eq!(difference.what, "bytes from offset 2");
        assert_eq!(difference.expected["hex"], "63");
        assert_eq!(difference.got["hex"], "64");
        assert_eq!(Difference::bytes("bytes", b"ab", b"abc").unwrap().expected["hex"], "");
    }

    #[test]
    fn values_are_shown_where_they_differ() {
        let entry = |section| {
            CborValue::Map(vec![
                ("section".into(), CborValue::Int(section)),
                ("start".into(), CborValue::Text("run".into())),
            ])
        };
        let root = |section| CborValue::Map(vec![("entry".into(), entry(section))]);
        let difference = Difference::value("manifest", &root(1), &root(2)).unwrap();
        assert_eq!(difference.what, "manifest/entry/section");
        assert_eq!(difference.expected, json!({ "int": "1" }));
        assert_eq!(difference.got, json!({ "int": "2" }));
        let difference = Difference::value("manifest", &root(1), &CborValue::Map(vec![])).unwrap();
        assert_eq!((difference.what.as_str(), difference.got), ("manifest (keys)", json!([])));
    }

    #[test]
    fn very_long_values_are_named_by_their_digest() {
        let difference = Difference::new("text", "x".repeat(WHOLE), "y");
        assert_eq!(difference.expected["json_length"], WHOLE + 2);
        assert_eq!(difference.got, "y");
    }
}
