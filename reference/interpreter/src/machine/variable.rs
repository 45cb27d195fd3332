//! Global variables (WebAssembly core 2.0, section 4.4.5).

use super::operation::{Operation, World};
use crate::code::OpCode as C;
use crate::store::Global;

pub(super) const OPERATIONS: &[Operation] = &[
    (C::GlobalGet, |m, s, ops| {
        m.then(s, ops, |m, s, op| s.set(op.d, global(m.world, op.imm).map_or(0, |global| global.slot)))
    }),
    (C::GlobalSet, |m, s, ops| {
        m.then(s, ops, |m, s, op| {
            if let Some(global) = global(m.world, op.imm) {
                global.slot = s.get(op.a);
            }
        })
    }),
];

#[inline(always)]
fn global<'a>(world: &'a mut World<'_>, index: u32) -> Option<&'a mut Global> {
    let address = *world.instance.globals.get(index as usize)?;
    world.globals.get_mut(address as usize)
}
