//! Counts what is read of a source.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, Ordering};

use fayger_contracts::{BufSource, SourceError};

/// A source that counts.
#[derive(Debug)]
pub struct Counting<S> {
    inner: S,
    reads: AtomicU64,
    bytes: AtomicU64,
}

/// What was read so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// How often bytes were asked for, with success or without.
    pub reads: u64,
    /// Bytes that were delivered.
    pub bytes: u64,
}

impl<S> Counting<S> {
    /// Counts what is read of `inner` from now on.
    pub fn new(inner: S) -> Self {
        Self { inner, reads: AtomicU64::new(0), bytes: AtomicU64::new(0) }
    }

    /// What was read so far.
    pub fn counted(&self) -> Counted {
        Counted { reads: self.reads.load(Ordering::Relaxed), bytes: self.bytes.load(Ordering::Relaxed) }
    }

    fn delivered(&self, bytes: usize) {
        self.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }
}

impl<S: BufSource> BufSource for Counting<S> {
    fn size(&self) -> Result<u64, SourceError> {
        self.inner.size()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        self.inner.read_at(offset, buffer)?;
        self.delivered(buffer.len());
        Ok(())
    }

    fn read_each(
        &self,
        offset: u64,
        length: u64,
        take: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
    ) -> Result<(), SourceError> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        self.inner.read_each(offset, length, &mut |piece| {
            self.delivered(piece.len());
            take(piece)
        })
    }
}
