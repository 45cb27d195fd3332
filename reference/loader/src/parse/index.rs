//! The Section_Index's schema: an array of rows of seven, the elements of a row from left to right.

use std::cmp::Ordering;

use fayger_cbor::{Map, Value, array_elements, key_order};
use fayger_contracts::{
    Capability, Digest, FaygerError, InterfaceVersion, Phase, ProfileConstraints, SectionEntry, SectionKind, Visibility,
};

use super::fields::escape;
use super::manifest::is_known_minor;
use crate::error;
use crate::limits::Limits;

/// The rows that `bytes` encode; `base` is where they begin in the file. `schema_version` is the Manifest's: it decides what becomes of
/// what this loader does not know.
///
/// Rows and their elements are counted before one is decoded, so that memory follows what a row can hold.
//= ART-INDEX-001
pub(crate) fn from_bytes(
    bytes: &[u8],
    base: u64,
    schema_version: InterfaceVersion,
    limits: &Limits,
) -> Result<Vec<SectionEntry>, FaygerError> {
    fayger_cbor::validate(bytes, base, limits.cbor).map_err(|broken| error::cbor(&broken))?;
    let Some(rows) = array_elements(bytes) else { return Err(error::index(None, "", "type")) };
    //= ART-LIMIT-002
    if rows.remaining() > limits.sections {
        return Err(error::limit(Phase::Parse, "sections", limits.sections, rows.remaining()));
    }
    //= ART-INDEX-008
    let known_minor = is_known_minor(schema_version);
    let mut entries: Vec<SectionEntry> = Vec::new();
    for (position, bytes) in rows.enumerate() {
        let row = Row { position: position as u64, known_minor };
        entries.push(row.read(bytes, limits, entries.last())?);
    }
    Ok(entries)
}

/// Elements of a row, throughout format major 1.
const ROW_LEN: u64 = 7;

/// Where a row stands, and how its unknown numbers and names are judged.
struct Row {
    position: u64,
    known_minor: bool,
}

impl Row {
    fn read(&self, bytes: &[u8], limits: &Limits, before: Option<&SectionEntry>) -> Result<SectionEntry, FaygerError> {
        let Some(elements) = array_elements(bytes) else { return Err(self.refuse("", "type")) };
        if elements.remaining() != ROW_LEN {
            return Err(self.refuse("", "count"));
        }
        let decode = |bytes| fayger_cbor::decode(bytes, 0, limits.cbor).map_err(|broken| error::cbor(&broken));
        let elements = elements.map(decode).collect::<Result<Vec<_>, _>>()?;
        let [section_id, kind, offset, length, digest, visibility, constraints] = elements.as_slice() else {
            return Err(self.refuse("", "count"));
        };
        //= LDR-PARSE-009
        Ok(SectionEntry {
            section_id: self.section_id(section_id, before)?,
            kind: self.kind(kind)?,
            //= ART-INDEX-009
            offset: self.unsigned("offset", offset)?,
            length: self.unsigned("length", length)?,
            digest: self.digest(digest)?,
            visibility: self.visibility(visibility)?,
            profile_constraints: self.constraints(constraints)?,
        })
    }

    //= ART-INDEX-002
    fn section_id(&self, value: &Value, before: Option<&SectionEntry>) -> Result<u32, FaygerError> {
        let n = self.unsigned("section_id", value)?;
        let id = u32::try_from(n).map_err(|_too_large| self.refuse("section_id", "range"))?;
        match before {
            Some(before) if before.section_id >= id => Err(self.refuse("section_id", "order")),
            _ => Ok(id),
        }
    }

    //= ART-INDEX-003
    fn kind(&self, value: &Value) -> Result<SectionKind, FaygerError> {
        let n = self.unsigned("kind", value)?;
        match u8::try_from(n).map(SectionKind) {
            Err(_) | Ok(SectionKind(0)) => Err(self.refuse("kind", "range")),
            Ok(kind) if self.known_minor && kind.name().is_none() => Err(self.refuse("kind", "unknown")),
            Ok(kind) => Ok(kind),
        }
    }

