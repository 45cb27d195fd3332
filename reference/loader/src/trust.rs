//! The keys that count: public keys that were judged when they came in, each active or revoked.

use std::collections::BTreeMap;

use ed25519_dalek::{Signature, VerifyingKey};
use fayger_cbor::Value;
use fayger_contracts::{Digest, FaygerError};

use crate::digest::sha256;
use crate::error;

/// The name of Ed25519 (RFC 8032) in a Manifest.
pub const ED25519: &str = "ed25519";

/// A public key that may be trusted: its judgement is the only way to make one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey(Key);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Key {
    /// On the curve, canonical, not of small order.
    Ed25519(VerifyingKey),
}

impl PublicKey {
    /// Judges the 32 bytes of an Ed25519 public key (RFC 8032 §5.1.5).
    ///
    /// # Errors
    /// `TRUST_KEY_INVALID`, reason `length`, `not_on_curve`, `not_canonical` or `small_order`.
    //= SEC-KEY-001
    pub fn ed25519(bytes: &[u8]) -> Result<Self, FaygerError> {
        let bytes: &[u8; 32] = bytes.try_into().map_err(|_wrong_length| error::trust_key("length"))?;
        let key = VerifyingKey::from_bytes(bytes).map_err(|_opaque| error::trust_key("not_on_curve"))?;
        if key.to_edwards().compress().as_bytes() != bytes {
            return Err(error::trust_key("not_canonical"));
        }
        if key.is_weak() {
            return Err(error::trust_key("small_order"));
        }
        Ok(Self(Key::Ed25519(key)))
    }

    /// The name of the algorithm that the key is for.
    pub fn algorithm(&self) -> &'static str {
        match self.0 {
            Key::Ed25519(_) => ED25519,
        }
    }

    /// Verifies a signature's value over `message`.
    ///
    /// Ed25519 as RFC 8032 §5.1.7 without its cofactor: 64 bytes, S below the order of the group, the encoding of
    /// \[S\]B − \[k\]A equal to R bytewise, and R not of small order. So all verifiers agree on every value.
    ///
    /// # Errors
    /// `LDR_SIGNATURE_FAIL`: `MalformedSignature` for a value of another length, `BadSignature` for every other failure.
    pub fn verify(&self, message: &[u8], value: &[u8]) -> Result<(), FaygerError> {
        let Key::Ed25519(key) = &self.0;
        //= SEC-SIGNATURE-005
        let value: &[u8; 64] = value.try_into().map_err(|_wrong_length| error::signature("MalformedSignature"))?;
        //= SEC-SIGNATURE-006
        //= SEC-SIGNATURE-012
        //= SEC-SIGNATURE-013
        key.verify_strict(message, &Signature::from_bytes(value)).map_err(|_opaque| error::signature("BadSignature"))
    }

    /// SHA-256 of the deterministic CBOR of the public key record.
    //= SEC-KEY-002
    pub fn key_id(&self) -> Digest {
        let Key::Ed25519(key) = &self.0;
        let record = Value::Array(vec![Value::from(self.algorithm()), Value::Bytes(key.as_bytes().to_vec())]);
        sha256(&fayger_cbor::encode(&record))
    }
}

/// Whether a key still counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyStatus {
    /// It does.
    Active,
    /// It does no more, for any load from now on.
    Revoked,
}

/// Keys by their id. A load uses the store as it is when the load begins.
#[derive(Clone, Debug, Default)]
pub struct TrustStore {
    keys: BTreeMap<Digest, (PublicKey, KeyStatus)>,
}

impl TrustStore {
    /// A store that trusts nobody.
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts a key in, with its status, and gives its id.
    pub fn insert(&mut self, key: PublicKey, status: KeyStatus) -> Digest {
        let key_id = key.key_id();
        self.keys.insert(key_id, (key, status));
        key_id
    }

    /// The key of that id and its status.
    pub fn get(&self, key_id: Digest) -> Option<(&PublicKey, KeyStatus)> {
        self.keys.get(&key_id).map(|(key, status)| (key, *status))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(bytes: &[u8]) -> String {
        let error = PublicKey::ed25519(bytes).expect_err("refused");
        error.context.get("reason").expect("reason").to_string()
    }

    #[test]
    fn refuses_a_key_that_no_honest_signer_has() {
        assert_eq!(reason(&[0; 31]), "`length`");
        // y = 2: x^2 = 3/(4d + 1) has no root.
        let mut off_curve = [0; 32];
        off_curve[0] = 2;
        assert_eq!(reason(&off_curve), "`not_on_curve`");
        // The identity, y = 1.
        let mut identity = [0; 32];
        identity[0] = 1;
        assert_eq!(reason(&identity), "`small_order`");
        // y = p + 1: the identity once more, written above the field's prime p = 2^255 − 19.
        let mut identity_again = [0xff; 32];
        identity_again[0] = 0xee;
        identity_again[31] = 0x7f;
        assert_eq!(reason(&identity_again), "`not_canonical`");
        // y = 1 with the sign of x set: x is 0, so the sign is a lie (RFC 8032 §5.1.3, step 4).
        identity[31] = 0x80;
        assert_eq!(reason(&identity), "`not_canonical`");
    }

    #[test]
    fn names_a_key_by_the_hash_of_its_record() {
        // RFC 8032 §7.1, TEST 1; the record is 82 67 "ed25519" 58 20 and the key, hashed with another tool.
        let key = hex::decode("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a").expect("hex");
        let record = [b"\x82\x67ed25519\x58\x20".as_slice(), &key].concat();
        assert_eq!(PublicKey::ed25519(&key).expect("a good key").key_id(), sha256(&record));
    }
}
