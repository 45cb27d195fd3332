//! Frames, and the stack that their slots are in.

use crate::code::Code;
use crate::store::Instance;

/// Where a function is.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Frame {
    /// Its instance.
    pub(crate) instance: u32,
    /// Its code in the module.
    pub(crate) code: u32,
    /// The next operation; of a caller, the `Fuel` behind its call.
    pub(crate) pc: u32,
    /// Its first slot.
    pub(crate) base: u32,
}

/// The cost of everything from an operation to the end of its function.
#[inline(always)]
pub(crate) fn rest(code: &Code, pc: usize) -> u32 {
    code.rest.get(pc).copied().unwrap_or_default()
}

/// Where it is gone on after a call: behind the `Fuel` that follows each, whose place is that of the caller.
#[inline(always)]
pub(super) fn behind_fuel(pc: usize) -> usize {
    pc + 1
}

/// The code of a frame.
pub(crate) fn code(instances: &[Instance], frame: Frame) -> Option<&Code> {
    instances.get(frame.instance as usize)?.parts.codes.get(frame.code as usize)
}
