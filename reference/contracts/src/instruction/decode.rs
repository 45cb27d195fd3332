//! Bytes to instruction, reply or event. Nothing is copied: what is decoded borrows the bytes.
//!
//! One order, from left to right. The whole: its size and the number of its operands, then its header field by field, then its TLVs. A field:
//! whether its bytes are there, then their value. A TLV: type, place, depth; length, whether it fits the type, whether so many bytes are left;
//! value.

use super::category::Category;
use super::leb128;
use super::operand::{F64, OperandRef, OperandType};
use super::reader::Reader;
use super::rule::{Malformed, Rule};
use super::status::Status;
use super::universal::{UniversalEvent, UniversalInstruction, UniversalReply};
use super::{EXPERIMENTAL, EXTENSION_TYPE, INSTRUCTION_LEN, LIST_DEPTH, OPERANDS, REPLY_LEN};
use crate::capability::{CapabilitySet, EXTENSION_LEN};

/// Where the bitmap of an instruction lies: at its fourth byte.
pub const CAPS_OFFSET: usize = 3;

/// Bytes of an instruction before its operands.
const INSTRUCTION_HEAD: usize = 5;
/// Bytes of an event before its values.
const EVENT_HEAD: usize = 3;
/// Bytes of a reply before its values.
const REPLY_HEAD: usize = 2;

/// An instruction that was decoded, and borrows its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InstructionRef<'a> {
    bytes: &'a [u8],
    category: Category,
    opcode: u16,
    capabilities: CapabilitySet,
    operands: Operands<'a>,
}

/// An event that was decoded, and borrows its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventRef<'a> {
    category: Category,
    opcode: u16,
    payload: Operands<'a>,
}

/// A reply that was decoded, and borrows its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplyRef<'a> {
    status: Status,
    values: Operands<'a>,
}

/// TLVs that were judged: what decoding makes, and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operands<'a>(&'a [u8]);

/// The values of [`Operands`], from the left.
#[derive(Clone, Debug)]
pub struct OperandsIter<'a>(Reader<'a>);

impl<'a> InstructionRef<'a> {
    //= ADP-ENCODING-001
    //= ADP-FRAME-006
    /// Decodes an instruction.
    ///
    /// # Errors
    /// The first rule that is broken, in the order of this module's page.
    // Into the bus: what it gives is wide, and to move it costs an emit a tenth.
    #[inline]
    pub fn decode(bytes: &'a [u8]) -> Result<Self, Malformed> {
        judge_size(bytes, INSTRUCTION_LEN, INSTRUCTION_HEAD, true)?;
        let mut reader = Reader::new(bytes, 0);
        let category = category(&mut reader)?;
        let opcode = reader.u16()?;
        let known = reader.u16()?;
        let extension = extension(&mut reader)?;
        let operands = judge_operands(reader)?;
        let capabilities = CapabilitySet::from_parts(known, extension);
        Ok(Self { bytes, category, opcode, capabilities, operands })
    }

    /// The bytes that it was decoded from.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Which family.
    pub fn category(&self) -> Category {
        self.category
    }

    /// Which operation.
    pub fn opcode(&self) -> u16 {
        self.opcode
    }

    /// Whether the operation is an experimental one.
    pub fn is_experimental(&self) -> bool {
        self.opcode & EXPERIMENTAL != 0
    }

    /// What the emitter says it needs.
    pub fn capabilities(&self) -> &CapabilitySet {
        &self.capabilities
    }

    /// Its operands.
    pub fn operands(&self) -> Operands<'a> {
        self.operands
    }

    /// The same, of its own.
    pub fn to_universal(&self) -> UniversalInstruction {
        UniversalInstruction {
            category: self.category,
            opcode: self.opcode,
            operands: self.operands.iter().map(OperandRef::to_owned).collect(),
            capabilities_required: self.capabilities,
        }
    }
}

impl<'a> EventRef<'a> {
    //= ADP-ENCODING-003
    /// Decodes an event: an instruction without capabilities.
    ///
    /// # Errors
    /// The first rule that is broken, in the order of this module's page.
    pub fn decode(bytes: &'a [u8]) -> Result<Self, Malformed> {
        judge_size(bytes, INSTRUCTION_LEN, EVENT_HEAD, false)?;
        let mut reader = Reader::new(bytes, 0);
        let category = category(&mut reader)?;
        let opcode = reader.u16()?;
        Ok(Self { category, opcode, payload: judge_operands(reader)? })
    }

    /// Which family.
    pub fn category(&self) -> Category {
        self.category
    }

    /// Which event.
    pub fn opcode(&self) -> u16 {
        self.opcode
    }

    /// Its values.
    pub fn payload(&self) -> Operands<'a> {
        self.payload
    }

    /// The same, of its own.
    pub fn to_universal(&self) -> UniversalEvent {
        UniversalEvent {
            category: self.category,
            opcode: self.opcode,
            payload: self.payload.iter().map(OperandRef::to_owned).collect(),
        }
    }
}

