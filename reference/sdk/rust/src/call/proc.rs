//! Category `proc`. Written by `cargo xtask opcodes --bless` from the registry; do not edit.

use crate::{Error, Exchange, Opcode, Values};

/// `proc.arguments`: the arguments that the instance was started with.
pub const ARGUMENTS: Opcode = Opcode::new(6, 1, 0x0800);

/// `proc.arguments`: the arguments that the instance was started with.
///
/// # Errors
/// A status: a universal one.
pub fn arguments<'x>(exchange: &'x mut Exchange<'_>) -> Result<Values<'x>, Error> {
    exchange.call(ARGUMENTS, |_| {})?.list()
}

/// `proc.environment`: the value of an environment variable.
pub const ENVIRONMENT: Opcode = Opcode::new(6, 2, 0x0800);

/// `proc.environment`: the value of an environment variable.
///
/// - `name`: Text, 1 to 4096 bytes.
///
/// # Errors
/// A status: `not_found`, `denied`, or a universal one.
pub fn environment<'x>(exchange: &'x mut Exchange<'_>, name: &str) -> Result<&'x str, Error> {
    exchange
        .call(ENVIRONMENT, |operands| {
            operands.text(name);
        })?
        .text()
}

/// `proc.environment_names`: the names of the environment variables, in order of their bytes.
pub const ENVIRONMENT_NAMES: Opcode = Opcode::new(6, 3, 0x0800);

/// `proc.environment_names`: the names of the environment variables, in order of their bytes.
///
/// # Errors
/// A status: `denied`, or a universal one.
pub fn environment_names<'x>(exchange: &'x mut Exchange<'_>) -> Result<Values<'x>, Error> {
    exchange.call(ENVIRONMENT_NAMES, |_| {})?.list()
}

/// `proc.spawn`: starts a program; its environment is names and values by turns, and nothing else.
pub const SPAWN: Opcode = Opcode::new(6, 16, 0x1000);

/// `proc.spawn`: starts a program; its environment is names and values by turns, and nothing else.
///
/// - `program`: Text, 1 to 4096 bytes.
/// - `arguments`: A list of text, up to 4096 elements.
/// - `environment`: A list of text, up to 4096 elements. May be left out.
///
/// # Errors
/// A status: `not_found`, `denied`, `io`, or a universal one.
pub fn spawn(
    exchange: &mut Exchange<'_>,
    program: &str,
    arguments: &[&str],
    environment: Option<&[&str]>,
) -> Result<u32, Error> {
    exchange
        .call(SPAWN, |operands| {
            operands.text(program);
            operands.texts(arguments);
            if let Some(environment) = environment {
                operands.texts(environment);
            }
        })?
        .handle()
}

/// `proc.wait`: waits for a process to end: its exit status, or minus the number of the signal that ended it.
pub const WAIT: Opcode = Opcode::new(6, 17, 0x1000);

/// `proc.wait`: waits for a process to end: its exit status, or minus the number of the signal that ended it.
///
/// - `process`: A handle: process.
/// - `timeout_ms`: An unsigned number, up to 86400000. May be left out.
///
/// # Errors
/// A status: `timeout`, `io`, or a universal one.
pub fn wait(exchange: &mut Exchange<'_>, process: u32, timeout_ms: Option<u64>) -> Result<i64, Error> {
    exchange
        .call(WAIT, |operands| {
            operands.handle(process);
            if let Some(timeout_ms) = timeout_ms {
                operands.unsigned(timeout_ms);
            }
        })?
        .signed()
}

/// `proc.process_write`: writes to the standard input of a process; how many bytes were taken.
pub const PROCESS_WRITE: Opcode = Opcode::new(6, 18, 0x1000);

/// `proc.process_write`: writes to the standard input of a process; how many bytes were taken.
///
/// - `process`: A handle: process.
/// - `data`: Bytes.
///
/// # Errors
/// A status: `closed`, `io`, or a universal one.
pub fn process_write(exchange: &mut Exchange<'_>, process: u32, data: &[u8]) -> Result<u64, Error> {
    exchange
        .call(PROCESS_WRITE, |operands| {
            operands.handle(process);
            operands.bytes(data);
        })?
        .unsigned()
}

