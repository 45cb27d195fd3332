//! Phase `read_sections`: the selected bodies, by ascending id, each held against its digest before anyone sees it.

use std::collections::BTreeMap;

use bytes::Bytes;
use fayger_contracts::{BufSource, FaygerError, Phase, SectionEntry};

use crate::digest::Hasher;
use crate::error;
use crate::resolve::Resolved;

//= ART-LIMIT-003
/// Bytes of one read. A body grows by as much as has arrived, never by what its row claims.
const PIECE: u64 = 64 << 10;

/// An artifact with every selected body in memory, verified.
pub struct BodiesRead {
    pub(crate) resolved: Resolved,
    pub(crate) bodies: BTreeMap<u32, Bytes>,
}

impl Resolved {
    /// Reads and verifies every selected body.
    ///
    /// # Errors
    /// `LDR_IO` or `LDR_DIGEST_MISMATCH` (subject `section`).
    //= LDR-BODIES-001
    //= LDR-BODIES-003
    pub fn read_sections(self) -> Result<BodiesRead, FaygerError> {
        let read = &self.selected.negotiated.trusted.intact.structured.parsed.read;
        let base = read.body_base();
        let bodies = self
            .selected
            .selected
            .iter()
            .map(|entry| Ok((entry.section_id, read_body(read.source.as_ref(), base, entry)?)));
        let bodies = bodies.collect::<Result<_, FaygerError>>()?;
        Ok(BodiesRead { resolved: self, bodies })
    }
}

impl crate::read::Read {
    /// Where the first body begins: `offset` in a row counts from here.
    pub(crate) fn body_base(&self) -> u64 {
        self.header.section_index_offset.saturating_add(self.header.section_index_length)
    }
}

/// One body, whole and verified. Memory grows by as much as has arrived, never by what the row claims.
pub(crate) fn read_body(source: &dyn BufSource, base: u64, entry: &SectionEntry) -> Result<Bytes, FaygerError> {
    let mut body = Vec::new();
    pass_over(source, base, entry, |piece| {
        body.extend_from_slice(piece);
        Ok(())
    })?;
    Ok(body.into())
}

/// Gives a body to `take`, piece by piece; only where this ends well were the pieces the right ones.
//= LDR-BODIES-002
pub(crate) fn pass_over(
    source: &dyn BufSource,
    base: u64,
    entry: &SectionEntry,
    mut take: impl FnMut(&[u8]) -> Result<(), FaygerError>,
) -> Result<(), FaygerError> {
    let mut buffer = vec![0; usize::try_from(entry.length.min(PIECE)).unwrap_or_default()];
    let mut hasher = Hasher::default();
    let mut remaining = entry.length;
    let mut offset = base.saturating_add(entry.offset);
    //= ART-INDEX-011
    while remaining > 0 {
        let wanted = remaining.min(PIECE);
        let piece = buffer.get_mut(..usize::try_from(wanted).unwrap_or_default()).unwrap_or_default();
        source.read_at(offset, piece).map_err(|failure| error::io(Phase::ReadSections, &failure, Some(offset)))?;
        hasher.update(piece);
        take(piece)?;
        remaining = remaining.saturating_sub(wanted);
        offset = offset.saturating_add(wanted);
    }
    let actual = hasher.finish();
    if actual != entry.digest {
        return Err(
            error::digest(Phase::ReadSections, "section", entry.digest, actual).with("section_id", entry.section_id)
        );
    }
    Ok(())
}
