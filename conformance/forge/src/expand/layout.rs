//! The parts one behind the other, and the Trailer that closes the file.

use crc::{CRC_32_ISO_HDLC, Crc};
use sha2::{Digest as _, Sha256};

use super::edits::Edits;
use super::fixed;
use crate::edn::Item;
use crate::{Part, PartName, RecipeError};

/// The bytes of a Trailer.
const TRAILER: usize = 44;

/// The parts before the Trailer.
pub(super) struct Layout {
    pub(super) header: Vec<u8>,
    pub(super) manifest: Vec<u8>,
    pub(super) index: Vec<u8>,
    pub(super) bodies: Vec<(u32, Vec<u8>)>,
}

impl Layout {
    /// Puts the file together and closes it with its Trailer.
    pub(super) fn close(self, edits: &Edits<'_>) -> Result<(Vec<u8>, Vec<Part>), RecipeError> {
        let manifest_digest = Sha256::digest(&self.manifest).into();
        let checked = [self.header.as_slice(), &self.manifest, &self.index].concat();
        let parts =
            [(PartName::Header, self.header), (PartName::Manifest, self.manifest), (PartName::Index, self.index)]
                .into_iter()
                .chain(self.bodies.into_iter().map(|(id, body)| (PartName::Body(id), body)));
        let mut file = File::default();
        parts.for_each(|(name, bytes)| file.push(name, &bytes));

        let mut trailer =
            edits.on_fixed(PartName::Trailer, fixed::trailer(file.bytes.len() + TRAILER, manifest_digest))?;
        if !edits.set_field(PartName::Trailer, "crc32") {
            let crc = crc32(&[&checked, trailer.field("total_length"), trailer.field("manifest_digest")]);
            trailer.set("crc32", &Item::unsigned(crc)).map_err(|what| RecipeError::step("trailer", what))?;
        }
        let trailer = edits.on_bytes(PartName::Trailer, trailer.bytes())?;
        file.push(PartName::Trailer, &trailer);
        Ok((file.bytes, file.parts))
    }
}

#[derive(Default)]
struct File {
    bytes: Vec<u8>,
    parts: Vec<Part>,
}

impl File {
    fn push(&mut self, name: PartName, bytes: &[u8]) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        self.parts.push(Part { name, span: start..self.bytes.len() });
    }
}

fn crc32(slices: &[&[u8]]) -> u32 {
    let crc = Crc::<u32>::new(&CRC_32_ISO_HDLC);
    let mut digest = crc.digest();
    slices.iter().for_each(|slice| digest.update(slice));
    digest.finalize()
}
