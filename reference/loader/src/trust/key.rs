//! One public key: judged once, named by the hash of its record, and what it verifies.

use fayger_cbor::{Limits, Value};
use fayger_contracts::{Digest, FaygerError};
use rsa::BoxedUint;
use rsa::traits::PublicKeyParts;
use sha2::Sha256;

use super::Algorithm;
use crate::digest::sha256;
use crate::error;

/// Bits that a modulus may have, exactly.
const MODULUS_BITS: [u32; 3] = [2048, 3072, 4096];
/// The only public exponent: 65537, big-endian without a leading zero.
const EXPONENT: [u8; 3] = [1, 0, 1];

/// A public key that may be trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey(Key);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Key {
    Ed25519(ed25519_dalek::VerifyingKey),
    EcdsaP256(p256::ecdsa::VerifyingKey),
    RsaPss(Box<rsa::RsaPublicKey>),
}

impl PublicKey {
    /// Judges the 32 bytes of an Ed25519 public key (RFC 8032 §5.1.5).
    ///
    /// # Errors
    /// `TRUST_KEY_INVALID`, reason `length`, `not_on_curve`, `not_canonical` or `small_order`.
    //= SEC-KEY-001
    pub fn ed25519(bytes: &[u8]) -> Result<Self, FaygerError> {
        let bytes: &[u8; 32] = bytes.try_into().map_err(|_wrong_length| error::trust_key("length"))?;
        let key = ed25519_dalek::VerifyingKey::from_bytes(bytes).map_err(|_opaque| error::trust_key("not_on_curve"))?;
        if key.to_edwards().compress().as_bytes() != bytes {
            return Err(error::trust_key("not_canonical"));
        }
        if key.is_weak() {
            return Err(error::trust_key("small_order"));
        }
        Ok(Self(Key::Ed25519(key)))
    }

    /// Judges the 65 bytes `04` ‖ x ‖ y of a P-256 public key (SEC 1 §2.3.3, uncompressed).
    ///
    /// # Errors
    /// `TRUST_KEY_INVALID`, reason `length`, `not_canonical` (another form) or `not_on_curve`.
    //= SEC-KEY-003
    pub fn ecdsa_p256(bytes: &[u8]) -> Result<Self, FaygerError> {
        let bytes: &[u8; 65] = bytes.try_into().map_err(|_wrong_length| error::trust_key("length"))?;
        let [0x04, ..] = bytes else { return Err(error::trust_key("not_canonical")) };
        let key =
            p256::ecdsa::VerifyingKey::from_sec1_bytes(bytes).map_err(|_opaque| error::trust_key("not_on_curve"))?;
        Ok(Self(Key::EcdsaP256(key)))
    }

    /// Judges an RSA public key: modulus and exponent, big-endian without leading zeros.
    ///
    /// # Errors
    /// `TRUST_KEY_INVALID`, reason `not_canonical` (a leading zero), `modulus` (not odd and of exactly 2048, 3072 or 4096 bits) or
    /// `exponent` (not 65537).
    //= SEC-KEY-004
    pub fn rsa_pss_sha256(modulus: &[u8], exponent: &[u8]) -> Result<Self, FaygerError> {
        if modulus.first() == Some(&0) || exponent.first() == Some(&0) {
            return Err(error::trust_key("not_canonical"));
        }
        let is_odd = modulus.last().is_some_and(|last| last & 1 == 1);
        let bits = (modulus.len() as u64).saturating_mul(8);
        let has_size = MODULUS_BITS.iter().any(|&wanted| u64::from(wanted) == bits);
        let fills_it = modulus.first().is_some_and(|first| first & 0x80 != 0);
        if !is_odd || !has_size || !fills_it {
            return Err(error::trust_key("modulus"));
        }
        if exponent != EXPONENT {
            return Err(error::trust_key("exponent"));
        }
        let number = |bytes| BoxedUint::from_be_slice_vartime(bytes);
        let key =
            rsa::RsaPublicKey::new(number(modulus), number(exponent)).map_err(|_opaque| error::trust_key("modulus"))?;
        Ok(Self(Key::RsaPss(Box::new(key))))
    }

