//! The front of a remote source: what its first answer brought, which is its size and its first bytes.

use std::sync::{Mutex, PoisonError};

use fayger_contracts::SourceError;

/// Bytes that the first request asks for: as many as the loader's first read.
pub(crate) const FIRST: u64 = 64 << 10;

/// What is known after the first answer.
#[derive(Clone, Debug)]
pub(crate) struct Known<V> {
    pub(crate) size: u64,
    /// By what later answers are told to be of the same thing.
    pub(crate) version: V,
}

/// The first answer, asked for once it is needed. One that fails is asked for again at the next call.
#[derive(Debug)]
pub(crate) struct Front<V> {
    known: Mutex<Option<(Known<V>, Vec<u8>)>>,
}

impl<V> Default for Front<V> {
    fn default() -> Self {
        Self { known: Mutex::new(None) }
    }
}

impl<V: Clone> Front<V> {
    /// What is known, from `ask` where nothing is yet.
    pub(crate) fn known(
        &self,
        ask: impl FnOnce() -> Result<(Known<V>, Vec<u8>), SourceError>,
    ) -> Result<Known<V>, SourceError> {
        let mut held = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        match &*held {
            Some((known, _)) => Ok(known.clone()),
            None => {
                let (known, bytes) = ask()?;
                *held = Some((known.clone(), bytes));
                Ok(known)
            }
        }
    }

    /// Fills the buffer where the first answer has all of it.
    pub(crate) fn fill(&self, offset: u64, buffer: &mut [u8]) -> bool {
        let held = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((_, bytes)) = &*held else { return false };
        let found = usize::try_from(offset).ok().and_then(|start| bytes.get(start..start.checked_add(buffer.len())?));
        match found {
            Some(found) => {
                buffer.copy_from_slice(found);
                true
            }
            None => false,
        }
    }
}