    //= ART-INDEX-010
    fn digest(&self, value: &Value) -> Result<Digest, FaygerError> {
        let Value::Bytes(bytes) = value else { return Err(self.refuse("digest", "type")) };
        let digest = bytes.as_slice().try_into().map_err(|_wrong_length| self.refuse("digest", "range"))?;
        Ok(Digest(digest))
    }

    //= ART-INDEX-004
    fn visibility(&self, value: &Value) -> Result<Visibility, FaygerError> {
        let n = self.unsigned("visibility", value)?;
        match u8::try_from(n).map(Visibility) {
            Err(_too_large) => Err(self.refuse("visibility", "range")),
            Ok(visibility) if self.known_minor && visibility.name().is_none() => {
                Err(self.refuse("visibility", "unknown"))
            }
            Ok(visibility) => Ok(visibility),
        }
    }

    /// The map's keys, then its lists in the order of their encoded keys.
    //= ART-INDEX-005
    fn constraints(&self, value: &Value) -> Result<ProfileConstraints, FaygerError> {
        const FIELD: &str = "profile_constraints";
        let Value::Map(map) = value else { return Err(self.refuse(FIELD, "type")) };
        let other: Map = map
            .iter()
            .filter(|(key, _)| !matches!(*key, "profiles" | "hosts" | "capabilities"))
            .map(|(key, value)| (key, value.clone()))
            .collect();
        if self.known_minor
            && let Some((key, _)) = other.iter().next()
        {
            return Err(self.refuse(format!("{FIELD}/{}", escape(key)), "unknown"));
        }
        let any = |_: &str| true;
        let known = |name: &str| !self.known_minor || Capability::from_name(name).is_some();
        let hosts = self.names(map, "hosts", any)?;
        let profiles = self.names(map, "profiles", any)?;
        let capabilities = self.names(map, "capabilities", known)?;
        Ok(ProfileConstraints { profiles, hosts, capabilities, other })
    }

    //= ART-INDEX-006
    /// A list of a constraint: not empty, strictly ascending.
    fn names(&self, map: &Map, key: &str, known: impl Fn(&str) -> bool) -> Result<Option<Vec<String>>, FaygerError> {
        let Some(value) = map.get(key) else { return Ok(None) };
        let refuse = |reason| self.refuse(format!("profile_constraints/{key}"), reason);
        let Value::Array(items) = value else { return Err(refuse("type")) };
        if items.is_empty() {
            return Err(refuse("empty"));
        }
        let mut names: Vec<String> = Vec::new();
        for (position, item) in items.iter().enumerate() {
            let refuse = |reason| self.refuse(format!("profile_constraints/{key}/{position}"), reason);
            let Value::Text(name) = item else { return Err(refuse("type")) };
            //= ART-INDEX-007
            if !known(name) {
                return Err(refuse("unknown"));
            }
            if names.last().is_some_and(|last| key_order(last, name) != Ordering::Less) {
                return Err(refuse("order"));
            }
            names.push(name.clone());
        }
        Ok(Some(names))
    }

    fn unsigned(&self, field: &str, value: &Value) -> Result<u64, FaygerError> {
        match value {
            Value::Unsigned(n) => Ok(*n),
            _ => Err(self.refuse(field, "type")),
        }
    }

    fn refuse(&self, field: impl Into<String>, reason: &'static str) -> FaygerError {
        error::index(Some(self.position), field, reason)
    }
}

/// The Section_Index as the value that it is encoded from.
pub(crate) fn to_value(entries: &[SectionEntry]) -> Value {
    Value::Array(entries.iter().map(row_value).collect())
}

fn row_value(entry: &SectionEntry) -> Value {
    Value::Array(vec![
        Value::from(u64::from(entry.section_id)),
        Value::from(u64::from(entry.kind.0)),
        Value::from(entry.offset),
        Value::from(entry.length),
        Value::Bytes(entry.digest.0.to_vec()),
        Value::from(u64::from(entry.visibility.0)),
        Value::Map(entry.profile_constraints.to_map()),
    ])
}
