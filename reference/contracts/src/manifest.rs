//! The Manifest, field by field (schema 1.0).
//!
//! Every map keeps in `other` what its schema minor does not define: vendor extensions at the top (`x-…`), and, where the
//! declared minor is newer than the loader's, unknown keys at any level. So a Manifest says all that its bytes say.

use fayger_cbor::{Map, Value};

use crate::artifact::Digest;
use crate::version::InterfaceVersion;

/// What an artifact says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// The schema that the Manifest is written in.
    pub schema_version: InterfaceVersion,
    /// Two or more dot-separated lower-case LDH labels, at most 255 bytes.
    pub id: String,
    /// SemVer 2.0.0 of the artifact, never ordered by the loader.
    pub version: String,
    /// The oldest Runtime_Interface that will do.
    pub runtime_interface_min: InterfaceVersion,
    /// Where execution begins.
    pub entry: Entry,
    /// What the Fay needs and what it can use.
    pub capabilities: CapabilityDeclaration,
    /// One declaration a section, in index order.
    pub sections: Vec<SectionDeclaration>,
    /// SHA-256 of the Section_Index.
    pub index_digest: Digest,
    /// A name for people.
    pub name: Option<String>,
    /// A description for people.
    pub description: Option<String>,
    /// Who made it.
    pub vendor: Option<String>,
    /// Names that the runtime must offer, ascending.
    pub runtime_capabilities: Option<Vec<String>>,
    /// Upper bounds that the artifact sets itself.
    pub resources: Option<Resources>,
    /// Why it should no longer be used; the load goes on.
    pub deprecation_notice: Option<String>,
    /// Who signed it.
    pub signature: Option<Signature>,
    /// Every other key.
    pub other: Map,
}

/// The section and the exports that execution begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Id of a code section.
    pub section: u32,
    /// The export that `start` calls.
    pub start: String,
    /// The export that `init` calls.
    pub init: Option<String>,
    /// The export that takes events.
    pub on_event: Option<String>,
    /// Every other key.
    pub other: Map,
}

/// Capability names, each list ascending, the two disjoint. A newer schema minor may name one that this project does not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CapabilityDeclaration {
    /// Without these the Fay does not run.
    pub required: Vec<String>,
    /// These it can do without.
    pub optional: Vec<String>,
    /// Every other key.
    pub other: Map,
}

/// What the Manifest says of one section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SectionDeclaration {
    /// The section.
    pub id: u32,
    /// SHA-256 of its body.
    pub digest: Digest,
    /// A name for people and for look-up.
    pub name: Option<String>,
    /// Media type of the body.
    pub media_type: Option<String>,
    /// What a code section is written in.
    pub format: Option<String>,
    /// Every other key.
    pub other: Map,
}

/// Bounds that an artifact sets itself; the host's may be smaller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resources {
    /// Bytes of linear memory.
    pub memory_bytes: Option<u64>,
    /// Elements of all tables.
    pub table_elements: Option<u64>,
    /// Events that may wait.
    pub event_queue: Option<u64>,
    /// Handles that may be open.
    pub open_handles: Option<u64>,
    /// Every other key.
    pub other: Map,
}

/// The signature over Header, Manifest without this key, and Section_Index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Name of the algorithm, known or not.
    pub algorithm: String,
    /// SHA-256 of the public key record.
    pub key_id: Digest,
    /// The signature itself, of any length.
    pub value: Vec<u8>,
}

impl Manifest {
    /// The Manifest as the map that it is encoded from.
    pub fn to_map(&self) -> Map {
        let mut map = self.other.clone();
        map.insert("schema_version", text(self.schema_version));
        map.insert("id", text(&self.id));
        map.insert("version", text(&self.version));
        map.insert("runtime_interface_min", text(self.runtime_interface_min));
        map.insert("entry", self.entry.to_value());
        map.insert("capabilities", self.capabilities.to_value());
        map.insert("sections", Value::Array(self.sections.iter().map(SectionDeclaration::to_value).collect()));
        map.insert("index_digest", digest(self.index_digest));
        insert_some(&mut map, "name", self.name.as_ref().map(text));
        insert_some(&mut map, "description", self.description.as_ref().map(text));
        insert_some(&mut map, "vendor", self.vendor.as_ref().map(text));
        insert_some(&mut map, "runtime_capabilities", self.runtime_capabilities.as_deref().map(names));
        insert_some(&mut map, "resources", self.resources.as_ref().map(Resources::to_value));
        insert_some(&mut map, "deprecation_notice", self.deprecation_notice.as_ref().map(text));
        insert_some(&mut map, "signature", self.signature.as_ref().map(Signature::to_value));
        map
    }
}

impl Entry {
    fn to_value(&self) -> Value {
        let mut map = self.other.clone();
        map.insert("section", Value::from(u64::from(self.section)));
        map.insert("start", text(&self.start));
        insert_some(&mut map, "init", self.init.as_ref().map(text));
        insert_some(&mut map, "on_event", self.on_event.as_ref().map(text));
        map.into()
    }
}

impl CapabilityDeclaration {
    fn to_value(&self) -> Value {
        let mut map = self.other.clone();
        map.insert("required", names(&self.required));
        map.insert("optional", names(&self.optional));
        map.into()
    }
}

impl SectionDeclaration {
    fn to_value(&self) -> Value {
        let mut map = self.other.clone();
        map.insert("id", Value::from(u64::from(self.id)));
        map.insert("digest", digest(self.digest));
        insert_some(&mut map, "name", self.name.as_ref().map(text));
        insert_some(&mut map, "media_type", self.media_type.as_ref().map(text));
        insert_some(&mut map, "format", self.format.as_ref().map(text));
        map.into()
    }
}

impl Resources {
    fn to_value(&self) -> Value {
        let mut map = self.other.clone();
        insert_some(&mut map, "memory_bytes", self.memory_bytes.map(Value::from));
        insert_some(&mut map, "table_elements", self.table_elements.map(Value::from));
        insert_some(&mut map, "event_queue", self.event_queue.map(Value::from));
        insert_some(&mut map, "open_handles", self.open_handles.map(Value::from));
        map.into()
    }
}

impl Signature {
    /// The signature as the map that it is encoded from.
    pub fn to_value(&self) -> Value {
        let map: Map = [
            ("algorithm", text(&self.algorithm)),
            ("key_id", digest(self.key_id)),
            ("value", Value::Bytes(self.value.clone())),
        ]
        .into_iter()
        .collect();
        map.into()
    }
}

fn text(text: impl ToString) -> Value {
    Value::Text(text.to_string())
}

fn names(names: &[String]) -> Value {
    Value::Array(names.iter().map(text).collect())
}

fn digest(digest: Digest) -> Value {
    Value::Bytes(digest.0.to_vec())
}

fn insert_some(map: &mut Map, key: &str, value: Option<Value>) {
    if let Some(value) = value {
        map.insert(key, value);
    }
}
