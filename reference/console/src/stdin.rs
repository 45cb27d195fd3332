//! Standard input: one thread reads it, for whoever asked first, and only once someone has.
//!
//! A read that waits for nothing costs no other call its thread, and one that is given up takes nothing away: what comes then is the next one's.

use std::collections::VecDeque;
use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use fayger_adapters::{Call, Completer, InstanceKey, MOMENT, Progress};
use fayger_contracts::bus::Token;
use fayger_contracts::opcode::io::{STDIN_READ, StdinRead, StdinReadReply};

use crate::answer::{self, Answer, operands, values};
use crate::console::Console;
use crate::stdio::buffer;

/// The stream, and those who wait for it.
pub(crate) struct Stdin {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    line: Mutex<Line>,
    changed: Condvar,
}

#[derive(Default)]
struct Line {
    /// In their order; few.
    waiting: Vec<Reader>,
    /// What was read for someone who gave up.
    left: VecDeque<u8>,
    /// Until the thread has it.
    stream: Option<Box<dyn Read + Send>>,
    is_over: bool,
}

struct Reader {
    most: u64,
    completer: Completer,
    /// The caller waits a moment, or until this is dropped.
    _answered: Sender<()>,
}

impl Stdin {
    pub(crate) fn new(stream: Box<dyn Read + Send>) -> Self {
        let line = Line { stream: Some(stream), ..Line::default() };
        Self { shared: Arc::new(Shared { line: Mutex::new(line), changed: Condvar::new() }) }
    }

    /// Puts a reader in line; the thread is started for the first.
    fn add(&self, reader: Reader) -> io::Result<()> {
        let mut line = self.shared.line();
        if let Some(stream) = line.stream.take() {
            let shared = Arc::clone(&self.shared);
            // It ends when the console does, or with the read that it is at then: nobody can end that.
            thread::Builder::new().name("fayger-stdin".to_owned()).spawn(move || shared.run(stream))?;
        }
        line.waiting.push(reader);
        drop(line);
        self.shared.changed.notify_one();
        Ok(())
    }

    /// Forgets a read that was given up.
    pub(crate) fn cancel(&self, instance: InstanceKey, token: Token) {
        let mut line = self.shared.line();
        let forgotten: Vec<Reader> =
            line.waiting.extract_if(.., |reader| reader.completer.is_of(instance, token)).collect();
        drop(line);
        // A completer that is dropped answers: not under the lock.
        drop(forgotten);
    }
}

impl Drop for Stdin {
    fn drop(&mut self) {
        self.shared.line().is_over = true;
        self.shared.changed.notify_one();
    }
}

impl Shared {
    fn line(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run(&self, mut stream: Box<dyn Read + Send>) {
        let mut line = self.line();
        while !line.is_over {
            let Some(most) = line.waiting.first().map(|reader| reader.most) else {
                line = self.changed.wait(line).unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            let mut read = Ok(());
            if line.left.is_empty() {
                drop(line);
                let mut piece = buffer(most);
                let count = catch_unwind(AssertUnwindSafe(|| stream.read(&mut piece)));
                let count = count.unwrap_or_else(|_panic| Err(io::Error::other("standard input panicked")));
                line = self.line();
                read = count.map(|count| line.left.extend(piece.iter().take(count)));
            }
            // Where all have given up meanwhile, the next has what was read.
            if !line.waiting.is_empty() {
                let reader = line.waiting.remove(0);
                let count = line.left.len().min(buffer(reader.most).len());
                let data: Vec<u8> = line.left.drain(..count).collect();
                drop(line);
                reader.answer(read.map(|()| data));
                line = self.line();
            }
        }
    }
}

impl Reader {
    fn answer(self, read: io::Result<Vec<u8>>) {
        let mut reply = Vec::new();
        let answer = match read {
            Ok(data) => values(&StdinReadReply { data: &data }, &mut reply),
            Err(error) => Err(error.into()),
        };
        let settled = answer::settle(answer, &STDIN_READ, &mut reply);
        self.completer.complete(settled.map(|_ready| reply));
    }
}

//= ADP-IO-001
pub(crate) fn read(console: &Console, call: &Call<'_>, _reply: &mut Vec<u8>) -> Answer {
    let StdinRead { max } = operands(call)?;
    let (answered, answer) = channel();
    console.stdin.add(Reader { most: max, completer: call.completer(), _answered: answered })?;
    // Nothing is sent: it ends when the other end is dropped.
    let _ = answer.recv_timeout(MOMENT);
    Ok(Progress::Pending)
}
