//! The closed lists: error codes, phases, fields of the parts and of the Manifest, numbers and names.

mod errors;
mod instructions;
mod runtime;

use serde::Deserialize;
use serde::de::DeserializeOwned;

pub use errors::{ErrorEntry, Pair, Variant};
pub use instructions::{Category, Field, HostEvent, Instructions, Opcode, OperandType, ReplyStatus};
pub use runtime::{Named, Runtime, State, Transition};

use crate::error::Error;
use crate::files;

/// Everything under `registry/`. The order is that of the files.
#[derive(Clone, Debug)]
pub struct Registry {
    /// Error codes.
    pub errors: Vec<ErrorEntry>,
    /// How the value of each context key is written.
    pub context_keys: Vec<ContextKey>,
    /// The phases of the loading chain.
    pub phases: Vec<Phase>,
    /// The Header.
    pub header: Part,
    /// The Trailer.
    pub trailer: Part,
    /// The fields of the Manifest.
    pub manifest: Vec<ManifestField>,
    /// Section kinds.
    pub kinds: Vec<Kind>,
    /// Visibilities of sections.
    pub visibilities: Vec<Visibility>,
    /// Capabilities.
    pub capabilities: Vec<Capability>,
    /// Limits of a loader.
    pub limits: Vec<Limit>,
    /// Observability events.
    pub events: Vec<Event>,
    /// Signature algorithms.
    pub algorithms: Vec<Algorithm>,
    /// What a key in a trust store can be.
    pub statuses: Vec<Status>,
    /// Features of FCP.
    pub features: Vec<Feature>,
    /// Conformance classes.
    pub classes: Vec<Class>,
    /// Categories, types, statuses, opcodes and events of universal instructions.
    pub instructions: Instructions,
    /// Methods, lifecycle, traps and resources of the runtime.
    pub runtime: Runtime,
}

/// A key of an error's context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContextKey {
    /// The key.
    pub name: String,
    /// The forms that its value can have, joined by ` | `.
    pub form: String,
}

/// A phase of the loading chain.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phase {
    /// Its name.
    pub name: String,
    /// What it does.
    pub summary: String,
    /// The clauses that define it.
    pub clauses: Vec<String>,
}

/// A part of fixed size.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Bytes.
    pub size: u64,
    /// Its fields, which fill it.
    pub fields: Vec<PartField>,
    /// The clauses that define it.
    pub clauses: Vec<String>,
}

/// A field of a part of fixed size.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartField {
    /// Bytes from the part's first byte.
    pub at: u64,
    /// Bytes.
    pub size: u64,
    /// Its name.
    pub name: String,
    /// `u16`, `u32`, `u64`, `sha256` or `bytes`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The one value that it can have: an integer in decimal, bytes in hexadecimal.
    pub value: Option<String>,
}

/// A field of the Manifest.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestField {
    /// Its JSON Pointer; `*` is any element.
    pub path: String,
    /// `map`, `array`, `text`, `bytes` or `unsigned`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The grammar of a text.
    pub form: Option<String>,
    /// The largest integer.
    pub max: Option<u64>,
    /// The number of bytes.
    pub length: Option<u64>,
    /// The largest number of bytes of a text.
    pub max_length: Option<u64>,
    /// Whether the map that it is in must have it.
    pub presence: Presence,
    /// The schema version that brought it.
    pub since: String,
    /// The clauses that define it.
    pub clauses: Vec<String>,
}

/// Whether a field must be there.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Presence {
    /// It must.
    Required,
    /// It may.
    Optional,
}

/// A section kind, or a range of them.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    /// The first number.
    pub first: u8,
    /// The last number.
    pub last: u8,
    /// Its name.
    pub name: String,
    /// Whether a profile can select it.
    pub selectable: bool,
    /// The clauses that define it.
    pub clauses: Vec<String>,
}

/// Who may read a section's body.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Visibility {
    /// Its number.
    pub number: u8,
    /// Its name.
    pub name: String,
    /// The clauses that define it.
    pub clauses: Vec<String>,
}

/// A capability.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Capability {
    /// Its bit.
    pub bit: u8,
    /// Its name.
    pub name: String,
    /// The clauses that define it.
    pub clauses: Vec<String>,
}

/// A limit of a loader, inclusive.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// Its name.
    pub name: String,
    /// What is counted.
    pub unit: String,
    /// Its value where nothing else is said.
    pub default: u64,
    /// The smallest value that a loader can have.
    pub floor: u64,
    /// The largest one.
    pub ceiling: u64,
    /// The clauses that define it.
    pub clauses: Vec<String>,
}

/// An observability event.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Its name.
    pub name: String,
    /// The fixed keys of its context.
    pub context: Vec<String>,
    /// Those that are absent where there is nothing to tell.
    #[serde(default)]
    pub optional: Vec<String>,
    /// The clauses that define it.
    pub clauses: Vec<String>,
}

impl Event {
    /// Every key that is its own, there or not.
    pub fn keys(&self) -> impl Iterator<Item = &String> {
        self.context.iter().chain(&self.optional)
    }
}

