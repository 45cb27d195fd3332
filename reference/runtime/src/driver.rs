//! What makes instances run: on the caller's thread, or on threads of its own. No part of Runtime_Interface.

use std::cell::Cell;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use fayger_contracts::{FaygerError, InstanceId, LifecycleState, RuntimeInterface as _};

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
                Turn::Again if calls.get() == 0 => return Ok(Stopped::Budget),
                Turn::Again => {}
                Turn::WantsBody(section_id) => self.read_body(&instance, section_id),
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
            if let Some(section_id) = self.turn(id) {
                self.read_body(id, section_id);
            }
        }
        if ready.len(clock) > 0 { Some(Duration::ZERO) } else { ready.next_due(clock) }
    }

    /// One turn; the body that the instance wants.
    fn turn(&self, id: InstanceId) -> Option<u32> {
        let instance = self.runtime.instance(id)?;
        match self.runtime.turn(&instance, None) {
            Turn::Again => self.runtime.ready.push(id),
            Turn::Waiting(Some(deadline)) => self.runtime.ready.park(id, deadline),
            Turn::WantsBody(section_id) => return Some(section_id),
            Turn::Waiting(None) | Turn::Idle | Turn::Stopped | Turn::Elsewhere => {}
        }
        None
    }

    fn read_body(&self, id: InstanceId, section_id: u32) {
        if let Some(instance) = self.runtime.instance(id) {
            self.runtime.read_body(&instance, section_id);
            self.runtime.ready.push(id);
        }
    }

    //= RT-DRIVER-002
    /// Runs on `threads` threads, one at least, and as many more that read bodies, until the handle is dropped.
    ///
    /// # Errors
    /// Where a thread cannot be started.
    pub fn start(runtime: Arc<Runtime>, threads: usize) -> std::io::Result<Running> {
        let driver = Arc::new(Self::new(Arc::clone(&runtime)));
        let (wanted, bodies) = channel();
        let bodies = Arc::new(Mutex::new(bodies));
        let mut running = Running { runtime, over: Arc::default(), threads: Vec::new() };
        for number in 0..threads.max(1) {
            let (worker, over, wanted) = (Arc::clone(&driver), Arc::clone(&running.over), wanted.clone());
            let work = move || worker.work(&over, &wanted);
            running.threads.push(thread::Builder::new().name(format!("fayger-driver-{number}")).spawn(work)?);
            let (reader, bodies) = (Arc::clone(&driver), Arc::clone(&bodies));
            let read = move || reader.read_bodies(&bodies);
            running.threads.push(thread::Builder::new().name(format!("fayger-bodies-{number}")).spawn(read)?);
        }
        Ok(running)
    }

    fn work(&self, over: &AtomicBool, wanted: &Sender<(InstanceId, u32)>) {
        while let Some(id) = self.runtime.ready.pop_waiting(self.runtime.environment.clock.as_ref(), over) {
            if let Some(section_id) = self.turn(id) {
                // The readers live as long as a worker.
                let _ = wanted.send((id, section_id));
            }
        }
    }

    fn read_bodies(&self, bodies: &Mutex<Receiver<(InstanceId, u32)>>) {
        // The lock is that of whose turn it is to wait.
        let next = || bodies.lock().unwrap_or_else(PoisonError::into_inner).recv();
        while let Ok((id, section_id)) = next() {
            self.read_body(id, section_id);
        }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.runtime.ready.close();
    }
}

/// A driver at work. Dropping it ends its threads, each after the turn that it is at.
pub struct Running {
    runtime: Arc<Runtime>,
    over: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.runtime.ready.end(&self.over);
        for thread in self.threads.drain(..) {
            // A panic of a thread has been told already.
            let _ = thread.join();
        }
    }
}
