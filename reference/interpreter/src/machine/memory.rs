//! Memory instructions (WebAssembly core 2.0, section 4.4.7).

use std::hint::cold_path;

use super::bulk;
use super::slots::Slots;
use crate::code::Op;
use crate::module::Parts;
use crate::numeric::int;
use crate::store::Segments;
use crate::trap::Trap;
use crate::value::Slot;

/// d := the value of the bytes at slot a + imm.
#[inline(always)]
pub(super) fn load<const N: usize, T: Slot>(
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
pub(super) fn load_sum<const N: usize, T: Slot>(
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
pub(super) fn store<const N: usize>(
    memory: &mut [u8],
    op: &Op,
    slots: &Slots<'_>,
    value: impl FnOnce(u64) -> [u8; N],
) -> Result<(), Trap> {
    write(memory, slots.get(op.a), op.imm, value(slots.get(op.b)))
}

/// Writes a constant of 8 bits, extended with its sign, at slot a + imm.
#[inline(always)]
pub(super) fn store_constant<const N: usize>(
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
pub(super) fn store_sum<const N: usize>(
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
pub(super) fn fill(memory: &mut [u8], op: &Op, slots: &Slots<'_>) -> Option<()> {
    let [value, ..] = slots.get::<u32>(op.b).to_le_bytes();
    bulk::fill(memory, slots.get(op.a), value, slots.get(op.third()))
}

/// `memory.copy`
pub(super) fn copy(memory: &mut [u8], op: &Op, slots: &Slots<'_>) -> Option<()> {
    bulk::copy(memory, slots.get(op.a), slots.get(op.b), slots.get(op.third()))
}

/// `memory.init`
pub(super) fn init(memory: &mut [u8], parts: &Parts, segments: &Segments, op: &Op, slots: &Slots<'_>) -> Option<()> {
    let is_dropped = *segments.is_data_dropped.get(op.imm as usize)?;
    let bytes = if is_dropped { &[] } else { parts.data.get(op.imm as usize)?.bytes.as_slice() };
    bulk::init(memory, bytes, slots.get(op.a), slots.get(op.b), slots.get(op.d))
}
