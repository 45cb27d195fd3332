//! What a writer wants to have written, and where the bodies come from.

use std::fmt;
use std::io;
use std::path::PathBuf;

use bytes::Bytes;
use fayger_cbor::{Map, Value};

/// An artifact to be: everything that cannot be computed.
#[derive(Debug)]
pub struct Draft {
    /// The Header's flags.
    pub flags: u32,
    /// The Manifest without `index_digest`, without `signature`, and without `digest` in its `sections`.
    pub manifest: Map,
    //= SER-DRAFT-002
    /// The sections, by ascending id: nothing is sorted silently.
    pub sections: Vec<DraftSection>,
}

/// A section to be: everything of its row that cannot be computed, and its body.
#[derive(Debug)]
pub struct DraftSection {
    /// Its id.
    pub section_id: u32,
    /// The number of its kind.
    pub kind: u32,
    /// The number of its visibility.
    pub visibility: u32,
    /// When it is selected: a map.
    pub profile_constraints: Value,
    /// Its body.
    pub input: Box<dyn SectionInput>,
}

/// A body that can be read more than once.
pub trait SectionInput: Send + Sync {
    /// Begins to read it from its start.
    ///
    /// # Errors
    /// What the machine below says.
    fn open(&self) -> io::Result<Box<dyn io::Read + '_>>;
}

impl SectionInput for Bytes {
    fn open(&self) -> io::Result<Box<dyn io::Read + '_>> {
        Ok(Box::new(self.as_ref()))
    }
}

/// A body in a file.
impl SectionInput for PathBuf {
    fn open(&self) -> io::Result<Box<dyn io::Read + '_>> {
        Ok(Box::new(std::fs::File::open(self)?))
    }
}

impl fmt::Debug for dyn SectionInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SectionInput")
    }
}
