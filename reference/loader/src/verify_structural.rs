//! Phase `verify_structural`: every byte of the file belongs to exactly one part, and Section_Index and Manifest agree.

use fayger_contracts::artifact::TRAILER_LEN;
use fayger_contracts::{FaygerError, Manifest, Phase, SectionEntry};

use crate::error;
use crate::parse::Parsed;

/// An artifact whose layout is whole.
pub struct Structured {
    pub(crate) parsed: Parsed,
}

impl Parsed {
    /// Holds offsets, lengths and the two tables of sections against each other and against the file.
    ///
    /// # Errors
    /// `LDR_STRUCTURE_INVALID` or `LDR_TRUNCATED`.
    pub fn verify_structural(self) -> Result<Structured, FaygerError> {
        let bodies = bodies_length(&self.entries)?;
        //= LDR-STRUCT-002
        let front = self.read.header.section_index_offset.checked_add(self.read.header.section_index_length);
        let total = front.and_then(|front| front.checked_add(bodies)?.checked_add(TRAILER_LEN));
        //= LDR-STRUCT-008
        let total = total.ok_or_else(|| broken("overflow", "all parts together are longer than 2^64 − 1 bytes"))?;
        let size = self.read.size;
        if size < total {
            return Err(error::truncated(Phase::VerifyStructural, "its parts do", total, size));
        }
        //= LDR-STRUCT-007
        if size > total {
            return Err(broken("trailing_bytes", "bytes follow the Trailer")
                .with("expected", total)
                .with("actual", size));
        }
        //= LDR-STRUCT-003
        if self.read.trailer.total_length != total {
            return Err(broken("total_length", "the Trailer states another length")
                .with("expected", total)
                .with("actual", self.read.trailer.total_length));
        }
        check_agreement(&self.entries, &self.manifest)?;
        Ok(Structured { parsed: self })
    }
}

/// Bytes of all bodies, each of which begins where the one before it ends.
//= LDR-STRUCT-001
fn bodies_length(entries: &[SectionEntry]) -> Result<u64, FaygerError> {
    entries.iter().try_fold(0_u64, |end, entry| {
        if entry.offset != end {
            return Err(broken("section_offset", "a body does not begin where the one before it ends")
                .with("section_id", entry.section_id)
                .with("expected", end)
                .with("actual", entry.offset));
        }
        //= LDR-STRUCT-006
        end.checked_add(entry.length)
            .ok_or_else(|| broken("overflow", "a body ends beyond 2^64 − 1").with("section_id", entry.section_id))
    })
}

/// Section_Index and Manifest, entry for entry; then the entry section.
//= LDR-STRUCT-004
fn check_agreement(entries: &[SectionEntry], manifest: &Manifest) -> Result<(), FaygerError> {
    let disagree = |subject| broken("agreement", "Section_Index and Manifest do not agree").with("subject", subject);
    if entries.len() != manifest.sections.len() {
        return Err(disagree("count"));
    }
    for (entry, declaration) in entries.iter().zip(&manifest.sections) {
        if entry.section_id != declaration.id {
            return Err(disagree("id").with("section_id", entry.section_id));
        }
        if entry.digest != declaration.digest {
            return Err(disagree("digest").with("section_id", entry.section_id));
        }
    }
    //= LDR-STRUCT-005
    let section = manifest.entry.section;
    if !entries.iter().any(|entry| entry.section_id == section) {
        return Err(broken("entry_unknown", "no section has the id that `entry` names").with("section_id", section));
    }
    Ok(())
}

fn broken(rule: &'static str, message: &str) -> FaygerError {
    error::structure(Phase::VerifyStructural, rule, message)
}
