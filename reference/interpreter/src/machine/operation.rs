//! How one operation is carried out, and how the next one follows.
//!
//! Each operation is a function of its own, found by its code in one table, and ends by calling the next: so the host's predictor sees a jump
//! behind each operation, not one that all share. An optimiser makes jumps of these calls, but nothing relies on it: operations return to the
//! [loop](super::run) at every 64th place of straight code (`Pause`), after [`TURNS`] branches and calls, and at returns. So a bounded number of them
//! is ever on the host's stack.

use std::hint::cold_path;

use super::frame::Frame;
use super::slots::{Immediate, Slots, Window};
use crate::code::{Code, Op, OpCode};
use crate::execution::HostCall;
use crate::module::Parts;
use crate::store::{Function, Global, Instance, Quota, Segments};
use crate::table::Table;
use crate::trap::Trap;
use crate::value::Slot;

/// Branches that are taken, and calls that are made, before it is gone back to the loop. Where nothing is optimised, each operation has a frame of
/// about a KiB on the host's stack.
pub(super) const TURNS: u32 = if cfg!(debug_assertions) { 4 } else { 16 };

/// What an operation does: with the machine, the slots, itself, and the operations after it.
pub(super) type Handler = for<'m, 'w, 's, 'o> fn(&'m mut Machine<'w>, Window<'s>, &'o [Op]) -> Flow;

/// An operation and what it does.
pub(super) type Operation = (OpCode, Handler);

/// What operations see beside their slots: the present instance, and where in it the execution is.
pub(super) struct Machine<'w> {
    /// See [the machine](super).
    pub(super) slack: i64,
    /// Branches and calls that there may still be before it is gone back to the loop.
    pub(super) turns: u32,
    /// The place of the next operation, where one says that the loop goes on; in between it is not kept, as operations pass on what comes after them.
    pub(super) pc: usize,
    /// The first slot of the present frame.
    pub(super) base: usize,
    /// Its code: see [`Machine::set_code`].
    pub(super) code: &'w Code,
    /// The operations of that code, so that a branch need not look for them.
    pub(super) ops: &'w [Op],
    /// Callers of the present frame, and room for more.
    pub(super) frames: &'w mut [Frame],
    /// Callers that there are.
    pub(super) depth: usize,
    /// The call of the host's function that is open then.
    pub(super) host_call: &'w mut Option<HostCall>,
    pub(super) memory: &'w mut [u8],
    pub(super) globals: &'w mut [Global],
    pub(super) tables: &'w mut [Table],
    pub(super) functions: &'w [Function],
    /// The number of the instance.
    pub(super) here: u32,
    pub(super) instance: &'w Instance,
    pub(super) parts: &'w Parts,
    /// Codes of the instance's functions: those of its parts, at hand for calls.
    pub(super) codes: &'w [Code],
    pub(super) segments: &'w mut Segments,
    pub(super) table_quota: &'w mut Quota,
}

/// What the loop is to do next.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    /// Go on behind the operation.
    Straight,
    /// Go on where a branch or a call went to.
    Branched,
    /// The next operation is not paid for.
    OutOfFuel,
    /// The frame returned; the results are in their place.
    FrameReturned,
    /// A function of the host's is called: [`Machine::host_call`].
    HostCall,
    /// The outermost frame returned.
    CallReturned,
    /// The frame returned to one of another instance.
    ReturnedElsewhere,
    /// The operation before the place needs the whole store, or more room.
    NeedsStore,
    Trap(Trap),
}

/// The operation that is carried out, and those after it, of which there is one at least: code ends with one that goes elsewhere.
#[inline(always)]
pub(super) fn split(ops: &[Op]) -> Option<(&Op, &[Op])> {
    if ops.len() < 2 { None } else { ops.split_first() }
}

/// The place behind the first of these operations, which are the code's from there on.
#[inline(always)]
pub(super) fn behind(code: &[Op], ops: &[Op]) -> usize {
    (code.len() + 1).wrapping_sub(ops.len())
}

impl<'w> Machine<'w> {
    /// Goes to another function of the instance.
    #[inline(always)]
    pub(super) fn set_code(&mut self, code: &'w Code) {
        self.code = code;
        self.ops = &code.ops;
    }

    /// Goes back to the loop, behind the operation that is carried out.
    #[inline(always)]
    pub(super) fn stop(&mut self, flow: Flow, ops: &[Op]) -> Flow {
        self.pc = behind(self.ops, ops);
        flow
    }

    /// What does not happen: translated code names only what there is, and ends with a return.
    #[inline(always)]
    pub(super) fn lost(&mut self, ops: &[Op]) -> Flow {
        cold_path();
        self.stop(Flow::Trap(Trap::Unreachable), ops)
    }

    /// Goes on.
    #[inline(always)]
    pub(super) fn next(&mut self, window: Window<'_>, ops: &[Op]) -> Flow {
        match ops.first() {
            Some(op) => handler(op.code)(self, window, ops),
            None => self.lost(ops),
        }
    }

