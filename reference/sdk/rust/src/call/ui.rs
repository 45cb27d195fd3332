//! Category `ui`. Written by `cargo xtask opcodes --bless` from the registry; do not edit.

use crate::{Error, Exchange, Opcode};

/// `ui.size`: the columns and rows there are.
pub const SIZE: Opcode = Opcode::new(2, 1, 0x0020);

/// What `ui.size` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// An unsigned number, up to 65535.
    pub columns: u64,
    /// An unsigned number, up to 65535.
    pub rows: u64,
}

/// `ui.size`: the columns and rows there are.
///
/// # Errors
/// A status: `io`, or a universal one.
pub fn size(exchange: &mut Exchange<'_>) -> Result<Size, Error> {
    let mut values = exchange.call(SIZE, |_| {})?;
    Ok(Size { columns: values.unsigned()?, rows: values.unsigned()? })
}

/// `ui.clear`: empties the grid.
pub const CLEAR: Opcode = Opcode::new(2, 2, 0x0020);

/// `ui.clear`: empties the grid.
///
/// # Errors
/// A status: `closed`, `io`, or a universal one.
pub fn clear(exchange: &mut Exchange<'_>) -> Result<(), Error> {
    exchange.call(CLEAR, |_| {})?;
    Ok(())
}

/// `ui.render`: puts text into a row from a column on; style bits: 1 bold, 2 faint, 4 underlined, 8 reversed.
pub const RENDER: Opcode = Opcode::new(2, 3, 0x0020);

/// `ui.render`: puts text into a row from a column on; style bits: 1 bold, 2 faint, 4 underlined, 8 reversed.
///
/// - `column`: An unsigned number, up to 65535.
/// - `row`: An unsigned number, up to 65535.
/// - `text`: Text.
/// - `style`: An unsigned number, up to 15. May be left out.
///
/// # Errors
/// A status: `closed`, `io`, or a universal one.
pub fn render(exchange: &mut Exchange<'_>, column: u64, row: u64, text: &str, style: Option<u64>) -> Result<(), Error> {
    exchange.call(RENDER, |operands| {
        operands.unsigned(column);
        operands.unsigned(row);
        operands.text(text);
        if let Some(style) = style {
            operands.unsigned(style);
        }
    })?;
    Ok(())
}

/// `ui.present`: shows what was put since the last time.
pub const PRESENT: Opcode = Opcode::new(2, 4, 0x0020);

/// `ui.present`: shows what was put since the last time.
///
/// # Errors
/// A status: `closed`, `io`, or a universal one.
pub fn present(exchange: &mut Exchange<'_>) -> Result<(), Error> {
    exchange.call(PRESENT, |_| {})?;
    Ok(())
}

/// `ui.prompt`: shows a question and takes a line of text.
pub const PROMPT: Opcode = Opcode::new(2, 16, 0x0060);

/// `ui.prompt`: shows a question and takes a line of text.
///
/// - `question`: Text.
/// - `timeout_ms`: An unsigned number, up to 86400000. May be left out.
///
/// # Errors
/// A status: `closed`, `timeout`, `io`, or a universal one.
pub fn prompt<'x>(exchange: &'x mut Exchange<'_>, question: &str, timeout_ms: Option<u64>) -> Result<&'x str, Error> {
    exchange
        .call(PROMPT, |operands| {
            operands.text(question);
            if let Some(timeout_ms) = timeout_ms {
                operands.unsigned(timeout_ms);
            }
        })?
        .text()
}

/// `ui.input_events`: asks for input events, or for none: bits 1 keys, 2 pointer, 4 changes of size.
pub const INPUT_EVENTS: Opcode = Opcode::new(2, 17, 0x0040);

/// `ui.input_events`: asks for input events, or for none: bits 1 keys, 2 pointer, 4 changes of size.
///
/// - `kinds`: An unsigned number, up to 7.
///
/// # Errors
/// A status: `closed`, `io`, or a universal one.
pub fn input_events(exchange: &mut Exchange<'_>, kinds: u64) -> Result<(), Error> {
    exchange.call(INPUT_EVENTS, |operands| {
        operands.unsigned(kinds);
    })?;
    Ok(())
}
