//! Category `random`. Written by `cargo xtask opcodes --bless` from the registry; do not edit.

use super::{Field, Form, Instruction, Opcode, Reply};
use crate::capability::CapabilitySet;
use crate::instruction::{Category, Encoder, OperandRef, Operands, Status, StatusSet};

//= ADP-RANDOM-001
/// Its opcodes, by number.
pub const OPCODES: &[Opcode] = &[BYTES];

/// `random.bytes`: bytes that nobody can foretell.
pub const BYTES: Opcode = Opcode {
    category: Category::RANDOM,
    number: 1,
    name: "random.bytes",
    capabilities: CapabilitySet::from_bits(0x0200),
    operands: &[Field { name: "count", form: Form::Unsigned { min: 1, max: 65_536 }, optional: false }],
    reply: &[Field { name: "data", form: Form::Bytes { min: 1, max: 65_536 }, optional: false }],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::Io]),
    opens: None,
    closes: false,
};

/// `random.bytes`: bytes that nobody can foretell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bytes {
    /// An unsigned number, 1 to 65536.
    pub count: u64,
}

impl<'a> Instruction<'a> for Bytes {
    const OPCODE: Opcode = BYTES;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.unsigned(self.count);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Unsigned(count)) = values.next() else { return None };
        Some(Self { count })
    }
}

/// What `random.bytes` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BytesReply<'a> {
    /// Bytes, 1 to 65536 bytes.
    pub data: &'a [u8],
}

impl<'a> Reply<'a> for BytesReply<'a> {
    const OPCODE: Opcode = BYTES;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.bytes(self.data);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Bytes(data)) = values.next() else { return None };
        Some(Self { data })
    }
}
