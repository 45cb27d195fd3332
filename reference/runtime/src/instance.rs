//! One instance: its state, its queue, and the hand-over of its machine between those who want something of it.
//!
//! The state is behind a lock that nobody holds while code or a host call runs. The machine is taken out to execute it; commands that come meanwhile
//! change the state and raise `attention`, which the machine sees before its next step. So a command returns at once, also from within a host
//! call, and no guest instruction runs after `suspend` or `terminate` has returned.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};

use bytes::Bytes;
use fayger_contracts::{CapabilitySet, FailureInfo, InstanceId, LifecycleState};

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
    changed: Condvar,
    attention: AtomicBool,
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
    /// An export is called once the instance is next run.
    pub(crate) begins: bool,
}

/// Where the machine is.
pub(crate) enum Place {
    /// Nobody executes it.
    Here(Box<Machine>),
    /// A thread executes its code.
    Executing(ThreadId),
    /// A thread is within a host call of it.
    InHostCall(ThreadId),
    /// The instance has ended, or its machine was given up.
    Gone,
}

impl Instance {
    pub(crate) fn new(
        id: InstanceId,
        effective: CapabilitySet,
        takes_events: bool,
        has_init: bool,
        machine: Machine,
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
                begins: false,
            }),
            changed: Condvar::new(),
            attention: AtomicBool::new(false),
        }
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Parts> {
        self.parts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether whoever executes has to stop.
    pub(crate) fn is_held(&self) -> bool {
        self.attention.load(Ordering::Acquire)
    }

    /// Makes whoever executes stop before the next step, and waits until that is so. A host call is not waited for, nor is the calling thread's
    /// own execution: neither runs guest code before it looks again.
    pub(crate) fn hold<'a>(&'a self, mut parts: MutexGuard<'a, Parts>) -> MutexGuard<'a, Parts> {
        self.attention.store(true, Ordering::Release);
        let me = thread::current().id();
        while matches!(parts.machine, Place::Executing(thread) if thread != me) {
            parts = self.wait(parts);
        }
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
                self.attention.store(false, Ordering::Release);
                Some(machine)
            }
            other => {
                parts.machine = other;
                None
            }
        }
    }

    /// Tells where the thread that has the machine is. Where a host call ends and someone has raised attention, no guest instruction follows.
    pub(crate) fn in_host_call(&self, is_in: bool) {
        let me = thread::current().id();
        self.lock().machine = if is_in { Place::InHostCall(me) } else { Place::Executing(me) };
        self.changed.notify_all();
    }

    /// Tells those who wait that something is different.
    pub(crate) fn notify(&self) {
        self.changed.notify_all();
    }
}
