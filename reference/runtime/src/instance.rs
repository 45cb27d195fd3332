//! One instance: its state, its queue, and the hand-over of its machine between those who want something of it.
//!
//! The state is behind a lock that nobody holds while code or a host call runs. The machine is taken out to execute it; commands that come meanwhile
//! change the state and raise `attention`, which the machine sees before its next step. So a command returns at once, also from within a host
//! call, and no guest instruction runs after `suspend` or `terminate` has returned.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};

use bytes::Bytes;
use fayger_contracts::{CapabilitySet, FailureInfo, InstanceId, LifecycleState};

use crate::bodies::Reading;
use crate::machine::Machine;
use crate::monitor::Monitor;

/// An instance that is not terminated.
pub(crate) struct Instance {
    pub(crate) id: InstanceId,
    /// What it may do.
    pub(crate) effective: CapabilitySet,
    /// Whether the Manifest names `on_event`.
    pub(crate) takes_events: bool,
    /// Whether the Manifest names `init`.
    pub(crate) has_init: bool,
    parts: Mutex<Parts>,
    /// Signalled when the machine comes back, begins a host call, or may have an answer.
    changed: Arc<Condvar>,
    attention: AtomicBool,
    /// The thread that executes is within a host call. An atomic of its own, since an emit is to cost no lock.
    is_in_host_call: AtomicBool,
    /// How many wait in [`hold`](Self::hold).
    holders: AtomicUsize,
}

/// What the lock is around.
pub(crate) struct Parts {
    pub(crate) state: LifecycleState,
    /// `init` has begun.
    pub(crate) is_initializing: bool,
    pub(crate) machine: Place,
    pub(crate) queue: VecDeque<Bytes>,
    pub(crate) failure: Option<FailureInfo>,
    pub(crate) monitor: Monitor,
    /// How far the body is that the code waits for.
    pub(crate) reading: Reading,
    /// An export is called once the instance is next run.
    pub(crate) begins: bool,
    /// Someone wanted the machine in vain while it was away.
    pub(crate) is_missed: bool,
    /// How often the machine was taken out.
    pub(crate) turns: u64,
    /// Callers from outside that wait for the machine; they come before the next turn.
    pub(crate) callers: usize,
}

/// Where the machine is.
pub(crate) enum Place {
    /// Nobody executes it.
    Here(Box<Machine>),
    /// A thread executes its code, or is within a host call of it.
    Executing(ThreadId),
    /// A thread makes a host call on its behalf, from outside.
    InHostCall(ThreadId),
    /// The instance has ended, or its machine was given up.
    Gone,
}

impl Parts {
    /// Whether the calling thread has the machine, further down its stack.
    pub(crate) fn is_mine(&self) -> bool {
        let me = thread::current().id();
        matches!(self.machine, Place::InHostCall(thread) | Place::Executing(thread) if thread == me)
    }
}

impl Instance {
    pub(crate) fn new(
        id: InstanceId,
        effective: CapabilitySet,
        takes_events: bool,
        has_init: bool,
        machine: Machine,
        changed: Arc<Condvar>,
    ) -> Self {
        let monitor = Monitor::new(machine.quotas);
        Self {
            id,
            effective,
            takes_events,
            has_init,
            parts: Mutex::new(Parts {
                state: LifecycleState::Loaded,
                is_initializing: false,
                machine: Place::Here(Box::new(machine)),
                queue: VecDeque::new(),
                failure: None,
                monitor,
                reading: Reading::Nothing,
                begins: false,
                is_missed: false,
                turns: 0,
                callers: 0,
            }),
            changed,
            attention: AtomicBool::new(false),
            is_in_host_call: AtomicBool::new(false),
            holders: AtomicUsize::new(0),
        }
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Parts> {
        self.parts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether whoever executes has to stop.
    pub(crate) fn is_held(&self) -> bool {
        self.attention.load(Ordering::SeqCst)
    }

    /// Makes whoever executes stop before the next step, and waits until that is so. A host call is not waited for, nor is the calling thread's
    /// own execution: neither runs guest code before it looks again. Nor is who takes the machine afterwards, because of another command.
    pub(crate) fn hold<'a>(&'a self, mut parts: MutexGuard<'a, Parts>) -> MutexGuard<'a, Parts> {
        // Sequentially consistent, here and in `in_host_call`: either whoever executes sees `attention` after its host call, or it is
        // seen here that the host call is over.
        self.attention.store(true, Ordering::SeqCst);
        self.holders.fetch_add(1, Ordering::SeqCst);
        let (me, turn) = (thread::current().id(), parts.turns);
        while matches!(parts.machine, Place::Executing(thread) if thread != me)
            && parts.turns == turn
            && !self.is_in_host_call.load(Ordering::SeqCst)
        {
            parts = self.wait(parts);
        }
        self.holders.fetch_sub(1, Ordering::SeqCst);
        parts
    }

    pub(crate) fn wait<'a>(&self, parts: MutexGuard<'a, Parts>) -> MutexGuard<'a, Parts> {
        self.changed.wait(parts).unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn wait_for<'a>(
        &self,
        parts: MutexGuard<'a, Parts>,
        most: std::time::Duration,
    ) -> MutexGuard<'a, Parts> {
        self.changed.wait_timeout(parts, most).unwrap_or_else(PoisonError::into_inner).0
    }

    /// Takes the machine out, where it is here.
    pub(crate) fn check_out(&self, parts: &mut Parts) -> Option<Box<Machine>> {
        match std::mem::replace(&mut parts.machine, Place::Executing(thread::current().id())) {
            Place::Here(machine) => {
                self.attention.store(false, Ordering::SeqCst);
                parts.turns = parts.turns.wrapping_add(1);
                Some(machine)
            }
            other => {
                parts.machine = other;
                None
            }
        }
    }

    /// Tells where the thread that executes is. Where a host call ends and someone has raised attention, no guest instruction follows.
    pub(crate) fn in_host_call(&self, is_in: bool) {
        self.is_in_host_call.store(is_in, Ordering::SeqCst);
        if is_in && self.holders.load(Ordering::SeqCst) > 0 {
            // Who holds the lock has looked before, and waits once it is let go of.
            drop(self.lock());
            self.changed.notify_all();
        }
    }

    /// Tells those who wait that something is different.
    pub(crate) fn notify(&self) {
        self.changed.notify_all();
    }
}
