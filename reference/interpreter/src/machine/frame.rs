//! Frames, and the stack that their slots are in.

use crate::code::{Code, Move};
use crate::store::Instance;

/// Where a function is.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Frame {
    /// Its instance.
    pub(crate) instance: u32,
    /// Its code in the module.
    pub(crate) code: u32,
    /// The next operation.
    pub(crate) pc: u32,
    /// Its first slot.
    pub(crate) base: u32,
    /// The cost of everything from that operation to the end of the function.
    pub(crate) rest: u32,
}

/// The cost of everything from an operation to the end of its function.
#[inline(always)]
pub(crate) fn rest(code: &Code, pc: usize) -> u32 {
    code.rest.get(pc).copied().unwrap_or_default()
}

/// The code of a frame.
pub(crate) fn code(instances: &[Instance], frame: Frame) -> Option<&Code> {
    instances.get(frame.instance as usize)?.parts.codes.get(frame.code as usize)
}

/// Copies slots of a frame in one piece, or sets them to zero.
#[cold]
pub(super) fn move_slots(stack: &mut [u64], base: u32, slots: Move, is_zero: bool) {
    let Move { from, to, count } = slots;
    let Some(frame) = stack.get_mut(base as usize..) else { return };
    if is_zero {
        if let Some(slots) = frame.get_mut(to..to + count) {
            slots.fill(0);
        }
    } else if from + count <= frame.len() && to + count <= frame.len() {
        frame.copy_within(from..from + count, to);
    }
}
