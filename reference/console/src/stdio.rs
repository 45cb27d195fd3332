//! The standard streams that are written to, and how much is read at once.

use std::io::Write;
use std::sync::{Mutex, PoisonError};

use fayger_adapters::Call;
use fayger_contracts::opcode::io::{StderrWrite, StderrWriteReply, StdoutWrite, StdoutWriteReply};

use crate::answer::{Answer, Refusal, operands, values};
use crate::console::Console;

/// Bytes of one read at most: a larger `max` is only what may come.
pub(crate) const PIECE: u64 = 64 << 10;

/// A buffer for a read of up to `max` bytes.
pub(crate) fn buffer(max: u64) -> Vec<u8> {
    vec![0; usize::try_from(max.min(PIECE)).unwrap_or_default()]
}

//= ADP-IO-001
pub(crate) fn write_out(console: &Console, call: &Call<'_>, reply: &mut Vec<u8>) -> Answer {
    let StdoutWrite { data } = operands(call)?;
    values(&StdoutWriteReply { written: write(&console.stdout, data)? }, reply)
}

pub(crate) fn write_err(console: &Console, call: &Call<'_>, reply: &mut Vec<u8>) -> Answer {
    let StderrWrite { data } = operands(call)?;
    values(&StderrWriteReply { written: write(&console.stderr, data)? }, reply)
}

/// Writes all of it, and lets it be seen.
fn write(stream: &Mutex<Box<dyn Write + Send>>, data: &[u8]) -> Result<u64, Refusal> {
    let mut stream = stream.lock().unwrap_or_else(PoisonError::into_inner);
    stream.write_all(data)?;
    stream.flush()?;
    Ok(data.len() as u64)
}
