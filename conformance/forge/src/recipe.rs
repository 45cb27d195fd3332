//! The model of a recipe, as it stands in a TOML file. A key that is not known is an error: a typo must not make a vector weaker.

use std::str::FromStr;

use serde::Deserialize;

use crate::edn::{self, Item};
use crate::hash::Hash;
use crate::{PartName, parse_hex};

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
    /// The algorithm to name; absent: that of the signing key.
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
    /// For ECDSA and RSA, the hash; absent: SHA-256.
    pub hash: Option<Hash>,
    /// For RSA, the hash of MGF1; absent: the one of the message.
    pub mgf: Option<Hash>,
    /// For RSA, the bytes of the salt; absent: 32.
    pub salt: Option<usize>,
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
    /// ECDSA: n − s instead of s.
    HighS,
    /// ECDSA: s ‖ r.
    Swapped,
    /// ECDSA: r = 0.
    RZero,
    /// ECDSA: s = 0.
    SZero,
    /// ECDSA: r = n, the order.
    ROrder,
    /// ECDSA: s = n, the order.
    SOrder,
    /// ECDSA: n − r instead of r.
    RNegated,
    /// ECDSA: the DER of r and s, 70 bytes.
    Der,
    /// ECDSA and RSA: the numbers with their least significant byte first.
    LittleEndian,
    /// ECDSA and RSA: one zero byte in front.
    LeadingZero,
    /// RSA: the value and the modulus added, in as many bytes.
    PlusModulus,
    /// RSA: the modulus less the value.
    Negated,
    /// RSA: the encoded message itself, not raised to anything.
    Encoded,
    /// RSA: the encoded message ends in `cc`, not `bc`.
    Trailer,
    /// RSA: the encoded message's highest bit is set.
    TopBit,
    /// RSA: a byte of the padding is 1, not 0.
    PaddingNonzero,
    /// RSA: the padding ends in 0, not 1.
    NoSeparator,
    /// RSA: RSASSA-PKCS1-v1_5 with SHA-256.
    #[serde(rename = "pkcs1-v1_5")]
    Pkcs1V15,
}

/// A change before integrity values are computed.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "RawEdit")]
pub enum Edit {
    /// Replaces a value of a tree or a field of Header or Trailer.
    Set(Path, Item),
    /// Takes away a pair or an element.
    Remove(Path),
    /// Puts in a pair, where its key belongs, or an element before the one there.
    Add(Path, Item),
    /// Puts a pair or (path ending in `-`) an element last.
    Append(Path, Item),
    /// Overwrites bytes of an encoded part.
    Overwrite(PartName, usize, Vec<u8>),
    /// Puts bytes into an encoded part.
    Insert(PartName, usize, Vec<u8>),
    /// Takes bytes out of an encoded part.
    Cut(PartName, usize, usize),
    /// Replaces an encoded part.
    Replace(PartName, Vec<u8>),
    /// Grows the Manifest (by an `x-pad` key) or the Section_Index (by profile names in its first row) to exactly this many bytes.
    Pad(PartName, usize),
}

/// A change to the finished file.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "RawDamage")]
pub enum Damage {
    /// Flips the bits of a mask in one byte; a negative place counts from the end of the part.
    Flip(PartName, i64, u8),
    /// Overwrites bytes.
    Overwrite(PartName, i64, Vec<u8>),
    /// Puts bytes in.
    Insert(PartName, i64, Vec<u8>),
    /// Keeps this many bytes of the file.
    Truncate(usize),
    /// Takes this many bytes off the end of the file.
    TruncateBy(usize),
    /// Puts bytes behind the file.
    Append(Vec<u8>),
}

/// A place in a tree: `manifest/entry/section`, `index/0/kind`, `header/flags`; `~1` and `~0` as in JSON Pointer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// The part that it leads into.
    pub root: PartName,
    /// The way from there.
    pub steps: Vec<String>,
}

impl std::fmt::Display for Path {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}", self.root)?;
        self.steps.iter().try_for_each(|step| write!(formatter, "/{step}"))
    }
}

impl FromStr for Path {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut steps = text.split('/');
        let root = steps.next().unwrap_or_default().parse()?;
        Ok(Self { root, steps: steps.map(|step| step.replace("~1", "/").replace("~0", "~")).collect() })
    }
}

