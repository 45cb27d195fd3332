//! Control instructions (WebAssembly core 2.0, section 4.4.8).

use std::hint::cold_path;

use super::operation::{Flow, Machine, Operation, split};
use super::slots::Slots;
use crate::code::{Code, Op, OpCode as C, Target};
use crate::numeric::int;
use crate::store::{Function, Instance};
use crate::table::Table;
use crate::trap::Trap;
use crate::value::reference;

pub(super) const OPERATIONS: &[Operation] = &[
    (C::Unreachable, |m, _, ops| m.stop(Flow::Trap(Trap::Unreachable), ops)),
    (C::Fuel, |m, s, ops| m.then(s, ops, |_, _, _| ())),
    (C::Pause, |m, _, ops| m.stop(Flow::Straight, ops)),
    (C::Branch, |m, s, ops| m.jump(s, ops, |_, _| ())),
    (C::BranchI32Zero, |m, s, ops| m.branch(s, ops, |s, op| !s.get::<bool>(op.a))),
    (C::BranchI32NotZero, |m, s, ops| m.branch(s, ops, |s, op| s.get(op.a))),
    (C::BranchI32Eq, |m, s, ops| m.branch(s, ops, |s, op| s.holds(op, int::eq::<u32>))),
    (C::BranchI32Ne, |m, s, ops| m.branch(s, ops, |s, op| s.holds(op, int::ne::<u32>))),
    (C::BranchI32LtS, |m, s, ops| m.branch(s, ops, |s, op| s.holds(op, int::lt_s::<u32>))),
    (C::BranchI32LtU, |m, s, ops| m.branch(s, ops, |s, op| s.holds(op, int::lt_u::<u32>))),
    (C::BranchI32LeS, |m, s, ops| m.branch(s, ops, |s, op| s.holds(op, int::le_s::<u32>))),
    (C::BranchI32LeU, |m, s, ops| m.branch(s, ops, |s, op| s.holds(op, int::le_u::<u32>))),
    (C::BranchI32EqImm, |m, s, ops| m.branch(s, ops, |s, op| s.holds_for(op, int::eq::<u32>))),
    (C::BranchI32NeImm, |m, s, ops| m.branch(s, ops, |s, op| s.holds_for(op, int::ne::<u32>))),
    (C::BranchI32LtSImm, |m, s, ops| m.branch(s, ops, |s, op| s.holds_for(op, int::lt_s::<u32>))),
    (C::BranchI32LtUImm, |m, s, ops| m.branch(s, ops, |s, op| s.holds_for(op, int::lt_u::<u32>))),
    (C::BranchI32GtSImm, |m, s, ops| m.branch(s, ops, |s, op| s.holds_for(op, int::gt_s::<u32>))),
    (C::BranchI32GtUImm, |m, s, ops| m.branch(s, ops, |s, op| s.holds_for(op, int::gt_u::<u32>))),
    (C::BranchI64Eq, |m, s, ops| m.branch(s, ops, |s, op| s.holds(op, int::eq::<u64>))),
    (C::BranchI64Ne, |m, s, ops| m.branch(s, ops, |s, op| s.holds(op, int::ne::<u64>))),
    (C::BranchI64LtS, |m, s, ops| m.branch(s, ops, |s, op| s.holds(op, int::lt_s::<u64>))),
    (C::BranchI64LtU, |m, s, ops| m.branch(s, ops, |s, op| s.holds(op, int::lt_u::<u64>))),
    (C::BranchI64LeS, |m, s, ops| m.branch(s, ops, |s, op| s.holds(op, int::le_s::<u64>))),
    (C::BranchI64LeU, |m, s, ops| m.branch(s, ops, |s, op| s.holds(op, int::le_u::<u64>))),
    (C::BranchI64EqImm, |m, s, ops| m.branch(s, ops, |s, op| s.holds_for(op, int::eq::<u64>))),
    (C::BranchI64NeImm, |m, s, ops| m.branch(s, ops, |s, op| s.holds_for(op, int::ne::<u64>))),
    (C::BranchI64LtSImm, |m, s, ops| m.branch(s, ops, |s, op| s.holds_for(op, int::lt_s::<u64>))),
    (C::BranchI64LtUImm, |m, s, ops| m.branch(s, ops, |s, op| s.holds_for(op, int::lt_u::<u64>))),
    (C::BranchI64GtSImm, |m, s, ops| m.branch(s, ops, |s, op| s.holds_for(op, int::gt_s::<u64>))),
    (C::BranchI64GtUImm, |m, s, ops| m.branch(s, ops, |s, op| s.holds_for(op, int::gt_u::<u64>))),
    (C::BranchI32AndZero, |m, s, ops| m.branch(s, ops, |s, op| !s.holds_for(op, have_common_bit))),
    (C::BranchI32AndNotZero, |m, s, ops| m.branch(s, ops, |s, op| s.holds_for(op, have_common_bit))),
    (C::StepI32, |m, s, ops| {
        m.jump(s, ops, |s, op| {
            s.step(op);
        })
    }),
    (C::StepI32NeImm, |m, s, ops| m.branch(s, ops, |s, op| s.step(op) != op.limit())),
    (C::StepI32Ne, |m, s, ops| m.branch(s, ops, |s, op| s.step(op) != s.get::<u32>(op.b))),
    (C::StepI32LtS, |m, s, ops| m.branch(s, ops, |s, op| int::lt_s(s.step(op), s.get(op.b)))),
    (C::StepI32LtU, |m, s, ops| m.branch(s, ops, |s, op| int::lt_u(s.step(op), s.get(op.b)))),
    (C::FarBranch, |m, mut s, ops| {
        let Some((op, next)) = ops.split_first() else { return m.lost(ops) };
        let Some(branch) = m.frame.code.side().far_branches.get(op.imm as usize) else { return m.lost(ops) };
        if is_taken(&branch.op, &mut s) { m.arrive(s, branch.target) } else { m.next(s, next) }
    }),
    (C::BranchTable, |m, s, ops| {
        let target = ops.first().and_then(|op| table_target(m.frame.code, op, s.get(op.a)));
        match target {
            Some(target) => m.arrive(s, target),
            None => m.lost(ops),
        }
    }),
    (C::Call, |m, _, ops| m.stop(Flow::Loop, ops)),
    (C::CallImported, |m, _, ops| m.stop(Flow::Loop, ops)),
    (C::CallIndirect, |m, _, ops| m.stop(Flow::Loop, ops)),
    (C::Return, |m, _, ops| m.leave(ops)),
    (C::ReturnOne, |m, mut s, ops| {
        if let Some(op) = ops.first() {
            s.set(0, s.get::<u64>(op.a));
        }
        m.leave(ops)
    }),
];

