//! Phase `read_sections`: bodies, by ascending id, each held against its digest before anyone sees it.
//!
//! Eager reads every selected body, neighbours and near neighbours in one go. Lazy reads the entry section, so that a bad one is always the
//! loader's error.

use std::ops::ControlFlow;

use bytes::Bytes;
use fayger_contracts::{
    BufSource, ErrorCode, FaygerError, LoadStrategy, Phase, SectionEntry, SourceError, SourceReason,
};

use crate::bodies::Bodies;
use crate::digest::Hasher;
use crate::error;
use crate::read::Read;
use crate::resolve::Resolved;

//= LDR-BODIES-006
/// Bytes that are read for nothing rather than asking the source once more.
const GAP: u64 = 64 << 10;

/// An artifact with the bodies that its strategy asks for in memory, verified.
pub struct BodiesRead {
    pub(crate) resolved: Resolved,
    pub(crate) bodies: Bodies,
}

impl Resolved {
    /// Reads and verifies the bodies that `strategy` asks for.
    ///
    /// # Errors
    /// `LDR_IO` or `LDR_DIGEST_MISMATCH` (subject `section`).
    //= LDR-BODIES-001
    //= LDR-BODIES-003
    pub fn read_sections(self, strategy: LoadStrategy) -> Result<BodiesRead, FaygerError> {
        let parsed = &self.selected.negotiated.trusted.intact.structured.parsed;
        let (source, base) = (parsed.read.source.as_ref(), parsed.read.body_base());
        let selected = &self.selected.selected;
        let bodies = match strategy {
            LoadStrategy::Eager => Bodies::eager(read_bodies(source, base, selected)?),
            //= LDR-BODIES-004
            LoadStrategy::Lazy { cache_bytes } => {
                let entry = parsed.manifest.entry.section;
                let entry = selected.iter().filter(|row| row.section_id == entry).cloned().collect::<Vec<_>>();
                Bodies::lazy(read_bodies(source, base, &entry)?, cache_bytes)
            }
        };
        Ok(BodiesRead { resolved: self, bodies })
    }
}

