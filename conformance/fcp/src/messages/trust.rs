//! `trust.add`, `trust.revoke`, `trust.remove` and `trust.list`: the trust store that a testee keeps until `reset`. It starts empty, and
//! `loader.load` does not look at it: a load brings its own.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Hex, KeyStatus, PublicKey};

/// The parameters of `trust.add`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TrustAddParams {
    /// The key.
    pub key: KeyInput,
    /// A name for people.
    pub label: String,
}

/// A key in one of the forms that people have it in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum KeyInput {
    /// Its parts.
    Raw(PublicKey),
    /// Hexadecimal, in either case: the 32 bytes of Ed25519, the 65 of P-256, or a public key record.
    Hex(String),
    /// SubjectPublicKeyInfo in PEM (RFC 7468 §13).
    Pem(String),
}

/// The parameters of `trust.revoke` and `trust.remove`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TrustKeyParams {
    /// The key's id, 32 bytes.
    pub key_id: Hex,
}

/// The result of `trust.add`, `trust.revoke` and `trust.remove`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TrustChangeOk {
    /// The key that it was about.
    pub key_id: Hex,
    /// Whether the store is another than before.
    pub changed: bool,
    /// The store's digest now.
    pub digest: Hex,
}

/// The result of `trust.list`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TrustListOk {
    /// The store's digest.
    pub digest: Hex,
    /// Every root, by ascending key id.
    pub roots: Vec<TrustRoot>,
}

/// A root of the store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TrustRoot {
    /// The key's id.
    pub key_id: Hex,
    /// The key's algorithm.
    pub algorithm: String,
    /// A name for people.
    pub label: String,
    /// Whether it is still trusted.
    pub status: KeyStatus,
}
