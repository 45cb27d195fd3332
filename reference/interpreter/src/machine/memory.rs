//! Memory instructions (WebAssembly core 2.0, section 4.4.7).

use std::hint::cold_path;

use super::bulk;
use super::operation::{Flow, Machine, Operation};
use super::slots::Slots;
use crate::code::{Op, OpCode as C};
use crate::memory::PAGE;
use crate::numeric::{convert, int};
use crate::trap::Trap;
use crate::value::Slot;

pub(super) const OPERATIONS: &[Operation] = &[
    (C::Load8U, |m, s, ops| m.attempt(s, ops, |m, s, op| load(m.memory, op, s, |[byte]| u32::from(byte)))),
    (C::Load16U, |m, s, ops| {
        m.attempt(s, ops, |m, s, op| load(m.memory, op, s, |bytes| u32::from(u16::from_le_bytes(bytes))))
    }),
    (C::Load32, |m, s, ops| m.attempt(s, ops, |m, s, op| load(m.memory, op, s, u32::from_le_bytes))),
    (C::Load64, |m, s, ops| m.attempt(s, ops, |m, s, op| load(m.memory, op, s, u64::from_le_bytes))),
    (C::I32Load8S, |m, s, ops| {
        m.attempt(s, ops, |m, s, op| load(m.memory, op, s, |[byte]| int::extend8_s(u32::from(byte))))
    }),
    (C::I32Load16S, |m, s, ops| {
        m.attempt(s, ops, |m, s, op| {
            load(m.memory, op, s, |bytes| int::extend16_s(u32::from(u16::from_le_bytes(bytes))))
        })
    }),
    (C::I64Load8S, |m, s, ops| {
        m.attempt(s, ops, |m, s, op| load(m.memory, op, s, |[byte]| int::extend8_s(u64::from(byte))))
    }),
    (C::I64Load16S, |m, s, ops| {
        m.attempt(s, ops, |m, s, op| {
            load(m.memory, op, s, |bytes| int::extend16_s(u64::from(u16::from_le_bytes(bytes))))
        })
    }),
    (C::I64Load32S, |m, s, ops| {
        m.attempt(s, ops, |m, s, op| load(m.memory, op, s, |bytes| convert::extend_s(u32::from_le_bytes(bytes))))
    }),
    (C::Load8USum, |m, s, ops| m.attempt(s, ops, |m, s, op| load_sum(m.memory, op, s, |[byte]| u32::from(byte)))),
    (C::Load16USum, |m, s, ops| {
        m.attempt(s, ops, |m, s, op| load_sum(m.memory, op, s, |bytes| u32::from(u16::from_le_bytes(bytes))))
    }),
    (C::Load32Sum, |m, s, ops| m.attempt(s, ops, |m, s, op| load_sum(m.memory, op, s, u32::from_le_bytes))),
    (C::Load64Sum, |m, s, ops| m.attempt(s, ops, |m, s, op| load_sum(m.memory, op, s, u64::from_le_bytes))),
    (C::I32Load8SSum, |m, s, ops| {
        m.attempt(s, ops, |m, s, op| load_sum(m.memory, op, s, |[byte]| int::extend8_s(u32::from(byte))))
    }),
    (C::I32Load16SSum, |m, s, ops| {
        m.attempt(s, ops, |m, s, op| {
            load_sum(m.memory, op, s, |bytes| int::extend16_s(u32::from(u16::from_le_bytes(bytes))))
        })
    }),
    (C::I64Load8SSum, |m, s, ops| {
        m.attempt(s, ops, |m, s, op| load_sum(m.memory, op, s, |[byte]| int::extend8_s(u64::from(byte))))
    }),
    (C::I64Load16SSum, |m, s, ops| {
        m.attempt(s, ops, |m, s, op| {
            load_sum(m.memory, op, s, |bytes| int::extend16_s(u64::from(u16::from_le_bytes(bytes))))
        })
    }),
    (C::I64Load32SSum, |m, s, ops| {
        m.attempt(s, ops, |m, s, op| load_sum(m.memory, op, s, |bytes| convert::extend_s(u32::from_le_bytes(bytes))))
    }),
    (C::Store8, |m, s, ops| m.attempt(s, ops, |m, s, op| store(m.memory, op, s, |value| [(value & 0xff) as u8]))),
    (C::Store16, |m, s, ops| {
        m.attempt(s, ops, |m, s, op| store(m.memory, op, s, |value| ((value & 0xffff) as u16).to_le_bytes()))
    }),
    (C::Store32, |m, s, ops| {
        m.attempt(s, ops, |m, s, op| store(m.memory, op, s, |value| convert::wrap(value).to_le_bytes()))
    }),
    (C::Store64, |m, s, ops| m.attempt(s, ops, |m, s, op| store(m.memory, op, s, u64::to_le_bytes))),
    (C::Store8Imm, |m, s, ops| {
        m.attempt(s, ops, |m, s, op| store_constant(m.memory, op, s, |value| [(value & 0xff) as u8]))
    }),
    (C::Store16Imm, |m, s, ops| {
        m.attempt(s, ops, |m, s, op| store_constant(m.memory, op, s, |value| ((value & 0xffff) as u16).to_le_bytes()))
    }),
    (C::Store32Imm, |m, s, ops| {
        m.attempt(s, ops, |m, s, op| store_constant(m.memory, op, s, |value| convert::wrap(value).to_le_bytes()))
    }),
    (C::Store64Imm, |m, s, ops| m.attempt(s, ops, |m, s, op| store_constant(m.memory, op, s, u64::to_le_bytes))),
    (C::Store8Sum, |m, s, ops| {
        m.attempt(s, ops, |m, s, op| store_sum(m.memory, op, s, |value| [(value & 0xff) as u8]))
    }),
    (C::Store16Sum, |m, s, ops| {
        m.attempt(s, ops, |m, s, op| store_sum(m.memory, op, s, |value| ((value & 0xffff) as u16).to_le_bytes()))
    }),
    (C::Store32Sum, |m, s, ops| {
        m.attempt(s, ops, |m, s, op| store_sum(m.memory, op, s, |value| convert::wrap(value).to_le_bytes()))
    }),
    (C::Store64Sum, |m, s, ops| m.attempt(s, ops, |m, s, op| store_sum(m.memory, op, s, u64::to_le_bytes))),
    (C::MemorySize, |m, s, ops| m.then(s, ops, |m, s, op| s.set(op.d, (m.memory.len() as u64 / PAGE) as u32))),
    (C::MemoryGrow, |m, _, ops| m.stop(Flow::NeedsStore, ops)),
    (C::MemoryFill, |m, s, ops| m.attempt(s, ops, |m, s, op| within(fill(m.memory, op, s)))),
    (C::MemoryCopy, |m, s, ops| m.attempt(s, ops, |m, s, op| within(copy(m.memory, op, s)))),
    (C::MemoryInit, |m, s, ops| m.attempt(s, ops, |m, s, op| within(init(m, op, s)))),
    (C::DataDrop, |m, s, ops| {
        m.then(s, ops, |m, _, op| {
            if let Some(is_dropped) = m.segments.is_data_dropped.get_mut(op.imm as usize) {
                *is_dropped = true;
            }
        })
    }),
];

