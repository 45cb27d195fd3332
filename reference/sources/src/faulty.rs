//! Injects faults into a source, for tests of what is above it.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, Ordering};

use fayger_contracts::{BufSource, SourceError, SourceReason};

/// A source that fails when it is told to.
#[derive(Debug)]
pub struct Faulty<S> {
    inner: S,
    faults: BTreeMap<u64, Fault>,
    calls: AtomicU64,
}

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The call fails with this reason, and nothing is delivered.
    Fails(SourceReason),
    /// The last byte of what is delivered has its lowest bit flipped, and nobody says so.
    Flips,
}

impl<S> Faulty<S> {
    /// Makes the calls of these ordinals go wrong, counted from 0: `size`, `read_at` and `read_each` alike.
    pub fn new(inner: S, faults: impl IntoIterator<Item = (u64, Fault)>) -> Self {
        Self { inner, faults: faults.into_iter().collect(), calls: AtomicU64::new(0) }
    }

    /// Calls that were made so far.
    pub fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    /// Whether this call flips, or how it fails.
    fn next(&self) -> Result<bool, SourceError> {
        match self.faults.get(&self.calls.fetch_add(1, Ordering::Relaxed)) {
            None => Ok(false),
            Some(Fault::Flips) => Ok(true),
            Some(Fault::Fails(reason)) => Err(SourceError::new(*reason, "a fault was injected")),
        }
    }
}

impl<S: BufSource> BufSource for Faulty<S> {
    fn size(&self) -> Result<u64, SourceError> {
        self.next()?;
        self.inner.size()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
        let flips = self.next()?;
        self.inner.read_at(offset, buffer)?;
        if let Some(last) = buffer.last_mut().filter(|_| flips) {
            *last ^= 1;
        }
        Ok(())
    }

    fn read_each(
        &self,
        offset: u64,
        length: u64,
        take: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
    ) -> Result<(), SourceError> {
        if !self.next()? {
            return self.inner.read_each(offset, length, take);
        }
        let mut left = length;
        self.inner.read_each(offset, length, &mut |piece| {
            left = left.saturating_sub(piece.len() as u64);
            let mut piece = piece.to_vec();
            if let Some(last) = piece.last_mut().filter(|_| left == 0) {
                *last ^= 1;
            }
            take(&piece)
        })
    }
}
