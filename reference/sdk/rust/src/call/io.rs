//! Category `io`. Written by `cargo xtask opcodes --bless` from the registry; do not edit.

use crate::{Error, Exchange, Opcode, Values};

/// `io.stdin_read`: reads from standard input; no bytes at its end.
pub const STDIN_READ: Opcode = Opcode::new(0, 1, 0x0001);

/// `io.stdin_read`: reads from standard input; no bytes at its end.
///
/// - `max`: An unsigned number, 1 to 1048000.
///
/// # Errors
/// A status: `closed`, `io`, or a universal one.
pub fn stdin_read<'x>(exchange: &'x mut Exchange<'_>, max: u64) -> Result<&'x [u8], Error> {
    exchange
        .call(STDIN_READ, |operands| {
            operands.unsigned(max);
        })?
        .bytes()
}

/// `io.stdout_write`: writes to standard output; how many bytes were taken.
pub const STDOUT_WRITE: Opcode = Opcode::new(0, 2, 0x0001);

/// `io.stdout_write`: writes to standard output; how many bytes were taken.
///
/// - `data`: Bytes.
///
/// # Errors
/// A status: `closed`, `io`, or a universal one.
pub fn stdout_write(exchange: &mut Exchange<'_>, data: &[u8]) -> Result<u64, Error> {
    exchange
        .call(STDOUT_WRITE, |operands| {
            operands.bytes(data);
        })?
        .unsigned()
}

/// `io.stderr_write`: writes to standard error; how many bytes were taken.
pub const STDERR_WRITE: Opcode = Opcode::new(0, 3, 0x0001);

/// `io.stderr_write`: writes to standard error; how many bytes were taken.
///
/// - `data`: Bytes.
///
/// # Errors
/// A status: `closed`, `io`, or a universal one.
pub fn stderr_write(exchange: &mut Exchange<'_>, data: &[u8]) -> Result<u64, Error> {
    exchange
        .call(STDERR_WRITE, |operands| {
            operands.bytes(data);
        })?
        .unsigned()
}

/// `io.open_read`: opens a file for reading.
pub const OPEN_READ: Opcode = Opcode::new(0, 16, 0x0002);

/// `io.open_read`: opens a file for reading.
///
/// - `path`: Text, 1 to 4096 bytes.
///
/// # Errors
/// A status: `not_found`, `denied`, `io`, or a universal one.
pub fn open_read(exchange: &mut Exchange<'_>, path: &str) -> Result<u32, Error> {
    exchange
        .call(OPEN_READ, |operands| {
            operands.text(path);
        })?
        .handle()
}

/// `io.read`: reads on from where the last read ended; no bytes at the end.
pub const READ: Opcode = Opcode::new(0, 17, 0x0002);

/// `io.read`: reads on from where the last read ended; no bytes at the end.
///
/// - `reader`: A handle: reader.
/// - `max`: An unsigned number, 1 to 1048000.
///
/// # Errors
/// A status: `io`, or a universal one.
pub fn read<'x>(exchange: &'x mut Exchange<'_>, reader: u32, max: u64) -> Result<&'x [u8], Error> {
    exchange
        .call(READ, |operands| {
            operands.handle(reader);
            operands.unsigned(max);
        })?
        .bytes()
}

/// `io.read_at`: reads from a place; no bytes at or past the end.
pub const READ_AT: Opcode = Opcode::new(0, 18, 0x0002);

/// `io.read_at`: reads from a place; no bytes at or past the end.
///
/// - `reader`: A handle: reader.
/// - `offset`: An unsigned number.
/// - `max`: An unsigned number, 1 to 1048000.
///
/// # Errors
/// A status: `io`, or a universal one.
pub fn read_at<'x>(exchange: &'x mut Exchange<'_>, reader: u32, offset: u64, max: u64) -> Result<&'x [u8], Error> {
    exchange
        .call(READ_AT, |operands| {
            operands.handle(reader);
            operands.unsigned(offset);
            operands.unsigned(max);
        })?
        .bytes()
}

/// `io.close_read`: closes a file that was opened for reading.
pub const CLOSE_READ: Opcode = Opcode::new(0, 19, 0x0002);

/// `io.close_read`: closes a file that was opened for reading.
///
/// - `reader`: A handle: reader.
///
/// # Errors
/// A status: `io`, or a universal one.
pub fn close_read(exchange: &mut Exchange<'_>, reader: u32) -> Result<(), Error> {
    exchange.call(CLOSE_READ, |operands| {
        operands.handle(reader);
    })?;
    Ok(())
}

