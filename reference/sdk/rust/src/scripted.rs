//! In place of a runtime where a Fay's code runs in tests on the host: replies, an event and sections that the test gives, and the instructions
//! that were emitted. Each thread has its own, so tests do not meet. Not part of a Fay.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};

#[derive(Default)]
struct Script {
    replies: VecDeque<Vec<u8>>,
    emitted: Vec<Vec<u8>>,
    last: Option<Vec<u8>>,
    event: Option<Vec<u8>>,
    sections: BTreeMap<u32, Vec<u8>>,
}

thread_local! {
    static SCRIPT: RefCell<Script> = RefCell::default();
}

fn with<T>(act: impl FnOnce(&mut Script) -> T) -> T {
    SCRIPT.with_borrow_mut(act)
}

/// Queues an encoded reply. An instruction that finds no reply queued is answered `unsupported`.
pub fn reply(bytes: &[u8]) {
    with(|script| script.replies.push_back(bytes.to_vec()));
}

/// Sets the encoded event that is handled, or that none is.
pub fn event(bytes: Option<&[u8]>) {
    with(|script| script.event = bytes.map(<[u8]>::to_vec));
}

/// Adds a section that the Fay can read.
pub fn section(id: u32, body: &[u8]) {
    with(|script| script.sections.insert(id, body.to_vec()));
}

/// Takes the instructions that were emitted since the last time.
pub fn emitted() -> Vec<Vec<u8>> {
    with(|script| std::mem::take(&mut script.emitted))
}

pub(crate) fn emit(instruction: &[u8]) -> i32 {
    with(|script| {
        script.emitted.push(instruction.to_vec());
        let reply = script.replies.pop_front().unwrap_or_else(|| vec![1, 0]);
        length(script.last.insert(reply))
    })
}

pub(crate) fn reply_read(to: &mut [u8]) -> i32 {
    with(|script| script.last.as_deref().map_or(-1, |bytes| copy(bytes, to)))
}

pub(crate) fn event_read(to: &mut [u8]) -> i32 {
    with(|script| script.event.as_deref().map_or(-1, |bytes| copy(bytes, to)))
}

pub(crate) fn section_len(section: u32) -> i64 {
    with(|script| script.sections.get(&section).map_or(-1, |body| length(body).into()))
}

pub(crate) fn section_read(section: u32, offset: i64, to: &mut [u8]) -> i32 {
    with(|script| {
        let (Some(body), Ok(offset)) = (script.sections.get(&section), usize::try_from(offset)) else { return -1 };
        let rest = body.get(offset..).unwrap_or_default();
        let count = rest.len().min(to.len());
        copy(rest.get(..count).unwrap_or_default(), to)
    })
}

/// Ends the test that came here, as a trap ends the instance.
pub(crate) fn trap() -> ! {
    std::panic::resume_unwind(Box::new("the Fay ended"))
}

/// Copies what fits; the full length.
fn copy(bytes: &[u8], to: &mut [u8]) -> i32 {
    for (to, byte) in to.iter_mut().zip(bytes) {
        *to = *byte;
    }
    length(bytes)
}

fn length(bytes: &[u8]) -> i32 {
    i32::try_from(bytes.len()).unwrap_or(i32::MAX)
}
