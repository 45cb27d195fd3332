//! What the bus keeps of a call until it is answered.

use std::borrow::Cow;
use std::time::Duration;

use fayger_contracts::bus::Token;
use fayger_contracts::instruction::{InstructionRef, OperandRef};
use fayger_contracts::opcode::Opcode;

/// A call that an adapter has.
#[derive(Clone, Copy, Debug)]
pub(super) struct InFlight {
    pub(super) token: Token,
    /// None for an experimental one.
    pub(super) opcode: Option<&'static Opcode>,
    category: u8,
    number: u16,
    /// The number that a handle gets.
    pub(super) offered: Option<u32>,
    /// The handle that status `ok` closes.
    pub(super) closing: Option<u32>,
    /// Its place in the registry of adapters.
    pub(super) adapter: usize,
    pub(super) deadline: Duration,
}

impl InFlight {
    pub(super) fn new(
        token: Token,
        instruction: &InstructionRef<'_>,
        opcode: Option<&'static Opcode>,
        offered: Option<u32>,
        adapter: usize,
        deadline: Duration,
    ) -> Self {
        let first = opcode.filter(|opcode| opcode.closes).and_then(|_| instruction.operands().iter().next());
        let closing = match first {
            Some(OperandRef::Handle(number)) => Some(number),
            _ => None,
        };
        let (category, number) = (instruction.category().number(), instruction.opcode());
        Self { token, opcode, category, number, offered, closing, adapter, deadline }
    }

    /// What an error calls the instruction.
    pub(super) fn name(&self) -> Cow<'static, str> {
        self.opcode
            .map_or_else(|| Cow::Owned(format!("{}:{}", self.category, self.number)), |opcode| opcode.name.into())
    }
}