fn within(done: Option<()>) -> Result<(), Trap> {
    done.ok_or(Trap::MemoryOutOfBounds)
}

/// d := the value of the bytes at slot a + imm.
#[inline(always)]
fn load<const N: usize, T: Slot>(
    memory: &[u8],
    op: &Op,
    slots: &mut Slots<'_>,
    value: impl FnOnce([u8; N]) -> T,
) -> Result<(), Trap> {
    let bytes = read(memory, slots.get(op.a), op.imm)?;
    slots.set(op.d, value(bytes));
    Ok(())
}

/// d := the value of the bytes at slot a + slot b + imm.
#[inline(always)]
fn load_sum<const N: usize, T: Slot>(
    memory: &[u8],
    op: &Op,
    slots: &mut Slots<'_>,
    value: impl FnOnce([u8; N]) -> T,
) -> Result<(), Trap> {
    let address = int::add::<u32>(slots.get(op.a), slots.get(op.b));
    let bytes = read(memory, address, op.imm)?;
    slots.set(op.d, value(bytes));
    Ok(())
}

/// Writes slot b at slot a + imm.
#[inline(always)]
fn store<const N: usize>(
    memory: &mut [u8],
    op: &Op,
    slots: &Slots<'_>,
    value: impl FnOnce(u64) -> [u8; N],
) -> Result<(), Trap> {
    write(memory, slots.get(op.a), op.imm, value(slots.get(op.b)))
}

