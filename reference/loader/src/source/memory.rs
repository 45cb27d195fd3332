//! An artifact that is in memory already.

use bytes::Bytes;
use fayger_contracts::{BufSource, SourceError, SourceReason};

/// A source over bytes in memory.
#[derive(Clone, Debug)]
pub struct MemorySource(Bytes);

impl MemorySource {
    /// The source of these bytes.
    pub fn new(bytes: impl Into<Bytes>) -> Self {
        Self(bytes.into())
    }
}

impl BufSource for MemorySource {
    fn size(&self) -> Result<u64, SourceError> {
        Ok(self.0.len() as u64)
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
        let wanted = usize::try_from(offset).ok().and_then(|from| self.0.get(from..from.checked_add(buffer.len())?));
        match wanted {
            Some(bytes) => {
                buffer.copy_from_slice(bytes);
                Ok(())
            }
            None => Err(SourceError::new(
                SourceReason::ShortRead,
                format!("{} bytes at {offset} were asked of {}", buffer.len(), self.0.len()),
            )),
        }
    }
}
