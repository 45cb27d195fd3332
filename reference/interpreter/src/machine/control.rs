//! Control instructions (WebAssembly core 2.0, section 4.4.8).

use std::slice::Iter;

use super::slots::Slots;
use crate::code::{Code, Op, OpCode, Target};
use crate::numeric::int;
use crate::store::{Function, Instance};
use crate::table::Table;
use crate::trap::Trap;
use crate::value::reference;

/// Takes a branch: whether the loop is left, as the other way of counting has to go on.
#[inline(always)]
pub(super) fn jump<'c, const METERED: bool>(op: &Op, ops: &'c [Op], next: &mut Iter<'c, Op>, slack: &mut i64) -> bool {
    let Some(target) = ops.get(op.target()..) else { return true };
    *next = target.iter();
    *slack += op.passed();
    METERED != (*slack < 0)
}

/// Takes a branch that is too far for its operation, or one of a table.
#[inline(always)]
pub(super) fn arrive<'c, const METERED: bool>(
    target: Target,
    ops: &'c [Op],
    next: &mut Iter<'c, Op>,
    slack: &mut i64,
) -> bool {
    let Some(rest) = ops.get(target.pc as usize..) else { return true };
    *next = rest.iter();
    *slack += i64::from(target.passed);
    METERED != (*slack < 0)
}

/// Whether a branch is taken, for branches that are too far for their operation.
#[cold]
pub(super) fn is_taken(op: &Op, slots: &mut Slots<'_>) -> bool {
    match op.code {
        OpCode::BranchI32Zero => !slots.get::<bool>(op.a),
        OpCode::BranchI32NotZero => slots.get(op.a),
        OpCode::BranchI32Eq => slots.holds(op, int::eq::<u32>),
        OpCode::BranchI32Ne => slots.holds(op, int::ne::<u32>),
        OpCode::BranchI32LtS => slots.holds(op, int::lt_s::<u32>),
        OpCode::BranchI32LtU => slots.holds(op, int::lt_u::<u32>),
        OpCode::BranchI32LeS => slots.holds(op, int::le_s::<u32>),
        OpCode::BranchI32LeU => slots.holds(op, int::le_u::<u32>),
        OpCode::BranchI32EqImm => slots.holds_for(op, int::eq::<u32>),
        OpCode::BranchI32NeImm => slots.holds_for(op, int::ne::<u32>),
        OpCode::BranchI32LtSImm => slots.holds_for(op, int::lt_s::<u32>),
        OpCode::BranchI32LtUImm => slots.holds_for(op, int::lt_u::<u32>),
        OpCode::BranchI32GtSImm => slots.holds_for(op, int::gt_s::<u32>),
        OpCode::BranchI32GtUImm => slots.holds_for(op, int::gt_u::<u32>),
        OpCode::BranchI64Eq => slots.holds(op, int::eq::<u64>),
        OpCode::BranchI64Ne => slots.holds(op, int::ne::<u64>),
        OpCode::BranchI64LtS => slots.holds(op, int::lt_s::<u64>),
        OpCode::BranchI64LtU => slots.holds(op, int::lt_u::<u64>),
        OpCode::BranchI64LeS => slots.holds(op, int::le_s::<u64>),
        OpCode::BranchI64LeU => slots.holds(op, int::le_u::<u64>),
        OpCode::BranchI64EqImm => slots.holds_for(op, int::eq::<u64>),
        OpCode::BranchI64NeImm => slots.holds_for(op, int::ne::<u64>),
        OpCode::BranchI64LtSImm => slots.holds_for(op, int::lt_s::<u64>),
        OpCode::BranchI64LtUImm => slots.holds_for(op, int::lt_u::<u64>),
        OpCode::BranchI64GtSImm => slots.holds_for(op, int::gt_s::<u64>),
        OpCode::BranchI64GtUImm => slots.holds_for(op, int::gt_u::<u64>),
        OpCode::BranchI32AndZero => !slots.holds_for(op, have_common_bit),
        OpCode::BranchI32AndNotZero => slots.holds_for(op, have_common_bit),
        OpCode::StepI32NeImm => slots.step(op) != op.limit(),
        OpCode::StepI32Ne => slots.step(op) != slots.get::<u32>(op.b),
        OpCode::StepI32LtS => int::lt_s(slots.step(op), slots.get(op.b)),
        OpCode::StepI32LtU => int::lt_u(slots.step(op), slots.get(op.b)),
        OpCode::StepI32 => {
            slots.step(op);
            true
        }
        _ => true,
    }
}

/// Whether a & b is not zero.
#[inline(always)]
pub(super) fn have_common_bit(a: u32, b: u32) -> bool {
    a & b != 0
}

/// `br_table`: the target of that number, or else the last.
#[inline(always)]
pub(super) fn table_target(code: &Code, op: &Op, number: u32) -> Option<Target> {
    let side = code.side();
    let (first, last) = *side.tables.get(op.imm as usize)?;
    side.targets.get(first as usize + number.min(last) as usize).copied()
}

/// `call` of an import: its address.
pub(super) fn imported(instance: &Instance, op: &Op) -> Option<u32> {
    instance.functions.get(op.imm as usize).copied()
}

/// `call_indirect`: the address of the function, and where its frame begins in the present one.
#[inline(always)]
pub(super) fn indirect(
    instance: &Instance,
    functions: &[Function],
    tables: &[Table],
    code: &Code,
    op: &Op,
    element: u32,
) -> Result<(u32, usize), Trap> {
    let call = code.side().indirect_calls.get(op.imm as usize).ok_or(Trap::TableOutOfBounds)?;
    let table = instance.tables.get(call.table as usize).and_then(|address| tables.get(*address as usize));
    let slot = table.and_then(|table| table.elements.get(element as usize)).ok_or(Trap::TableOutOfBounds)?;
    let address = reference(*slot).ok_or(Trap::NullElement)?;
    let function = functions.get(address as usize).ok_or(Trap::NullElement)?;
    if instance.types.get(call.function_type as usize) != Some(&function.function_type) {
        return Err(Trap::IndirectTypeMismatch);
    }
    Ok((address, call.base as usize))
}
