//! `hello` and `reset`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Decimal;

/// No members: the parameters and the result of `reset`, the parameters of `events.drain`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Empty {}

/// The parameters of `hello`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HelloParams {
    /// The protocol versions that the runner speaks; the testee chooses one.
    pub protocols: Vec<String>,
    /// The version of the suite.
    pub suite: String,
}

/// The result of `hello`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HelloOk {
    /// The protocol version chosen.
    pub protocol: String,
    /// Who answers.
    pub implementation: Implementation,
    /// What the testee offers, by the names of [`features`](crate::features). A declared feature is a claim that the suite tests.
    pub features: Vec<String>,
    /// The testee's limits by name, where it has others than the specification's defaults.
    #[serde(default)]
    pub limits: BTreeMap<String, Decimal>,
    /// Anything that a reader of the report should know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
}

/// The implementation under test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Implementation {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The language that it is written in.
    pub language: String,
    /// Where to find it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}
