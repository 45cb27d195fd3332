//! Where locals and operands stand in a frame.
//!
//! ```text
//! 0 … 191     locals, the parameters first
//! … 251       operands, from the bottom of the stack
//! 252 … 255   scratch
//! 256 …       locals that found no room, then operands that found no room
//! ```

/// Slots that operations name directly.
pub(super) const NEAR: usize = 252;
/// The first slot beyond what a byte names.
pub(super) const FAR: usize = 256;
/// Locals that are near, at most: some room is left for operands.
const NEAR_LOCALS: usize = 192;

/// Slots that operands pass through on their way from and to far slots.
#[derive(Clone, Copy)]
pub(super) enum Scratch {
    /// Of the first operand.
    First = 252,
    /// Of the second operand.
    Second = 253,
    /// Of the third operand.
    Third = 254,
    /// Of the result.
    Result = 255,
}

/// A slot of the frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// By its number.
    Near(u8),
    /// By its number less 256.
    Far(u32),
}

/// The frame of a function.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    pub(super) locals: usize,
    pub(super) near_locals: usize,
}

impl Frame {
    pub(super) fn new(locals: usize) -> Self {
        Self { locals, near_locals: locals.min(NEAR_LOCALS) }
    }

    /// Locals that are far.
    pub(super) fn far_locals(self) -> usize {
        self.locals - self.near_locals
    }

    /// Operands that are near.
    pub(super) fn near_operands(self) -> usize {
        NEAR - self.near_locals
    }

    /// The number of a local's slot.
    pub(super) fn local(self, index: usize) -> usize {
        match index.checked_sub(self.near_locals) {
            None => index,
            Some(far) => FAR + far,
        }
    }

    /// The number of an operand's slot, by its height in the stack.
    pub(super) fn operand(self, height: usize) -> usize {
        match height.checked_sub(self.near_operands()) {
            None => self.near_locals + height,
            Some(far) => FAR + self.far_locals() + far,
        }
    }

    /// A slot by its number.
    pub(super) fn place(slot: usize) -> Place {
        match u8::try_from(slot) {
            Ok(near) => Place::Near(near),
            Err(_) => Place::Far(u32::try_from(slot - FAR).unwrap_or(u32::MAX)),
        }
    }
}
