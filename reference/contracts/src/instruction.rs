//! What a Fay emits, what it gets back, and what the host sends it (blueprint chapter 5). Data only; the encoding belongs to the
//! instruction layer.

use crate::capability::CapabilitySet;

/// The eight categories of phase one. The number is on the wire; 8 to 15 are reserved, none is ever reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Category {
    /// Files and standard streams.
    Io = 0,
    /// Network.
    Net = 1,
    /// Rendering and input.
    Ui = 2,
    /// Clocks and timers.
    Time = 3,
    /// Randomness.
    Random = 4,
    /// Cryptography.
    Crypto = 5,
    /// Processes and signals.
    Proc = 6,
    /// Calls that are the host's own.
    Host = 7,
}

/// One operand, reply value or event value.
#[derive(Clone, Debug, PartialEq)]
pub enum Operand {
    /// Type 1.
    Unsigned(u64),
    /// Type 2.
    Signed(i64),
    /// Type 3.
    Bytes(Vec<u8>),
    /// Type 4.
    Text(String),
    /// Type 5.
    Bool(bool),
    /// Type 6.
    F64(f64),
    /// Type 7: a handle of this instance.
    Handle(u32),
    /// Type 8.
    List(Vec<Operand>),
}

/// An instruction that is the same on every host.
#[derive(Clone, Debug, PartialEq)]
pub struct UniversalInstruction {
    /// Which family.
    pub category: Category,
    /// Which operation; the high bit marks an experimental one.
    pub opcode: u16,
    /// Its operands, in order.
    pub operands: Vec<Operand>,
    /// What the emitter says it needs.
    pub capabilities_required: CapabilitySet,
}

/// Something that happened on the host.
#[derive(Clone, Debug, PartialEq)]
pub struct UniversalEvent {
    /// Which family.
    pub category: Category,
    /// Which event.
    pub opcode: u16,
    /// Its values, in order.
    pub payload: Vec<Operand>,
}

/// The answer to an instruction.
#[derive(Clone, Debug, PartialEq)]
pub struct UniversalReply {
    /// How it went.
    pub status: Status,
    /// What came of it.
    pub values: Vec<Operand>,
}

/// How an instruction went. The number is on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u16)]
pub enum Status {
    /// Done.
    Ok = 0,
    /// Not to be had: unknown, not declared, not granted or not supported, all alike.
    Unsupported = 1,
    /// Operands that do not fit the operation.
    Invalid = 2,
    /// No such thing.
    NotFound = 3,
    /// The host refused.
    Denied = 4,
    /// It is there already.
    Exists = 5,
    /// It would have to wait.
    WouldBlock = 6,
    /// The other end is gone.
    Closed = 7,
    /// The operation's own deadline passed.
    Timeout = 8,
    /// The reply would be too large.
    TooLarge = 9,
    /// A quota is used up.
    Limit = 10,
    /// Not a handle of this instance.
    BadHandle = 11,
    /// An input or output error.
    Io = 12,
}
