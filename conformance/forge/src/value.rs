//! A CBOR value as an expectation: what an item says, without how it is written.

use crate::edn::Item;

/// A value of Fayger's profile: integers, strings, arrays, maps with text keys, booleans, null.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// An integer from −2^64 to 2^64−1.
    Int(i128),
    /// A byte string.
    Bytes(Vec<u8>),
    /// A text string.
    Text(String),
    /// An array.
    Array(Vec<Value>),
    /// A map, as pairs in the order in which they are written.
    Map(Vec<(String, Value)>),
    /// `true` or `false`.
    Bool(bool),
    /// `null`.
    Null,
}

impl Value {
    /// The value that an item of diagnostic notation stands for; none where it holds a float, a tag, another simple value, a key that is
    /// not text, text that is not UTF-8, a raw splice or an unfilled placeholder.
    ///
    /// How heads are written (over-long, indefinite) does not matter here, nor do the order of keys and their repetition.
    #[must_use]
    pub fn of(item: &Item) -> Option<Self> {
        Some(match item {
            Item::Int { value, .. } => Self::Int(*value),
            Item::Bytes { bytes, .. } => Self::Bytes(bytes.clone()),
            Item::Text { bytes, .. } => Self::Text(String::from_utf8(bytes.clone()).ok()?),
            Item::Array { items, .. } => Self::Array(items.iter().map(Self::of).collect::<Option<_>>()?),
            Item::Map { pairs, .. } => Self::Map(
                pairs
                    .iter()
                    .map(|(key, value)| Some((Self::of(key)?.text()?.to_owned(), Self::of(value)?)))
                    .collect::<Option<_>>()?,
            ),
            Item::Simple { number: 20, .. } => Self::Bool(false),
            Item::Simple { number: 21, .. } => Self::Bool(true),
            Item::Simple { number: 22, .. } => Self::Null,
            Item::Chunks { .. }
            | Item::Tag { .. }
            | Item::Simple { .. }
            | Item::Float { .. }
            | Item::Raw(_)
            | Item::Placeholder(_) => return None,
        })
    }

    /// The text, where it is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The bytes, where it is a byte string.
    #[must_use]
    pub fn bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The elements, where it is an array.
    #[must_use]
    pub fn items(&self) -> Option<&[Value]> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The integer, where it is one that fits.
    #[must_use]
    pub fn integer<N: TryFrom<i128>>(&self) -> Option<N> {
        match self {
            Self::Int(value) => N::try_from(*value).ok(),
            _ => None,
        }
    }

    /// The value of the first pair with this key, where it is a map that has one.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        match self {
            Self::Map(pairs) => pairs.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }
}
