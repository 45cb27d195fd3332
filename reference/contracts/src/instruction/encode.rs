//! Values to bytes: the one encoding of each, written from the left into a buffer of the caller's.

use super::category::Category;
use super::leb128;
use super::operand::{F64, Operand, OperandRef, OperandType};
use super::status::Status;
use super::{EXTENSION_TYPE, INSTRUCTION_LEN, LIST_DEPTH, OPERANDS, REPLY_LEN};
use crate::capability::CapabilitySet;

/// Why something cannot be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unencodable {
    /// It has more bytes than there may be.
    #[error("more than {limit} bytes")]
    Size {
        /// Bytes at most.
        limit: usize,
    },
    /// It has more than 64 operands.
    #[error("more than {OPERANDS} operands")]
    Operands,
    /// Its lists nest more than four deep.
    #[error("lists nest more than {LIST_DEPTH} deep")]
    Depth,
}

//= ADP-ENCODING-005
/// Writes one instruction, event or reply to the end of a buffer.
///
/// The first value that is too much is kept as the error of [`Encoder::finish`], and nothing is written from there on: a buffer never grows beyond
/// the limit. An encoder that is not finished leaves what it wrote.
#[derive(Debug)]
pub struct Encoder<'b> {
    out: &'b mut Vec<u8>,
    start: usize,
    limit: usize,
    operands: usize,
    depth: u8,
    fault: Option<Unencodable>,
}

impl<'b> Encoder<'b> {
    /// Begins an instruction.
    pub fn instruction(out: &'b mut Vec<u8>, category: Category, opcode: u16, capabilities: &CapabilitySet) -> Self {
        let mut encoder = Self::new(out, INSTRUCTION_LEN);
        encoder.push(&[category.number()]);
        encoder.push(&opcode.to_le_bytes());
        encoder.push(&capabilities.bits().to_le_bytes());
        let extension = capabilities.extension();
        if !extension.is_empty() {
            encoder.push_tlv(EXTENSION_TYPE, extension);
        }
        encoder
    }

    /// Begins an event.
    pub fn event(out: &'b mut Vec<u8>, category: Category, opcode: u16) -> Self {
        let mut encoder = Self::new(out, INSTRUCTION_LEN);
        encoder.push(&[category.number()]);
        encoder.push(&opcode.to_le_bytes());
        encoder
    }

    /// Begins a reply.
    pub fn reply(out: &'b mut Vec<u8>, status: Status) -> Self {
        let mut encoder = Self::new(out, REPLY_LEN);
        encoder.push(&status.number().to_le_bytes());
        encoder
    }

    fn new(out: &'b mut Vec<u8>, limit: usize) -> Self {
        let start = out.len();
        Self { out, start, limit, operands: 0, depth: 0, fault: None }
    }

    /// A number from 0 up.
    pub fn unsigned(&mut self, number: u64) -> &mut Self {
        let bytes = number.to_le_bytes();
        let used = bytes.iter().rposition(|&byte| byte != 0).map_or(1, |last| last.saturating_add(1));
        self.operand(OperandType::Unsigned, bytes.get(..used).unwrap_or_default())
    }

    /// A number with a sign.
    pub fn signed(&mut self, number: i64) -> &mut Self {
        let bytes = number.to_le_bytes();
        let mut used: &[u8] = &bytes;
        // A last byte says nothing where it only repeats the sign of the byte below.
        while let [rest @ .., below, last] = used
            && ((*last == 0 && below & 0x80 == 0) || (*last == 0xFF && below & 0x80 != 0))
        {
            used = used.get(..rest.len().saturating_add(1)).unwrap_or_default();
        }
        self.operand(OperandType::Signed, used)
    }

