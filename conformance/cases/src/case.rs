//! A case, as the rest of the kit sees it. [`crate::raw`] reads it from a file.

use std::collections::BTreeMap;

use fayger_fcp::{ContextValue, Event, KeyStatus, Offer, Profile, SignatureMode, SourceLayer, Strategy};
use fayger_forge::{Changes, Value};
use fayger_spec_map::Level;

use crate::exchange::Exchange;
use crate::property::Property;

/// One case.
#[derive(Clone, Debug)]
pub struct Case {
    /// The permanent id: chapter, group and slug, joined by dots.
    pub id: String,
    /// The clauses that it tests.
    pub clauses: Vec<String>,
    /// How binding they are.
    pub level: Level,
    /// The features of FCP without which it is not run.
    pub features: Vec<String>,
    /// The mistakes that it hunts, by short names.
    pub flags: Vec<String>,
    /// What it is about, and how the expectation was worked out where that is not plain.
    pub note: String,
    /// For a refusal: the case with the most similar input that is accepted.
    pub nearest: Option<String>,
    /// The limits whose default values it presumes.
    pub limits: Vec<String>,
    /// What is asked of the testee.
    pub action: Action,
    /// What it has to answer.
    pub expect: Expect,
}

/// What is asked of the testee.
#[derive(Clone, Debug)]
pub enum Action {
    /// `cbor.decode`.
    Decode(Decode),
    /// `cbor.encode`.
    Encode(Encode),
    /// `loader.load`.
    Load(Box<Load>),
    /// `serializer.build`.
    Build(Box<Build>),
    /// A request of the adapter layer.
    Exchange(Box<Exchange>),
    /// Requests that the runner makes from a seed.
    Property(Property),
}

/// Bytes to decode.
#[derive(Clone, Debug)]
pub struct Decode {
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// A value to encode.
#[derive(Clone, Debug)]
pub struct Encode {
    /// The value, the pairs of its maps in the order of the file.
    pub value: Value,
}

/// An artifact to load, and the circumstances.
#[derive(Clone, Debug)]
pub struct Load {
    /// The artifact.
    pub artifact: ArtifactSource,
    /// The load profile; absent: the protocol's default.
    pub profile: Option<Profile>,
    /// When bodies are read.
    pub strategy: Strategy,
    /// Whether a signature must be present.
    pub mode: SignatureMode,
    /// The trust store.
    pub trust: Vec<Trust>,
    /// What the runtime offers.
    pub offer: Offer,
    /// The id that the artifact must have.
    pub expect_id: Option<String>,
    /// Limits other than the testee's own.
    pub limits: BTreeMap<String, u64>,
}

/// An artifact to build again from its draft.
#[derive(Clone, Debug)]
pub struct Build {
    /// The artifact.
    pub artifact: ArtifactSource,
}

/// Where an artifact comes from.
#[derive(Clone, Debug)]
pub struct ArtifactSource {
    /// The name of a shared recipe. Beside `hex`, it says what those bytes mean.
    pub recipe: Option<String>,
    /// The bytes themselves.
    pub hex: Option<Vec<u8>>,
    /// What is changed in the recipe.
    pub changes: Changes,
}

/// A key of the trust store.
#[derive(Clone, Debug)]
pub struct Trust {
    /// The key.
    pub key: TrustKey,
    /// Whether it is still trusted.
    pub status: KeyStatus,
    /// A name for people.
    pub label: Option<String>,
}

/// A public key of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TrustKey {
    /// A test key, by its name.
    Test(String),
    /// An Ed25519 public key, right or wrong.
    Ed25519(Vec<u8>),
}

/// What the testee has to answer.
#[derive(Clone, Debug)]
pub enum Expect {
    /// That it worked.
    Ok(ExpectedOk),
    /// That it refuses.
    Err(ExpectedError),
}

/// A result.
#[derive(Clone, Debug)]
pub enum ExpectedOk {
    /// Of `cbor.decode`: this value.
    Value(Value),
    /// Of `cbor.encode`: these bytes.
    Bytes(Vec<u8>),
    /// Of `loader.load`: an object that says what the recipe says.
    Object(LoadExpectation),
    /// Of `serializer.build`: the recipe's own bytes.
    Artifact,
    /// Of a request of the adapter layer: this result.
    Answer(serde_json::Value),
    /// Of a property: that it holds.
    Holds,
}

/// What a load has to come to, beside what the recipe says.
#[derive(Clone, Debug)]
pub struct LoadExpectation {
    /// The ids of the selected sections, ascending.
    pub selected: Vec<u32>,
    /// What is known of the origin.
    pub signature: SignatureStatus,
    /// The events in their order, where the case fixes them, with the context that has to be in each.
    pub events: Option<Vec<Event>>,
}

/// What is known of the origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureStatus {
    /// There is no signature.
    Absent,
    /// The signature was verified.
    Verified,
}

/// An error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectedError {
    /// The code.
    pub code: String,
    /// The loading phase; none for codes that have none.
    pub phase: Option<String>,
    /// The layers of the error and its causes, outermost first.
    pub layers: Vec<SourceLayer>,
    /// The context keys that the clauses fix, all of them.
    pub context: BTreeMap<String, ContextValue>,
}