    /// Reads a public key record, the form that is hashed into a key's id.
    ///
    /// # Errors
    /// `TRUST_KEY_INVALID`, reason `encoding` where it is no record, else what the key's own judgement says.
    pub fn from_record(record: &[u8]) -> Result<Self, FaygerError> {
        let value =
            fayger_cbor::decode(record, 0, Limits::default()).map_err(|_broken| error::trust_key("encoding"))?;
        let Value::Array(fields) = value else { return Err(error::trust_key("encoding")) };
        match fields.as_slice() {
            [Value::Text(name), Value::Bytes(key)] if name == Algorithm::Ed25519.name() => Self::ed25519(key),
            [Value::Text(name), Value::Bytes(key)] if name == Algorithm::EcdsaP256.name() => Self::ecdsa_p256(key),
            [Value::Text(name), Value::Bytes(modulus), Value::Bytes(exponent)]
                if name == Algorithm::RsaPssSha256.name() =>
            {
                Self::rsa_pss_sha256(modulus, exponent)
            }
            _ => Err(error::trust_key("encoding")),
        }
    }

    /// The public key record: algorithm and key in deterministic CBOR.
    pub fn record(&self) -> Vec<u8> {
        let mut fields = vec![Value::from(self.algorithm().name())];
        match &self.0 {
            Key::Ed25519(key) => fields.push(Value::Bytes(key.as_bytes().to_vec())),
            Key::EcdsaP256(key) => fields.push(Value::Bytes(key.to_sec1_point(false).as_bytes().to_vec())),
            Key::RsaPss(key) => {
                fields.push(Value::Bytes(key.n_bytes().into_vec()));
                fields.push(Value::Bytes(key.e_bytes().into_vec()));
            }
        }
        fayger_cbor::encode(&Value::Array(fields))
    }

    /// SHA-256 of the public key record.
    //= SEC-KEY-002
    pub fn key_id(&self) -> Digest {
        sha256(&self.record())
    }

    /// The algorithm that the key is for.
    pub fn algorithm(&self) -> Algorithm {
        match self.0 {
            Key::Ed25519(_) => Algorithm::Ed25519,
            Key::EcdsaP256(_) => Algorithm::EcdsaP256,
            Key::RsaPss(_) => Algorithm::RsaPssSha256,
        }
    }

    /// Bytes that a signature's value has.
    pub fn signature_length(&self) -> usize {
        match &self.0 {
            Key::Ed25519(_) | Key::EcdsaP256(_) => 64,
            Key::RsaPss(key) => key.size(),
        }
    }

    /// Verifies a signature's value over `message`.
    ///
    /// - Ed25519 as RFC 8032 §5.1.7 without its cofactor: S below the order of the group, the encoding of \[S\]B − \[k\]A equal to R
    ///   bytewise, and R not of small order.
    /// - ECDSA over P-256: r ‖ s of 32 bytes each, 1 ≤ r < n, 1 ≤ s ≤ n/2.
    /// - RSASSA-PSS: as long as the modulus, below it, with a salt of exactly 32 bytes.
    ///
    /// So nobody but the signer can make a second value for the same message.
    ///
    /// # Errors
    /// `LDR_SIGNATURE_FAIL`: `MalformedSignature` for a value of another length, `BadSignature` for every other failure.
    pub fn verify(&self, message: &[u8], value: &[u8]) -> Result<(), FaygerError> {
        //= SEC-SIGNATURE-005
        if value.len() != self.signature_length() {
            return Err(error::signature("MalformedSignature"));
        }
        //= SEC-SIGNATURE-006
        let good = match &self.0 {
            Key::Ed25519(key) => verify_ed25519(key, message, value),
            Key::EcdsaP256(key) => verify_ecdsa_p256(key, message, value),
            Key::RsaPss(key) => verify_rsa_pss(key, message, value),
        };
        if good { Ok(()) } else { Err(error::signature("BadSignature")) }
    }
}

//= SEC-SIGNATURE-012
//= SEC-SIGNATURE-013
fn verify_ed25519(key: &ed25519_dalek::VerifyingKey, message: &[u8], value: &[u8]) -> bool {
    ed25519_dalek::Signature::from_slice(value).is_ok_and(|value| key.verify_strict(message, &value).is_ok())
}

//= SEC-SIGNATURE-014
fn verify_ecdsa_p256(key: &p256::ecdsa::VerifyingKey, message: &[u8], value: &[u8]) -> bool {
    use p256::ecdsa::signature::Verifier;
    // Reading the value bounds r and s below n and above zero; a high s is another value for the same message.
    p256::ecdsa::Signature::from_slice(value)
        .is_ok_and(|value| value.normalize_s() == value && key.verify(message, &value).is_ok())
}

//= SEC-SIGNATURE-015
fn verify_rsa_pss(key: &rsa::RsaPublicKey, message: &[u8], value: &[u8]) -> bool {
    use rsa::signature::Verifier;
    let key = rsa::pss::VerifyingKey::<Sha256>::new_with_salt_len(key.clone(), 32);
    rsa::pss::Signature::try_from(value).is_ok_and(|value| key.verify(message, &value).is_ok())
}
