//! How one operation is carried out, and how the next one follows.
//!
//! Each operation is a function of its own, found by its code in one table, and ends by calling the next: so the host's predictor sees a jump
//! behind each operation, not one that all share. An optimiser makes jumps of these calls, but nothing relies on it: operations return to the
//! [loop](super::run) at every 64th place of straight code (`Pause`), after [`TURNS`] branches, and at calls. So a bounded number of them is ever on
//! the host's stack.

use std::hint::cold_path;

use super::slots::{Immediate, Slots};
use crate::code::{Code, Op, OpCode};
use crate::module::Parts;
use crate::store::{Global, Instance, Quota, Segments};
use crate::table::Table;
use crate::trap::Trap;
use crate::value::Slot;

/// Branches that are taken before it is gone back to the loop. Where nothing is optimised, each operation has a frame of about a KiB on the host's
/// stack.
pub(super) const TURNS: u32 = if cfg!(debug_assertions) { 4 } else { 16 };

/// What an operation does: with the machine, the slots, itself, and the operations after it.
pub(super) type Handler = for<'m, 'f, 'w, 's> fn(Machine<'m, 'f, 'w>, Slots<'s>, &'f [Op]) -> Flow;

/// An operation and what it does.
pub(super) type Operation = (OpCode, Handler);

/// What operations see beside their slots.
pub(super) struct Machine<'m, 'f, 'w> {
    pub(super) frame: &'m mut Here<'f>,
    pub(super) world: &'m mut World<'w>,
}

/// What belongs to the present frame.
pub(super) struct Here<'f> {
    /// See [the machine](super).
    pub(super) slack: i64,
    /// Branches that may still be taken before it is gone back to the loop.
    pub(super) turns: u32,
    /// The function's operations.
    pub(super) ops: &'f [Op],
    pub(super) code: &'f Code,
    /// Where the loop goes on: the operation that a branch went to, or how many are left from the last one on, itself among them.
    pub(super) place: usize,
    /// Slots beyond those that a byte names.
    pub(super) far: &'f mut [u64],
}

/// What belongs to the present instance.
pub(super) struct World<'w> {
    pub(super) memory: &'w mut [u8],
    pub(super) globals: &'w mut [Global],
    pub(super) tables: &'w mut [Table],
    pub(super) instance: &'w Instance,
    pub(super) parts: &'w Parts,
    pub(super) segments: &'w mut Segments,
    pub(super) table_quota: &'w mut Quota,
}

/// What the loop is to do next.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    /// Go on at [`Here::place`].
    Straight,
    /// Go on at the target of a branch, at [`Here::place`].
    Branched,
    /// The function returns; the results are in their place.
    Return,
    /// The operation needs what only the loop has.
    Loop,
    Trap(Trap),
}

/// The operation that is carried out, and those after it, of which there is one at least: code ends with one that goes elsewhere.
#[inline(always)]
pub(super) fn split(ops: &[Op]) -> Option<(&Op, &[Op])> {
    if ops.len() < 2 { None } else { ops.split_first() }
}

impl<'f> Machine<'_, 'f, '_> {
    /// Goes back to the loop, with the operation that is carried out.
    #[inline(always)]
    pub(super) fn stop(self, flow: Flow, ops: &[Op]) -> Flow {
        self.frame.place = ops.len();
        flow
    }

    /// What does not happen: translated code names only what there is, and ends with a return.
    #[inline(always)]
    pub(super) fn lost(self, ops: &[Op]) -> Flow {
        cold_path();
        self.stop(Flow::Trap(Trap::Unreachable), ops)
    }

    /// Goes on.
    #[inline(always)]
    pub(super) fn next(self, slots: Slots<'_>, ops: &'f [Op]) -> Flow {
        match ops.first() {
            Some(op) => handler(op.code)(self, slots, ops),
            None => self.lost(ops),
        }
    }

    /// Does something that cannot fail, and goes on.
    #[inline(always)]
    pub(super) fn then(
        mut self,
        mut slots: Slots<'_>,
        ops: &'f [Op],
        act: impl FnOnce(&mut Self, &mut Slots<'_>, &Op),
    ) -> Flow {
        let Some((op, next)) = split(ops) else { return self.lost(ops) };
        act(&mut self, &mut slots, op);
        self.next(slots, next)
    }

    /// Does something, and goes on unless it trapped.
    #[inline(always)]
    pub(super) fn attempt(
        mut self,
        mut slots: Slots<'_>,
        ops: &'f [Op],
        act: impl FnOnce(&mut Self, &mut Slots<'_>, &Op) -> Result<(), Trap>,
    ) -> Flow {
        let Some((op, next)) = split(ops) else { return self.lost(ops) };
        match act(&mut self, &mut slots, op) {
            Ok(()) => self.next(slots, next),
            Err(trap) => self.stop(Flow::Trap(trap), ops),
        }
    }

    /// d := f(a)
    #[inline(always)]
    pub(super) fn unary<T: Slot, U: Slot>(self, slots: Slots<'_>, ops: &'f [Op], f: impl FnOnce(T) -> U) -> Flow {
        self.then(slots, ops, |_, slots, op| slots.unary(op, f))
    }

    /// d := f(a, b)
    #[inline(always)]
    pub(super) fn binary<T: Slot, U: Slot>(self, slots: Slots<'_>, ops: &'f [Op], f: impl FnOnce(T, T) -> U) -> Flow {
        self.then(slots, ops, |_, slots, op| slots.binary(op, f))
    }

    /// d := f(a, imm)
    #[inline(always)]
    pub(super) fn constant<T: Immediate, U: Slot>(
        self,
        slots: Slots<'_>,
        ops: &'f [Op],
        f: impl FnOnce(T, T) -> U,
    ) -> Flow {
        self.then(slots, ops, |_, slots, op| slots.constant(op, f))
    }

    /// d := f(a), which may trap
    #[inline(always)]
    pub(super) fn try_unary<T: Slot, U: Slot>(
        self,
        slots: Slots<'_>,
        ops: &'f [Op],
        f: impl FnOnce(T) -> Result<U, Trap>,
    ) -> Flow {
        self.attempt(slots, ops, |_, slots, op| slots.try_unary(op, f))
    }

    /// d := f(a, b), which may trap
    #[inline(always)]
    pub(super) fn try_binary<T: Slot>(
        self,
        slots: Slots<'_>,
        ops: &'f [Op],
        f: impl FnOnce(T, T) -> Result<T, Trap>,
    ) -> Flow {
        self.attempt(slots, ops, |_, slots, op| slots.try_binary(op, f))
    }

    /// d := f(a, imm), which may trap
    #[inline(always)]
    pub(super) fn try_constant<T: Immediate>(
        self,
        slots: Slots<'_>,
        ops: &'f [Op],
        f: impl FnOnce(T, T) -> Result<T, Trap>,
    ) -> Flow {
        self.attempt(slots, ops, |_, slots, op| slots.try_constant(op, f))
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
