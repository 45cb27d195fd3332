//! A case, as the rest of the kit sees it. [`crate::raw`] reads it from a file.

use std::collections::BTreeMap;

use fayger_fcp::{ContextValue, Event, KeyStatus, Offer, Profile, Reader, SignatureMode, SourceLayer, Strategy};
use fayger_forge::{Changes, PublicKey, Value};
use fayger_spec_map::Level;

use crate::exchange::Exchange;
use crate::property::Property;
use crate::scenario::Scenario;

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

impl Case {
    /// The events that it expects, where it fixes them; none else.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        let events = match (&self.expect, &self.action) {
            (Expect::Ok(ExpectedOk::Object(object)), _) => object.events.as_deref(),
            (Expect::Ok(ExpectedOk::Trust(trust)), _) => trust.events.as_deref(),
            (_, Action::Scenario(scenario)) => scenario.events.as_deref(),
            (_, Action::Exchange(exchange)) => exchange.events.as_deref(),
            _ => None,
        };
        events.unwrap_or_default()
    }
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
    /// `trust.add`, `trust.revoke`, `trust.remove` and `trust.list`, one after the other on one store.
    Trust(Vec<TrustStep>),
    /// A request of the adapter layer.
    Exchange(Box<Exchange>),
    /// Instances, and what is asked of them.
    Scenario(Box<Scenario>),
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
    /// A public key in its parts, right or wrong.
    Parts(PublicKey),
}

/// One step of a case about the trust store.
#[derive(Clone, Debug)]
pub struct TrustStep {
    /// What is asked.
    pub request: TrustRequest,
    /// The error that it has to give; the last step's is the expectation of the case.
    pub err: Option<ExpectedError>,
}

/// What is asked of a trust store.
#[derive(Clone, Debug)]
pub enum TrustRequest {
    /// To trust a key under a label.
    Add(KeyForm, String),
    /// To revoke a key.
    Revoke(KeyName),
    /// To forget a key.
    Remove(KeyName),
    /// What it holds.
    List,
}

/// A key as it is handed over.
#[derive(Clone, Debug)]
pub enum KeyForm {
    /// In its parts.
    Raw(TrustKey),
    /// In hexadecimal, as it stands.
    Hex(String),
    /// In PEM, as it stands.
    Pem(String),
}

/// A key by its id.
#[derive(Clone, Debug)]
pub enum KeyName {
    /// A test key, by its name.
    Test(String),
    /// The id itself.
    Id(Vec<u8>),
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
    /// Of the last step on a trust store, and of all steps together.
    Trust(TrustExpectation),
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
    /// What is read of the object, in this order, before every selected body is.
    pub reads: Vec<Read>,
}

/// A body that is asked for.
#[derive(Clone, Debug)]
pub struct Read {
    /// The section's id.
    pub section: u32,
    /// Who asks.
    pub reader: Reader,
    /// What they get.
    pub gets: Gets,
}

/// What a reader gets.
#[derive(Clone, Debug)]
pub enum Gets {
    /// The body as built.
    Body,
    /// Nothing: there is no such body for this reader.
    Nothing,
    /// An error.
    Err(ExpectedError),
}

/// What has to come of a trust store.
#[derive(Clone, Debug)]
pub struct TrustExpectation {
    /// What the last step gives.
    pub last: TrustResult,
    /// The store's digest after it.
    pub digest: Vec<u8>,
    /// The events of all steps, where the case fixes them.
    pub events: Option<Vec<Event>>,
}

/// What a step on a trust store gives.
#[derive(Clone, Debug)]
pub enum TrustResult {
    /// Of a change: the key, and whether the store is another than before.
    Change(KeyName, bool),
    /// Of a list: the roots in their order.
    Roots(Vec<Root>),
}

/// A root of a trust store.
#[derive(Clone, Debug)]
pub struct Root {
    /// The test key.
    pub key: String,
    /// A name for people.
    pub label: String,
    /// Whether it is still trusted.
    pub status: KeyStatus,
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
