//! Memory instructions (WebAssembly core 2.0, section 4.4.7).

use super::bulk;
use super::slots::Slots;
use crate::code::Op;
use crate::module::Parts;
use crate::store::Segments;
use crate::trap::Trap;
use crate::value::Slot;

/// The bytes at slot a + imm, of which the sum does not wrap.
#[inline(always)]
pub(super) fn load<const N: usize, T: Slot>(
    memory: &[u8],
    op: &Op,
    slots: &mut Slots<'_>,
    value: impl FnOnce([u8; N]) -> T,
) -> Result<(), Trap> {
    let bytes = start(op, slots).and_then(|start| memory.get(start..start + N));
    let Some(bytes) = bytes.and_then(|bytes| bytes.first_chunk()) else {
        std::hint::cold_path();
        return Err(Trap::MemoryOutOfBounds);
    };
    slots.set(op.d, value(*bytes));
    Ok(())
}

/// Writes at slot a + imm.
#[inline(always)]
pub(super) fn store<const N: usize>(
    memory: &mut [u8],
    op: &Op,
    slots: &Slots<'_>,
    value: impl FnOnce(u64) -> [u8; N],
) -> Result<(), Trap> {
    let bytes = start(op, slots).and_then(|start| memory.get_mut(start..start + N));
    let Some(bytes) = bytes.and_then(|bytes| bytes.first_chunk_mut()) else {
        std::hint::cold_path();
        return Err(Trap::MemoryOutOfBounds);
    };
    *bytes = value(slots.get(op.b));
    Ok(())
}

/// At most 2^33 - 2, so that a length may be added.
#[inline(always)]
fn start(op: &Op, slots: &Slots<'_>) -> Option<usize> {
    usize::try_from(u64::from(slots.get::<u32>(op.a)) + u64::from(op.imm))
        .ok()
        .filter(|start| *start <= isize::MAX as usize)
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
