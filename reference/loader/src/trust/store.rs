//! The trust store: roots by key id, each active or revoked. Every change says what the store was before and after.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use fayger_cbor::{Limits, Map, Value};
use fayger_contracts::{Digest, Event, FaygerError, Observer};

use super::PublicKey;
use crate::digest::sha256;
use crate::error;

/// Bytes of a label at most: a store that is written can be read under the default limits.
pub const LABEL_LEN: usize = 4096;

/// Whether a key still counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyStatus {
    /// It does.
    Active,
    /// It does no more, for any load from now on.
    Revoked,
}

impl KeyStatus {
    /// The name in a store.
    pub fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Revoked => "revoked",
        }
    }
}

/// A key of the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    /// The key.
    pub key: PublicKey,
    /// Whether it still counts.
    pub status: KeyStatus,
    /// A name for people.
    pub label: String,
}

/// What a change did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The store is another than before.
    Made,
    /// The store was already as asked.
    Nothing,
}

/// Keys by their id. A load uses the store as it is when the load begins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustStore {
    roots: BTreeMap<Digest, Root>,
}

impl TrustStore {
    /// A store that trusts nobody.
    pub fn new() -> Self {
        Self::default()
    }

    /// The root of that id.
    pub fn get(&self, key_id: Digest) -> Option<&Root> {
        self.roots.get(&key_id)
    }

    /// Every root, by ascending key id.
    pub fn roots(&self) -> impl ExactSizeIterator<Item = (Digest, &Root)> {
        self.roots.iter().map(|(key_id, root)| (*key_id, root))
    }

    /// Trusts a key. One that is trusted already stays as it is, label and all.
    ///
    /// # Errors
    /// `TRUST_KEY_INVALID`, reason `label` where the label is over [`LABEL_LEN`], then `revoked`: what was revoked is not trusted again by adding it.
    //= SEC-TRUST-001
    //= SEC-TRUST-006
    pub fn add(&mut self, key: PublicKey, label: &str, observer: &dyn Observer) -> Result<Change, FaygerError> {
        if label.len() > LABEL_LEN {
            return Err(error::trust_key("label"));
        }
        let (key_id, before) = (key.key_id(), self.digest());
        match self.roots.entry(key_id) {
            Entry::Occupied(root) if root.get().status == KeyStatus::Revoked => Err(error::trust_key("revoked")),
            Entry::Occupied(_) => Ok(Change::Nothing),
            Entry::Vacant(place) => {
                place.insert(Root { key, status: KeyStatus::Active, label: label.to_owned() });
                let after = self.digest();
                observer.observe(Event::TrustRootAdded { key_id, before, after });
                Ok(Change::Made)
            }
        }
    }

    /// Revokes a key: signatures by it are refused from the next load on.
    ///
    /// # Errors
    /// `TRUST_KEY_UNKNOWN` where the store does not have it.
    //= SEC-TRUST-002
    pub fn revoke(&mut self, key_id: Digest, observer: &dyn Observer) -> Result<Change, FaygerError> {
        let before = self.digest();
        let root = self.roots.get_mut(&key_id).ok_or_else(|| error::trust_unknown(key_id))?;
        if root.status == KeyStatus::Revoked {
            return Ok(Change::Nothing);
        }
        root.status = KeyStatus::Revoked;
        let after = self.digest();
        observer.observe(Event::TrustRootRevoked { key_id, before, after });
        Ok(Change::Made)
    }

    /// Forgets a key, also that it was revoked.
    ///
    /// # Errors
    /// `TRUST_KEY_UNKNOWN` where the store does not have it.
    //= SEC-TRUST-005
    pub fn remove(&mut self, key_id: Digest, observer: &dyn Observer) -> Result<(), FaygerError> {
        let before = self.digest();
        self.roots.remove(&key_id).ok_or_else(|| error::trust_unknown(key_id))?;
        let after = self.digest();
        observer.observe(Event::TrustRootRemoved { key_id, before, after });
        Ok(())
    }

    /// SHA-256 of the deterministic CBOR of `[[key_id, algorithm, label, status] …]` by key id: what a change event shows.
    //= SEC-TRUST-003
    pub fn digest(&self) -> Digest {
        let root = |(key_id, root): (&Digest, &Root)| {
            Value::Array(vec![
                Value::Bytes(key_id.0.to_vec()),
                Value::from(root.key.algorithm().name()),
                Value::from(root.label.as_str()),
                Value::from(root.status.name()),
            ])
        };
        sha256(&fayger_cbor::encode(&Value::Array(self.roots.iter().map(root).collect())))
    }

    /// The store as bytes to keep: deterministic CBOR, `[{key: record, label, status} …]` by key id.
    pub fn to_bytes(&self) -> Vec<u8> {
        let root = |root: &Root| -> Value {
            let map: Map = [
                ("key", Value::Bytes(root.key.record())),
                ("label", Value::from(root.label.as_str())),
                ("status", Value::from(root.status.name())),
            ]
            .into_iter()
            .collect();
            map.into()
        };
        fayger_cbor::encode(&Value::Array(self.roots.values().map(root).collect()))
    }

    /// The store that [`to_bytes`](Self::to_bytes) wrote. Every key is judged again.
    ///
    /// # Errors
    /// `TRUST_STORE_INVALID`, with the reason, the ordinal of the root where it is one root's, and the offset where the rule has one.
    //= SEC-TRUST-004
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FaygerError> {
        let value = fayger_cbor::decode(bytes, 0, Limits { text: u64::MAX, ..Limits::default() })
            .map_err(|broken| error::trust_cbor(&broken))?;
        let Value::Array(items) = value else { return Err(error::trust_store(None, "type")) };
        let mut store = Self::new();
        let mut last = None;
        for (position, item) in items.iter().enumerate() {
            let refuse = |reason| error::trust_store(Some(position as u64), reason);
            let Value::Map(map) = item else { return Err(refuse("type")) };
            let (Some(Value::Bytes(record)), Some(Value::Text(label)), Some(Value::Text(status)), 3) =
                (map.get("key"), map.get("label"), map.get("status"), map.len())
            else {
                return Err(refuse("shape"));
            };
            let status = match status.as_str() {
                "active" => KeyStatus::Active,
                "revoked" => KeyStatus::Revoked,
                _ => return Err(refuse("status")),
            };
            let key = PublicKey::from_record(record).map_err(|cause| refuse("key").caused_by(cause))?;
            let key_id = key.key_id();
            if last.replace(key_id).is_some_and(|last| last >= key_id) {
                return Err(refuse("order"));
            }
            store.roots.insert(key_id, Root { key, status, label: label.clone() });
        }
        Ok(store)
    }
}
