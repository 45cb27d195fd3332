//! Bodies that code waits for, and the threads that read them aside: as many as there are bodies to be read, up to a bound.

use std::collections::VecDeque;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use bytes::Bytes;
use fayger_contracts::{BufObject, FaygerError, InstanceId, Reader};

use crate::error;

/// Threads at most. A source that does not answer holds one.
const THREADS: usize = 64;

/// A body that an instance's code waits for.
pub(crate) struct Wanted {
    pub(crate) object: Arc<dyn BufObject>,
    pub(crate) section_id: u32,
}

impl Wanted {
    /// Reads it. A source that panics is a fault of the instance that asked.
    pub(crate) fn read(&self) -> Result<Bytes, FaygerError> {
        let read = catch_unwind(AssertUnwindSafe(|| self.object.body(self.section_id, Reader::Instance)));
        read.unwrap_or_else(|_panic| Err(error::panicked("a source"))).map(Option::unwrap_or_default)
    }
}

/// How far the body is that an instance's code waits for. One is read at a time, however often someone looks.
#[derive(Default)]
pub(crate) enum Reading {
    /// Nobody reads.
    #[default]
    Nothing,
    /// Someone does, and puts the instance in line again.
    UnderWay,
    /// It was read, or could not be, and is taken up by the next turn.
    Done(u32, Result<Bytes, FaygerError>),
}

impl Reading {
    /// What was read.
    pub(crate) fn take(&mut self) -> Option<(u32, Result<Bytes, FaygerError>)> {
        match std::mem::take(self) {
            Self::Done(section_id, read) => Some((section_id, read)),
            other => {
                *self = other;
                None
            }
        }
    }
}

/// Threads that read. Dropping it ends them, each after what it reads.
pub(crate) struct Readers {
    shared: Arc<Shared>,
}

/// Reads a body, and sees to it that its instance goes on.
type Read = Box<dyn Fn(InstanceId, Wanted) + Send + Sync>;

struct Shared {
    line: Mutex<Line>,
    came: Condvar,
    read: Read,
}

#[derive(Default)]
struct Line {
    waiting: VecDeque<(InstanceId, Wanted)>,
    idle: usize,
    threads: Vec<JoinHandle<()>>,
    is_over: bool,
}

impl Readers {
    /// Begins with one thread.
    ///
    /// # Errors
    /// Where it cannot be started.
    pub(crate) fn start(read: Read) -> io::Result<Self> {
        let readers = Self { shared: Arc::new(Shared { line: Mutex::default(), came: Condvar::new(), read }) };
        readers.grow(&mut readers.shared.line())?;
        Ok(readers)
    }

    /// Has a body read, by a thread that has nothing to do, by a new one, or by the first that is done.
    pub(crate) fn add(&self, id: InstanceId, wanted: Wanted) {
        let mut line = self.shared.line();
        line.waiting.push_back((id, wanted));
        if line.waiting.len() > line.idle && line.threads.len() < THREADS {
            // Without another, those that there are come to it later.
            let _ = self.grow(&mut line);
        }
        drop(line);
        self.shared.came.notify_one();
    }

    fn grow(&self, line: &mut Line) -> io::Result<()> {
        let shared = Arc::clone(&self.shared);
        let name = format!("fayger-bodies-{}", line.threads.len());
        line.threads.push(thread::Builder::new().name(name).spawn(move || shared.work())?);
        Ok(())
    }

    /// Ends the threads; what nobody has begun to read is given back.
    pub(crate) fn end(&self) -> Vec<InstanceId> {
        let (threads, left) = {
            let mut line = self.shared.line();
            line.is_over = true;
            (std::mem::take(&mut line.threads), std::mem::take(&mut line.waiting))
        };
        self.shared.came.notify_all();
        for thread in threads {
            // A panic of a thread has been told already.
            let _ = thread.join();
        }
        left.into_iter().map(|(id, _)| id).collect()
    }
}

impl Shared {
    fn line(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self) {
        let mut line = self.line();
        while !line.is_over {
            match line.waiting.pop_front() {
                Some((id, wanted)) => {
                    drop(line);
                    (self.read)(id, wanted);
                    line = self.line();
                }
                None => {
                    line.idle = line.idle.saturating_add(1);
                    line = self.came.wait(line).unwrap_or_else(PoisonError::into_inner);
                    line.idle = line.idle.saturating_sub(1);
                }
            }
        }
    }
}
