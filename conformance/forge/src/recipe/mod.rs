//! The model of a recipe, as it stands in a TOML file. A key that is not known is an error: a typo must not make a vector weaker.

mod change;

use serde::Deserialize;

use crate::edn::{self, Item};
use crate::parse_hex;

pub use change::{Damage, Edit, Path};

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
    /// The bytes 0, 1, 2 … 255, 0, 1 …, this many.
    Count(u32),
}

/// How an artifact is signed. Every key but the first is there to go wrong in one way.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sign {
    /// The name of the test key that signs.
    pub key: String,
    /// The algorithm to name; absent: `ed25519`.
    pub algorithm: Option<String>,
    /// The key id to name, as hex or as a test key's name; absent: that of the signing key.
    pub key_id: Option<String>,
    /// The signature's value, given in hex instead of computed.
    #[serde(default, deserialize_with = "maybe_commented_hex")]
    pub value: Option<Vec<u8>>,
    /// The value's length: cut, or filled up with zeros.
    pub length: Option<usize>,
    /// The value's byte whose lowest bit is flipped.
    pub flip: Option<usize>,
    /// What is signed instead of the right bytes.
    pub over: Option<Over>,
    /// A value that a lax verifier takes.
    pub form: Option<Form>,
}

/// Wrong bytes to sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Over {
    /// Without the Header.
    NoHeader,
    /// Without the Section_Index.
    NoIndex,
    /// Header, Section_Index, Manifest.
    IndexFirst,
    /// The Manifest with its signature pair, the value all zeros.
    SignaturePair,
    /// The Manifest without the pair, but with the count of its map head as it was.
    CountNotReduced,
    /// The Header as it would be without a signature.
    HeaderBeforeSigning,
    /// The right bytes and all section bodies behind them.
    BodiesToo,
    /// The SHA-256 of the right bytes.
    Sha256,
}

/// A signature value that is made to slip through one missing check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// S + L instead of S.
    SPlusL,
    /// R the neutral point, S to match: the group equation holds.
    RNeutral,
    /// R the neutral point with the sign bit set, S to match: the equation holds for what a lax decoder makes of R.
    RNeutralSigned,
    /// R a point of order 8, S to match: the equation times eight holds.
    ROrderEight,
}

fn notation<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Item, D::Error> {
    edn::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
}

fn commented_hex<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    parse_hex(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
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