impl<'a> ReplyRef<'a> {
    //= ADP-ENCODING-002
    /// Decodes a reply.
    ///
    /// # Errors
    /// The first rule that is broken, in the order of this module's page.
    pub fn decode(bytes: &'a [u8]) -> Result<Self, Malformed> {
        judge_size(bytes, REPLY_LEN, REPLY_HEAD, false)?;
        let mut reader = Reader::new(bytes, 0);
        //= ADP-FRAME-005
        let status = Status::from_number(reader.u16()?).ok_or(Rule::Status.at(0))?;
        Ok(Self { status, values: judge_operands(reader)? })
    }

    /// How it went.
    pub fn status(&self) -> Status {
        self.status
    }

    /// What came of it.
    pub fn values(&self) -> Operands<'a> {
        self.values
    }

    /// The same, of its own.
    pub fn to_universal(&self) -> UniversalReply {
        UniversalReply { status: self.status, values: self.values.iter().map(OperandRef::to_owned).collect() }
    }
}

impl<'a> Operands<'a> {
    /// None at all.
    pub const EMPTY: Self = Self(&[]);

    /// The values, from the left.
    pub fn iter(&self) -> OperandsIter<'a> {
        OperandsIter(Reader::new(self.0, 0))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The TLVs as they stand on the wire.
    pub fn bytes(&self) -> &'a [u8] {
        self.0
    }
}

impl<'a> IntoIterator for Operands<'a> {
    type Item = OperandRef<'a>;
    type IntoIter = OperandsIter<'a>;

    fn into_iter(self) -> OperandsIter<'a> {
        self.iter()
    }
}

impl<'a> Iterator for OperandsIter<'a> {
    type Item = OperandRef<'a>;

    #[inline]
    fn next(&mut self) -> Option<OperandRef<'a>> {
        if self.0.is_empty() {
            return None;
        }
        // The bytes were judged when they were decoded, so this one cannot fail.
        tlv(&mut self.0).and_then(|tlv| tlv.value()).ok()
    }
}

//= ADP-FRAME-001
//= ADP-FRAME-002
/// Check 2 of the bus: the size of the whole and the number of its operands, whatever else is wrong with them.
fn judge_size(bytes: &[u8], limit: usize, head: usize, has_extension: bool) -> Result<(), Malformed> {
    if bytes.len() > limit {
        return Err(Rule::Size.at(limit));
    }
    // A TLV has two bytes or more: so few bytes cannot hold too many.
    if bytes.len() <= head.saturating_add(OPERANDS.saturating_mul(2)) {
        return Ok(());
    }
    let mut reader = Reader::new(bytes.get(head..).unwrap_or_default(), head);
    let mut count = 0_usize;
    while !reader.is_empty() {
        let is_extension = has_extension && reader.at() == head && reader.rest().first() == Some(&EXTENSION_TYPE);
        count = count.saturating_add(usize::from(!is_extension));
        if count > OPERANDS {
            return Err(Rule::Size.at(reader.at()));
        }
        // Where the operands cannot be told apart they are not counted: framing is judged next.
        if skip(&mut reader).is_none() {
            break;
        }
    }
    Ok(())
}

/// Passes over one TLV by its length alone.
fn skip(reader: &mut Reader<'_>) -> Option<()> {
    reader.byte().ok()?;
    let mut length = 0_u64;
    for shift in [0, 7, 14, 21, 28] {
        let byte = reader.byte().ok()?;
        length |= u64::from(byte & 0x7F) << shift;
        if byte & 0x80 == 0 {
            return reader.take(usize::try_from(length).ok()?).ok().map(|_| ());
        }
    }
    None
}

//= ADP-FRAME-004
/// The first byte: four bits of flags, all zero in 1.0, over four bits of category.
fn category(reader: &mut Reader<'_>) -> Result<Category, Malformed> {
    let at = reader.at();
    Category::from_number(reader.byte()?).ok_or(Rule::Flags.at(at))
}

//= ADP-ENCODING-004
//= ADP-VALUE-006
/// The extension segment, where the next TLV is one.
fn extension(reader: &mut Reader<'_>) -> Result<[u8; EXTENSION_LEN], Malformed> {
    let mut bitmap = [0; EXTENSION_LEN];
    if reader.rest().first() != Some(&EXTENSION_TYPE) {
        return Ok(bitmap);
    }
    reader.byte()?;
    let (at, length) = length(reader)?;
    let segment = usize::try_from(length).ok().and_then(|length| bitmap.get_mut(..length));
    let Some(segment) = segment.filter(|segment| !segment.is_empty()) else {
        return Err(Rule::Length.at(at));
    };
    let at = reader.at();
    segment.copy_from_slice(reader.take(segment.len())?);
    if segment.last() == Some(&0) {
        return Err(Rule::ExtensionMinimal.at(at));
    }
    Ok(bitmap)
}