/// `proc.process_close_input`: ends the standard input of a process.
pub const PROCESS_CLOSE_INPUT: Opcode = Opcode::new(6, 19, 0x1000);

/// `proc.process_close_input`: ends the standard input of a process.
///
/// - `process`: A handle: process.
///
/// # Errors
/// A status: `closed`, `io`, or a universal one.
pub fn process_close_input(exchange: &mut Exchange<'_>, process: u32) -> Result<(), Error> {
    exchange.call(PROCESS_CLOSE_INPUT, |operands| {
        operands.handle(process);
    })?;
    Ok(())
}

/// `proc.process_read`: reads from stream 1, standard output, or 2, standard error, of a process; no bytes at its end.
pub const PROCESS_READ: Opcode = Opcode::new(6, 20, 0x1000);

/// `proc.process_read`: reads from stream 1, standard output, or 2, standard error, of a process; no bytes at its end.
///
/// - `process`: A handle: process.
/// - `stream`: An unsigned number, 1 to 2.
/// - `max`: An unsigned number, 1 to 1048000.
/// - `timeout_ms`: An unsigned number, up to 86400000. May be left out.
///
/// # Errors
/// A status: `closed`, `timeout`, `io`, or a universal one.
pub fn process_read<'x>(
    exchange: &'x mut Exchange<'_>,
    process: u32,
    stream: u64,
    max: u64,
    timeout_ms: Option<u64>,
) -> Result<&'x [u8], Error> {
    exchange
        .call(PROCESS_READ, |operands| {
            operands.handle(process);
            operands.unsigned(stream);
            operands.unsigned(max);
            if let Some(timeout_ms) = timeout_ms {
                operands.unsigned(timeout_ms);
            }
        })?
        .bytes()
}

/// `proc.process_release`: lets go of a process; it runs on.
pub const PROCESS_RELEASE: Opcode = Opcode::new(6, 21, 0x1000);

/// `proc.process_release`: lets go of a process; it runs on.
///
/// - `process`: A handle: process.
///
/// # Errors
/// A status: `io`, or a universal one.
pub fn process_release(exchange: &mut Exchange<'_>, process: u32) -> Result<(), Error> {
    exchange.call(PROCESS_RELEASE, |operands| {
        operands.handle(process);
    })?;
    Ok(())
}

/// `proc.kill`: ends a process at once.
pub const KILL: Opcode = Opcode::new(6, 22, 0x3000);

/// `proc.kill`: ends a process at once.
///
/// - `process`: A handle: process.
///
/// # Errors
/// A status: `not_found`, `denied`, `io`, or a universal one.
pub fn kill(exchange: &mut Exchange<'_>, process: u32) -> Result<(), Error> {
    exchange.call(KILL, |operands| {
        operands.handle(process);
    })?;
    Ok(())
}

/// `proc.signal_events`: asks for signals as events, or for none: bits 1 interrupt, 2 terminate, 4 hang-up, 8 user 1, 16 user 2.
pub const SIGNAL_EVENTS: Opcode = Opcode::new(6, 32, 0x2000);

/// `proc.signal_events`: asks for signals as events, or for none: bits 1 interrupt, 2 terminate, 4 hang-up, 8 user 1, 16 user 2.
///
/// - `signals`: An unsigned number, up to 31.
///
/// # Errors
/// A status: `denied`, `io`, or a universal one.
pub fn signal_events(exchange: &mut Exchange<'_>, signals: u64) -> Result<(), Error> {
    exchange.call(SIGNAL_EVENTS, |operands| {
        operands.unsigned(signals);
    })?;
    Ok(())
}

/// `proc.exit`: ends the instance with an exit status; it never returns.
pub const EXIT: Opcode = Opcode::new(6, 48, 0x0000);
