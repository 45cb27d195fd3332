//! SHA-256, the one hash of format major 1 (FIPS 180-4).

use fayger_contracts::Digest;
use sha2::Digest as _;

/// The digest of bytes in memory.
pub(crate) fn sha256(bytes: &[u8]) -> Digest {
    Digest(sha2::Sha256::digest(bytes).into())
}

/// A digest of bytes that come in pieces.
#[derive(Default)]
pub(crate) struct Hasher(sha2::Sha256);

impl Hasher {
    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub(crate) fn finish(self) -> Digest {
        Digest(self.0.finalize().into())
    }
}
