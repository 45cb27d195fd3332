//! The result of a request.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{FaygerError, RpcError};

/// The result of a request: exactly one of `ok`, `err` and `skipped`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "Result_{T}")]
pub enum Outcome<T> {
    /// It was done, and this is what came of it.
    Ok(T),
    /// It was refused, or it failed.
    Err(FaygerError),
    /// The testee does not offer what was asked for; the text says why.
    Skipped(String),
}

/// What a [`Testee`](crate::Testee) method returns: an outcome, or a fault of the protocol (bad parameters, no such method).
pub type Answer<T> = Result<Outcome<T>, RpcError>;

impl<T> From<Result<T, FaygerError>> for Outcome<T> {
    fn from(result: Result<T, FaygerError>) -> Self {
        match result {
            Ok(value) => Self::Ok(value),
            Err(error) => Self::Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_is_exactly_one_of_the_three() {
        assert_eq!(serde_json::from_str::<Outcome<u8>>(r#"{"ok":1}"#).unwrap(), Outcome::Ok(1));
        assert_eq!(serde_json::from_str::<Outcome<u8>>(r#"{"skipped":"no"}"#).unwrap(), Outcome::Skipped("no".into()));
        let error = r#"{"code":"A","source_layer":"host","message":"","context":{}}"#;
        for two_or_none in [
            "{}".to_owned(),
            r#"{"ok":1,"skipped":"no"}"#.to_owned(),
            format!(r#"{{"ok":1,"err":{error}}}"#),
            r#"{"okay":1}"#.to_owned(),
        ] {
            assert!(serde_json::from_str::<Outcome<u8>>(&two_or_none).is_err(), "{two_or_none}");
        }
    }
}
