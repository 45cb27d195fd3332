//! What a recipe comes to: the bytes, where the parts lie, and what they were meant to say.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use crate::Value;

/// An expanded recipe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    /// The file, with the damage done.
    pub bytes: Vec<u8>,
    /// The parts in file order, with their places before any damage that moves bytes.
    pub parts: Vec<Part>,
    /// What the file says, before the damage; none where Manifest or Section_Index were bent out of the shape that a model has.
    pub model: Option<Model>,
    /// What a serialiser would build this artifact from; none where there is no model.
    pub draft: Option<Draft>,
    /// The bytes that a right signature of this artifact covers; none where the recipe does not sign.
    pub signed: Option<Vec<u8>>,
}

/// One part of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its name.
    pub name: PartName,
    /// Its bytes, as offsets in the file.
    pub span: Range<usize>,
}

/// The name of a part: `header`, `manifest`, `index`, `body:ID`, `trailer`, and `file` for all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PartName {
    /// The Header.
    Header,
    /// The Manifest.
    Manifest,
    /// The Section_Index.
    Index,
    /// The body of the section that the recipe gave this id.
    Body(u32),
    /// The Trailer.
    Trailer,
    /// The whole file.
    File,
}

impl fmt::Display for PartName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Header => "header",
            Self::Manifest => "manifest",
            Self::Index => "index",
            Self::Body(id) => return write!(formatter, "body:{id}"),
            Self::Trailer => "trailer",
            Self::File => "file",
        })
    }
}

impl FromStr for PartName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Ok(match text {
            "header" => Self::Header,
            "manifest" => Self::Manifest,
            "index" => Self::Index,
            "trailer" => Self::Trailer,
            "file" => Self::File,
            other => Self::Body(
                other
                    .strip_prefix("body:")
                    .and_then(|id| id.parse().ok())
                    .ok_or_else(|| format!("`{other}` is no part of an artifact"))?,
            ),
        })
    }
}

/// What the file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Model {
    /// The major format version.
    pub major: u16,
    /// The minor format version.
    pub minor: u16,
    /// The flags.
    pub flags: u32,
    /// The Manifest, its pairs in file order.
    pub manifest: Value,
    /// The rows of the Section_Index.
    pub rows: Vec<Row>,
    /// The bodies, in the order of the rows.
    pub bodies: Vec<Vec<u8>>,
    /// The signature, where there is one.
    pub signature: Option<SignatureParts>,
}

/// A row of the Section_Index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The section's id.
    pub section_id: u32,
    /// The number of its kind.
    pub kind: u32,
    /// The body's first byte, from the first byte behind the Section_Index.
    pub offset: u64,
    /// The body's length in bytes.
    pub length: u64,
    /// The SHA-256 of the body.
    pub digest: Vec<u8>,
    /// The number of its visibility.
    pub visibility: u32,
    /// The profile constraints.
    pub profile_constraints: Value,
}

/// The signature as the Manifest states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureParts {
    /// The name of the algorithm.
    pub algorithm: String,
    /// The id of the key.
    pub key_id: Vec<u8>,
    /// The value.
    pub value: Vec<u8>,
}

/// What a serialiser builds an artifact from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The Manifest without `index_digest`, `signature` and the digests of the sections.
    pub manifest: Value,
    /// The sections in order.
    pub sections: Vec<DraftSection>,
    /// The flags of the Header.
    pub flags: u32,
    /// The finished signature, where there is one.
    pub signature: Option<SignatureParts>,
}

/// A section of a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftSection {
    /// Its id.
    pub section_id: u32,
    /// The number of its kind.
    pub kind: u32,
    /// The number of its visibility.
    pub visibility: u32,
    /// Its profile constraints.
    pub profile_constraints: Value,
    /// Its body.
    pub body: Vec<u8>,
}

impl Row {
    /// Reads a row of seven elements of the right types.
    pub(crate) fn of(value: &Value) -> Option<Self> {
        let [id, kind, offset, length, digest, visibility, constraints] = value.items()? else {
            return None;
        };
        Some(Self {
            section_id: id.integer()?,
            kind: kind.integer()?,
            offset: offset.integer()?,
            length: length.integer()?,
            digest: digest.bytes()?.to_vec(),
            visibility: visibility.integer()?,
            profile_constraints: constraints.clone(),
        })
    }
}

impl SignatureParts {
    pub(crate) fn of(manifest: &Value) -> Option<Self> {
        let signature = manifest.get("signature")?;
        Some(Self {
            algorithm: signature.get("algorithm")?.text()?.to_owned(),
            key_id: signature.get("key_id")?.bytes()?.to_vec(),
            value: signature.get("value")?.bytes()?.to_vec(),
        })
    }
}

impl Draft {
    /// The draft of a model.
    pub(crate) fn of(model: &Model) -> Option<Self> {
        let Value::Map(pairs) = &model.manifest else {
            return None;
        };
        let manifest = pairs
            .iter()
            .filter(|(key, _)| key != "index_digest" && key != "signature")
            .map(|(key, value)| match (key.as_str(), value) {
                ("sections", Value::Array(entries)) => {
                    let entries = entries.iter().map(|entry| without(entry, "digest")).collect();
                    (key.clone(), Value::Array(entries))
                }
                _ => (key.clone(), value.clone()),
            })
            .collect();
        let sections = model
            .rows
            .iter()
            .zip(&model.bodies)
            .map(|(row, body)| DraftSection {
                section_id: row.section_id,
                kind: row.kind,
                visibility: row.visibility,
                profile_constraints: row.profile_constraints.clone(),
                body: body.clone(),
            })
            .collect();
        Some(Self { manifest: Value::Map(manifest), sections, flags: model.flags, signature: model.signature.clone() })
    }
}

fn without(value: &Value, key: &str) -> Value {
    match value {
        Value::Map(pairs) => Value::Map(pairs.iter().filter(|(name, _)| name != key).cloned().collect()),
        other => other.clone(),
    }
}
