//! One map of the Manifest, read field by field: its type, its set of keys, then its values.

use fayger_cbor::{Map, Value};
use fayger_contracts::{Digest, FaygerError};

use crate::error::{manifest_field, manifest_keys};

/// What becomes of a key that the schema does not define.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum UnknownKeys {
    /// It is refused.
    Refused,
    /// It is kept: the Manifest declares a newer minor.
    Kept,
}

/// A map whose keys are those of its schema.
pub(super) struct Fields<'a> {
    map: &'a Map,
    pointer: String,
    known: Vec<&'static str>,
}

impl<'a> Fields<'a> {
    /// The map at `pointer`, where `value` is one that has every key of `required` and, beyond `optional`, no other; keys that
    /// `exempt` names are never unknown.
    pub(super) fn open(
        value: &'a Value,
        pointer: String,
        required: &[&'static str],
        optional: &[&'static str],
        unknown_keys: UnknownKeys,
        exempt: fn(&str) -> bool,
    ) -> Result<Self, FaygerError> {
        let Value::Map(map) = value else { return Err(manifest_field(pointer, "type")) };
        let known = [required, optional].concat();
        let child = |key: &str| child(&pointer, key);
        let missing: Vec<_> = required.iter().filter(|key| map.get(key).is_none()).map(|key| child(key)).collect();
        let is_unknown = |key: &&str| !known.contains(key) && !exempt(key);
        let unknown: Vec<_> = match unknown_keys {
            UnknownKeys::Refused => map.iter().map(|(key, _)| key).filter(is_unknown).map(child).collect(),
            //= ART-MANIFEST-012
            UnknownKeys::Kept => Vec::new(),
        };
        if !missing.is_empty() || !unknown.is_empty() {
            return Err(manifest_keys(missing, unknown));
        }
        Ok(Self { map, pointer, known })
    }

    /// Every pair that the schema does not define.
    pub(super) fn other(&self) -> Map {
        let unknown = self.map.iter().filter(|(key, _)| !self.known.contains(key));
        unknown.map(|(key, value)| (key, value.clone())).collect()
    }

    /// The JSON Pointer of a field.
    pub(super) fn pointer(&self, key: &str) -> String {
        child(&self.pointer, key)
    }

    /// An optional field.
    pub(super) fn value(&self, key: &str) -> Option<&'a Value> {
        self.map.get(key)
    }

    /// A required field. [`Fields::open`] has found it, so its absence cannot be seen from outside.
    pub(super) fn required(&self, key: &str) -> Result<&'a Value, FaygerError> {
        self.value(key).ok_or_else(|| manifest_keys(vec![self.pointer(key)], Vec::new()))
    }

    pub(super) fn text(&self, key: &str) -> Result<&'a str, FaygerError> {
        text(self.required(key)?, || self.pointer(key))
    }

    //= ART-MANIFEST-018
    pub(super) fn optional_text(&self, key: &str) -> Result<Option<String>, FaygerError> {
        let value = self.value(key).map(|value| text(value, || self.pointer(key)));
        Ok(value.transpose()?.map(str::to_owned))
    }

    pub(super) fn optional_unsigned(&self, key: &str) -> Result<Option<u64>, FaygerError> {
        self.value(key).map(|value| unsigned(value, || self.pointer(key))).transpose()
    }

    /// An unsigned integer of at most 2^32 − 1.
    pub(super) fn u32(&self, key: &str) -> Result<u32, FaygerError> {
        let n = unsigned(self.required(key)?, || self.pointer(key))?;
        u32::try_from(n).map_err(|_too_large| manifest_field(self.pointer(key), "range"))
    }

    //= ART-MANIFEST-014
    pub(super) fn digest(&self, key: &str) -> Result<Digest, FaygerError> {
        let bytes = self.bytes(key)?;
        let digest = bytes.try_into().map_err(|_wrong_length| manifest_field(self.pointer(key), "range"))?;
        Ok(Digest(digest))
    }

    pub(super) fn bytes(&self, key: &str) -> Result<&'a [u8], FaygerError> {
        match self.required(key)? {
            Value::Bytes(bytes) => Ok(bytes),
            _ => Err(manifest_field(self.pointer(key), "type")),
        }
    }

    pub(super) fn array(&self, key: &str) -> Result<&'a [Value], FaygerError> {
        array(self.required(key)?, || self.pointer(key))
    }
}

//= ERR-CONTEXT-004
/// A field of the map at `pointer` (RFC 6901).
pub(super) fn child(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", escape(key))
}

/// A key as a token of a JSON Pointer.
pub(super) fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

pub(super) fn text(value: &Value, pointer: impl FnOnce() -> String) -> Result<&str, FaygerError> {
    match value {
        Value::Text(text) => Ok(text),
        _ => Err(manifest_field(pointer(), "type")),
    }
}

pub(super) fn array(value: &Value, pointer: impl FnOnce() -> String) -> Result<&[Value], FaygerError> {
    match value {
        Value::Array(items) => Ok(items),
        _ => Err(manifest_field(pointer(), "type")),
    }
}

fn unsigned(value: &Value, pointer: impl FnOnce() -> String) -> Result<u64, FaygerError> {
    match value {
        Value::Unsigned(n) => Ok(*n),
        _ => Err(manifest_field(pointer(), "type")),
    }
}
