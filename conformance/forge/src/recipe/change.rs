//! Edits and damage: one verb with its target and what the verb needs, and nothing beside.

use std::str::FromStr;

use serde::Deserialize;

use crate::edn::{self, Item};
use crate::{PartName, parse_hex};

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
enum Number {
    Int(i64),
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
