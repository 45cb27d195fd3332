//! Constants, moves and references (WebAssembly core 2.0, sections 4.4.1, 4.4.2 and 4.4.4).

use super::NEAR;
use super::operation::{Machine, Operation};
use crate::code::{Move, Op, OpCode as C};
use crate::value::reference_slot;

pub(super) const OPERATIONS: &[Operation] = &[
    (C::Copy, |m, s, ops| m.unary(s, ops, |a: u64| a)),
    (C::Constant, |m, s, ops| m.then(s, ops, |_, s, op| s.set(op.d, op.imm))),
    (C::LongConstant, |m, s, ops| {
        m.then(s, ops, |m, s, op| {
            let constant = m.code.side().constants.get(op.imm as usize);
            s.set(op.d, constant.copied().unwrap_or_default());
        })
    }),
    (C::CopyMany, |m, s, ops| m.across(s, ops, copy_many)),
    (C::Zero, |m, s, ops| m.across(s, ops, zero)),
    (C::FarGet, |m, s, ops| {
        m.across(s, ops, |_, slots, op| get(slots, far(op)).and_then(|value| set(slots, op.d.into(), value)))
    }),
    (C::FarSet, |m, s, ops| {
        m.across(s, ops, |_, slots, op| get(slots, op.a.into()).and_then(|value| set(slots, far(op), value)))
    }),
    (C::Select, |m, s, ops| {
        m.then(s, ops, |_, s, op| {
            let chosen = if s.get(op.third()) { op.a } else { op.b };
            s.set(op.d, s.get::<u64>(chosen));
        })
    }),
    (C::RefFunc, |m, s, ops| {
        m.then(s, ops, |m, s, op| {
            let address = m.instance.functions.get(op.imm as usize);
            s.set(op.d, reference_slot(address.copied()));
        })
    }),
];

/// The number of the far slot that imm names.
#[inline(always)]
fn far(op: &Op) -> usize {
    NEAR + op.imm as usize
}

#[inline(always)]
fn get(slots: &[u64], number: usize) -> Option<u64> {
    slots.get(number).copied()
}

#[inline(always)]
fn set(slots: &mut [u64], number: usize, value: u64) -> Option<()> {
    *slots.get_mut(number)? = value;
    Some(())
}

fn copy_many(machine: &Machine<'_>, slots: &mut [u64], op: &Op) -> Option<()> {
    let Move { from, to, count } = *machine.code.side().moves.get(op.imm as usize)?;
    let piece = from..from + count;
    if piece.end > slots.len() || to + count > slots.len() {
        return None;
    }
    slots.copy_within(piece, to);
    Some(())
}

fn zero(_: &Machine<'_>, slots: &mut [u64], op: &Op) -> Option<()> {
    let first = op.wide();
    slots.get_mut(first..first + op.imm as usize)?.fill(0);
    Some(())
}
