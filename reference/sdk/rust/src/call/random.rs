//! Category `random`. Written by `cargo xtask opcodes --bless` from the registry; do not edit.

use crate::{Error, Exchange, Opcode};

/// `random.bytes`: bytes that nobody can foretell.
pub const BYTES: Opcode = Opcode::new(4, 1, 0x0200);

/// `random.bytes`: bytes that nobody can foretell.
///
/// - `count`: An unsigned number, 1 to 65536.
///
/// # Errors
/// A status: `io`, or a universal one.
pub fn bytes<'x>(exchange: &'x mut Exchange<'_>, count: u64) -> Result<&'x [u8], Error> {
    exchange
        .call(BYTES, |operands| {
            operands.unsigned(count);
        })?
        .bytes()
}
