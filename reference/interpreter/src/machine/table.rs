//! Table instructions (WebAssembly core 2.0, section 4.4.6).

use super::bulk;
use super::operation::{Machine, Operation};
use super::slots::Slots;
use crate::code::{Op, OpCode as C};
use crate::store::Instance;
use crate::table::Table;
use crate::trap::Trap;

pub(super) const OPERATIONS: &[Operation] = &[
    (C::TableGet, |m, s, ops| {
        m.attempt(s, ops, |m, s, op| {
            let element = within(get(m, op, s))?;
            s.set(op.d, element);
            Ok(())
        })
    }),
    (C::TableSet, |m, s, ops| m.attempt(s, ops, |m, s, op| within(set(m, op, s)))),
    (C::TableSize, |m, s, ops| {
        m.then(s, ops, |m, s, op| s.set(op.d, present(m, op.imm).map_or(0, |table| table.size())))
    }),
    (C::TableGrow, |m, s, ops| m.then(s, ops, |m, s, op| s.set(op.d, grow(m, op, s)))),
    (C::TableFill, |m, s, ops| m.attempt(s, ops, |m, s, op| within(fill(m, op, s)))),
    (C::TableCopy, |m, s, ops| m.attempt(s, ops, |m, s, op| within(copy(m, op, s)))),
    (C::TableInit, |m, s, ops| m.attempt(s, ops, |m, s, op| within(init(m, op, s)))),
    (C::ElemDrop, |m, s, ops| {
        m.then(s, ops, |m, _, op| {
            if let Some(elements) = m.segments.elements.get_mut(op.imm as usize) {
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

fn present<'t>(machine: &'t mut Machine<'_>, index: u32) -> Option<&'t mut Table> {
    at(machine.tables, machine.instance, index)
}

/// `table.get`
fn get(machine: &mut Machine<'_>, op: &Op, slots: &Slots<'_>) -> Option<u64> {
    let index = slots.get::<u32>(op.a);
    present(machine, op.imm)?.elements.get(index as usize).copied()
}

/// `table.set`
fn set(machine: &mut Machine<'_>, op: &Op, slots: &Slots<'_>) -> Option<()> {
    let index = slots.get::<u32>(op.a);
    *present(machine, op.imm)?.elements.get_mut(index as usize)? = slots.get(op.b);
    Some(())
}

/// `table.grow`: the size before, or -1.
fn grow(machine: &mut Machine<'_>, op: &Op, slots: &Slots<'_>) -> u32 {
    let (value, more) = (slots.get::<u64>(op.a), slots.get::<u32>(op.b));
    let table = at(machine.tables, machine.instance, op.imm);
    table.and_then(|table| table.grow(more, value, machine.table_quota)).unwrap_or(u32::MAX)
}

/// `table.fill`
fn fill(machine: &mut Machine<'_>, op: &Op, slots: &Slots<'_>) -> Option<()> {
    let table = present(machine, op.imm)?;
    bulk::fill(&mut table.elements, slots.get(op.a), slots.get(op.b), slots.get(op.d))
}

/// `table.copy`
fn copy(machine: &mut Machine<'_>, op: &Op, slots: &Slots<'_>) -> Option<()> {
    let (target, source) = *machine.code.side().pairs.get(op.imm as usize)?;
    let (to, from, count) = (slots.get(op.a), slots.get(op.b), slots.get(op.d));
    let address = |index: u32| machine.instance.tables.get(index as usize).copied();
    let (target, source) = (address(target)? as usize, address(source)? as usize);
    if target == source {
        return bulk::copy(&mut machine.tables.get_mut(target)?.elements, to, from, count);
    }
    let [target, source] = machine.tables.get_disjoint_mut([target, source]).ok()?;
    bulk::init(&mut target.elements, &source.elements, to, from, count)
}

/// `table.init`
fn init(machine: &mut Machine<'_>, op: &Op, slots: &Slots<'_>) -> Option<()> {
    let (table, segment) = *machine.code.side().pairs.get(op.imm as usize)?;
    let table = at(machine.tables, machine.instance, table)?;
    let elements = machine.segments.elements.get(segment as usize)?;
    bulk::init(&mut table.elements, elements, slots.get(op.a), slots.get(op.b), slots.get(op.d))
}
