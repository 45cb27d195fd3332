//! `source.read`: what a testee asks of the source that it was given in `loader.load`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Base64, Decimal};

/// The most bytes of one `source.read`: 16 MiB, so that the answer fits a line.
pub const MOST_READ: u32 = 16 << 20;

/// The parameters of `source.read`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SourceReadParams {
    /// The source, as `loader.load` named it.
    pub source: String,
    /// The first byte, from 0.
    pub offset: Decimal,
    /// How many bytes are wanted.
    #[schemars(range(min = 1, max = 16_777_216))]
    pub length: u32,
}

/// The runner's answer to `source.read`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SourceReadAnswer {
    /// The bytes from the offset on; fewer than were asked for are a read that was too short.
    Bytes(Base64),
    /// The machine below failed.
    Error(SourceFailure),
}

/// Why a source gives no bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SourceFailure {
    /// What kind of failure it is.
    pub kind: SourceFailureKind,
    /// The machine's own number for it, in decimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = r"^(0|-?[1-9][0-9]{0,18})$"))]
    pub code: Option<String>,
}

/// A kind of failure of a source that the runner can play.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SourceFailureKind {
    /// An error of the machine.
    Native,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_bytes_or_an_error() {
        for (answer, json) in [
            (SourceReadAnswer::Bytes(Base64(vec![0])), r#"{"bytes":"AA=="}"#),
            (
                SourceReadAnswer::Error(SourceFailure { kind: SourceFailureKind::Native, code: Some("5".into()) }),
                r#"{"error":{"kind":"native","code":"5"}}"#,
            ),
        ] {
            assert_eq!(serde_json::to_string(&answer).unwrap(), json);
            assert_eq!(serde_json::from_str::<SourceReadAnswer>(json).unwrap(), answer);
        }
    }
}