impl Read {
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
pub(crate) fn pass_over(
    source: &dyn BufSource,
    base: u64,
    entry: &SectionEntry,
    mut take: impl FnMut(&[u8]) -> Result<(), FaygerError>,
) -> Result<(), FaygerError> {
    let mut hasher = Hasher::for_length(entry.length);
    deliver(source, base.saturating_add(entry.offset), entry.length, |piece| {
        hasher.update(piece);
        take(piece)
    })?;
    judge(entry, hasher)
}

/// The bodies of rows by ascending offset, each with its id.
fn read_bodies(source: &dyn BufSource, base: u64, entries: &[SectionEntry]) -> Result<Vec<(u32, Bytes)>, FaygerError> {
    let is_near =
        |a: &SectionEntry, b: &SectionEntry| b.offset.saturating_sub(a.offset.saturating_add(a.length)) <= GAP;
    let runs = entries.chunk_by(is_near).map(|run| read_run(source, base, run));
    Ok(runs.collect::<Result<Vec<_>, _>>()?.concat())
}

/// The bodies of rows that lie near each other, in one go.
fn read_run(source: &dyn BufSource, base: u64, run: &[SectionEntry]) -> Result<Vec<(u32, Bytes)>, FaygerError> {
    let (Some(first), Some(last)) = (run.first(), run.last()) else { return Ok(Vec::new()) };
    let start = base.saturating_add(first.offset);
    let length = last.offset.saturating_add(last.length).saturating_sub(first.offset);
    let mut intake = Intake { waiting: run, at: first.offset, body: Vec::new(), hasher: None, done: Vec::new() };
    // Empty bodies at the front have nothing to wait for.
    intake.take(&[])?;
    match deliver(source, start, length, |piece| intake.take(piece)) {
        Ok(()) => Ok(intake.done),
        //= LDR-BODIES-003
        // What failed may lie between the bodies, where nobody asked for it: each by itself tells.
        Err(failure) if failure.code == ErrorCode::LdrIo && run.len() > 1 => {
            run.iter().map(|entry| Ok((entry.section_id, read_body(source, base, entry)?))).collect()
        }
        Err(failure) => Err(failure),
    }
}

/// Gives exactly `length` bytes from `start` on to `take`, until it refuses one. A source may be anyone's: what it delivers is counted.
fn deliver(
    source: &dyn BufSource,
    start: u64,
    length: u64,
    mut take: impl FnMut(&[u8]) -> Result<(), FaygerError>,
) -> Result<(), FaygerError> {
    let mut remaining = length;
    let mut refused = None;
    let delivered = source.read_each(start, length, &mut |piece| {
        let piece = piece.get(..clamp(remaining, piece)).unwrap_or_default();
        if refused.is_none() {
            remaining = remaining.saturating_sub(piece.len() as u64);
            refused = take(piece).err();
        }
        if refused.is_none() && remaining > 0 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    let place = start.saturating_add(length.saturating_sub(remaining));
    match (refused, delivered) {
        (Some(error), _) => Err(error),
        // Whatever became of the source after the last byte that was asked for.
        (None, _) if remaining == 0 => Ok(()),
        (None, Err(failure)) => Err(error::io(Phase::ReadSections, &failure, Some(place))),
        (None, Ok(())) => Err(error::io(Phase::ReadSections, &short(length, remaining), Some(place))),
    }
}

fn short(wanted: u64, lacking: u64) -> SourceError {
    let message = format!("it gave {} of {wanted} bytes", wanted.saturating_sub(lacking));
    SourceError::new(SourceReason::ShortRead, message)
}

/// The body is whole; now its digest decides.
//= LDR-BODIES-002
fn judge(entry: &SectionEntry, hasher: Hasher) -> Result<(), FaygerError> {
    let actual = hasher.finish();
    if actual == entry.digest {
        return Ok(());
    }
    Err(error::digest(Phase::ReadSections, "section", entry.digest, actual).with("section_id", entry.section_id))
}

/// Bodies on their way in. Memory grows with what has arrived, never with what a row claims.
//= ART-LIMIT-003
struct Intake<'a> {
    /// The rows whose bodies are not complete; the first is being filled.
    waiting: &'a [SectionEntry],
    /// Where the next byte stands, counted as the rows' offsets are.
    at: u64,
    body: Vec<u8>,
    /// Of the body that is being filled, once it has begun.
    hasher: Option<Hasher>,
    done: Vec<(u32, Bytes)>,
}

impl Intake<'_> {
    /// Gives each byte of a piece to the body that it belongs to, and those between bodies to nobody.
    fn take(&mut self, mut piece: &[u8]) -> Result<(), FaygerError> {
        while let Some((entry, rest)) = self.waiting.split_first() {
            let skipped = clamp(entry.offset.saturating_sub(self.at), piece);
            piece = piece.get(skipped..).unwrap_or_default();
            self.at = self.at.saturating_add(skipped as u64);
            if self.at < entry.offset {
                return Ok(());
            }
            //= ART-INDEX-011
            let missing = entry.length.saturating_sub(self.body.len() as u64);
            let (mine, others) = piece.split_at(clamp(missing, piece));
            self.body.extend_from_slice(mine);
            self.hasher.get_or_insert_with(|| Hasher::for_length(entry.length)).update(mine);
            self.at = self.at.saturating_add(mine.len() as u64);
            piece = others;
            if (self.body.len() as u64) < entry.length {
                return Ok(());
            }
            self.complete(entry)?;
            self.waiting = rest;
        }
        Ok(())
    }

    fn complete(&mut self, entry: &SectionEntry) -> Result<(), FaygerError> {
        judge(entry, self.hasher.take().unwrap_or_else(|| Hasher::for_length(0)))?;
        self.done.push((entry.section_id, std::mem::take(&mut self.body).into()));
        Ok(())
    }
}

/// `wanted`, as far as the piece has it.
fn clamp(wanted: u64, piece: &[u8]) -> usize {
    usize::try_from(wanted).map_or(piece.len(), |wanted| wanted.min(piece.len()))
}
