//! Instruction, event and reply that own their values.

use super::category::Category;
use super::encode::{Encoder, Unencodable};
use super::operand::Operand;
use super::status::Status;
use crate::capability::CapabilitySet;

/// An instruction that is the same on every host.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
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
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UniversalEvent {
    /// Which family.
    pub category: Category,
    /// Which event.
    pub opcode: u16,
    /// Its values, in order.
    pub payload: Vec<Operand>,
}

/// The answer to an instruction.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UniversalReply {
    /// How it went.
    pub status: Status,
    /// What came of it.
    pub values: Vec<Operand>,
}

impl UniversalInstruction {
    /// Its one encoding.
    ///
    /// # Errors
    /// What is too much of it.
    pub fn encode(&self) -> Result<Vec<u8>, Unencodable> {
        let mut bytes = Vec::new();
        let encoder = Encoder::instruction(&mut bytes, self.category, self.opcode, &self.capabilities_required);
        finished(encoder, &self.operands)?;
        Ok(bytes)
    }
}

impl UniversalEvent {
    /// Its one encoding.
    ///
    /// # Errors
    /// What is too much of it.
    pub fn encode(&self) -> Result<Vec<u8>, Unencodable> {
        let mut bytes = Vec::new();
        finished(Encoder::event(&mut bytes, self.category, self.opcode), &self.payload)?;
        Ok(bytes)
    }
}

impl UniversalReply {
    /// Its one encoding.
    ///
    /// # Errors
    /// What is too much of it.
    pub fn encode(&self) -> Result<Vec<u8>, Unencodable> {
        let mut bytes = Vec::new();
        finished(Encoder::reply(&mut bytes, self.status), &self.values)?;
        Ok(bytes)
    }
}

fn finished(mut encoder: Encoder<'_>, values: &[Operand]) -> Result<(), Unencodable> {
    for value in values {
        encoder.value(value);
    }
    encoder.finish()
}
