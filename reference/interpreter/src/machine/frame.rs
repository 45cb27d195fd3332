//! Frames, and the stack that their slots are in.

use crate::code::{Code, Move};
use crate::module::Parts;
use crate::store::Instance;

/// Where a function is.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Frame {
    /// Its instance.
    pub(crate) instance: usize,
    /// Its code in the module.
    pub(crate) code: usize,
    /// The next operation.
    pub(crate) pc: usize,
    /// Its first slot.
    pub(crate) base: usize,
}

/// The cost of everything from an operation to the end of its function.
#[inline(always)]
pub(crate) fn rest(code: &Code, pc: usize) -> i64 {
    code.rest.get(pc).copied().map_or(0, i64::from)
}

/// The module of an instance.
pub(crate) fn parts(instances: &[Instance], instance: usize) -> Option<&Parts> {
    instances.get(instance).map(|instance| &*instance.parts)
}

/// Copies slots of a frame in one piece, or sets them to zero.
#[cold]
pub(super) fn move_slots(stack: &mut [u64], base: usize, slots: Move, is_zero: bool) {
    let Move { from, to, count } = slots;
    let Some(frame) = stack.get_mut(base..) else { return };
    if is_zero {
        if let Some(slots) = frame.get_mut(to..to + count) {
            slots.fill(0);
        }
    } else if from + count <= frame.len() && to + count <= frame.len() {
        frame.copy_within(from..from + count, to);
    }
}
