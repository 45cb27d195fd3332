//! Keys from the forms that people have them in: raw bytes, hexadecimal, SubjectPublicKeyInfo in PEM.

use fayger_contracts::FaygerError;
use spki::der::asn1::{AnyRef, ObjectIdentifier};
use spki::der::{Decode, Document, pem::PemLabel};
use spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};

use super::{Algorithm, PublicKey};
use crate::error;

/// What may stand around a key in text.
const WHITE_SPACE: [char; 4] = [' ', '\t', '\r', '\n'];

/// id-Ed25519 (RFC 8410 §3).
const ID_ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
/// id-ecPublicKey (RFC 5480 §2.1.1).
const ID_EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
/// secp256r1 (RFC 5480 §2.1.1.1).
const SECP256R1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
/// rsaEncryption (RFC 8017 Appendix A.1).
const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

impl PublicKey {
    /// Reads a key in PEM: one `PUBLIC KEY` (SubjectPublicKeyInfo, RFC 5280 §4.1.2.7) for Ed25519, P-256 or RSA, and judges it.
    ///
    /// # Errors
    /// `TRUST_KEY_INVALID`, reason `encoding` where it is no such PEM, `algorithm` where the key is for another one, else what the
    /// key's own judgement says.
    //= SEC-KEY-005
    pub fn from_pem(text: &str) -> Result<Self, FaygerError> {
        let bad = |reason| move |_opaque| error::trust_key(reason);
        // White space around the block, a last empty line say, is nobody's mistake.
        let text = text.trim_matches(WHITE_SPACE);
        // The library passes over a text before the block; here there is one form.
        if !text.starts_with("-----BEGIN ") {
            return Err(error::trust_key("encoding"));
        }
        let (label, document) = Document::from_pem(text).map_err(bad("encoding"))?;
        if label != SubjectPublicKeyInfoRef::PEM_LABEL {
            return Err(error::trust_key("encoding"));
        }
        let info = SubjectPublicKeyInfoRef::from_der(document.as_bytes()).map_err(bad("encoding"))?;
        let key = info.subject_public_key.as_bytes().ok_or_else(|| error::trust_key("encoding"))?;
        match algorithm(&info.algorithm)? {
            Algorithm::Ed25519 => Self::ed25519(key),
            Algorithm::EcdsaP256 => Self::ecdsa_p256(key),
            Algorithm::RsaPssSha256 => {
                let key = rsa::pkcs1::RsaPublicKeyRef::from_der(key).map_err(|_opaque| error::trust_key("encoding"))?;
                Self::rsa_pss_sha256(key.modulus.as_bytes(), key.public_exponent.as_bytes())
            }
        }
    }

    /// Reads the bytes of an Ed25519 (32) or P-256 (65) key, or a public key record of any algorithm, and judges the key.
    ///
    /// # Errors
    /// `TRUST_KEY_INVALID`.
    pub fn from_raw(bytes: &[u8]) -> Result<Self, FaygerError> {
        match bytes.len() {
            32 => Self::ed25519(bytes),
            65 => Self::ecdsa_p256(bytes),
            _ => Self::from_record(bytes),
        }
    }

    /// Reads the hexadecimal form of what [`from_raw`](Self::from_raw) takes, in either case, white space around it ignored.
    ///
    /// # Errors
    /// `TRUST_KEY_INVALID`, reason `encoding` where it is not hexadecimal.
    //= SEC-KEY-006
    pub fn from_hex(text: &str) -> Result<Self, FaygerError> {
        let bytes = hex::decode(text.trim_matches(WHITE_SPACE)).map_err(|_opaque| error::trust_key("encoding"))?;
        Self::from_raw(&bytes)
    }
}

fn algorithm(found: &AlgorithmIdentifierRef<'_>) -> Result<Algorithm, FaygerError> {
    let curve = || found.parameters.and_then(|parameters| parameters.decode_as::<ObjectIdentifier>().ok());
    match found.oid {
        ID_ED25519 if found.parameters.is_none() => Ok(Algorithm::Ed25519),
        ID_EC_PUBLIC_KEY if curve() == Some(SECP256R1) => Ok(Algorithm::EcdsaP256),
        RSA_ENCRYPTION if found.parameters == Some(AnyRef::NULL) => Ok(Algorithm::RsaPssSha256),
        _ => Err(error::trust_key("algorithm")),
    }
}