/// Writes a constant of 8 bits, extended with its sign, at slot a + imm.
#[inline(always)]
fn store_constant<const N: usize>(
    memory: &mut [u8],
    op: &Op,
    slots: &Slots<'_>,
    value: impl FnOnce(u64) -> [u8; N],
) -> Result<(), Trap> {
    let constant = i64::from(op.b.cast_signed()).cast_unsigned();
    write(memory, slots.get(op.a), op.imm, value(constant))
}

/// Writes slot d at slot a + slot b + imm.
#[inline(always)]
fn store_sum<const N: usize>(
    memory: &mut [u8],
    op: &Op,
    slots: &Slots<'_>,
    value: impl FnOnce(u64) -> [u8; N],
) -> Result<(), Trap> {
    let address = int::add::<u32>(slots.get(op.a), slots.get(op.b));
    write(memory, address, op.imm, value(slots.get(op.d)))
}

/// The effective address is a sum that does not wrap (section 4.4.7, `t.load`): at most 2^33 - 2, so that a length may be added.
#[inline(always)]
fn read<const N: usize>(memory: &[u8], address: u32, offset: u32) -> Result<[u8; N], Trap> {
    let start = usize::try_from(u64::from(address) + u64::from(offset)).ok();
    let bytes = start.and_then(|start| memory.get(start..start.checked_add(N)?)?.first_chunk());
    match bytes {
        Some(bytes) => Ok(*bytes),
        None => {
            cold_path();
            Err(Trap::MemoryOutOfBounds)
        }
    }
}

/// `t.store`
#[inline(always)]
fn write<const N: usize>(memory: &mut [u8], address: u32, offset: u32, value: [u8; N]) -> Result<(), Trap> {
    let start = usize::try_from(u64::from(address) + u64::from(offset)).ok();
    let bytes = start.and_then(|start| memory.get_mut(start..start.checked_add(N)?)?.first_chunk_mut());
    match bytes {
        Some(bytes) => {
            *bytes = value;
            Ok(())
        }
        None => {
            cold_path();
            Err(Trap::MemoryOutOfBounds)
        }
    }
}

/// `memory.fill`
fn fill(memory: &mut [u8], op: &Op, slots: &Slots<'_>) -> Option<()> {
    let [value, ..] = slots.get::<u32>(op.b).to_le_bytes();
    bulk::fill(memory, slots.get(op.a), value, slots.get(op.third()))
}

/// `memory.copy`
fn copy(memory: &mut [u8], op: &Op, slots: &Slots<'_>) -> Option<()> {
    bulk::copy(memory, slots.get(op.a), slots.get(op.b), slots.get(op.third()))
}

/// `memory.init`
fn init(machine: &mut Machine<'_>, op: &Op, slots: &Slots<'_>) -> Option<()> {
    let is_dropped = *machine.segments.is_data_dropped.get(op.imm as usize)?;
    let bytes = if is_dropped { &[] } else { machine.parts.data.get(op.imm as usize)?.bytes.as_slice() };
    bulk::init(machine.memory, bytes, slots.get(op.a), slots.get(op.b), slots.get(op.d))
}
