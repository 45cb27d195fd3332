//! The BuF_Object: what the loader hands over and the runtime takes.

use bytes::Bytes;

use crate::artifact::{Digest, FormatVersion, Reader, SectionEntry};
use crate::error::FaygerError;
use crate::manifest::Manifest;

/// A verified artifact. Only a loader makes one, at the end of its chain, so whoever holds one need not check again.
pub trait BufObject: Send + Sync {
    /// The container's version.
    fn format_version(&self) -> FormatVersion;
    /// The Header's flags, unknown ancillary ones included.
    fn flags(&self) -> u32;
    /// The Manifest.
    fn manifest(&self) -> &Manifest;
    /// Every row of the Section_Index, by ascending id.
    fn sections(&self) -> &[SectionEntry];
    /// Whether the profile selected the section.
    fn is_selected(&self, section_id: u32) -> bool;
    /// Whose signature it bears.
    fn signature(&self) -> &SignatureStatus;
    /// The verified body of a selected section, for `reader`; `None` where there is no such section, it was not selected, or its
    /// visibility does not admit the reader, all alike.
    ///
    /// # Errors
    /// `LDR_IO` or `LDR_DIGEST_MISMATCH`, phase `read_sections`, where the body is read only now. Nothing is kept of a bad body.
    fn body(&self, section_id: u32, reader: Reader) -> Result<Option<Bytes>, FaygerError>;
}

/// What the loader found of a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignatureStatus {
    /// There is none.
    Absent,
    /// It verified.
    Verified {
        /// The trusted key's algorithm.
        algorithm: &'static str,
        /// The trusted key.
        key_id: Digest,
    },
}