/// `io.stat`: what a path names: kind 0 a file, 1 a directory, 2 something else; bytes; nanoseconds from 1970 to its last change.
pub const STAT: Opcode = Opcode::new(0, 20, 0x0002);

/// What `io.stat` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stat {
    /// An unsigned number, up to 2.
    pub kind: u64,
    /// An unsigned number.
    pub size: u64,
    /// A signed number.
    pub modified_ns: i64,
}

/// `io.stat`: what a path names: kind 0 a file, 1 a directory, 2 something else; bytes; nanoseconds from 1970 to its last change.
///
/// - `path`: Text, 1 to 4096 bytes.
///
/// # Errors
/// A status: `not_found`, `denied`, `io`, or a universal one.
pub fn stat(exchange: &mut Exchange<'_>, path: &str) -> Result<Stat, Error> {
    let mut values = exchange.call(STAT, |operands| {
        operands.text(path);
    })?;
    Ok(Stat { kind: values.unsigned()?, size: values.unsigned()?, modified_ns: values.signed()? })
}

/// `io.list_dir`: names in a directory, in order of their bytes, after a name and at most so many.
pub const LIST_DIR: Opcode = Opcode::new(0, 21, 0x0002);

/// `io.list_dir`: names in a directory, in order of their bytes, after a name and at most so many.
///
/// - `path`: Text, 1 to 4096 bytes.
/// - `max`: An unsigned number, 1 to 4096.
/// - `after`: Text, up to 4096 bytes. May be left out.
///
/// # Errors
/// A status: `not_found`, `denied`, `io`, or a universal one.
pub fn list_dir<'x>(
    exchange: &'x mut Exchange<'_>,
    path: &str,
    max: u64,
    after: Option<&str>,
) -> Result<Values<'x>, Error> {
    exchange
        .call(LIST_DIR, |operands| {
            operands.text(path);
            operands.unsigned(max);
            if let Some(after) = after {
                operands.text(after);
            }
        })?
        .list()
}

/// `io.open_write`: opens a file for writing: mode 0 makes it or empties it, 1 makes it and it is new, 2 makes it or writes at its end.
pub const OPEN_WRITE: Opcode = Opcode::new(0, 32, 0x0004);

/// `io.open_write`: opens a file for writing: mode 0 makes it or empties it, 1 makes it and it is new, 2 makes it or writes at its end.
///
/// - `path`: Text, 1 to 4096 bytes.
/// - `mode`: An unsigned number, up to 2.
///
/// # Errors
/// A status: `not_found`, `denied`, `exists`, `io`, or a universal one.
pub fn open_write(exchange: &mut Exchange<'_>, path: &str, mode: u64) -> Result<u32, Error> {
    exchange
        .call(OPEN_WRITE, |operands| {
            operands.text(path);
            operands.unsigned(mode);
        })?
        .handle()
}

/// `io.write`: writes on from where the last write ended; how many bytes were taken.
pub const WRITE: Opcode = Opcode::new(0, 33, 0x0004);

/// `io.write`: writes on from where the last write ended; how many bytes were taken.
///
/// - `writer`: A handle: writer.
/// - `data`: Bytes.
///
/// # Errors
/// A status: `denied`, `io`, or a universal one.
pub fn write(exchange: &mut Exchange<'_>, writer: u32, data: &[u8]) -> Result<u64, Error> {
    exchange
        .call(WRITE, |operands| {
            operands.handle(writer);
            operands.bytes(data);
        })?
        .unsigned()
}

/// `io.write_at`: writes at a place; how many bytes were taken.
pub const WRITE_AT: Opcode = Opcode::new(0, 34, 0x0004);

/// `io.write_at`: writes at a place; how many bytes were taken.
///
/// - `writer`: A handle: writer.
/// - `offset`: An unsigned number.
/// - `data`: Bytes.
///
/// # Errors
/// A status: `denied`, `io`, or a universal one.
pub fn write_at(exchange: &mut Exchange<'_>, writer: u32, offset: u64, data: &[u8]) -> Result<u64, Error> {
    exchange
        .call(WRITE_AT, |operands| {
            operands.handle(writer);
            operands.unsigned(offset);
            operands.bytes(data);
        })?
        .unsigned()
}

/// `io.truncate`: sets the length of a file.
pub const TRUNCATE: Opcode = Opcode::new(0, 35, 0x0004);

