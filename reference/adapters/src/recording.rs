//! An adapter that keeps what passes through another: which instructions a host was asked, and what it answered.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use fayger_contracts::bus::Token;
use fayger_contracts::instruction::Category;

use crate::adapter::{Call, HostFailure, InstanceKey, PlatformAdapter, Progress};
use crate::descriptor::Descriptor;

/// A host call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Whose it was.
    pub instance: InstanceKey,
    /// The instruction, encoded.
    pub instruction: Vec<u8>,
    /// What came of it.
    pub answer: RecordedAnswer,
}

/// What came of a host call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordedAnswer {
    /// A reply, encoded.
    Reply(Vec<u8>),
    /// A failure.
    Failure(HostFailure),
    /// The answer was to come later.
    Pending,
    /// A panic.
    Panic,
}

/// Records the calls of another adapter.
pub struct RecordingAdapter<A> {
    inner: Arc<A>,
    calls: Mutex<Vec<Recorded>>,
}

impl<A: PlatformAdapter> RecordingAdapter<A> {
    /// Over this adapter.
    pub fn new(inner: Arc<A>) -> Self {
        Self { inner, calls: Mutex::default() }
    }

    /// The calls since the last time, in order.
    pub fn take(&self) -> Vec<Recorded> {
        std::mem::take(&mut *self.calls.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<A: PlatformAdapter> PlatformAdapter for RecordingAdapter<A> {
    fn descriptor(&self) -> &Descriptor {
        self.inner.descriptor()
    }

    fn self_test(&self, category: Category, opcode: u16) -> Result<(), String> {
        self.inner.self_test(category, opcode)
    }

    fn call(&self, call: &Call<'_>, reply: &mut Vec<u8>) -> Result<Progress, HostFailure> {
        let answered = catch_unwind(AssertUnwindSafe(|| self.inner.call(call, reply)));
        let answer = match &answered {
            Ok(Ok(Progress::Ready)) => RecordedAnswer::Reply(reply.clone()),
            Ok(Ok(Progress::Pending)) => RecordedAnswer::Pending,
            Ok(Err(failure)) => RecordedAnswer::Failure(failure.clone()),
            Err(_) => RecordedAnswer::Panic,
        };
        let instruction = call.instruction().bytes().to_vec();
        let recorded = Recorded { instance: call.instance(), instruction, answer };
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).push(recorded);
        // The panic goes on to the bus.
        answered.unwrap_or_else(|panic| resume_unwind(panic))
    }

    fn cancel(&self, instance: InstanceKey, token: Token) {
        self.inner.cancel(instance, token);
    }

    fn release(&self, instance: InstanceKey, handle: Option<u32>) {
        self.inner.release(instance, handle);
    }
}