impl<'f> Machine<'_, 'f, '_> {
    /// Takes a branch, or goes on.
    #[inline(always)]
    fn branch(self, mut slots: Slots<'_>, ops: &'f [Op], is_taken: impl FnOnce(&mut Slots<'_>, &Op) -> bool) -> Flow {
        let Some((op, next)) = split(ops) else { return self.lost(ops) };
        if is_taken(&mut slots, op) { self.go(slots, op.target(), op.passed()) } else { self.next(slots, next) }
    }

    /// Takes a branch, after something else; it may be the last operation.
    #[inline(always)]
    fn jump(self, mut slots: Slots<'_>, ops: &'f [Op], before: impl FnOnce(&mut Slots<'_>, &Op)) -> Flow {
        let Some(op) = ops.first() else { return self.lost(ops) };
        before(&mut slots, op);
        self.go(slots, op.target(), op.passed())
    }

    /// Returns from the function: the rest of it is not paid for.
    #[inline(always)]
    fn leave(self, ops: &[Op]) -> Flow {
        self.frame.slack += ops.first().map_or(0, |op| op.imm.into());
        self.stop(Flow::Return, ops)
    }

    /// Takes a branch that is too far for its operation, or one of a table.
    #[inline(always)]
    fn arrive(self, slots: Slots<'_>, target: Target) -> Flow {
        self.go(slots, target.pc as usize, target.passed.into())
    }

    #[inline(always)]
    fn go(self, slots: Slots<'_>, target: usize, passed: i64) -> Flow {
        let ops: &'f [Op] = self.frame.ops;
        self.frame.slack += passed;
        if self.frame.slack < 0 {
            return self.branched(target);
        }
        self.frame.turns = self.frame.turns.wrapping_sub(1);
        if self.frame.turns == 0 {
            return self.branched(target);
        }
        let Some(next) = ops.get(target..) else { return self.branched(target) };
        self.next(slots, next)
    }

    #[inline(always)]
    fn branched(self, target: usize) -> Flow {
        cold_path();
        self.frame.place = target;
        Flow::Branched
    }
}

/// Whether a branch is taken, for branches that are too far for their operation.
#[cold]
pub(super) fn is_taken(op: &Op, slots: &mut Slots<'_>) -> bool {
    match op.code {
        C::BranchI32Zero => !slots.get::<bool>(op.a),
        C::BranchI32NotZero => slots.get(op.a),
        C::BranchI32Eq => slots.holds(op, int::eq::<u32>),
        C::BranchI32Ne => slots.holds(op, int::ne::<u32>),
        C::BranchI32LtS => slots.holds(op, int::lt_s::<u32>),
        C::BranchI32LtU => slots.holds(op, int::lt_u::<u32>),
        C::BranchI32LeS => slots.holds(op, int::le_s::<u32>),
        C::BranchI32LeU => slots.holds(op, int::le_u::<u32>),
        C::BranchI32EqImm => slots.holds_for(op, int::eq::<u32>),
        C::BranchI32NeImm => slots.holds_for(op, int::ne::<u32>),
        C::BranchI32LtSImm => slots.holds_for(op, int::lt_s::<u32>),
        C::BranchI32LtUImm => slots.holds_for(op, int::lt_u::<u32>),
        C::BranchI32GtSImm => slots.holds_for(op, int::gt_s::<u32>),
        C::BranchI32GtUImm => slots.holds_for(op, int::gt_u::<u32>),
        C::BranchI64Eq => slots.holds(op, int::eq::<u64>),
        C::BranchI64Ne => slots.holds(op, int::ne::<u64>),
        C::BranchI64LtS => slots.holds(op, int::lt_s::<u64>),
        C::BranchI64LtU => slots.holds(op, int::lt_u::<u64>),
        C::BranchI64LeS => slots.holds(op, int::le_s::<u64>),
        C::BranchI64LeU => slots.holds(op, int::le_u::<u64>),
        C::BranchI64EqImm => slots.holds_for(op, int::eq::<u64>),
        C::BranchI64NeImm => slots.holds_for(op, int::ne::<u64>),
        C::BranchI64LtSImm => slots.holds_for(op, int::lt_s::<u64>),
        C::BranchI64LtUImm => slots.holds_for(op, int::lt_u::<u64>),
        C::BranchI64GtSImm => slots.holds_for(op, int::gt_s::<u64>),
        C::BranchI64GtUImm => slots.holds_for(op, int::gt_u::<u64>),
        C::BranchI32AndZero => !slots.holds_for(op, have_common_bit),
        C::BranchI32AndNotZero => slots.holds_for(op, have_common_bit),
        C::StepI32NeImm => slots.step(op) != op.limit(),
        C::StepI32Ne => slots.step(op) != slots.get::<u32>(op.b),
        C::StepI32LtS => int::lt_s(slots.step(op), slots.get(op.b)),
        C::StepI32LtU => int::lt_u(slots.step(op), slots.get(op.b)),
        C::StepI32 => {
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

/// `call` of an import: its address, and where its frame begins in the present one.
pub(super) fn imported(instance: &Instance, op: &Op) -> Result<(u32, usize), Trap> {
    let address = instance.functions.get(op.imm as usize).ok_or(Trap::Unreachable)?;
    Ok((*address, op.wide()))
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
