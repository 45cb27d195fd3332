//! A decoded item.

use std::cmp::Ordering;

/// Any item that the deterministic profile allows.
///
/// Integers keep the two major types of CBOR, so that every one of them, −2^64 to 2^64 − 1, has exactly one form here.
//= ART-CBOR-003
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// An unsigned integer.
    Unsigned(u64),
    /// The argument n of the integer −1 − n.
    Negative(u64),
    /// A byte string.
    Bytes(Vec<u8>),
    //= ART-CBOR-004
    /// A text string, never normalised.
    Text(String),
    /// An array.
    Array(Vec<Value>),
    /// A map with text keys.
    Map(Map),
    /// `false` or `true`.
    Bool(bool),
    /// `null`.
    Null,
}

impl Value {
    /// The integer's value, where this is one.
    pub fn as_integer(&self) -> Option<i128> {
        match *self {
            Self::Unsigned(n) => Some(i128::from(n)),
            Self::Negative(n) => Some(!i128::from(n)),
            _ => None,
        }
    }

    /// The integer `n`, where CBOR's major types 0 and 1 can hold it.
    pub fn from_integer(n: i128) -> Option<Self> {
        match u64::try_from(n) {
            Ok(n) => Some(Self::Unsigned(n)),
            Err(_negative_or_too_large) => u64::try_from(!n).ok().map(Self::Negative),
        }
    }
}

impl From<u64> for Value {
    fn from(n: u64) -> Self {
        Self::Unsigned(n)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Map> for Value {
    fn from(map: Map) -> Self {
        Self::Map(map)
    }
}

/// The order of map keys, and of every array of names in an artifact: bytewise by encoded form.
///
/// The head of a longer text is the larger one, so the shorter text comes first, and texts of one length compare by
/// their bytes (RFC 8949 §4.2.1).
//= LDR-CBOR-005
pub fn key_order(a: &str, b: &str) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.as_bytes().cmp(b.as_bytes()))
}

/// A map with text keys, always sorted by [`key_order`] and without a key twice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Map {
    pairs: Vec<(String, Value)>,
}

impl Map {
    /// An empty map.
    pub fn new() -> Self {
        Self::default()
    }

    //= ART-CBOR-002
    /// Puts `value` at `key`, in its place; what stood there comes back.
    pub fn insert(&mut self, key: impl Into<String>, value: Value) -> Option<Value> {
        let key = key.into();
        match self.position(&key) {
            Ok(at) => self.pairs.get_mut(at).map(|(_, old)| std::mem::replace(old, value)),
            Err(at) => {
                self.pairs.insert(at, (key, value));
                None
            }
        }
    }

    /// Takes `key` out.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        self.position(key).ok().map(|at| self.pairs.remove(at).1)
    }

    /// The value at `key`.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.position(key).ok().and_then(|at| self.pairs.get(at)).map(|(_, value)| value)
    }

    /// The pairs in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Value)> {
        self.pairs.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// How many pairs there are.
    pub fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Whether there is no pair.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    fn position(&self, key: &str) -> Result<usize, usize> {
        self.pairs.binary_search_by(|(other, _)| key_order(other, key))
    }

    /// Adds a pair whose key the parser has seen to follow all others.
    pub(crate) fn push_in_order(&mut self, key: String, value: Value) {
        self.pairs.push((key, value));
    }
}

impl<K: Into<String>> FromIterator<(K, Value)> for Map {
    fn from_iter<I: IntoIterator<Item = (K, Value)>>(pairs: I) -> Self {
        let mut map = Self::new();
        for (key, value) in pairs {
            map.insert(key, value);
        }
        map
    }
}
