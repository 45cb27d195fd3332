//! Phase `read`: the Header judged field by field, then Manifest, Section_Index and Trailer brought into private memory, once.
//!
//! At most three reads reach the source: the first 64 KiB, the rest of Manifest and Section_Index, and the last 44 bytes.
//! Every later check uses the bytes held here, so that a source which changes cannot show one thing to a check and
//! another to its user.

use std::sync::Arc;

use fayger_contracts::artifact::{CRITICAL_FLAGS, FORMAT_MAJOR, HEADER_LEN, MAGIC, TRAILER_LEN};
use fayger_contracts::{BufSource, Digest, FaygerError, FormatVersion, Header, Phase, Trailer};

use crate::error;
use crate::limits::Limits;

/// Bytes of the first read, where the source has as many.
const FIRST_READ: u64 = 64 << 10;

/// The parts of fixed place, held in memory, with a Header that keeps every rule.
pub struct Read {
    pub(crate) source: Arc<dyn BufSource>,
    pub(crate) limits: Limits,
    /// Bytes of the source.
    pub(crate) size: u64,
    pub(crate) header: Header,
    pub(crate) header_bytes: [u8; HEADER_LEN as usize],
    pub(crate) manifest_bytes: Vec<u8>,
    pub(crate) index_bytes: Vec<u8>,
    pub(crate) trailer: Trailer,
    pub(crate) trailer_bytes: [u8; TRAILER_LEN as usize],
}

impl Read {
    /// Reads and judges the Header, then reads what it points to.
    ///
    /// # Errors
    /// `LDR_IO`, `LDR_BAD_MAGIC`, `LDR_TRUNCATED`, `LDR_FORMAT_VERSION`, `LDR_STRUCTURE_INVALID` or `LDR_LIMIT_EXCEEDED`, in the
    /// order of the checks below.
    pub fn from_source(source: Arc<dyn BufSource>, limits: Limits) -> Result<Self, FaygerError> {
        //= LDR-READ-001
        let size = source.size().map_err(|failure| error::io(Phase::Read, &failure, None))?;
        let first = read_range(source.as_ref(), 0, size.min(FIRST_READ))?;

        //= LDR-READ-002
        let start = first.get(..first.len().min(MAGIC.len())).unwrap_or_default();
        if !MAGIC.starts_with(start) {
            return Err(error::bad_magic());
        }
        //= LDR-READ-003
        let Some((_magic, fields)) = first.split_first_chunk::<4>() else {
            return Err(error::truncated(Phase::Read, "its format version", 8, size));
        };
        let Some((version, fields)) = fields.split_first_chunk::<4>() else {
            return Err(error::truncated(Phase::Read, "its format version", 8, size));
        };
        let [m0, m1, n0, n1] = *version;
        let format_version = FormatVersion { major: u16::from_le_bytes([m0, m1]), minor: u16::from_le_bytes([n0, n1]) };
        //= LDR-READ-004
        if format_version.major != FORMAT_MAJOR {
            return Err(error::format_major(format_version.major));
        }
        //= LDR-READ-005
        let (Some(header_bytes), Some(fields)) = (first.first_chunk(), HeaderFields::from_bytes(fields)) else {
            return Err(error::truncated(Phase::Read, "its Header does", HEADER_LEN, size));
        };
        let header = fields.judge(format_version, &limits)?;

        //= LDR-READ-010
        //= ART-LAYOUT-001
        let index_end = header.section_index_offset.saturating_add(header.section_index_length);
        let smallest = index_end.saturating_add(TRAILER_LEN);
        if size < smallest {
            return Err(error::truncated(Phase::Read, "its Manifest, Section_Index and Trailer do", smallest, size));
        }
        Self::bring_in(source, limits, size, header, *header_bytes, first)
    }

    /// Manifest, Section_Index and Trailer, from what is held and at most two more reads.
    //= LDR-READ-011
    fn bring_in(
        source: Arc<dyn BufSource>,
        limits: Limits,
        size: u64,
        header: Header,
        header_bytes: [u8; HEADER_LEN as usize],
        first: Vec<u8>,
    ) -> Result<Self, FaygerError> {
        let index_end = header.section_index_offset.saturating_add(header.section_index_length);
        let held = first.len() as u64;
        let trailer_offset = size.saturating_sub(TRAILER_LEN);
        let mut trailer_bytes = [0; TRAILER_LEN as usize];
        match held_range(&first, trailer_offset, size) {
            Some(bytes) => trailer_bytes.copy_from_slice(bytes),
            None => fill(source.as_ref(), trailer_offset, &mut trailer_bytes)?,
        }
        let mut front = first;
        if index_end > held {
            front.extend(read_range(source.as_ref(), held, index_end.saturating_sub(held))?);
        }
        let part = |from, to| held_range(&front, from, to).unwrap_or_default().to_vec();
        Ok(Self {
            limits,
            size,
            header,
            header_bytes,
            manifest_bytes: part(HEADER_LEN, header.section_index_offset),
            index_bytes: part(header.section_index_offset, index_end),
            trailer: trailer_from(&trailer_bytes),
            trailer_bytes,
            source,
        })
    }

