//! The five imports of `fayger_v1`, once for every engine: what each does with the guest's memory and the instance's context.
//!
//! Pointers are u32. A range past the end of the memory is a trap, before anything else.

use std::ops::Range;

use crate::strategy::{ExecutionContext, TrapKind};

/// The module that the imports are of.
pub const MODULE: &str = "fayger_v1";

/// Bytes of an instruction that the bus needs to see that there are too many.
const EMIT_MOST: usize = fayger_contracts::instruction::INSTRUCTION_LEN + 1;

/// An import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Import {
    /// `emit(ptr, len) -> i32`: the reply's length.
    Emit,
    /// `reply_read(ptr, cap) -> i32`: the last reply's length, and as much of it as fits.
    ReplyRead,
    /// `event_read(ptr, cap) -> i32`: the same of the event that is being handled.
    EventRead,
    /// `section_len(id) -> i64`.
    SectionLen,
    /// `section_read(id, offset: i64, ptr, len) -> i32`: how many bytes were copied.
    SectionRead,
}

/// A type of the code's values that the imports use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueType {
    /// 32 bits.
    I32,
    /// 64 bits.
    I64,
}

/// Bytes of a section that are copied at once at most: what is returned is an i32, and never negative. More is had by another read.
const READ_MOST: usize = i32::MAX as usize;

/// What a call of an import comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It returns this; an i32 is its low half.
    Value(i64),
    /// The instruction is in the context: the runtime has to have it answered, then [`reply_length`] is the value.
    HostCall,
    /// The body of this section has to be in the context, then the call is made again.
    WantSection(u32),
}

impl Import {
    /// All five.
    pub const ALL: [Self; 5] = [Self::Emit, Self::ReplyRead, Self::EventRead, Self::SectionLen, Self::SectionRead];

    /// The name that code imports it by.
    pub fn name(self) -> &'static str {
        match self {
            Self::Emit => "emit",
            Self::ReplyRead => "reply_read",
            Self::EventRead => "event_read",
            Self::SectionLen => "section_len",
            Self::SectionRead => "section_read",
        }
    }

    /// The import of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|import| import.name() == name)
    }

    /// What it takes.
    pub fn parameters(self) -> &'static [ValueType] {
        use ValueType::{I32, I64};
        match self {
            Self::Emit | Self::ReplyRead | Self::EventRead => &[I32, I32],
            Self::SectionLen => &[I32],
            Self::SectionRead => &[I32, I64, I32, I32],
        }
    }

    /// What it returns.
    pub fn result(self) -> ValueType {
        match self {
            Self::SectionLen => ValueType::I64,
            _ => ValueType::I32,
        }
    }
}

/// Makes a call. An i32 argument is the low half of its element; `arguments` are as many as [`Import::parameters`].
///
/// # Errors
/// `memory_out_of_bounds`.
pub fn call(
    import: Import,
    arguments: &[u64],
    memory: &mut [u8],
    context: &mut ExecutionContext,
) -> Result<Answer, TrapKind> {
    let argument = |at: usize| arguments.get(at).copied().unwrap_or_default();
    let word = |at: usize| low(argument(at));
    match import {
        Import::Emit => emit(slice(memory, word(0), word(1))?, context),
        Import::ReplyRead => {
            let target = slice_mut(memory, word(0), word(1))?;
            Ok(read(context.reply.as_deref(), target))
        }
        Import::EventRead => {
            let target = slice_mut(memory, word(0), word(1))?;
            Ok(read(context.event.as_deref(), target))
        }
        //= RT-SECTION-001
        Import::SectionLen => {
            let length = context.section(word(0)).and_then(|entry| i64::try_from(entry.length).ok());
            Ok(Answer::Value(length.unwrap_or(-1)))
        }
        Import::SectionRead => {
            let target = slice_mut(memory, word(2), word(3))?;
            Ok(read_section(word(0), argument(1).cast_signed(), target, context))
        }
    }
}

/// What `emit` returns once the reply is there; a reply has at most 1 MiB.
pub fn reply_length(context: &ExecutionContext) -> i32 {
    length(context.reply.as_deref().unwrap_or_default())
}

//= RT-EMIT-001
fn emit(instruction: &[u8], context: &mut ExecutionContext) -> Result<Answer, TrapKind> {
    let shown = instruction.get(..EMIT_MOST).unwrap_or(instruction);
    context.instruction.clear();
    context.instruction.extend_from_slice(shown);
    Ok(Answer::HostCall)
}

//= RT-EMIT-002
/// Copies what fits and returns the full length; -1 where there is nothing to read.
fn read(source: Option<&[u8]>, target: &mut [u8]) -> Answer {
    let Some(source) = source else { return Answer::Value(-1) };
    copy(source, target);
    Answer::Value(length(source).into())
}

//= RT-SECTION-002
/// -1 for a section that the code may not see and for an offset below zero, all alike; 0 at or past the end.
fn read_section(section_id: u32, offset: i64, target: &mut [u8], context: &ExecutionContext) -> Answer {
    let (Some(entry), Ok(offset)) = (context.section(section_id), u64::try_from(offset)) else {
        return Answer::Value(-1);
    };
    if offset >= entry.length || target.is_empty() {
        return Answer::Value(0);
    }
    match &context.body {
        Some((held, body)) if *held == section_id => {
            let rest = usize::try_from(offset).ok().and_then(|offset| body.get(offset..)).unwrap_or_default();
            Answer::Value(copy(rest, target))
        }
        _ => Answer::WantSection(section_id),
    }
}

/// Copies as much as there is, fits, and can be said: how much.
fn copy(source: &[u8], target: &mut [u8]) -> i64 {
    let count = source.len().min(target.len()).min(READ_MOST);
    if let (Some(target), Some(source)) = (target.get_mut(..count), source.get(..count)) {
        target.copy_from_slice(source);
    }
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn length(bytes: &[u8]) -> i32 {
    i32::try_from(bytes.len()).unwrap_or(i32::MAX)
}

fn low(value: u64) -> u32 {
    (value & u64::from(u32::MAX)) as u32
}

/// The range of a pointer and a length. It cannot wrap: a sum of two u32 fits.
fn range(pointer: u32, length: u32) -> Range<usize> {
    let start = pointer as usize;
    start..start.saturating_add(length as usize)
}

fn slice(memory: &[u8], pointer: u32, length: u32) -> Result<&[u8], TrapKind> {
    memory.get(range(pointer, length)).ok_or(TrapKind::MemoryOutOfBounds)
}

fn slice_mut(memory: &mut [u8], pointer: u32, length: u32) -> Result<&mut [u8], TrapKind> {
    memory.get_mut(range(pointer, length)).ok_or(TrapKind::MemoryOutOfBounds)
}
