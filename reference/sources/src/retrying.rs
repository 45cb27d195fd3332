//! Asks a source again where that may help. Reading changes nothing, so it may be repeated.

use std::ops::ControlFlow;
use std::time::Duration;

use fayger_contracts::{BufSource, SourceError, SourceReason};

/// Tries of one read, the first one counted.
const TRIES: u32 = 3;

/// A source that is asked again: at most three times in all, after a wait that doubles.
///
/// Again after `native`, `timeout`, `short_read` and `http_status`, which can pass. Never after what another try cannot mend: a server that
/// ignores ranges, encodes, redirects or answers with other bytes, a source that changed or cannot know its size.
#[derive(Debug)]
pub struct Retrying<S, P = ThreadSleep> {
    inner: S,
    patience: Patience,
    sleep: P,
}

/// How long to wait between tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Before the second try; twice as long before the third.
    pub first: Duration,
}

impl Default for Patience {
    /// A quarter of a second.
    fn default() -> Self {
        Self { first: Duration::from_millis(250) }
    }
}

/// What lets time pass: the machine's, or a test's.
pub trait Sleep: Send + Sync {
    /// Returns after `time`.
    fn sleep(&self, time: Duration);
}

/// Lets the calling thread sleep.
#[derive(Clone, Copy, Debug, Default)]
pub struct ThreadSleep;

impl Sleep for ThreadSleep {
    fn sleep(&self, time: Duration) {
        std::thread::sleep(time);
    }
}

impl<S> Retrying<S> {
    /// Asks `inner` again, with the default patience.
    pub fn new(inner: S) -> Self {
        Self::with(inner, Patience::default(), ThreadSleep)
    }
}

impl<S, P: Sleep> Retrying<S, P> {
    /// Asks `inner` again, waiting as told.
    pub fn with(inner: S, patience: Patience, sleep: P) -> Self {
        Self { inner, patience, sleep }
    }

    fn persist<T>(&self, mut attempt: impl FnMut() -> Result<T, SourceError>) -> Result<T, SourceError> {
        let mut wait = self.patience.first;
        for _ in 1..TRIES {
            match attempt() {
                Err(error) if may_pass(error.reason) => {
                    self.sleep.sleep(wait);
                    wait = wait.saturating_mul(2);
                }
                other => return other,
            }
        }
        attempt()
    }
}

fn may_pass(reason: SourceReason) -> bool {
    match reason {
        SourceReason::Native | SourceReason::Timeout | SourceReason::ShortRead | SourceReason::HttpStatus => true,
        SourceReason::SizeUnknown
        | SourceReason::RangeIgnored
        | SourceReason::ContentEncoding
        | SourceReason::Multipart
        | SourceReason::ContentRange
        | SourceReason::SourceChanged
        | SourceReason::Redirect => false,
    }
}

impl<S: BufSource, P: Sleep> BufSource for Retrying<S, P> {
    fn size(&self) -> Result<u64, SourceError> {
        self.persist(|| self.inner.size())
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
        self.persist(|| self.inner.read_at(offset, buffer))
    }

    /// Goes on where the last try broke off: what was taken is not delivered again.
    fn read_each(
        &self,
        offset: u64,
        length: u64,
        take: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
    ) -> Result<(), SourceError> {
        let (mut taken, mut is_over) = (0_u64, false);
        self.persist(|| {
            if is_over || taken >= length {
                return Ok(());
            }
            self.inner.read_each(offset.saturating_add(taken), length.saturating_sub(taken), &mut |piece| {
                taken = taken.saturating_add(piece.len() as u64);
                let flow = take(piece);
                is_over = flow.is_break();
                flow
            })
        })
    }
}
