//! The model of a recipe, as it stands in a TOML file. A key that is not known is an error: a typo must not make a vector weaker.

mod change;
mod sign;

use serde::Deserialize;

use crate::edn::{self, Item};
use crate::parse_hex;

pub use change::{Damage, Edit, Path};
pub use sign::{Form, Over, Sign};

/// An artifact, described.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// What it is for.
    pub note: String,
    /// The sections in the order of the Section_Index.
    pub section: Vec<Section>,
    /// The Manifest in diagnostic notation, its keys in the order in which they are written out; the signature is not in it.
    #[serde(deserialize_with = "notation")]
    pub manifest: Item,
    /// How it is signed.
    pub sign: Option<Sign>,
    /// Changes before digests and signature are computed.
    #[serde(default)]
    pub edit: Vec<Edit>,
    /// Changes to the finished file.
    #[serde(default)]
    pub damage: Vec<Damage>,
}

/// What a case changes in a recipe.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// Edits after those of the recipe.
    pub edit: Vec<Edit>,
    /// Damage after that of the recipe.
    pub damage: Vec<Damage>,
    /// How it is signed, instead of the recipe's own way.
    pub sign: Option<Sign>,
}

/// A section and its body.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Its id.
    pub id: u32,
    /// The number of its kind.
    pub kind: u64,
    /// The number of its visibility.
    pub visibility: u64,
    /// The profile constraints in diagnostic notation.
    #[serde(default = "no_constraints", deserialize_with = "notation")]
    pub constraints: Item,
    /// The body.
    pub body: Body,
    /// How many sections to make of it, with ids counted upwards; absent: one.
    #[serde(default = "once")]
    pub repeat: u32,
}

/// The body of a section.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum Body {
    /// Commented hex.
    Hex(#[serde(deserialize_with = "commented_hex")] Vec<u8>),
    /// A text, as UTF-8.
    Text(String),
    /// One byte, many times.
    Fill {
        /// The byte.
        byte: u8,
        /// How many times.
        count: u32,
    },
    /// A WebAssembly module in text form, as its bytes.
    Wat(#[serde(deserialize_with = "module")] Vec<u8>),
    /// The bytes 0, 1, 2 … 255, 0, 1 …, this many.
    Count(u32),
}

fn notation<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Item, D::Error> {
    edn::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
}

fn commented_hex<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    parse_hex(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
}

fn module<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    wat::parse_str(String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
}

fn maybe_commented_hex<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<u8>>, D::Error> {
    commented_hex(deserializer).map(Some)
}

fn no_constraints() -> Item {
    Item::map(Vec::new())
}

fn once() -> u32 {
    1
}
