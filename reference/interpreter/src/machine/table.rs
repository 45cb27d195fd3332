//! Table instructions (WebAssembly core 2.0, section 4.4.6).

use super::bulk;
use super::operation::{Machine, Operation, World};
use super::slots::Slots;
use crate::code::{Op, OpCode as C};
use crate::store::Instance;
use crate::table::Table;
use crate::trap::Trap;

pub(super) const OPERATIONS: &[Operation] = &[
    (C::TableGet, |m, s, ops| {
        m.attempt(s, ops, |m, s, op| {
            let element = within(get(m.world, op, s))?;
            s.set(op.d, element);
            Ok(())
        })
    }),
    (C::TableSet, |m, s, ops| m.attempt(s, ops, |m, s, op| within(set(m.world, op, s)))),
    (C::TableSize, |m, s, ops| {
        m.then(s, ops, |m, s, op| s.set(op.d, present(m.world, op.imm).map_or(0, |table| table.size())))
    }),
    (C::TableGrow, |m, s, ops| m.then(s, ops, |m, s, op| s.set(op.d, grow(m.world, op, s)))),
    (C::TableFill, |m, s, ops| m.attempt(s, ops, |m, s, op| within(fill(m.world, op, s)))),
    (C::TableCopy, |m, s, ops| m.attempt(s, ops, |m, s, op| within(copy(m, op, s)))),
    (C::TableInit, |m, s, ops| m.attempt(s, ops, |m, s, op| within(init(m, op, s)))),
    (C::ElemDrop, |m, s, ops| {
        m.then(s, ops, |m, _, op| {
            if let Some(elements) = m.world.segments.elements.get_mut(op.imm as usize) {
                *elements = Vec::new();
            }
        })
    }),
];

fn within<T>(done: Option<T>) -> Result<T, Trap> {
    done.ok_or(Trap::TableOutOfBounds)
}

/// The table of an index.
pub(crate) fn at<'t>(tables: &'t mut [Table], instance: &Instance, index: u32) -> Option<&'t mut Table> {
    tables.get_mut(*instance.tables.get(index as usize)? as usize)
}

fn present<'t>(world: &'t mut World<'_>, index: u32) -> Option<&'t mut Table> {
    at(world.tables, world.instance, index)
}

/// `table.get`
fn get(world: &mut World<'_>, op: &Op, slots: &Slots<'_>) -> Option<u64> {
    let index = slots.get::<u32>(op.a);
    present(world, op.imm)?.elements.get(index as usize).copied()
}

/// `table.set`
fn set(world: &mut World<'_>, op: &Op, slots: &Slots<'_>) -> Option<()> {
    let index = slots.get::<u32>(op.a);
    *present(world, op.imm)?.elements.get_mut(index as usize)? = slots.get(op.b);
    Some(())
}

/// `table.grow`: the size before, or -1.
fn grow(world: &mut World<'_>, op: &Op, slots: &Slots<'_>) -> u32 {
    let (value, more) = (slots.get::<u64>(op.a), slots.get::<u32>(op.b));
    let table = at(world.tables, world.instance, op.imm);
    table.and_then(|table| table.grow(more, value, world.table_quota)).unwrap_or(u32::MAX)
}

/// `table.fill`
fn fill(world: &mut World<'_>, op: &Op, slots: &Slots<'_>) -> Option<()> {
    let table = present(world, op.imm)?;
    bulk::fill(&mut table.elements, slots.get(op.a), slots.get(op.b), slots.get(op.d))
}

/// `table.copy`
fn copy(machine: &mut Machine<'_, '_, '_>, op: &Op, slots: &Slots<'_>) -> Option<()> {
    let Machine { frame, world } = machine;
    let (target, source) = *frame.code.side().pairs.get(op.imm as usize)?;
    let (to, from, count) = (slots.get(op.a), slots.get(op.b), slots.get(op.d));
    let address = |index: u32| world.instance.tables.get(index as usize).copied();
    let (target, source) = (address(target)? as usize, address(source)? as usize);
    if target == source {
        return bulk::copy(&mut world.tables.get_mut(target)?.elements, to, from, count);
    }
    let [target, source] = world.tables.get_disjoint_mut([target, source]).ok()?;
    bulk::init(&mut target.elements, &source.elements, to, from, count)
}

/// `table.init`
fn init(machine: &mut Machine<'_, '_, '_>, op: &Op, slots: &Slots<'_>) -> Option<()> {
    let Machine { frame, world } = machine;
    let (table, segment) = *frame.code.side().pairs.get(op.imm as usize)?;
    let table = at(world.tables, world.instance, table)?;
    let elements = world.segments.elements.get(segment as usize)?;
    bulk::init(&mut table.elements, elements, slots.get(op.a), slots.get(op.b), slots.get(op.d))
}
