//! Category `host`. Written by `cargo xtask opcodes --bless` from the registry; do not edit.

use crate::{Error, Exchange, Opcode, Values};

/// `host.call`: calls what the host or the embedding application offers under a name.
pub const CALL: Opcode = Opcode::new(7, 1, 0x4000);

/// `host.call`: calls what the host or the embedding application offers under a name.
///
/// - `name`: Text, 1 to 255 bytes.
/// - `data`: Bytes.
///
/// # Errors
/// A status: `not_found`, `denied`, `closed`, `timeout`, `io`, or a universal one.
pub fn call<'x>(exchange: &'x mut Exchange<'_>, name: &str, data: &[u8]) -> Result<&'x [u8], Error> {
    exchange
        .call(CALL, |operands| {
            operands.text(name);
            operands.bytes(data);
        })?
        .bytes()
}

/// `host.info`: a fact about the host by its name, such as `host`, `os` or `locale`.
pub const INFO: Opcode = Opcode::new(7, 2, 0x8000);

/// `host.info`: a fact about the host by its name, such as `host`, `os` or `locale`.
///
/// - `name`: Text, 1 to 255 bytes.
///
/// # Errors
/// A status: `not_found`, or a universal one.
pub fn info<'x>(exchange: &'x mut Exchange<'_>, name: &str) -> Result<&'x str, Error> {
    exchange
        .call(INFO, |operands| {
            operands.text(name);
        })?
        .text()
}

/// `host.info_names`: the names of all facts about the host, in order of their bytes.
pub const INFO_NAMES: Opcode = Opcode::new(7, 3, 0x8000);

/// `host.info_names`: the names of all facts about the host, in order of their bytes.
///
/// # Errors
/// A status: a universal one.
pub fn info_names<'x>(exchange: &'x mut Exchange<'_>) -> Result<Values<'x>, Error> {
    exchange.call(INFO_NAMES, |_| {})?.list()
}