    /// Bytes.
    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.operand(OperandType::Bytes, bytes)
    }

    /// Text.
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.operand(OperandType::Text, text.as_bytes())
    }

    /// A truth value.
    pub fn bool(&mut self, truth: bool) -> &mut Self {
        self.operand(OperandType::Bool, &[u8::from(truth)])
    }

    /// A number of 64 bits with a fraction.
    pub fn f64(&mut self, number: F64) -> &mut Self {
        self.operand(OperandType::F64, &number.to_bits().to_le_bytes())
    }

    /// A handle.
    pub fn handle(&mut self, handle: u32) -> &mut Self {
        self.operand(OperandType::Handle, &handle.to_le_bytes())
    }

    /// A list, whose values `fill` writes.
    pub fn list(&mut self, fill: impl FnOnce(&mut Self)) -> &mut Self {
        if !self.counts() {
            return self;
        }
        if self.depth >= LIST_DEPTH {
            self.fault = Some(Unencodable::Depth);
            return self;
        }
        let at = self.out.len();
        self.depth = self.depth.saturating_add(1);
        fill(self);
        self.depth = self.depth.saturating_sub(1);
        // The length is known only now, and its own length with it: the head goes in before the values.
        let mut buffer = [0; 5];
        let length = leb128::write(written(self.out.len().saturating_sub(at)), &mut buffer);
        if self.has_room(length.len().saturating_add(1)) {
            let head = std::iter::once(OperandType::List.number()).chain(length.iter().copied());
            self.out.splice(at..at, head);
        }
        self
    }

    /// A value of any type.
    pub fn value(&mut self, value: &Operand) -> &mut Self {
        match value {
            Operand::Unsigned(number) => self.unsigned(*number),
            Operand::Signed(number) => self.signed(*number),
            Operand::Bytes(bytes) => self.bytes(bytes),
            Operand::Text(text) => self.text(text),
            Operand::Bool(truth) => self.bool(*truth),
            Operand::F64(number) => self.f64(*number),
            Operand::Handle(handle) => self.handle(*handle),
            // Beyond the depth that is allowed nothing is visited.
            Operand::List(values) => self.list(|list| {
                for value in values {
                    list.value(value);
                }
            }),
        }
    }

    /// A value that was decoded.
    pub fn value_ref(&mut self, value: OperandRef<'_>) -> &mut Self {
        match value {
            OperandRef::Unsigned(number) => self.unsigned(number),
            OperandRef::Signed(number) => self.signed(number),
            OperandRef::Bytes(bytes) => self.bytes(bytes),
            OperandRef::Text(text) => self.text(text),
            OperandRef::Bool(truth) => self.bool(truth),
            OperandRef::F64(number) => self.f64(number),
            OperandRef::Handle(handle) => self.handle(handle),
            OperandRef::List(values) => self.list(|list| {
                for value in values {
                    list.value_ref(value);
                }
            }),
        }
    }

    /// Ends it.
    ///
    /// # Errors
    /// What was too much; the buffer is as it was before.
    pub fn finish(&mut self) -> Result<(), Unencodable> {
        match self.fault {
            None => Ok(()),
            Some(fault) => {
                self.out.truncate(self.start);
                Err(fault)
            }
        }
    }

    fn operand(&mut self, kind: OperandType, value: &[u8]) -> &mut Self {
        if self.counts() {
            self.push_tlv(kind.number(), value);
        }
        self
    }

    /// Counts an operand, where it is one; whether anything may be written still.
    fn counts(&mut self) -> bool {
        if self.fault.is_none() && self.depth == 0 {
            self.operands = self.operands.saturating_add(1);
            if self.operands > OPERANDS {
                self.fault = Some(Unencodable::Operands);
            }
        }
        self.fault.is_none()
    }

    fn push_tlv(&mut self, number: u8, value: &[u8]) {
        self.push(&[number]);
        let mut buffer = [0; 5];
        self.push(leb128::write(written(value.len()), &mut buffer));
        self.push(value);
    }

    fn push(&mut self, bytes: &[u8]) {
        if self.has_room(bytes.len()) {
            self.out.extend_from_slice(bytes);
        }
    }

    /// Whether so many bytes more may be written.
    fn has_room(&mut self, more: usize) -> bool {
        let used = self.out.len().saturating_sub(self.start);
        if self.fault.is_none() && used.saturating_add(more) > self.limit {
            self.fault = Some(Unencodable::Size { limit: self.limit });
        }
        self.fault.is_none()
    }
}

/// A number of bytes as a length; one that 32 bits cannot hold is beyond every limit and never written.
fn written(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