/// `io.truncate`: sets the length of a file.
///
/// - `writer`: A handle: writer.
/// - `length`: An unsigned number.
///
/// # Errors
/// A status: `denied`, `io`, or a universal one.
pub fn truncate(exchange: &mut Exchange<'_>, writer: u32, length: u64) -> Result<(), Error> {
    exchange.call(TRUNCATE, |operands| {
        operands.handle(writer);
        operands.unsigned(length);
    })?;
    Ok(())
}

/// `io.sync`: writes to the device what was written to the file.
pub const SYNC: Opcode = Opcode::new(0, 36, 0x0004);

/// `io.sync`: writes to the device what was written to the file.
///
/// - `writer`: A handle: writer.
///
/// # Errors
/// A status: `io`, or a universal one.
pub fn sync(exchange: &mut Exchange<'_>, writer: u32) -> Result<(), Error> {
    exchange.call(SYNC, |operands| {
        operands.handle(writer);
    })?;
    Ok(())
}

/// `io.close_write`: closes a file that was opened for writing.
pub const CLOSE_WRITE: Opcode = Opcode::new(0, 37, 0x0004);

/// `io.close_write`: closes a file that was opened for writing.
///
/// - `writer`: A handle: writer.
///
/// # Errors
/// A status: `io`, or a universal one.
pub fn close_write(exchange: &mut Exchange<'_>, writer: u32) -> Result<(), Error> {
    exchange.call(CLOSE_WRITE, |operands| {
        operands.handle(writer);
    })?;
    Ok(())
}

/// `io.create_dir`: makes a directory.
pub const CREATE_DIR: Opcode = Opcode::new(0, 38, 0x0004);

/// `io.create_dir`: makes a directory.
///
/// - `path`: Text, 1 to 4096 bytes.
///
/// # Errors
/// A status: `not_found`, `denied`, `exists`, `io`, or a universal one.
pub fn create_dir(exchange: &mut Exchange<'_>, path: &str) -> Result<(), Error> {
    exchange.call(CREATE_DIR, |operands| {
        operands.text(path);
    })?;
    Ok(())
}

/// `io.remove_file`: removes a file.
pub const REMOVE_FILE: Opcode = Opcode::new(0, 39, 0x0004);

/// `io.remove_file`: removes a file.
///
/// - `path`: Text, 1 to 4096 bytes.
///
/// # Errors
/// A status: `not_found`, `denied`, `io`, or a universal one.
pub fn remove_file(exchange: &mut Exchange<'_>, path: &str) -> Result<(), Error> {
    exchange.call(REMOVE_FILE, |operands| {
        operands.text(path);
    })?;
    Ok(())
}

/// `io.remove_dir`: removes an empty directory.
pub const REMOVE_DIR: Opcode = Opcode::new(0, 40, 0x0004);

/// `io.remove_dir`: removes an empty directory.
///
/// - `path`: Text, 1 to 4096 bytes.
///
/// # Errors
/// A status: `not_found`, `denied`, `exists`, `io`, or a universal one.
pub fn remove_dir(exchange: &mut Exchange<'_>, path: &str) -> Result<(), Error> {
    exchange.call(REMOVE_DIR, |operands| {
        operands.text(path);
    })?;
    Ok(())
}

/// `io.rename`: gives a file or directory another path; a file that is there is replaced.
pub const RENAME: Opcode = Opcode::new(0, 41, 0x0004);

/// `io.rename`: gives a file or directory another path; a file that is there is replaced.
///
/// - `from`: Text, 1 to 4096 bytes.
/// - `to`: Text, 1 to 4096 bytes.
///
/// # Errors
/// A status: `not_found`, `denied`, `exists`, `io`, or a universal one.
pub fn rename(exchange: &mut Exchange<'_>, from: &str, to: &str) -> Result<(), Error> {
    exchange.call(RENAME, |operands| {
        operands.text(from);
        operands.text(to);
    })?;
    Ok(())
}

/// `io.copy`: copies a file; how many bytes it has; a file that is there is replaced.
pub const COPY: Opcode = Opcode::new(0, 42, 0x0006);

/// `io.copy`: copies a file; how many bytes it has; a file that is there is replaced.
///
/// - `from`: Text, 1 to 4096 bytes.
/// - `to`: Text, 1 to 4096 bytes.
///
/// # Errors
/// A status: `not_found`, `denied`, `io`, or a universal one.
pub fn copy(exchange: &mut Exchange<'_>, from: &str, to: &str) -> Result<u64, Error> {
    exchange
        .call(COPY, |operands| {
            operands.text(from);
            operands.text(to);
        })?
        .unsigned()
}
