//! A source that can be made to wait.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use fayger_contracts::{BufSource, SourceError};
use fayger_loader::MemorySource;

/// Bytes that nobody gets to read while it is shut.
pub struct Gate {
    source: MemorySource,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    is_shut: bool,
    waiting: usize,
    reads: usize,
}

impl Gate {
    /// An open gate before these bytes.
    pub fn new(bytes: Vec<u8>) -> Arc<Self> {
        Arc::new(Self { source: MemorySource::new(bytes), state: Mutex::default(), changed: Condvar::new() })
    }

    /// Lets nobody read.
    pub fn shut(&self) {
        self.state().is_shut = true;
    }

    /// Lets everybody read.
    pub fn open(&self) {
        self.state().is_shut = false;
        self.changed.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many wait to read.
    pub fn readers(&self) -> usize {
        self.state().waiting
    }

    /// How many reads there have been, those that wait among them.
    pub fn reads(&self) -> usize {
        self.state().reads
    }

    /// Returns once someone waits to read.
    pub fn await_reader(&self) {
        let state = self.state();
        let waited = self.changed.wait_while(state, |state| state.waiting == 0);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }
}

impl BufSource for Gate {
    fn size(&self) -> Result<u64, SourceError> {
        self.source.size()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
        let mut state = self.state();
        state.waiting += 1;
        state.reads += 1;
        self.changed.notify_all();
        let mut state = self.changed.wait_while(state, |state| state.is_shut).unwrap_or_else(PoisonError::into_inner);
        state.waiting -= 1;
        drop(state);
        self.source.read_at(offset, buffer)
    }
}
