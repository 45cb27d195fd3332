//! What makes instances run: on the caller's thread, or on threads of its own. No part of Runtime_Interface.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use fayger_contracts::{FaygerError, InstanceId, LifecycleState, RuntimeInterface as _};

use crate::bodies::{Readers, Wanted};
use crate::runtime::{Runtime, Turn};

/// How long an instance that someone else has is left before it is looked at again.
const LOOK_AGAIN: Duration = Duration::from_millis(5);

/// Where a run of one instance ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// Nothing is to be done until an event comes.
    Idle,
    /// A host call has no answer yet, and the instance is Running.
    Waiting,
    /// It is suspended, whether a host call has its answer or not.
    Suspended,
    /// It is over.
    Ended,
    /// A fault ended it.
    Failed,
    /// It has made as many host calls as it may; what the bus answers by itself is none.
    Budget,
    /// It is Loaded or Initialized, or the call came from within its own host call.
    NotRunning,
}

impl Stopped {
    /// Why no code runs in this state.
    fn in_state(state: LifecycleState) -> Self {
        match state {
            LifecycleState::Suspended => Self::Suspended,
            LifecycleState::Failed => Self::Failed,
            LifecycleState::Terminated => Self::Ended,
            LifecycleState::Loaded | LifecycleState::Initialized | LifecycleState::Running => Self::NotRunning,
        }
    }
}

//= RT-RUN-001
impl Runtime {
    /// Runs one instance on this thread as far as it gets: until it is idle, waits, stops, or has made `most_host_calls`. Bodies are read here too.
    ///
    /// # Errors
    /// `RT_UNKNOWN_INSTANCE`.
    pub fn run(&self, id: InstanceId, most_host_calls: Option<u64>) -> Result<Stopped, FaygerError> {
        let Some(instance) = self.instance(id) else {
            return self.state(id).map(|_terminated| Stopped::Ended);
        };
        let begins_in = instance.lock().state;
        if !matches!(begins_in, LifecycleState::Running | LifecycleState::Suspended) {
            return Ok(Stopped::in_state(begins_in));
        }
        let calls = Cell::new(most_host_calls.unwrap_or(u64::MAX));
        loop {
            match self.turn(&instance, Some(&calls)) {
                //= RT-RUN-002
                Turn::Again if calls.get() == 0 => return Ok(Stopped::Budget),
                Turn::Again => {}
                Turn::WantsBody(wanted) => self.read_body(&instance, &wanted),
                Turn::Idle => return Ok(Stopped::Idle),
                Turn::Waiting(_) => {
                    let is_suspended = instance.lock().state == LifecycleState::Suspended;
                    return Ok(if is_suspended { Stopped::Suspended } else { Stopped::Waiting });
                }
                Turn::Elsewhere => {
                    let parts = instance.lock();
                    if parts.is_mine() {
                        return Ok(Stopped::NotRunning);
                    }
                    drop(instance.wait_for(parts, LOOK_AGAIN));
                }
                Turn::Stopped => return Ok(Stopped::in_state(instance.lock().state)),
            }
        }
    }
}

/// Runs instances in turn: fair, since each gets a slice and goes to the end of the line.
pub struct Driver {
    runtime: Arc<Runtime>,
}

impl Driver {
    /// A driver of this runtime's instances, those that run already among them.
    pub fn new(runtime: Arc<Runtime>) -> Self {
        runtime.ready.open();
        runtime.ids().into_iter().for_each(|id| runtime.ready.push(id));
        Self { runtime }
    }

    //= RT-DRIVER-001
    /// Gives every instance that has something to do one turn, on this thread, and says when to come again: at once (zero), after a time, or when
    /// an instance is started or resumed, an event or an answer comes (none). For hosts with one thread.
    pub fn pump(&self) -> Option<Duration> {
        let (ready, clock) = (&self.runtime.ready, self.runtime.environment.clock.as_ref());
        for _ in 0..ready.len(clock) {
            let Some(id) = ready.pop(clock) else { break };
            if let Some(wanted) = self.turn(id) {
                self.read_body(id, &wanted);
            }
        }
        if ready.len(clock) > 0 { Some(Duration::ZERO) } else { ready.next_due(clock) }
    }

    /// One turn; the body that the instance wants.
    fn turn(&self, id: InstanceId) -> Option<Wanted> {
        let instance = self.runtime.instance(id)?;
        match self.runtime.turn(&instance, None) {
            Turn::Again => self.runtime.ready.push(id),
            Turn::Waiting(Some(deadline)) => {
                self.runtime.ready.park(id, deadline);
                // Whoever ended it meanwhile has forgotten it before.
                if !instance.lock().state.is_live() {
                    self.runtime.ready.forget(id);
                }
            }
            Turn::WantsBody(wanted) => return Some(wanted),
            Turn::Waiting(None) | Turn::Idle | Turn::Stopped | Turn::Elsewhere => {}
        }
        None
    }

    fn read_body(&self, id: InstanceId, wanted: &Wanted) {
        if let Some(instance) = self.runtime.instance(id) {
            self.runtime.read_body(&instance, wanted);
        }
    }

    //= RT-DRIVER-002
    /// Runs on `threads` threads, one at least, and on others that read bodies, until the handle is dropped.
    ///
    /// # Errors
    /// Where a thread cannot be started.
    pub fn start(runtime: Arc<Runtime>, threads: usize) -> std::io::Result<Running> {
        let driver = Arc::new(Self::new(Arc::clone(&runtime)));
        let reads = Arc::clone(&driver);
        let readers = Readers::start(Box::new(move |id, wanted| reads.read_body(id, &wanted)))?;
        let mut running = Running { runtime, over: Arc::default(), readers: Arc::new(readers), threads: Vec::new() };
        for number in 0..threads.max(1) {
            let (worker, over, readers) =
                (Arc::clone(&driver), Arc::clone(&running.over), Arc::clone(&running.readers));
            let work = move || worker.work(&over, &readers);
            running.threads.push(thread::Builder::new().name(format!("fayger-driver-{number}")).spawn(work)?);
        }
        Ok(running)
    }

    fn work(&self, over: &AtomicBool, readers: &Readers) {
        while let Some(id) = self.runtime.ready.pop_waiting(self.runtime.environment.clock.as_ref(), over) {
            if let Some(wanted) = self.turn(id) {
                readers.add(id, wanted);
            }
        }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.runtime.ready.close();
    }
}

/// A driver at work. Dropping it ends its threads, each after the turn, or the body, that it is at.
pub struct Running {
    runtime: Arc<Runtime>,
    over: Arc<AtomicBool>,
    readers: Arc<Readers>,
    threads: Vec<JoinHandle<()>>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.runtime.ready.end(&self.over);
        for thread in self.threads.drain(..) {
            // A panic of a thread has been told already.
            let _ = thread.join();
        }
        // Nobody adds to it any more.
        for id in self.readers.end() {
            self.runtime.leave_body(id);
        }
    }
}
