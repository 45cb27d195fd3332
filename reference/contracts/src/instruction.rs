//! What a Fay emits, what it gets back, and what the host sends it (blueprint chapter 5), as data and on the wire.
//!
//! ```text
//! instruction   cat u8 ‖ op u16 ‖ caps u16 ‖ [extension segment] ‖ operands
//! event         cat u8 ‖ op u16 ‖ values
//! reply         status u16 ‖ values
//! TLV           type u8 ‖ length, unsigned LEB128 ‖ value
//! ```
//!
//! Little-endian. A value has one encoding, so equal values are equal bytes. Two forms: `…Ref` borrows the bytes that it was decoded from and
//! can be made by decoding alone; `Universal…` owns its values. Which opcodes there are is known in [`crate::opcode`], not here.

mod category;
mod decode;
mod encode;
mod leb128;
mod operand;
mod reader;
mod rule;
mod status;
mod universal;

pub use category::Category;
pub use decode::{CAPS_OFFSET, EventRef, InstructionRef, Operands, OperandsIter, ReplyRef};
pub use encode::{Encoder, Unencodable};
pub use operand::{F64, Operand, OperandRef, OperandType};
pub use rule::{Malformed, Rule};
pub use status::{Status, StatusSet};
pub use universal::{UniversalEvent, UniversalInstruction, UniversalReply};

//= ADP-LIMIT-001
/// Bytes of an instruction or an event at most.
pub const INSTRUCTION_LEN: usize = 65_536;

//= ADP-LIMIT-002
/// Bytes of a reply at most.
pub const REPLY_LEN: usize = 1_048_576;

//= ADP-LIMIT-003
/// Operands, or values, at most; the extension segment is none, and what is in a list is not counted.
pub const OPERANDS: usize = 64;

//= ADP-LIMIT-004
/// Lists within lists at most, the outermost counted.
pub const LIST_DEPTH: u8 = 4;

/// The type byte of the capability extension segment.
pub const EXTENSION_TYPE: u8 = 0x7F;

/// The bit of an opcode that marks an experimental one.
pub const EXPERIMENTAL: u16 = 0x8000;