/// Judges every TLV that is left.
fn judge_operands(mut reader: Reader<'_>) -> Result<Operands<'_>, Malformed> {
    let operands = Operands(reader.rest());
    judge_list(&mut reader, 0)?;
    Ok(operands)
}

/// Judges TLVs within `depth` lists.
fn judge_list(reader: &mut Reader<'_>, depth: u8) -> Result<(), Malformed> {
    while !reader.is_empty() {
        //= ADP-TLV-003
        let is_list = reader.rest().first() == Some(&OperandType::List.number());
        if is_list && depth >= LIST_DEPTH {
            return Err(Rule::Depth.at(reader.at()));
        }
        let tlv = tlv(reader)?;
        if is_list {
            // One call within another for each list, of which there are four at most.
            judge_list(&mut Reader::new(tlv.value, tlv.at), depth.saturating_add(1))?;
        } else {
            tlv.value()?;
        }
    }
    Ok(())
}

/// A TLV whose type and length were judged.
struct Tlv<'a> {
    kind: OperandType,
    value: &'a [u8],
    /// Where the value lies.
    at: usize,
}

/// Reads the next TLV, but for its value.
#[inline]
fn tlv<'a>(reader: &mut Reader<'a>) -> Result<Tlv<'a>, Malformed> {
    let at = reader.at();
    let number = reader.byte()?;
    //= ADP-TLV-001
    //= ADP-TLV-002
    let rule = if number == EXTENSION_TYPE { Rule::ExtensionPlace } else { Rule::Type };
    let kind = OperandType::from_number(number).ok_or(rule.at(at))?;
    let (length_at, length) = length(reader)?;
    //= ADP-TLV-006
    let fits = match kind {
        OperandType::Unsigned | OperandType::Signed => (1..=8).contains(&length),
        OperandType::Bytes | OperandType::Text | OperandType::List => true,
        OperandType::Bool => length == 1,
        OperandType::F64 => length == 8,
        OperandType::Handle => length == 4,
    };
    if !fits {
        return Err(Rule::Length.at(length_at));
    }
    let at = reader.at();
    // A length beyond the address space is beyond the bytes too.
    let value = reader.take(usize::try_from(length).unwrap_or(usize::MAX))?;
    Ok(Tlv { kind, value, at })
}

//= ADP-TLV-004
//= ADP-TLV-005
/// A length, and where it lies.
fn length(reader: &mut Reader<'_>) -> Result<(usize, u32), Malformed> {
    let at = reader.at();
    Ok((at, leb128::read(reader)?))
}

impl<'a> Tlv<'a> {
    /// Judges the value; of a list nothing, for its TLVs are judged one by one.
    #[inline]
    fn value(&self) -> Result<OperandRef<'a>, Malformed> {
        let value = self.value;
        Ok(match self.kind {
            //= ADP-VALUE-001
            OperandType::Unsigned => {
                if value.len() > 1 && value.last() == Some(&0) {
                    return Err(Rule::IntegerMinimal.at(self.at));
                }
                OperandRef::Unsigned(little_endian(value, 0))
            }
            //= ADP-VALUE-002
            OperandType::Signed => {
                let sign = value.last().map_or(0, |last| if last & 0x80 == 0 { 0 } else { 0xFF });
                if let [.., below, last] = value
                    && *last == sign
                    && (below ^ sign) & 0x80 == 0
                {
                    return Err(Rule::IntegerMinimal.at(self.at));
                }
                OperandRef::Signed(little_endian(value, if sign == 0 { 0 } else { u64::MAX }).cast_signed())
            }
            OperandType::Bytes => OperandRef::Bytes(value),
            //= ADP-VALUE-003
            OperandType::Text => match std::str::from_utf8(value) {
                Ok(text) => OperandRef::Text(text),
                Err(_) => return Err(Rule::Utf8.at(self.at)),
            },
            //= ADP-VALUE-004
            OperandType::Bool => match value {
                [0] => OperandRef::Bool(false),
                [1] => OperandRef::Bool(true),
                _ => return Err(Rule::Bool.at(self.at)),
            },
            //= ADP-VALUE-005
            OperandType::F64 => {
                let number = F64::from_bits(little_endian(value, 0));
                OperandRef::F64(number.ok_or(Rule::Nan.at(self.at))?)
            }
            OperandType::Handle => OperandRef::Handle(match value.first_chunk() {
                Some(bytes) => u32::from_le_bytes(*bytes),
                None => return Err(Rule::Truncated.at(self.at)),
            }),
            OperandType::List => OperandRef::List(Operands(value)),
        })
    }
}

/// Up to eight bytes, little-endian, over the bits of `fill`.
fn little_endian(bytes: &[u8], fill: u64) -> u64 {
    bytes.iter().rev().fold(fill, |number, byte| number << 8 | u64::from(*byte))
}
