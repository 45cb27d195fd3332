//! What the types of the category modules have in common.

use super::{Event, Opcode, fits};
use crate::instruction::{Encoder, EventRef, InstructionRef, OperandRef, Operands, ReplyRef, Status, Unencodable};

/// An instruction with its operands as fields.
pub trait Instruction<'a>: Sized {
    /// Its entry in the registry.
    const OPCODE: Opcode;

    /// Writes the operands.
    fn write(&self, encoder: &mut Encoder<'_>);

    /// Takes the operands out of values that fit the schema.
    fn read(values: Operands<'a>) -> Option<Self>;

    /// Appends its encoding to `out`, with the capabilities of the registry. Values outside their bounds are written as they are: the bus
    /// answers `invalid`.
    ///
    /// # Errors
    /// What is too much of it; `out` is as it was before.
    fn encode(&self, out: &mut Vec<u8>) -> Result<(), Unencodable> {
        let mut encoder =
            Encoder::instruction(out, Self::OPCODE.category, Self::OPCODE.number, &Self::OPCODE.capabilities);
        self.write(&mut encoder);
        encoder.finish()
    }

    /// The operands of an instruction, where it is this one and they fit the schema.
    fn view(instruction: &InstructionRef<'a>) -> Option<Self> {
        let is_this = (instruction.category(), instruction.opcode()) == (Self::OPCODE.category, Self::OPCODE.number);
        (is_this && fits(instruction.operands(), Self::OPCODE.operands)).then(|| Self::read(instruction.operands()))?
    }
}

/// The values of a reply with status `ok` as fields.
pub trait Reply<'a>: Sized {
    /// The instruction that it answers.
    const OPCODE: Opcode;

    /// Writes the values.
    fn write(&self, encoder: &mut Encoder<'_>);

    /// Takes the values out of values that fit the schema.
    fn read(values: Operands<'a>) -> Option<Self>;

    /// Appends its encoding, with status `ok`, to `out`.
    ///
    /// # Errors
    /// What is too much of it; `out` is as it was before.
    fn encode(&self, out: &mut Vec<u8>) -> Result<(), Unencodable> {
        let mut encoder = Encoder::reply(out, Status::Ok);
        self.write(&mut encoder);
        encoder.finish()
    }

    /// The values of a reply, where its status is `ok` and they fit the schema.
    fn view(reply: &ReplyRef<'a>) -> Option<Self> {
        let fits = reply.status() == Status::Ok && fits(reply.values(), Self::OPCODE.reply);
        fits.then(|| Self::read(reply.values()))?
    }
}

/// An event with its values as fields.
pub trait HostEvent<'a>: Sized {
    /// Its entry in the registry.
    const EVENT: Event;

    /// Writes the values.
    fn write(&self, encoder: &mut Encoder<'_>);

    /// Takes the values out of values that fit the schema.
    fn read(values: Operands<'a>) -> Option<Self>;

    /// Appends its encoding to `out`.
    ///
    /// # Errors
    /// What is too much of it; `out` is as it was before.
    fn encode(&self, out: &mut Vec<u8>) -> Result<(), Unencodable> {
        let mut encoder = Encoder::event(out, Self::EVENT.category, Self::EVENT.number);
        self.write(&mut encoder);
        encoder.finish()
    }

    /// The values of an event, where it is this one and they fit the schema.
    fn view(event: &EventRef<'a>) -> Option<Self> {
        let is_this = (event.category(), event.opcode()) == (Self::EVENT.category, Self::EVENT.number);
        (is_this && fits(event.payload(), Self::EVENT.values)).then(|| Self::read(event.payload()))?
    }
}

/// A list of texts: given, or as it was decoded.
#[derive(Clone, Copy, Debug)]
pub struct TextList<'a>(Source<'a>);

#[derive(Clone, Copy, Debug)]
enum Source<'a> {
    Given(&'a [&'a str]),
    Decoded(Operands<'a>),
}

impl<'a> TextList<'a> {
    /// The texts, in order.
    pub fn iter(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let (given, decoded) = match self.0 {
            Source::Given(texts) => (texts, Operands::EMPTY),
            Source::Decoded(values) => ([].as_slice(), values),
        };
        given.iter().copied().chain(decoded.iter().filter_map(|value| match value {
            OperandRef::Text(text) => Some(text),
            _ => None,
        }))
    }

    pub(super) fn decoded(values: Operands<'a>) -> Self {
        Self(Source::Decoded(values))
    }

    pub(super) fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.list(|list| {
            for text in self.iter() {
                list.text(text);
            }
        });
    }
}

impl<'a> From<&'a [&'a str]> for TextList<'a> {
    fn from(texts: &'a [&'a str]) -> Self {
        Self(Source::Given(texts))
    }
}

impl<'a, const N: usize> From<&'a [&'a str; N]> for TextList<'a> {
    fn from(texts: &'a [&'a str; N]) -> Self {
        Self(Source::Given(texts))
    }
}

impl PartialEq for TextList<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for TextList<'_> {}
