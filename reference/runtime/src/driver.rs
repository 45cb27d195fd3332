//! What makes instances run: on the caller's thread, or on threads of its own. No part of Runtime_Interface.

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use fayger_contracts::{FaygerError, InstanceId, LifecycleState, RuntimeInterface};

use crate::runtime::{Runtime, Turn};

/// Where a run of one instance ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// Nothing is to be done until an event comes.
    Idle,
    /// A host call has no answer yet.
    Waiting,
    /// It was suspended.
    Suspended,
    /// It is over.
    Ended,
    /// A fault ended it.
    Failed,
    /// It has made as many host calls as it may.
    Budget,
    /// Its state is not one in which code runs.
    NotRunning,
}

impl Runtime {
    /// Runs one instance on this thread as far as it gets: until it is idle, waits, stops, or has made `most_host_calls`. Bodies are read here too.
    ///
    /// # Errors
    /// `RT_UNKNOWN_INSTANCE`.
    pub fn run(&self, id: InstanceId, most_host_calls: Option<u64>) -> Result<Stopped, FaygerError> {
        let Some(instance) = self.instance(id) else {
            return self.state(id).map(|_terminated| Stopped::NotRunning);
        };
        if !matches!(instance.lock().state, LifecycleState::Running | LifecycleState::Suspended) {
            return Ok(Stopped::NotRunning);
        }
        let calls = Cell::new(most_host_calls.unwrap_or(u64::MAX));
        loop {
            match self.turn(&instance, Some(&calls)) {
                Turn::Again if calls.get() == 0 => return Ok(Stopped::Budget),
                Turn::Again => {}
                Turn::WantsBody(section_id) => self.read_body(&instance, section_id),
                Turn::Idle => return Ok(Stopped::Idle),
                Turn::Waiting(_) => return Ok(Stopped::Waiting),
                Turn::Stopped => {
                    return Ok(match instance.lock().state {
                        LifecycleState::Suspended => Stopped::Suspended,
                        LifecycleState::Failed => Stopped::Failed,
                        LifecycleState::Terminated => Stopped::Ended,
                        _ => Stopped::NotRunning,
                    });
                }
            }
        }
    }
}

/// Runs instances in turn: fair, since each gets a slice and goes to the end of the line.
pub struct Driver {
    runtime: Arc<Runtime>,
    /// When the bus gives up the host calls that instances wait for, by the bus's clock.
    parked: Mutex<HashMap<InstanceId, Duration>>,
}

impl Driver {
    /// A driver of this runtime's instances.
    pub fn new(runtime: Arc<Runtime>) -> Self {
        Self { runtime, parked: Mutex::default() }
    }

    fn parked(&self) -> MutexGuard<'_, HashMap<InstanceId, Duration>> {
        self.parked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives every instance that has something to do one turn, on this thread, and says when to come again: at once (zero), after a time, or when
    /// an instance is started or resumed, an event or an answer comes (none). For hosts with one thread.
    pub fn pump(&self) -> Option<Duration> {
        self.unpark();
        for _ in 0..self.runtime.ready.len() {
            let Some(id) = self.runtime.ready.pop() else { break };
            if let Some(section_id) = self.turn(id)
                && let Some(instance) = self.runtime.instance(id)
            {
                self.runtime.read_body(&instance, section_id);
                self.runtime.ready.push(id);
            }
        }
        if self.runtime.ready.len() > 0 { Some(Duration::ZERO) } else { self.next_deadline() }
    }

    /// One turn; the body that the instance wants.
    fn turn(&self, id: InstanceId) -> Option<u32> {
        self.parked().remove(&id);
        let instance = self.runtime.instance(id)?;
        match self.runtime.turn(&instance, None) {
            Turn::Again => self.runtime.ready.push(id),
            Turn::Waiting(Some(deadline)) => drop(self.parked().insert(id, deadline)),
            Turn::WantsBody(section_id) => return Some(section_id),
            Turn::Waiting(None) | Turn::Idle | Turn::Stopped => {}
        }
        None
    }

    /// Puts back in line whose host call is overdue.
    fn unpark(&self) {
        let now = self.runtime.environment.clock.elapsed();
        self.parked().retain(|id, deadline| {
            let is_due = *deadline <= now;
            if is_due {
                self.runtime.ready.push(*id);
            }
            !is_due
        });
    }

    fn next_deadline(&self) -> Option<Duration> {
        let first = self.parked().values().min().copied()?;
        Some(first.saturating_sub(self.runtime.environment.clock.elapsed()))
    }

    /// Runs on `threads` threads, and one more that reads bodies, until the handle is dropped.
    ///
    /// # Errors
    /// Where a thread cannot be started.
    pub fn start(runtime: Arc<Runtime>, threads: usize) -> std::io::Result<Running> {
        let driver = Arc::new(Self::new(Arc::clone(&runtime)));
        let over = Arc::new(AtomicBool::new(false));
        let (wanted, bodies) = channel();
        let mut running = Running { runtime, over: Arc::clone(&over), threads: Vec::new() };
        for number in 0..threads.max(1) {
            let (driver, over, wanted) = (Arc::clone(&driver), Arc::clone(&over), wanted.clone());
            let work = move || driver.work(&over, &wanted);
            running.threads.push(thread::Builder::new().name(format!("fayger-driver-{number}")).spawn(work)?);
        }
        let read = move || driver.read_bodies(&bodies);
        running.threads.push(thread::Builder::new().name("fayger-bodies".to_owned()).spawn(read)?);
        Ok(running)
    }

    fn work(&self, over: &AtomicBool, wanted: &Sender<(InstanceId, u32)>) {
        while !over.load(Ordering::Acquire) {
            self.unpark();
            if let Some(id) = self.runtime.ready.pop_within(self.next_deadline())
                && let Some(section_id) = self.turn(id)
            {
                // The reader lives as long as a worker.
                let _ = wanted.send((id, section_id));
            }
        }
    }

    fn read_bodies(&self, bodies: &Receiver<(InstanceId, u32)>) {
        while let Ok((id, section_id)) = bodies.recv() {
            if let Some(instance) = self.runtime.instance(id) {
                self.runtime.read_body(&instance, section_id);
                self.runtime.ready.push(id);
            }
        }
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
        self.over.store(true, Ordering::Release);
        self.runtime.ready.wake_all();
        for thread in self.threads.drain(..) {
            // A panic of a thread has been told already.
            let _ = thread.join();
        }
    }
}
