//! What an adapter is: a few methods, called by the bus.
//!
//! An adapter answers at once or says that it will. What blocks it hands to a thread of its own. It may panic; the bus goes on, and so must the
//! adapter: what it shares between calls it keeps behind locks of its own.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use fayger_contracts::Clock;
use fayger_contracts::bus::{Token, Waker};
use fayger_contracts::instruction::{Category, InstructionRef, Unencodable};
use fayger_contracts::opcode::Opcode;

use crate::descriptor::Descriptor;
use crate::error::{Breach, HostErrorKind};

/// An instance, as adapters know it. Never used twice by one bus.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InstanceKey(pub u64);

/// Translates instructions into what a host can do.
pub trait PlatformAdapter: Send + Sync {
    /// What it is; the same at every call.
    fn descriptor(&self) -> &Descriptor;

    /// Whether it can do what it says of this instruction, here and now.
    ///
    /// # Errors
    /// Why not, for people.
    fn self_test(&self, category: Category, opcode: u16) -> Result<(), String>;

    /// Answers an instruction that passed every check of the bus: with a reply appended to `reply`, which is empty, or later by
    /// [`Call::completer`].
    ///
    /// # Errors
    /// What no status stands for.
    fn call(&self, call: &Call<'_>, reply: &mut Vec<u8>) -> Result<Progress, HostFailure>;

    /// An answer is not wanted any more; one that comes all the same is discarded.
    fn cancel(&self, _instance: InstanceKey, _token: Token) {}

    /// Lets go of one handle that the instance will never learn of, or of everything that it holds.
    fn release(&self, _instance: InstanceKey, _handle: Option<u32>) {}
}

/// How far a call has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// The reply is in the buffer.
    Ready,
    /// The reply comes by the completer.
    Pending,
}

/// Why an adapter has no reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostFailure {
    /// An error of the machine that no status stands for.
    Native {
        /// The machine's own number for it.
        code: Option<i64>,
        /// For people.
        message: String,
    },
    /// The reply cannot be written; too many bytes are status `too_large`.
    Unencodable(Unencodable),
}

impl HostFailure {
    /// Nobody answers; a registry never loses an adapter.
    pub(crate) fn gone() -> Self {
        Self::Native { code: None, message: "the adapter is gone".into() }
    }
}

impl From<Unencodable> for HostFailure {
    fn from(why: Unencodable) -> Self {
        Self::Unencodable(why)
    }
}

/// An instruction that passed every check.
#[derive(Clone, Copy)]
pub struct Call<'a> {
    pub(crate) instance: InstanceKey,
    pub(crate) instruction: InstructionRef<'a>,
    pub(crate) opcode: Option<&'static Opcode>,
    pub(crate) offered: Option<u32>,
    pub(crate) token: Token,
    pub(crate) completions: &'a Arc<Completions>,
}

impl<'a> Call<'a> {
    /// Whose it is.
    pub fn instance(&self) -> InstanceKey {
        self.instance
    }

    /// The instruction.
    pub fn instruction(&self) -> InstructionRef<'a> {
        self.instruction
    }

    /// Its entry in the registry; none for an experimental one.
    pub fn opcode(&self) -> Option<&'static Opcode> {
        self.opcode
    }

    /// The number of the handle that a reply with status `ok` opens; none where the opcode opens none.
    pub fn offered_handle(&self) -> Option<u32> {
        self.offered
    }

    /// By which the call is named until it is answered.
    pub fn token(&self) -> Token {
        self.token
    }

    /// The means to answer later. Dropped without an answer it fails the call.
    pub fn completer(&self) -> Completer {
        Completer { token: self.token, completions: Some(Arc::clone(self.completions)) }
    }
}

/// Answers one call, later, from any thread.
#[must_use]
pub struct Completer {
    token: Token,
    completions: Option<Arc<Completions>>,
}

impl Completer {
    /// By which the call is named.
    pub fn token(&self) -> Token {
        self.token
    }

    /// Answers with an encoded reply, or says why there is none.
    pub fn complete(mut self, result: Result<Vec<u8>, HostFailure>) {
        self.end(result.map_err(Ending::Failure));
    }

    /// Answers that the adapter panicked on the way, for one that caught it.
    pub fn panicked(mut self) {
        self.end(Err(Ending::Kind(HostErrorKind::Panic)));
    }

    fn end(&mut self, result: Result<Vec<u8>, Ending>) {
        if let Some(completions) = self.completions.take() {
            completions.add(self.token, result);
        }
    }
}

impl Drop for Completer {
    fn drop(&mut self) {
        // A thread of the adapter that panics drops its completer on the way.
        let is_panic = std::thread::panicking();
        self.end(Err(Ending::Kind(if is_panic {
            HostErrorKind::Panic
        } else {
            HostErrorKind::Breach(Breach::Dropped)
        })));
    }
}

/// How a call under way ended without a reply.
#[derive(Clone, Debug)]
pub(crate) enum Ending {
    Failure(HostFailure),
    Kind(HostErrorKind),
}

/// Answers that came and were not asked for yet.
pub(crate) struct Completions {
    answers: Mutex<Vec<Completion>>,
    clock: Arc<dyn Clock>,
    waker: Waker,
}

/// An answer, and when it came.
pub(crate) struct Completion {
    pub(crate) token: Token,
    pub(crate) at: Duration,
    pub(crate) result: Result<Vec<u8>, Ending>,
}

impl Completions {
    pub(crate) fn new(clock: Arc<dyn Clock>, waker: Waker) -> Self {
        Self { answers: Mutex::default(), clock, waker }
    }

    fn add(&self, token: Token, result: Result<Vec<u8>, Ending>) {
        let completion = Completion { token, at: self.clock.elapsed(), result };
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).push(completion);
        (self.waker)(token);
    }

    /// Takes the answer to `token`, and forgets those that nobody waits for.
    pub(crate) fn take(&self, token: Token, is_awaited: impl Fn(Token) -> bool) -> Option<Completion> {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        answers.retain(|answer| is_awaited(answer.token));
        let at = answers.iter().position(|answer| answer.token == token)?;
        Some(answers.swap_remove(at))
    }
}