    /// Does something that cannot fail, and goes on.
    #[inline(always)]
    pub(super) fn then(
        &mut self,
        mut window: Window<'_>,
        ops: &[Op],
        act: impl FnOnce(&mut Self, &mut Slots<'_>, &Op),
    ) -> Flow {
        let Some((op, next)) = split(ops) else { return self.lost(ops) };
        let Some(mut slots) = window.near() else { return self.lost(ops) };
        act(self, &mut slots, op);
        self.next(window, next)
    }

    /// Does something, and goes on unless it trapped.
    #[inline(always)]
    pub(super) fn attempt(
        &mut self,
        mut window: Window<'_>,
        ops: &[Op],
        act: impl FnOnce(&mut Self, &mut Slots<'_>, &Op) -> Result<(), Trap>,
    ) -> Flow {
        let Some((op, next)) = split(ops) else { return self.lost(ops) };
        let Some(mut slots) = window.near() else { return self.lost(ops) };
        match act(self, &mut slots, op) {
            Ok(()) => self.next(window, next),
            Err(trap) => self.stop(Flow::Trap(trap), ops),
        }
    }

    /// Does something with slots that a byte does not name, and goes on; none where they are not there, which does not happen.
    #[inline(always)]
    pub(super) fn across(
        &mut self,
        window: Window<'_>,
        ops: &[Op],
        act: impl FnOnce(&Self, &mut [u64], &Op) -> Option<()>,
    ) -> Flow {
        let Some((op, next)) = split(ops) else { return self.lost(ops) };
        match act(self, window.0, op) {
            Some(()) => self.next(window, next),
            None => self.lost(ops),
        }
    }

    /// d := f(a)
    #[inline(always)]
    pub(super) fn unary<T: Slot, U: Slot>(&mut self, window: Window<'_>, ops: &[Op], f: impl FnOnce(T) -> U) -> Flow {
        self.then(window, ops, |_, slots, op| slots.unary(op, f))
    }

    /// d := f(a, b)
    #[inline(always)]
    pub(super) fn binary<T: Slot, U: Slot>(
        &mut self,
        window: Window<'_>,
        ops: &[Op],
        f: impl FnOnce(T, T) -> U,
    ) -> Flow {
        self.then(window, ops, |_, slots, op| slots.binary(op, f))
    }

    /// d := f(a, imm)
    #[inline(always)]
    pub(super) fn constant<T: Immediate, U: Slot>(
        &mut self,
        window: Window<'_>,
        ops: &[Op],
        f: impl FnOnce(T, T) -> U,
    ) -> Flow {
        self.then(window, ops, |_, slots, op| slots.constant(op, f))
    }

    /// d := f(a), which may trap
    #[inline(always)]
    pub(super) fn try_unary<T: Slot, U: Slot>(
        &mut self,
        window: Window<'_>,
        ops: &[Op],
        f: impl FnOnce(T) -> Result<U, Trap>,
    ) -> Flow {
        self.attempt(window, ops, |_, slots, op| slots.try_unary(op, f))
    }

    /// d := f(a, b), which may trap
    #[inline(always)]
    pub(super) fn try_binary<T: Slot>(
        &mut self,
        window: Window<'_>,
        ops: &[Op],
        f: impl FnOnce(T, T) -> Result<T, Trap>,
    ) -> Flow {
        self.attempt(window, ops, |_, slots, op| slots.try_binary(op, f))
    }

    /// d := f(a, imm), which may trap
    #[inline(always)]
    pub(super) fn try_constant<T: Immediate>(
        &mut self,
        window: Window<'_>,
        ops: &[Op],
        f: impl FnOnce(T, T) -> Result<T, Trap>,
    ) -> Flow {
        self.attempt(window, ops, |_, slots, op| slots.try_constant(op, f))
    }
}

/// What an operation of that code does.
#[inline(always)]
#[expect(clippy::indexing_slicing, reason = "a byte is below 256")]
pub(super) fn handler(code: OpCode) -> Handler {
    HANDLERS[code as usize]
}

/// All operations, a list for each group of instructions.
const GROUPS: [&[Operation]; 8] = [
    super::constant::OPERATIONS,
    super::control::OPERATIONS,
    super::conversion::OPERATIONS,
    super::float::OPERATIONS,
    super::integer::OPERATIONS,
    super::memory::OPERATIONS,
    super::table::OPERATIONS,
    super::variable::OPERATIONS,
];

/// What each operation does, by its code. That every code has an entry is checked by a test.
static HANDLERS: [Handler; 256] = {
    let nothing: Handler = |m, _, ops| m.lost(ops);
    let mut handlers = [nothing; 256];
    let mut groups = GROUPS.as_slice();
    while let [group, others @ ..] = groups {
        let mut operations = *group;
        while let [(code, handler), rest @ ..] = operations {
            if let (_, [slot, ..]) = handlers.split_at_mut(*code as usize) {
                *slot = *handler;
            }
            operations = rest;
        }
        groups = others;
    }
    handlers
};

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// Codes are numbered without a gap, so as many as there are up to the last have to be there, each once.
    #[test]
    fn every_operation_is_carried_out_by_one_function() {
        let codes: Vec<u8> = GROUPS.iter().flat_map(|group| group.iter()).map(|(code, _)| *code as u8).collect();
        let distinct: HashSet<u8> = codes.iter().copied().collect();
        assert_eq!(codes.len(), distinct.len());
        assert_eq!(distinct.len(), OpCode::ElemDrop as usize + 1);
        assert_eq!(distinct.iter().max(), Some(&(OpCode::ElemDrop as u8)));
    }
}
