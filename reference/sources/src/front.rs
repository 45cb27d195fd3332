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

    /// What the first answer has of these bytes, from the first of them on.
    pub(crate) fn bytes(&self, offset: u64, length: u64) -> Vec<u8> {
        let held = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((_, bytes)) = &*held else { return Vec::new() };
        let rest = usize::try_from(offset).ok().and_then(|start| bytes.get(start..)).unwrap_or_default();
        let count = usize::try_from(length).unwrap_or(usize::MAX).min(rest.len());
        rest.get(..count).unwrap_or_default().to_vec()
    }
}
