//! Global variables (WebAssembly core 2.0, section 4.4.5).

use super::operation::{Machine, Operation};
use crate::code::OpCode as C;
use crate::store::Global;

pub(super) const OPERATIONS: &[Operation] = &[
    (C::GlobalGet, |m, s, ops| {
        m.then(s, ops, |m, s, op| s.set(op.d, global(m, op.imm).map_or(0, |global| global.slot)))
    }),
    (C::GlobalSet, |m, s, ops| {
        m.then(s, ops, |m, s, op| {
            if let Some(global) = global(m, op.imm) {
                global.slot = s.get(op.a);
            }
        })
    }),
];

#[inline(always)]
fn global<'a>(machine: &'a mut Machine<'_>, index: u32) -> Option<&'a mut Global> {
    let address = *machine.instance.globals.get(index as usize)?;
    machine.globals.get_mut(address as usize)
}
