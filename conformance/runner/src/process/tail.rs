//! The last bytes of a stream that nobody reads in time.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How many bytes of stderr are kept: 64 KiB.
pub(super) const KEPT: usize = 64 << 10;

/// A ring of the last [`KEPT`] bytes, filled by one thread and read by another.
#[derive(Debug, Default)]
pub(super) struct Tail {
    state: Mutex<State>,
    closed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    bytes: VecDeque<u8>,
    closed: bool,
}

impl Tail {
    // No code panics while it holds the lock; a poisoned one is taken all the same.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn push(&self, bytes: &[u8]) {
        let mut state = self.state();
        let newest = bytes.len().saturating_sub(KEPT);
        state.bytes.extend(bytes.iter().skip(newest));
        let excess = state.bytes.len().saturating_sub(KEPT);
        state.bytes.drain(..excess);
    }

    pub(super) fn close(&self) {
        self.state().closed = true;
        self.closed.notify_all();
    }

    pub(super) fn clear(&self) {
        self.state().bytes.clear();
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        self.state().bytes.iter().copied().collect()
    }

    /// Waits until the stream is closed, but not longer than this.
    pub(super) fn wait_closed(&self, within: Duration) {
        let _ = self.closed.wait_timeout_while(self.state(), within, |state| !state.closed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_last_64_kib() {
        let tail = Tail::default();
        tail.push(b"old");
        tail.push(&vec![b'x'; KEPT - 1]);
        tail.push(b"y");
        let kept = tail.bytes();
        assert_eq!(kept.len(), KEPT);
        assert_eq!(kept[0], b'x');
        assert_eq!(kept[KEPT - 1], b'y');
        tail.push(&[vec![b'z'; KEPT], b"end".to_vec()].concat());
        assert_eq!(tail.bytes().len(), KEPT);
        assert!(tail.bytes().ends_with(b"zend"));
    }
}
