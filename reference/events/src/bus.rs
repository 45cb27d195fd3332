//! The bus: one order for all events, a bounded line for each listener.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use fayger_contracts::{Clock, Event, InstanceId, Observer};

use crate::record::Record;
use crate::trace::TraceContext;

/// Takes events of all layers. Share it in an [`Arc`].
pub struct EventBus {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Of the event before; 0 before the first.
    sequence: u64,
    listeners: Vec<Listener>,
    /// Traces that instances were put into, until they end.
    traces: HashMap<InstanceId, TraceContext>,
}

struct Listener {
    line: SyncSender<Record>,
    dropped: Arc<AtomicU64>,
}

/// What one listener is told. Dropping it ends that.
pub struct Subscription {
    line: Receiver<Record>,
    dropped: Arc<AtomicU64>,
}

impl EventBus {
    /// A bus without listeners.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, state: Mutex::default() }
    }

    /// The lock is held for the time that it takes to put a record into each line; nobody waits within it.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Listens to what happens from now on. At most `capacity` records wait to be taken, one at least.
    pub fn subscribe(&self, capacity: usize) -> Subscription {
        let (sender, line) = sync_channel(capacity.max(1));
        let dropped = Arc::new(AtomicU64::new(0));
        self.state().listeners.push(Listener { line: sender, dropped: Arc::clone(&dropped) });
        Subscription { line, dropped }
    }

    /// Puts what an instance does into a trace that is there already, until the instance ends.
    pub fn join(&self, instance: InstanceId, trace: TraceContext) {
        self.state().traces.insert(instance, trace);
    }
}

impl Observer for EventBus {
    //= RT-OBSERVE-001
    fn observe(&self, event: Event) {
        let mut state = self.state();
        // Under the lock, so that a later event has no earlier time.
        let at = self.clock.now();
        state.sequence = state.sequence.saturating_add(1);
        let sequence = state.sequence;
        let trace = event.instance().map(|instance| {
            let joined = state.traces.get(&instance).copied();
            joined.unwrap_or_else(|| TraceContext::of(instance))
        });
        if let Event::InstanceTerminated { instance, .. } = &event {
            state.traces.remove(instance);
        }
        let record = Record { sequence, at, trace, event };
        //= RT-OBSERVE-002
        state.listeners.retain(|listener| match listener.line.try_send(record.clone()) {
            Ok(()) => true,
            Err(TrySendError::Full(_)) => {
                listener.dropped.fetch_add(1, Ordering::Relaxed);
                true
            }
            Err(TrySendError::Disconnected(_)) => false,
        });
    }
}

impl Subscription {
    /// The next record, where there is one.
    pub fn next_now(&self) -> Option<Record> {
        self.line.try_recv().ok()
    }

    /// The next record, after waiting for `most` where there is none.
    pub fn next_within(&self, most: Duration) -> Option<Record> {
        self.line.recv_timeout(most).ok()
    }

    /// Records that there was no room for, so far.
    pub fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }
}

/// Waits for each next record, until the bus is gone.
impl Iterator for Subscription {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        self.line.recv().ok()
    }
}
