//! Phase `verify_digest`: Manifest and Section_Index have the digests declared for them, Header and Trailer their checksum.

use fayger_contracts::{Digest, FaygerError, Phase};

use crate::digest::sha256;
use crate::error;
use crate::verify_structural::Structured;

/// An artifact whose parts, bodies aside, are the ones that its writer wrote.
pub struct Intact {
    pub(crate) structured: Structured,
}

impl Structured {
    /// Compares the two digests, then the checksum: by then only Header or Trailer can be wrong.
    ///
    /// # Errors
    /// `LDR_DIGEST_MISMATCH` or `LDR_CHECKSUM_MISMATCH`.
    pub fn verify_digest(self) -> Result<Intact, FaygerError> {
        let Structured { parsed } = &self;
        let read = &parsed.read;
        //= LDR-DIGEST-001
        compare("manifest", read.trailer.manifest_digest, &read.manifest_bytes)?;
        //= LDR-DIGEST-002
        compare("section_index", parsed.manifest.index_digest, &read.index_bytes)?;
        //= LDR-DIGEST-003
        let actual = checksum(&read.header_bytes, &read.manifest_bytes, &read.index_bytes, &read.trailer_bytes);
        if actual != read.trailer.crc32 {
            return Err(error::checksum(read.trailer.crc32, actual));
        }
        Ok(Intact { structured: self })
    }
}

fn compare(subject: &'static str, expected: Digest, bytes: &[u8]) -> Result<(), FaygerError> {
    let actual = sha256(bytes);
    if actual != expected {
        return Err(error::digest(Phase::VerifyDigest, subject, expected, actual));
    }
    Ok(())
}

/// CRC-32 (IEEE) of Header, Manifest, Section_Index and the Trailer before its last field.
pub(crate) fn checksum(header: &[u8], manifest: &[u8], index: &[u8], trailer: &[u8; 44]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    let (trailer, _crc32) = trailer.split_at(40);
    [header, manifest, index, trailer].iter().for_each(|part| hasher.update(part));
    hasher.finalize()
}
