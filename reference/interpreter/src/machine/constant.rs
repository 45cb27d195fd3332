//! Constants, moves and references (WebAssembly core 2.0, sections 4.4.1, 4.4.2 and 4.4.4).

use super::operation::{Flow, Operation};
use crate::code::OpCode as C;
use crate::value::reference_slot;

pub(super) const OPERATIONS: &[Operation] = &[
    (C::Copy, |m, s, ops| m.unary(s, ops, |a: u64| a)),
    (C::Constant, |m, s, ops| m.then(s, ops, |_, s, op| s.set(op.d, op.imm))),
    (C::LongConstant, |m, s, ops| {
        m.then(s, ops, |m, s, op| {
            let constant = m.frame.code.side().constants.get(op.imm as usize);
            s.set(op.d, constant.copied().unwrap_or_default());
        })
    }),
    (C::CopyMany, |m, _, ops| m.stop(Flow::Loop, ops)),
    (C::ZeroMany, |m, _, ops| m.stop(Flow::Loop, ops)),
    (C::FarGet, |m, s, ops| {
        m.then(s, ops, |m, s, op| s.set(op.d, m.frame.far.get(op.imm as usize).copied().unwrap_or_default()))
    }),
    (C::FarSet, |m, s, ops| {
        m.then(s, ops, |m, s, op| {
            if let Some(far) = m.frame.far.get_mut(op.imm as usize) {
                *far = s.get(op.a);
            }
        })
    }),
    (C::Select, |m, s, ops| {
        m.then(s, ops, |_, s, op| {
            let chosen = if s.get(op.third()) { op.a } else { op.b };
            s.set(op.d, s.get::<u64>(chosen));
        })
    }),
    (C::RefFunc, |m, s, ops| {
        m.then(s, ops, |m, s, op| {
            let address = m.world.instance.functions.get(op.imm as usize);
            s.set(op.d, reference_slot(address.copied()));
        })
    }),
];
