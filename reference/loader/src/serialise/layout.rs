//! The parts in their places: Header, Manifest, Section_Index, bodies, Trailer.

use std::io::Write;

use bytes::Bytes;
use fayger_cbor::Value;
use fayger_contracts::artifact::{HEADER_LEN, MAGIC, TRAILER_LEN};
use fayger_contracts::{FaygerError, FormatVersion, Manifest, SectionEntry};

use crate::digest::sha256;
use crate::error;
use crate::parse::index;
use crate::verify_digest::checksum;

/// A body that can be written, once or more, always with the bytes that its row's digest names.
pub(crate) trait Body {
    fn write(&self, entry: &SectionEntry, output: &mut dyn Write) -> Result<(), FaygerError>;
}

/// A body in memory, verified or hashed before.
impl Body for Bytes {
    fn write(&self, _entry: &SectionEntry, output: &mut dyn Write) -> Result<(), FaygerError> {
        output.write_all(self).map_err(|failure| error::ser_io("output", &failure))
    }
}

/// A whole artifact, ready to be written: same values, same bytes, on every host.
pub struct Artifact<'a> {
    pub(crate) header: [u8; HEADER_LEN as usize],
    manifest: Vec<u8>,
    pub(crate) index: Vec<u8>,
    entries: &'a [SectionEntry],
    bodies: Vec<Box<dyn Body + 'a>>,
    trailer: [u8; TRAILER_LEN as usize],
    total_length: u64,
}

impl<'a> Artifact<'a> {
    /// Lays out an artifact from values that a parser or a builder has judged, one body an entry.
    //= SER-WRITE-001
    pub(crate) fn lay_out(
        format_version: FormatVersion,
        flags: u32,
        manifest: &Manifest,
        entries: &'a [SectionEntry],
        bodies: Vec<Box<dyn Body + 'a>>,
    ) -> Result<Self, FaygerError> {
        let manifest = fayger_cbor::encode(&Value::Map(manifest.to_map()));
        let index = fayger_cbor::encode(&index::to_value(entries));
        let (manifest_length, index_length) = (manifest.len() as u64, index.len() as u64);
        let index_offset = HEADER_LEN.saturating_add(manifest_length);
        let total_length = entries
            .iter()
            .map(|entry| entry.length)
            .chain([index_offset, index_length, TRAILER_LEN])
            .try_fold(0_u64, u64::checked_add)
            .ok_or_else(|| error::draft("/sections", "overflow"))?;

        let header = array(&[
            &MAGIC,
            &format_version.major.to_le_bytes(),
            &format_version.minor.to_le_bytes(),
            &flags.to_le_bytes(),
            &[0; 4],
            &HEADER_LEN.to_le_bytes(),
            &manifest_length.to_le_bytes(),
            &index_offset.to_le_bytes(),
            &index_length.to_le_bytes(),
        ]);
        let manifest_digest = sha256(&manifest);
        let total = total_length.to_le_bytes();
        let unchecked = array(&[&total, &manifest_digest.0]);
        let crc32 = checksum(&header, &manifest, &index, &unchecked);
        let trailer = array(&[&total, &manifest_digest.0, &crc32.to_le_bytes()]);
        Ok(Self { header, manifest, index, entries, bodies, trailer, total_length })
    }

    /// Bytes of the whole file.
    pub fn total_length(&self) -> u64 {
        self.total_length
    }

    /// Writes the file and gives its length. After an error what was written is void.
    ///
    /// # Errors
    /// `SER_INPUT_CHANGED` where an input gives other bytes than before; `SER_IO` where an input or `output` fails; for bodies that
    /// come from another artifact, what reading them gives.
    pub fn write_to(&self, output: &mut dyn Write) -> Result<u64, FaygerError> {
        let write = |output: &mut dyn Write, bytes: &[u8]| {
            output.write_all(bytes).map_err(|failure| error::ser_io("output", &failure))
        };
        write(output, &self.header)?;
        write(output, &self.manifest)?;
        write(output, &self.index)?;
        for (entry, body) in self.entries.iter().zip(&self.bodies) {
            body.write(entry, output)?;
        }
        write(output, &self.trailer)?;
        output.flush().map_err(|failure| error::ser_io("output", &failure))?;
        Ok(self.total_length)
    }
}

/// The fields of a part of fixed size, one behind the other; what they leave is zero.
fn array<const N: usize>(fields: &[&[u8]]) -> [u8; N] {
    let mut part = [0; N];
    let bytes = fields.iter().copied().flatten();
    part.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
    part
}
