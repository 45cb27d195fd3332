//! A bar while an artifact is read, where that takes long and someone is looking.

use std::ops::ControlFlow;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use fayger_contracts::{BufSource, SourceError};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A load that is over sooner shows none.
const LONG: Duration = Duration::from_millis(400);

/// A source whose reads move a bar.
pub(super) struct Shown<S> {
    source: S,
    begun: Instant,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    read: u64,
    bar: Option<ProgressBar>,
    is_over: bool,
}

impl<S: BufSource> Shown<S> {
    pub(super) fn new(source: S) -> Self {
        Self { source, begun: Instant::now(), state: Mutex::default() }
    }

    /// Takes the bar away: what is read from here on is read while the Fay runs.
    pub(super) fn finish(&self) {
        if let Ok(mut state) = self.state.lock() {
            state.is_over = true;
            if let Some(bar) = state.bar.take() {
                bar.finish_and_clear();
            }
        }
    }

    fn advance(&self, count: u64) {
        let Ok(mut state) = self.state.lock() else { return };
        state.read = state.read.saturating_add(count);
        if state.bar.is_none() && !state.is_over && self.begun.elapsed() > LONG {
            let bar = ProgressBar::with_draw_target(self.source.size().ok(), ProgressDrawTarget::stderr());
            if let Ok(style) = ProgressStyle::with_template("loading {wide_bar} {bytes}/{total_bytes}") {
                bar.set_style(style);
            }
            state.bar = Some(bar);
        }
        if let Some(bar) = &state.bar {
            bar.set_position(state.read);
        }
    }
}

impl<S: BufSource> BufSource for Shown<S> {
    fn size(&self) -> Result<u64, SourceError> {
        self.source.size()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
        self.source.read_at(offset, buffer)?;
        self.advance(buffer.len() as u64);
        Ok(())
    }

    fn read_each(
        &self,
        offset: u64,
        length: u64,
        take: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
    ) -> Result<(), SourceError> {
        self.source.read_each(offset, length, &mut |piece| {
            self.advance(piece.len() as u64);
            take(piece)
        })
    }
}
