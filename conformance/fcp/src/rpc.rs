//! The JSON-RPC 2.0 envelope.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, de};

/// A request as the runner sends it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Request<P> {
    /// The version of JSON-RPC.
    pub jsonrpc: TwoPointZero,
    /// The number that the answer repeats.
    pub id: u64,
    /// The method's name.
    pub method: &'static str,
    /// The method's parameters.
    pub params: P,
}

/// The text `"2.0"`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TwoPointZero;

impl Serialize for TwoPointZero {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("2.0")
    }
}

impl<'de> Deserialize<'de> for TwoPointZero {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match String::deserialize(deserializer)?.as_str() {
            "2.0" => Ok(Self),
            other => Err(de::Error::custom(format_args!("`{other}` is not json-rpc 2.0"))),
        }
    }
}

impl JsonSchema for TwoPointZero {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "JsonRpcVersion".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "const": "2.0" })
    }
}

/// A JSON-RPC error: a fault of the protocol.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RpcError {
    /// One of the codes of JSON-RPC 2.0 §5.1, or one of the implementation's own.
    pub code: i64,
    /// A short text for people.
    pub message: String,
}

impl RpcError {
    /// The line is not JSON, or too long.
    pub const PARSE_ERROR: i64 = -32700;
    /// The JSON is not a request.
    pub const INVALID_REQUEST: i64 = -32600;
    /// The testee does not have the method.
    pub const METHOD_NOT_FOUND: i64 = -32601;
    /// The parameters do not fit the method.
    pub const INVALID_PARAMS: i64 = -32602;
    /// The testee cannot answer for a reason of its own.
    pub const INTERNAL_ERROR: i64 = -32603;

    /// An error with this code and message.
    #[must_use]
    pub fn new(code: i64, message: impl fmt::Display) -> Self {
        Self { code, message: message.to_string() }
    }

    /// The testee does not have the method of this name.
    #[must_use]
    pub fn method_not_found(name: &str) -> Self {
        Self::new(Self::METHOD_NOT_FOUND, format_args!("no method `{name}`"))
    }

    /// The parameters do not fit the method.
    #[must_use]
    pub fn invalid_params(reason: impl fmt::Display) -> Self {
        Self::new(Self::INVALID_PARAMS, reason)
    }
}
