//! Control instructions (WebAssembly core 2.0, section 4.4.8).

use std::hint::cold_path;

use super::frame::{Frame, behind_fuel};
use super::operation::{Flow, Machine, Operation, behind, split};
use super::slots::{Slots, Window};
use crate::address::FunctionAddress;
use crate::code::{Code, Op, OpCode as C, Target};
use crate::execution::HostCall;
use crate::numeric::int;
use crate::store::{Body, Function, Instance};
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
        let (Some((op, next)), Some(mut slots)) = (ops.split_first(), s.near()) else { return m.lost(ops) };
        let Some(branch) = m.code.side().far_branches.get(op.imm as usize) else { return m.lost(ops) };
        if is_taken(&branch.op, &mut slots) { m.arrive(s, branch.target) } else { m.next(s, next) }
    }),
    (C::BranchTable, |m, mut s, ops| {
        let (Some(op), Some(slots)) = (ops.first(), s.near()) else { return m.lost(ops) };
        match table_target(m.code, op, slots.get(op.a)) {
            Some(target) => m.arrive(s, target),
            None => m.lost(ops),
        }
    }),
    (C::Call, |m, s, ops| match ops.first() {
        Some(op) => m.enter(s, ops, op.imm, op.wide()),
        None => m.lost(ops),
    }),
    (C::CallImported, |m, _, ops| m.call_imported(ops)),
    (C::CallIndirect, |m, s, ops| m.enter_indirect(s, ops)),
    (C::Return, |m, _, ops| m.leave(ops)),
    (C::ReturnOne, |m, mut s, ops| {
        let Some(op) = ops.first() else { return m.lost(ops) };
        let Some(mut slots) = s.near() else { return m.lost(ops) };
        slots.set(0, slots.get::<u64>(op.a));
        m.leave(ops)
    }),
];

impl Machine<'_> {
    /// Takes a branch, or goes on.
    #[inline(always)]
    fn branch(
        &mut self,
        mut window: Window<'_>,
        ops: &[Op],
        is_taken: impl FnOnce(&mut Slots<'_>, &Op) -> bool,
    ) -> Flow {
        let Some((op, next)) = split(ops) else { return self.lost(ops) };
        let Some(mut slots) = window.near() else { return self.lost(ops) };
        if is_taken(&mut slots, op) { self.go(window, op.target(), op.passed()) } else { self.next(window, next) }
    }

    /// Takes a branch, after something else; it may be the last operation.
    #[inline(always)]
    fn jump(&mut self, mut window: Window<'_>, ops: &[Op], before: impl FnOnce(&mut Slots<'_>, &Op)) -> Flow {
        let Some(op) = ops.first() else { return self.lost(ops) };
        let Some(mut slots) = window.near() else { return self.lost(ops) };
        before(&mut slots, op);
        self.go(window, op.target(), op.passed())
    }

    /// Calls a function of the instance. Where that needs more than is at hand, the loop does it.
    #[inline(always)]
    fn enter(&mut self, window: Window<'_>, ops: &[Op], callee: u32, base: usize) -> Flow {
        let [_, fuel, ..] = *ops else { return self.lost(ops) };
        debug_assert_eq!(fuel.code, C::Fuel);
        let Some(called) = self.codes.get(callee as usize) else { return self.stop(Flow::NeedsStore, ops) };
        let Some(slots) = window.0.get_mut(base..) else { return self.stop(Flow::NeedsStore, ops) };
        if called.slots > slots.len() {
            return self.stop(Flow::NeedsStore, ops);
        }
        let Some(frame) = self.frames.get_mut(self.depth) else { return self.stop(Flow::NeedsStore, ops) };
        let pc = behind(self.ops, ops) as u32;
        *frame = Frame { instance: self.here, code: self.code.number, pc, base: self.base as u32 };
        self.depth += 1;
        self.base += base;
        self.set_code(called);
        self.slack += i64::from(fuel.imm) - i64::from(called.cost);
        self.go_on(Window(slots), 0)
    }

    /// Calls an import, of the host's or of another instance.
    #[inline(always)]
    fn call_imported(&mut self, ops: &[Op]) -> Flow {
        let Some(op) = ops.first() else { return self.lost(ops) };
        let (address, base) = match imported(self.instance, op) {
            Ok(called) => called,
            Err(trap) => return self.stop(Flow::Trap(trap), ops),
        };
        match self.functions.get(address as usize).map(|function| function.body) {
            Some(Body::Host) => self.call_host(ops, address, base),
            _ => self.stop(Flow::NeedsStore, ops),
        }
    }

    /// Leaves the call to the host.
    #[inline(always)]
    fn call_host(&mut self, ops: &[Op], function: u32, base: usize) -> Flow {
        *self.host_call = Some(HostCall { function: FunctionAddress(function), base: self.base + base });
        self.pc = behind_fuel(behind(self.ops, ops));
        Flow::HostCall
    }

    /// Calls what an element of a table refers to.
    #[inline(always)]
    fn enter_indirect(&mut self, mut window: Window<'_>, ops: &[Op]) -> Flow {
        let (Some(op), Some(slots)) = (ops.first(), window.near()) else { return self.lost(ops) };
        let Machine { instance, functions, tables, code, .. } = self;
        let (address, base) = match indirect((instance, functions, tables), code, op, slots.get(op.a)) {
            Ok(called) => called,
            Err(trap) => return self.stop(Flow::Trap(trap), ops),
        };
        match self.functions.get(address as usize).map(|function| function.body) {
            Some(Body::Code { instance, code }) if instance == self.here => self.enter(window, ops, code, base),
            Some(Body::Host) => self.call_host(ops, address, base),
            _ => self.stop(Flow::NeedsStore, ops),
        }
    }

    /// Returns from the function: the rest of it is not paid for.
    #[inline(always)]
    fn leave(&mut self, ops: &[Op]) -> Flow {
        self.slack += ops.first().map_or(0, |op| op.imm.into());
        Flow::FrameReturned
    }

    /// Takes a branch that is too far for its operation, or one of a table.
    #[inline(always)]
    fn arrive(&mut self, window: Window<'_>, target: Target) -> Flow {
        self.go(window, target.pc as usize, target.passed.into())
    }

    #[inline(always)]
    fn go(&mut self, window: Window<'_>, target: usize, passed: i64) -> Flow {
        self.slack += passed;
        self.go_on(window, target)
    }

    /// Goes on elsewhere, if that is paid for.
    #[inline(always)]
    fn go_on(&mut self, window: Window<'_>, target: usize) -> Flow {
        if self.slack < 0 {
            return self.branched(target);
        }
        self.turns = self.turns.wrapping_sub(1);
        if self.turns == 0 {
            return self.branched(target);
        }
        let Some(next) = self.ops.get(target..) else { return self.branched(target) };
        self.next(window, next)
    }

    #[inline(always)]
    fn branched(&mut self, target: usize) -> Flow {
        cold_path();
        self.pc = target;
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
#[inline(always)]
pub(super) fn imported(instance: &Instance, op: &Op) -> Result<(u32, usize), Trap> {
    let address = instance.functions.get(op.imm as usize).ok_or(Trap::Unreachable)?;
    Ok((*address, op.wide()))
}

/// `call_indirect`: the address of the function, and where its frame begins in the present one.
#[inline(always)]
pub(super) fn indirect(
    (instance, functions, tables): (&Instance, &[Function], &[Table]),
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
