//! Phase `verify_signature`: who signed, and whether that counts here.
//!
//! The key is named by its hash and always taken from the trust store; the artifact carries none.

use fayger_cbor::Value;
use fayger_contracts::manifest::Signature;
use fayger_contracts::{Event, FaygerError, Manifest, Observer, SignatureMode, SignatureStatus};

use crate::error;
use crate::trust::{Algorithm, KeyStatus, PublicKey, TrustStore};
use crate::verify_digest::Intact;

/// An artifact whose signature, where it has one, was made with a key that counts.
pub struct SignatureJudged {
    pub(crate) intact: Intact,
    pub(crate) signature: SignatureStatus,
}

impl Intact {
    /// Judges the signature under `mode`, with the keys of `trust`.
    ///
    /// # Errors
    /// `LDR_SIGNATURE_FAIL` with its reason.
    pub fn verify_signature(
        self,
        trust: &TrustStore,
        mode: SignatureMode,
        observer: &dyn Observer,
    ) -> Result<SignatureJudged, FaygerError> {
        let Intact { structured } = &self;
        let (read, manifest) = (&structured.parsed.read, &structured.parsed.manifest);
        let id = || manifest.id.clone();
        //= SEC-SIGNATURE-001
        let Some(signature) = &manifest.signature else {
            return match mode {
                SignatureMode::Enforce => Err(error::signature("MissingSignature")),
                //= SEC-SIGNATURE-008
                SignatureMode::Default => {
                    observer.observe(Event::ArtifactSignatureAbsent { id: id() });
                    Ok(SignatureJudged { intact: self, signature: SignatureStatus::Absent })
                }
            };
        };
        let payload = signed_bytes(&read.header_bytes, manifest, &read.index_bytes);
        //= SEC-SIGNATURE-009
        let key = judge(signature, &payload, trust)?;
        let (algorithm, key_id) = (key.algorithm().name(), signature.key_id);
        //= SEC-SIGNATURE-010
        observer.observe(Event::ArtifactSignatureVerified { id: id(), algorithm, key_id });
        let signature = SignatureStatus::Verified { algorithm, key_id };
        Ok(SignatureJudged { intact: self, signature })
    }
}

//= SEC-SIGNATURE-011
/// The checks of a present signature, whatever the mode; the key that it verified with.
fn judge<'a>(signature: &Signature, payload: &[u8], trust: &'a TrustStore) -> Result<&'a PublicKey, FaygerError> {
    //= SEC-SIGNATURE-002
    let algorithm = Algorithm::from_name(&signature.algorithm).ok_or_else(|| error::signature("UnknownAlgorithm"))?;
    //= SEC-SIGNATURE-003
    let root = trust.get(signature.key_id).ok_or_else(|| error::signature("UntrustedKey"))?;
    //= SEC-SIGNATURE-004
    if root.status == KeyStatus::Revoked {
        return Err(error::signature("RevokedKey"));
    }
    // The algorithm that is used is the trusted key's; what the artifact says can only agree.
    //= SEC-SIGNATURE-016
    if algorithm != root.key.algorithm() {
        return Err(error::signature("KeyAlgorithmMismatch"));
    }
    root.key.verify(payload, &signature.value)?;
    Ok(&root.key)
}

/// Header ‖ Manifest without its signature ‖ Section_Index (blueprint chapter 7). Bodies are covered through their digests, so
/// what is signed has a bounded size.
//= SEC-SIGNATURE-007
pub(crate) fn signed_bytes(header: &[u8], manifest: &Manifest, index: &[u8]) -> Vec<u8> {
    let mut map = manifest.to_map();
    map.remove("signature");
    [header, &fayger_cbor::encode(&Value::Map(map)), index].concat()
}
