//! An adapter on threads: what another would block for is answered later, so that a host call that never returns costs its own instance its time-out,
//! and no one else anything.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use fayger_contracts::bus::Token;
use fayger_contracts::instruction::{Category, Encoder, InstructionRef, Status};

use crate::adapter::{Call, HostFailure, InstanceKey, PlatformAdapter, Progress};
use crate::descriptor::Descriptor;

/// Calls another adapter on a thread for each call, but for those that it says are prompt. A thread that the adapter never returns to is never ended, so
/// there are at most as many as it is given; beyond them a call is answered with `would_block`.
pub struct ThreadedAdapter<A> {
    inner: Arc<A>,
    is_prompt: fn(Category, u16) -> bool,
    limit: usize,
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

    /// Marks calls as given up.
    fn give_up(&self, is_it: impl Fn(&(InstanceKey, Token)) -> bool) {
        self.calls().iter_mut().filter(|(key, _)| is_it(key)).for_each(|(_, is_given_up)| *is_given_up = true);
    }
}

impl Counted {
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
    /// Over this adapter, with at most `limit` threads. What `is_prompt` says never blocks, and is called on the bus's own thread.
    pub fn new(inner: Arc<A>, is_prompt: fn(Category, u16) -> bool, limit: usize) -> Self {
        Self { inner, is_prompt, limit, running: Arc::default() }
    }

    /// Threads that run now.
    pub fn running(&self) -> usize {
        self.running.calls().len()
    }

    /// One thread more, where there may be.
    fn counted(&self, key: (InstanceKey, Token)) -> Option<Counted> {
        let mut calls = self.running.calls();
        if calls.len() >= self.limit {
            return None;
        }
        calls.insert(key, false);
        Some(Counted { running: Arc::clone(&self.running), key })
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
        let instruction = call.instruction();
        if (self.is_prompt)(instruction.category(), instruction.opcode()) {
            return self.inner.call(call, reply);
        }
        let Some(counted) = self.counted((call.instance, call.token)) else {
            Encoder::reply(reply, Status::WouldBlock).finish()?;
            return Ok(Progress::Ready);
        };
        let (inner, bytes, completions) =
            (Arc::clone(&self.inner), instruction.bytes().to_vec(), Arc::clone(call.completions));
        let (instance, opcode, offered, token) = (call.instance, call.opcode, call.offered, call.token);
        let run = move || {
            // The bytes were decoded before, so they decode again.
            let Ok(instruction) = InstructionRef::decode(&bytes) else { return };
            let call = Call { instance, instruction, opcode, offered, token, completions: &completions };
            let mut reply = Vec::new();
            let answered = catch_unwind(AssertUnwindSafe(|| inner.call(&call, &mut reply)));
            //= ADP-HANDLE-004
            // What was opened after the bus had let go of it is let go of again.
            if counted.end()
                && let Some(handle) = offered
            {
                // What it panics with is of no use to anyone.
                let _ = catch_unwind(AssertUnwindSafe(|| inner.release(instance, Some(handle))));
            }
            match answered {
                Ok(Ok(Progress::Ready)) => call.completer().complete(Ok(reply)),
                // The adapter has a completer of its own.
                Ok(Ok(Progress::Pending)) => {}
                Ok(Err(failure)) => call.completer().complete(Err(failure)),
                Err(_panic) => call.completer().panicked(),
            }
        };
        match thread::Builder::new().name("host call".to_owned()).spawn(run) {
            Ok(_detached) => Ok(Progress::Pending),
            Err(error) => {
                let code = error.raw_os_error().map(i64::from);
                Err(HostFailure::Native { code, message: format!("cannot start a thread: {error}") })
            }
        }
    }

    fn cancel(&self, instance: InstanceKey, token: Token) {
        self.running.give_up(|key| *key == (instance, token));
        self.inner.cancel(instance, token);
    }

    fn release(&self, instance: InstanceKey, handle: Option<u32>) {
        self.inner.release(instance, handle);
    }
}
