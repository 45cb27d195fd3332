//! What an adapter is: a few methods, called by the bus.
//!
//! An adapter answers at once or says that it will. What blocks it hands to a thread of its own. It may panic; the bus goes on, and so must the
//! adapter: what it shares between calls it keeps behind locks of its own.

use std::sync::Arc;

use fayger_contracts::bus::Token;
use fayger_contracts::instruction::{Category, InstructionRef, Unencodable};
use fayger_contracts::opcode::Opcode;

use crate::completions::{Completions, Ending};
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

    /// Answers an instruction that passed every check of the bus: with a reply appended to `reply`, which is empty, or by [`Call::completer`],
    /// later or on the way.
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

    /// By which the call is named until it is answered, among those of its instance.
    pub fn token(&self) -> Token {
        self.token
    }

    /// The means to answer later. Dropped without an answer it fails the call.
    pub fn completer(&self) -> Completer {
        Completer { instance: self.instance, token: self.token, completions: Some(Arc::clone(self.completions)) }
    }
}

/// Answers one call, later, from any thread.
#[must_use]
pub struct Completer {
    instance: InstanceKey,
    token: Token,
    completions: Option<Arc<Completions>>,
}

impl Completer {
    /// Whether it answers this call.
    pub fn is_of(&self, instance: InstanceKey, token: Token) -> bool {
        (self.instance, self.token) == (instance, token)
    }

    /// By which the call is named, among those of its instance.
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
