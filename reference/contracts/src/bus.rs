//! The instruction bus as the runtime sees it: bytes in, an answer out. Which adapter answers is not known here.

use std::time::Duration;

use crate::capability::CapabilitySet;
use crate::error::FaygerError;
use crate::instance::InstanceId;

/// Opens a session for each instance.
pub trait InstructionBus: Send + Sync {
    /// What the host can do: the union of what its adapters support.
    fn supported(&self) -> CapabilitySet;

    /// A session for one instance.
    fn open(&self, scope: Scope, waker: Waker) -> Box<dyn BusSession>;
}

/// What one instance may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scope {
    /// Whose session it is, for those who watch; none where it is nobody's.
    pub instance: Option<InstanceId>,
    /// Required and optional capabilities of the object.
    pub declared: CapabilitySet,
    /// What the operator allows.
    pub granted: CapabilitySet,
    /// Open handles at most.
    pub handles: u32,
}

/// Told, on any thread, that an answer to this token may be had.
pub type Waker = Box<dyn Fn(Token) + Send + Sync>;

/// A host call under way. Unique within a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token(pub u64);

/// The answer to an instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BusAnswer<'a> {
    /// A reply, encoded.
    Reply(&'a [u8]),
    /// Not yet: ask again with this token.
    Pending(Token),
    /// The instance ends with this exit status.
    Exit(i32),
}

/// The bus for one instance. Dropping it releases what the instance holds.
pub trait BusSession: Send {
    /// Takes an instruction, encoded. The answer stands until the next call.
    ///
    /// # Errors
    /// `ADP_INSTRUCTION_MALFORMED` or `ADP_HOST_CALL_FAILED`; the session can be used on.
    fn emit(&mut self, instruction: &[u8]) -> Result<BusAnswer<'_>, FaygerError>;

    /// Asks for the answer to a call under way; none where there is no such call, or no more.
    fn poll(&mut self, token: Token) -> Option<Result<BusAnswer<'_>, FaygerError>>;

    /// When a call under way has to be answered, by the bus's clock; none where there is no such call.
    fn deadline(&self, token: Token) -> Option<Duration>;

    /// Gives up a call under way: its answer will not be had.
    fn cancel(&mut self, token: Token);

    /// Handles that are open.
    fn open_handles(&self) -> usize;

    /// Instructions that were handed to an adapter so far; what the bus answers by itself is none.
    fn calls(&self) -> u64;

    /// Gives up every call, and releases every handle, once: a session that was released answers nothing but `unsupported`.
    fn release(&mut self);
}