    /// The Header.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The Trailer, not yet held against anything.
    pub fn trailer(&self) -> &Trailer {
        &self.trailer
    }

    /// Bytes of the source.
    pub fn size(&self) -> u64 {
        self.size
    }
}

/// The Header's fields behind the format version, as they stand there.
struct HeaderFields {
    flags: u32,
    reserved: u32,
    manifest_offset: u64,
    manifest_length: u64,
    section_index_offset: u64,
    section_index_length: u64,
}

impl HeaderFields {
    //= ART-HEADER-001
    /// Takes the fields from the bytes at 8; `None` where there are fewer than 40.
    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (flags, rest) = bytes.split_first_chunk::<4>()?;
        let (reserved, rest) = rest.split_first_chunk::<4>()?;
        let (manifest_offset, rest) = rest.split_first_chunk::<8>()?;
        let (manifest_length, rest) = rest.split_first_chunk::<8>()?;
        let (section_index_offset, rest) = rest.split_first_chunk::<8>()?;
        let (section_index_length, _) = rest.split_first_chunk::<8>()?;
        Some(Self {
            flags: u32::from_le_bytes(*flags),
            reserved: u32::from_le_bytes(*reserved),
            manifest_offset: u64::from_le_bytes(*manifest_offset),
            manifest_length: u64::from_le_bytes(*manifest_length),
            section_index_offset: u64::from_le_bytes(*section_index_offset),
            section_index_length: u64::from_le_bytes(*section_index_length),
        })
    }

    /// The rules of the Header, in their order.
    fn judge(self, format_version: FormatVersion, limits: &Limits) -> Result<Header, FaygerError> {
        //= LDR-READ-006
        //= ART-HEADER-003
        let unknown = self.flags & CRITICAL_FLAGS;
        if unknown != 0 {
            return Err(error::critical_flags(unknown));
        }
        //= LDR-READ-007
        if self.reserved != 0 {
            return Err(error::structure(Phase::Read, "reserved", "the Header's reserved field is not zero")
                .with("actual", self.reserved));
        }
        //= LDR-READ-008
        if self.manifest_length > limits.manifest_length {
            let (bound, actual) = (limits.manifest_length, self.manifest_length);
            return Err(error::limit(Phase::Read, "manifest_length", bound, actual));
        }
        if self.section_index_length > limits.section_index_length {
            let (bound, actual) = (limits.section_index_length, self.section_index_length);
            return Err(error::limit(Phase::Read, "section_index_length", bound, actual));
        }
        //= LDR-READ-009
        let place = |rule, expected: u64, actual: u64| {
            error::structure(Phase::Read, rule, "a part is not where the ones before it end")
                .with("expected", expected)
                .with("actual", actual)
        };
        if self.manifest_offset != HEADER_LEN {
            return Err(place("manifest_offset", HEADER_LEN, self.manifest_offset));
        }
        let index_offset = HEADER_LEN.saturating_add(self.manifest_length);
        if self.section_index_offset != index_offset {
            return Err(place("section_index_offset", index_offset, self.section_index_offset));
        }
        Ok(Header {
            format_version,
            flags: self.flags,
            manifest_offset: self.manifest_offset,
            manifest_length: self.manifest_length,
            section_index_offset: self.section_index_offset,
            section_index_length: self.section_index_length,
        })
    }
}

//= ART-TRAILER-001
fn trailer_from(bytes: &[u8; TRAILER_LEN as usize]) -> Trailer {
    let mut total_length = [0; 8];
    let mut manifest_digest = [0; 32];
    let mut crc32 = [0; 4];
    let fields = total_length.iter_mut().chain(&mut manifest_digest).chain(&mut crc32);
    fields.zip(bytes).for_each(|(to, from)| *to = *from);
    Trailer {
        total_length: u64::from_le_bytes(total_length),
        manifest_digest: Digest(manifest_digest),
        crc32: u32::from_le_bytes(crc32),
    }
}

/// The bytes `from..to` of the file, where `held`, its first bytes, has them all.
fn held_range(held: &[u8], from: u64, to: u64) -> Option<&[u8]> {
    held.get(usize::try_from(from).ok()?..usize::try_from(to).ok()?)
}

/// `length` bytes from `offset`; the caller has bounded `length`.
fn read_range(source: &dyn BufSource, offset: u64, length: u64) -> Result<Vec<u8>, FaygerError> {
    let mut buffer = vec![0; usize::try_from(length).unwrap_or(usize::MAX)];
    fill(source, offset, &mut buffer)?;
    Ok(buffer)
}

fn fill(source: &dyn BufSource, offset: u64, buffer: &mut [u8]) -> Result<(), FaygerError> {
    source.read_at(offset, buffer).map_err(|failure| error::io(Phase::Read, &failure, Some(offset)))
}
