//! An adapter on threads: what another would block for is answered later, so that a host call that never returns costs its own instance its time-out,
//! and no one else anything.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use fayger_contracts::bus::Token;
use fayger_contracts::instruction::{Category, Encoder, InstructionRef, Status};

use crate::adapter::{Call, HostFailure, InstanceKey, PlatformAdapter, Progress};
use crate::descriptor::Descriptor;

/// How long a call is waited for before it is said to be answered later. Most are answered within it, and then nobody has to be parked and woken; during
/// `init`, where nobody can be parked, they are answered at all.
pub const MOMENT: Duration = Duration::from_millis(5);

/// How many threads there may be at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Threads {
    /// For one instance, so that none can take the others' share.
    pub of_one: usize,
    /// In all.
    pub of_all: usize,
}

/// Calls another adapter on a thread for each call, but for those that it says are prompt. A thread that the adapter never returns to is never ended, so
/// it counts for its instance as long as it lives; beyond what there may be, a call is answered with `would_block`.
pub struct ThreadedAdapter<A> {
    inner: Arc<A>,
    is_prompt: fn(Category, u16) -> bool,
    threads: Threads,
    running: Arc<Running>,
}

/// The calls that have a thread, and whether each was given up.
#[derive(Default)]
struct Running(Mutex<HashMap<(InstanceKey, Token), bool>>);

/// A thread that is counted until it ends, however it does.
struct Counted {
    running: Arc<Running>,
    key: (InstanceKey, Token),
}

impl Running {
    fn calls(&self) -> MutexGuard<'_, HashMap<(InstanceKey, Token), bool>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One thread more, where there may be.
    fn count(self: &Arc<Self>, key: (InstanceKey, Token), threads: Threads) -> Option<Counted> {
        let mut calls = self.calls();
        let own = calls.keys().filter(|(instance, _)| *instance == key.0).count();
        if own >= threads.of_one || calls.len() >= threads.of_all {
            return None;
        }
        calls.insert(key, false);
        Some(Counted { running: Arc::clone(self), key })
    }

    fn give_up(&self, key: (InstanceKey, Token)) {
        if let Some(is_given_up) = self.calls().get_mut(&key) {
            *is_given_up = true;
        }
    }
}

impl Counted {
    /// Whether the call was given up.
    fn is_given_up(&self) -> bool {
        self.running.calls().get(&self.key).copied().unwrap_or_default()
    }

    /// Ends it; whether the call was given up before.
    fn end(self) -> bool {
        self.running.calls().remove(&self.key).unwrap_or_default()
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.running.calls().remove(&self.key);
    }
}

impl<A: PlatformAdapter + 'static> ThreadedAdapter<A> {
    /// Over this adapter, with so many threads. What `is_prompt` says never blocks, and is called on the bus's own thread.
    pub fn new(inner: Arc<A>, is_prompt: fn(Category, u16) -> bool, threads: Threads) -> Self {
        Self { inner, is_prompt, threads, running: Arc::default() }
    }

    /// Threads that run now.
    pub fn running(&self) -> usize {
        self.running.calls().len()
    }

    /// What the call's thread does. The caller waits a moment, or until `answered` is dropped.
    fn work(&self, call: &Call<'_>, counted: Counted, answered: Sender<()>) -> impl FnOnce() + Send + 'static {
        let (inner, completions) = (Arc::clone(&self.inner), Arc::clone(call.completions));
        let bytes = call.instruction.bytes().to_vec();
        let &Call { instance, opcode, offered, token, .. } = call;
        move || {
            // The bytes were decoded before, so they decode again.
            let Ok(instruction) = InstructionRef::decode(&bytes) else { return };
            // What nobody waits for any more is not begun.
            if counted.is_given_up() {
                return;
            }
            let call = Call { instance, instruction, opcode, offered, token, completions: &completions };
            let mut reply = Vec::new();
            let called = catch_unwind(AssertUnwindSafe(|| inner.call(&call, &mut reply)));
            //= ADP-HANDLE-004
            // What was opened after the bus had let go of it is let go of again.
            if counted.end()
                && let Some(handle) = offered
            {
                // What it panics with is of no use to anyone.
                let _ = catch_unwind(AssertUnwindSafe(|| inner.release(instance, Some(handle))));
            }
            match called {
                Ok(Ok(Progress::Ready)) => call.completer().complete(Ok(reply)),
                // The adapter has a completer of its own.
                Ok(Ok(Progress::Pending)) => {}
                Ok(Err(failure)) => call.completer().complete(Err(failure)),
                Err(_panic) => call.completer().panicked(),
            }
            drop(answered);
        }
    }
}

impl<A: PlatformAdapter + 'static> PlatformAdapter for ThreadedAdapter<A> {
    fn descriptor(&self) -> &Descriptor {
        self.inner.descriptor()
    }

    fn self_test(&self, category: Category, opcode: u16) -> Result<(), String> {
        self.inner.self_test(category, opcode)
    }

    fn call(&self, call: &Call<'_>, reply: &mut Vec<u8>) -> Result<Progress, HostFailure> {
        if (self.is_prompt)(call.instruction.category(), call.instruction.opcode()) {
            return self.inner.call(call, reply);
        }
        let Some(counted) = self.running.count((call.instance, call.token), self.threads) else {
            Encoder::reply(reply, Status::WouldBlock).finish()?;
            return Ok(Progress::Ready);
        };
        let (answered, answer) = channel();
        let work = self.work(call, counted, answered);
        if let Err(error) = thread::Builder::new().name("host call".to_owned()).spawn(work) {
            let code = error.raw_os_error().map(i64::from);
            return Err(HostFailure::Native { code, message: format!("cannot start a thread: {error}") });
        }
        // Nothing is sent: it ends when the other end is dropped.
        let _ = answer.recv_timeout(MOMENT);
        Ok(Progress::Pending)
    }

    fn cancel(&self, instance: InstanceKey, token: Token) {
        self.running.give_up((instance, token));
        self.inner.cancel(instance, token);
    }

    fn release(&self, instance: InstanceKey, handle: Option<u32>) {
        self.inner.release(instance, handle);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: (InstanceKey, Token) = (InstanceKey(1), Token(1));

    #[test]
    fn a_call_that_was_given_up_before_its_thread_began_is_known_to_it() {
        let running = Arc::new(Running::default());
        let counted = running.count(KEY, Threads { of_one: 1, of_all: 1 });
        assert_eq!(counted.as_ref().map(Counted::is_given_up), Some(false));
        running.give_up(KEY);
        assert_eq!(counted.as_ref().map(Counted::is_given_up), Some(true));
        drop(counted);
        assert!(running.calls().is_empty());
    }
}