/// A signature algorithm.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Algorithm {
    /// Its name.
    pub name: String,
    /// Bytes of a public key, where it is one string of them.
    pub key_length: Option<u64>,
    /// Bytes that a signature's value can have.
    pub value_lengths: Vec<u64>,
    /// The clauses that define it.
    pub clauses: Vec<String>,
}

/// What a key in a trust store can be.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Status {
    /// Its name.
    pub name: String,
    /// The clauses that define it.
    pub clauses: Vec<String>,
}

/// A feature that a testee can declare.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feature {
    /// Its name.
    pub name: String,
    /// What it is.
    pub summary: String,
    /// The methods that it brings.
    pub methods: Vec<String>,
    /// The clauses that it stands for.
    pub clauses: Vec<String>,
}

/// A conformance class.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Class {
    /// Its name.
    pub name: String,
    /// The features that it needs.
    pub features: Vec<String>,
    /// The clauses that it stands for.
    pub clauses: Vec<String>,
}

/// One file each, as it stands there.
mod file {
    use super::{
        Algorithm, Capability, Class, Deserialize, Event, Feature, Kind, Limit, ManifestField, Part, Phase, Status,
        Visibility,
    };

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(super) struct Phases {
        pub(super) phase: Vec<Phase>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(super) struct Parts {
        pub(super) header: Part,
        pub(super) trailer: Part,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(super) struct Manifest {
        pub(super) field: Vec<ManifestField>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(super) struct Sections {
        pub(super) kind: Vec<Kind>,
        pub(super) visibility: Vec<Visibility>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(super) struct Capabilities {
        pub(super) capability: Vec<Capability>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(super) struct Limits {
        pub(super) limit: Vec<Limit>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(super) struct Events {
        pub(super) event: Vec<Event>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(super) struct Signatures {
        pub(super) algorithm: Vec<Algorithm>,
        pub(super) status: Vec<Status>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(super) struct Protocol {
        pub(super) feature: Vec<Feature>,
        pub(super) class: Vec<Class>,
    }
}

impl Registry {
    pub(crate) fn load() -> Result<Self, Error> {
        let (errors, context_keys) = errors::parse(files::ERRORS)?;
        let phases: file::Phases = parse("phases", files::PHASES)?;
        let parts: file::Parts = parse("parts", files::PARTS)?;
        let manifest: file::Manifest = parse("manifest", files::MANIFEST)?;
        let sections: file::Sections = parse("sections", files::SECTIONS)?;
        let capabilities: file::Capabilities = parse("capabilities", files::CAPABILITIES)?;
        let limits: file::Limits = parse("limits", files::LIMITS)?;
        let events: file::Events = parse("events", files::EVENTS)?;
        let signatures: file::Signatures = parse("signatures", files::SIGNATURES)?;
        let protocol: file::Protocol = parse("protocol", files::PROTOCOL)?;
        Ok(Self {
            errors,
            context_keys,
            phases: phases.phase,
            header: parts.header,
            trailer: parts.trailer,
            manifest: manifest.field,
            kinds: sections.kind,
            visibilities: sections.visibility,
            capabilities: capabilities.capability,
            limits: limits.limit,
            events: events.event,
            algorithms: signatures.algorithm,
            statuses: signatures.status,
            features: protocol.feature,
            classes: protocol.class,
            instructions: instructions::load()?,
            runtime: runtime::load()?,
        })
    }

    /// The entry of an error code.
    #[must_use]
    pub fn error(&self, code: &str) -> Option<&ErrorEntry> {
        self.errors.iter().find(|entry| entry.code == code)
    }

    /// Every fixed context key of an error code, sorted; none for a code that is not known.
    #[must_use]
    pub fn context_keys_of(&self, code: &str) -> Vec<String> {
        self.error(code).map(|entry| entry.keys().into_iter().map(str::to_owned).collect()).unwrap_or_default()
    }

    /// The context keys that an event of this name can have; none where there is no such event.
    #[must_use]
    pub fn event_keys_of(&self, name: &str) -> Vec<String> {
        self.events.iter().filter(|event| event.name == name).flat_map(Event::keys).cloned().collect()
    }

    /// The limit of this name.
    #[must_use]
    pub fn limit(&self, name: &str) -> Option<&Limit> {
        self.limits.iter().find(|limit| limit.name == name)
    }
}

pub(crate) fn parse<T: DeserializeOwned>(name: &str, text: &str) -> Result<T, Error> {
    toml::from_str(text).map_err(|error| Error::toml(&format!("registry/{name}.toml"), text, &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_an_error_at_its_line() {
        let text = "[[phase]]\nname = \"read\"\nsummary = \"\"\ncolour = \"red\"\nclauses = []\n";
        let error = parse::<file::Phases>("phases", text).map(|_| ()).unwrap_err();
        assert_eq!((error.file.as_str(), error.line), ("registry/phases.toml", 4), "{error}");
        assert!(error.what.contains("unknown field `colour`"), "{error}");
    }
}