/// The value of a `to`: an integer, or diagnostic notation.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Number {
    /// An integer.
    Int(i64),
    /// Diagnostic notation.
    Text(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEdit {
    set: Option<String>,
    remove: Option<String>,
    add: Option<String>,
    append: Option<String>,
    bytes: Option<String>,
    insert: Option<String>,
    cut: Option<String>,
    replace: Option<String>,
    pad: Option<String>,
    to: Option<Number>,
    at: Option<usize>,
    count: Option<usize>,
    hex: Option<String>,
}

impl TryFrom<RawEdit> for Edit {
    type Error = String;

    fn try_from(raw: RawEdit) -> Result<Self, String> {
        let RawEdit { set, remove, add, append, bytes, insert, cut, replace, pad, mut to, mut at, mut count, mut hex } =
            raw;
        let verbs = [
            ("set", set),
            ("remove", remove),
            ("add", add),
            ("append", append),
            ("bytes", bytes),
            ("insert", insert),
            ("cut", cut),
            ("replace", replace),
            ("pad", pad),
        ];
        let (verb, target) = only_one(verbs)?;
        let edit = match verb {
            "set" => Self::Set(target.parse()?, item(to.take())?),
            "remove" => Self::Remove(target.parse()?),
            "add" => Self::Add(target.parse()?, item(to.take())?),
            "append" => Self::Append(target.parse()?, item(to.take())?),
            "bytes" => Self::Overwrite(target.parse()?, need(at.take(), "at")?, hex_of(hex.take())?),
            "insert" => Self::Insert(target.parse()?, need(at.take(), "at")?, hex_of(hex.take())?),
            "cut" => Self::Cut(target.parse()?, need(at.take(), "at")?, need(count.take(), "count")?),
            "replace" => Self::Replace(target.parse()?, hex_of(hex.take())?),
            _ => match to.take() {
                Some(Number::Int(length)) => {
                    Self::Pad(target.parse()?, usize::try_from(length).map_err(|error| error.to_string())?)
                }
                _ => return Err("`pad` needs an integer `to`".to_owned()),
            },
        };
        if to.is_some() || at.is_some() || count.is_some() || hex.is_some() {
            return Err(format!("an edit with `{verb}` has a key that it does not use"));
        }
        Ok(edit)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDamage {
    flip: Option<String>,
    overwrite: Option<String>,
    insert: Option<String>,
    truncate: Option<usize>,
    truncate_by: Option<usize>,
    append_hex: Option<String>,
    at: Option<i64>,
    xor: Option<u8>,
    hex: Option<String>,
}

impl TryFrom<RawDamage> for Damage {
    type Error = String;

    fn try_from(raw: RawDamage) -> Result<Self, String> {
        let RawDamage { flip, overwrite, insert, truncate, truncate_by, append_hex, mut at, mut xor, mut hex } = raw;
        let verbs = [
            ("flip", flip),
            ("overwrite", overwrite),
            ("insert", insert),
            ("truncate", truncate.map(|count| count.to_string())),
            ("truncate_by", truncate_by.map(|count| count.to_string())),
            ("append_hex", append_hex),
        ];
        let (verb, target) = only_one(verbs)?;
        let count = |text: &str| text.parse().map_err(|_| format!("`{text}` is no count"));
        let damage = match verb {
            "flip" => Self::Flip(target.parse()?, need(at.take(), "at")?, xor.take().unwrap_or(1)),
            "overwrite" => Self::Overwrite(target.parse()?, need(at.take(), "at")?, hex_of(hex.take())?),
            "insert" => Self::Insert(target.parse()?, need(at.take(), "at")?, hex_of(hex.take())?),
            "truncate" => Self::Truncate(count(&target)?),
            "truncate_by" => Self::TruncateBy(count(&target)?),
            _ => Self::Append(hex_of(Some(target))?),
        };
        if at.is_some() || xor.is_some() || hex.is_some() {
            return Err(format!("damage with `{verb}` has a key that it does not use"));
        }
        Ok(damage)
    }
}

fn only_one<const N: usize>(verbs: [(&'static str, Option<String>); N]) -> Result<(&'static str, String), String> {
    let names = verbs.each_ref().map(|(name, _)| *name).join(", ");
    let mut given = verbs.into_iter().filter_map(|(name, target)| target.map(|target| (name, target)));
    match (given.next(), given.next()) {
        (Some(verb), None) => Ok(verb),
        _ => Err(format!("exactly one of {names} is needed")),
    }
}

fn need<T>(value: Option<T>, name: &str) -> Result<T, String> {
    value.ok_or_else(|| format!("`{name}` is missing"))
}

fn item(to: Option<Number>) -> Result<Item, String> {
    match need(to, "to")? {
        Number::Int(value) => Ok(Item::Int { value: value.into(), width: edn::Width::Shortest }),
        Number::Text(text) => edn::parse(&text).map_err(|error| format!("`to`: {error}")),
    }
}

fn hex_of(text: Option<String>) -> Result<Vec<u8>, String> {
    parse_hex(&need(text, "hex")?).map_err(|error| format!("`hex`: {error}"))
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
