//! Whoever makes signatures: a key in memory, a file, a device, a service.

use std::error::Error;

use fayger_contracts::FaygerError;

use super::builder::BufBuilder;
use crate::error;
use crate::trust::PublicKey;

/// A private key, wherever it lives.
pub trait Signer {
    /// The key that verifies what it signs.
    fn public_key(&self) -> &PublicKey;

    /// Signs `payload` and gives the value in the form that the algorithm has in a Manifest: 64 bytes R ‖ S (Ed25519), 64 bytes r ‖ s with
    /// s ≤ n/2 (ECDSA), as many bytes as the modulus (RSA-PSS).
    ///
    /// # Errors
    /// What the signer says.
    fn sign(&self, payload: &[u8]) -> Result<Vec<u8>, Box<dyn Error + Send + Sync>>;
}

impl BufBuilder {
    /// Has the artifact signed, and verifies the value before it goes in: a signer that is wrong is found here, not by a loader.
    ///
    /// # Errors
    /// `SER_IO`, reason `signer`, where it fails; `LDR_SIGNATURE_FAIL` as the cause of `SER_DRAFT_INVALID` where its value does not verify; else
    /// as [`BufBuilder::to_sign`].
    //= SER-SIGN-003
    pub fn sign(self, signer: &dyn Signer) -> Result<Self, FaygerError> {
        let key = signer.public_key();
        let waiting = self.to_sign(key.algorithm().name(), key.key_id(), key.signature_length())?;
        let payload = waiting.signing_payload()?;
        let value = signer.sign(&payload).map_err(|failure| error::ser_native("signer", &failure.to_string()))?;
        key.verify(&payload, &value)
            .map_err(|refusal| error::draft("/signature/value", "signature").caused_by(refusal))?;
        waiting.attach(&value)
    }
}
