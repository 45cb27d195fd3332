//! Table instructions (WebAssembly core 2.0, section 4.4.6).

use super::bulk;
use super::slots::Slots;
use crate::code::{Code, Op};
use crate::store::{Instance, Quota, Segments};
use crate::table::Table;
use crate::trap::Trap;

/// The table of an index.
pub(crate) fn at<'t>(tables: &'t mut [Table], instance: &Instance, index: u32) -> Option<&'t mut Table> {
    tables.get_mut(*instance.tables.get(index as usize)? as usize)
}

/// `table.get`
pub(super) fn get(tables: &mut [Table], instance: &Instance, op: &Op, slots: &mut Slots<'_>) -> Result<(), Trap> {
    let table = at(tables, instance, op.imm).ok_or(Trap::TableOutOfBounds)?;
    let index = slots.get::<u32>(op.a);
    let element = table.elements.get(index as usize).ok_or(Trap::TableOutOfBounds)?;
    slots.set(op.d, *element);
    Ok(())
}

/// `table.set`
pub(super) fn set(tables: &mut [Table], instance: &Instance, op: &Op, slots: &Slots<'_>) -> Result<(), Trap> {
    let table = at(tables, instance, op.imm).ok_or(Trap::TableOutOfBounds)?;
    let index = slots.get::<u32>(op.a);
    *table.elements.get_mut(index as usize).ok_or(Trap::TableOutOfBounds)? = slots.get(op.b);
    Ok(())
}

/// `table.size`
pub(super) fn size(tables: &mut [Table], instance: &Instance, op: &Op) -> u32 {
    at(tables, instance, op.imm).map_or(0, |table| table.size())
}

/// `table.grow`: the size before, or -1.
pub(super) fn grow(tables: &mut [Table], instance: &Instance, op: &Op, slots: &Slots<'_>, quota: &mut Quota) -> u32 {
    let (value, more) = (slots.get::<u64>(op.a), slots.get::<u32>(op.b));
    at(tables, instance, op.imm).and_then(|table| table.grow(more, value, quota)).unwrap_or(u32::MAX)
}

/// `table.fill`
pub(super) fn fill(tables: &mut [Table], instance: &Instance, op: &Op, slots: &Slots<'_>) -> Option<()> {
    let table = at(tables, instance, op.imm)?;
    bulk::fill(&mut table.elements, slots.get(op.a), slots.get(op.b), slots.get(op.d))
}

/// `table.copy`
pub(super) fn copy(tables: &mut [Table], instance: &Instance, code: &Code, op: &Op, slots: &Slots<'_>) -> Option<()> {
    let (target, source) = *code.side().pairs.get(op.imm as usize)?;
    let (to, from, count) = (slots.get(op.a), slots.get(op.b), slots.get(op.d));
    let address = |index: u32| instance.tables.get(index as usize).copied();
    let (target, source) = (address(target)? as usize, address(source)? as usize);
    if target == source {
        return bulk::copy(&mut tables.get_mut(target)?.elements, to, from, count);
    }
    let [target, source] = tables.get_disjoint_mut([target, source]).ok()?;
    bulk::init(&mut target.elements, &source.elements, to, from, count)
}

/// `table.init`
pub(super) fn init(
    tables: &mut [Table],
    instance: &Instance,
    segments: &Segments,
    code: &Code,
    op: &Op,
    slots: &Slots<'_>,
) -> Option<()> {
    let (table, segment) = *code.side().pairs.get(op.imm as usize)?;
    let table = at(tables, instance, table)?;
    let elements = segments.elements.get(segment as usize)?;
    bulk::init(&mut table.elements, elements, slots.get(op.a), slots.get(op.b), slots.get(op.d))
}
