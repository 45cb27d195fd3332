//! `cbor.decode` and `cbor.encode`: the profile on its own. Errors have phase `parse`; offsets count from 0; the default limits hold.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Base64, CborValue};

/// The parameters of `cbor.decode`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CborDecodeParams {
    /// The bytes of one item, and nothing behind it.
    pub bytes: Base64,
}

/// The result of `cbor.decode`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CborDecodeOk {
    /// The item.
    pub value: CborValue,
}

/// The parameters of `cbor.encode`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CborEncodeParams {
    /// The item; the pairs of its maps stand in any order.
    pub value: CborValue,
}

/// The result of `cbor.encode`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CborEncodeOk {
    /// Its only deterministic encoding.
    pub bytes: Base64,
}
