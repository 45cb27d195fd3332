//! A deep stack of the host's: stitch keeps a frame on it for each host call until the outermost function returns, a million in `host calls`.

use std::{io, panic, thread};

/// Bytes of address space; only what is touched becomes memory.
const DEPTH: usize = 1 << 30;

/// Does work on a thread with a deep stack; a panic there goes on here.
///
/// # Errors
/// The thread cannot be had.
pub fn on_a_deep_stack<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> io::Result<T> {
    let worker = thread::Builder::new().stack_size(DEPTH).spawn(work)?;
    Ok(worker.join().unwrap_or_else(|payload| panic::resume_unwind(payload)))
}
