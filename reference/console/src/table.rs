//! Who answers which instruction. The descriptor is made of this table, so it cannot say more than is done.

use fayger_adapters::Call;
use fayger_contracts::instruction::Category;
use fayger_contracts::opcode::{Opcode, io, proc, random, time};

use crate::answer::Answer;
use crate::console::Console;
use crate::{facts, files, stdin, stdio, timers};

/// An instruction and who answers it.
pub(crate) struct Entry {
    pub(crate) opcode: Opcode,
    /// Whether it is answered on the bus's own thread: it never waits for anything outside of the process, or does so on a thread of its own.
    pub(crate) is_prompt: bool,
    pub(crate) needs: Needs,
    pub(crate) answer: fn(&Console, &Call<'_>, &mut Vec<u8>) -> Answer,
}

/// What has to be there for an instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Needs {
    Nothing,
    Chance,
    Files,
}

const fn prompt(opcode: Opcode, needs: Needs, answer: fn(&Console, &Call<'_>, &mut Vec<u8>) -> Answer) -> Entry {
    Entry { opcode, is_prompt: true, needs, answer }
}

const fn stream(opcode: Opcode, answer: fn(&Console, &Call<'_>, &mut Vec<u8>) -> Answer) -> Entry {
    Entry { opcode, is_prompt: false, needs: Needs::Nothing, answer }
}

const fn file(opcode: Opcode, answer: fn(&Console, &Call<'_>, &mut Vec<u8>) -> Answer) -> Entry {
    Entry { opcode, is_prompt: false, needs: Needs::Files, answer }
}

/// Every instruction that is answered.
pub(crate) const ENTRIES: &[Entry] = &[
    prompt(io::STDIN_READ, Needs::Nothing, stdin::read),
    stream(io::STDOUT_WRITE, stdio::write_out),
    stream(io::STDERR_WRITE, stdio::write_err),
    file(io::OPEN_READ, files::open_read),
    file(io::READ, files::read),
    file(io::READ_AT, files::read_at),
    file(io::CLOSE_READ, files::close_read),
    file(io::STAT, files::stat),
    file(io::LIST_DIR, files::list_dir),
    file(io::OPEN_WRITE, files::open_write),
    file(io::WRITE, files::write),
    file(io::WRITE_AT, files::write_at),
    file(io::TRUNCATE, files::truncate),
    file(io::SYNC, files::sync),
    file(io::CLOSE_WRITE, files::close_write),
    file(io::CREATE_DIR, files::create_dir),
    file(io::REMOVE_FILE, files::remove_file),
    file(io::REMOVE_DIR, files::remove_dir),
    file(io::RENAME, files::rename),
    file(io::COPY, files::copy),
    prompt(time::WALL_NOW, Needs::Nothing, facts::wall_now),
    prompt(time::MONOTONIC_NOW, Needs::Nothing, facts::monotonic_now),
    prompt(time::SLEEP, Needs::Nothing, timers::sleep),
    prompt(time::TIMER_ONCE, Needs::Nothing, timers::once),
    prompt(time::TIMER_PERIODIC, Needs::Nothing, timers::periodic),
    prompt(time::TIMER_CANCEL, Needs::Nothing, timers::cancel),
    prompt(random::BYTES, Needs::Chance, facts::random),
    prompt(proc::ARGUMENTS, Needs::Nothing, facts::arguments),
];

/// Who answers an instruction.
pub(crate) fn find(category: Category, opcode: u16) -> Option<&'static Entry> {
    ENTRIES.iter().find(|entry| (entry.opcode.category, entry.opcode.number) == (category, opcode))
}
