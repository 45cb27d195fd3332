//! The testee as a child process: started in a group of its own, read by threads, and ended with the whole group.
//!
//! Nothing here knows the protocol. A process that leaves its group (`setsid`) escapes; on Windows a job object holds it.

mod exit;
mod streams;
mod tail;

use std::io;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TryRecvError, TrySendError};
use std::time::{Duration, Instant};

use process_wrap::std::{ChildWrapper, CommandWrap};

pub use self::exit::{Exit, Shutdown};
use self::streams::Incoming;
use self::tail::Tail;
use crate::TesteeCommand;

/// How often a wait looks whether the process still lives and whether the user interrupts.
const TICK: Duration = Duration::from_millis(20);
/// How long a process has to exit after it closed stdout: a core dump takes its time.
const EXIT_GRACE: Duration = Duration::from_secs(2);
/// How long its pipes have to run empty after it exited: a descendant may hold them open.
const DRAIN_GRACE: Duration = Duration::from_millis(500);
/// How long each step of the shutdown waits: for exit code 0 after stdin was closed, then after TERM.
const SHUTDOWN_STEP: Duration = Duration::from_secs(1);
#[cfg(unix)]
const SIGTERM: i32 = 15;

/// A running testee. Dropping it kills the whole process group.
#[derive(Debug)]
pub(crate) struct Process {
    child: Box<dyn ChildWrapper>,
    /// Hands lines to the thread that writes to stdin; `None` once stdin is closed.
    requests: Option<SyncSender<Vec<u8>>>,
    incoming: Receiver<Incoming>,
    stderr: Arc<Tail>,
    interrupt: Arc<AtomicBool>,
    exit: Option<Exit>,
}

/// What came from the testee within the time given.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Received {
    /// A whole line, without its line feed.
    Line(Vec<u8>),
    /// A line over the limit.
    TooLong,
    /// stdout was closed, but the process goes on.
    Closed,
    /// The process is gone; the bytes are what stood behind the last line feed.
    Exited(Exit, Vec<u8>),
    /// Nothing came in time.
    TimedOut,
    /// The user interrupts the run.
    Interrupted,
}

impl Process {
    /// Starts the command. A set `interrupt` ends every wait.
    ///
    /// # Errors
    ///
    /// What the operating system gives: no such program, no right to start it, no resources.
    pub(crate) fn spawn(command: &TesteeCommand, interrupt: Arc<AtomicBool>) -> io::Result<Self> {
        let mut wrapped = Command::new(&command.program);
        wrapped.args(&command.arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut wrapped = CommandWrap::from(wrapped);
        #[cfg(unix)]
        wrapped.wrap(process_wrap::std::ProcessGroup::leader());
        #[cfg(windows)]
        wrapped.wrap(process_wrap::std::JobObject);
        let mut child = wrapped.spawn()?;
        let missing = || io::Error::other("a pipe of the child is missing");
        let stdin = child.stdin().take().ok_or_else(missing)?;
        let stdout = child.stdout().take().ok_or_else(missing)?;
        let stderr = child.stderr().take().ok_or_else(missing)?;
        Ok(Self {
            child,
            requests: Some(streams::write_lines(stdin)),
            incoming: streams::read_lines(stdout),
            stderr: streams::keep_tail(stderr),
            interrupt,
            exit: None,
        })
    }

    /// Hands one line, without line feed, to the thread that writes it: a testee that does not read cannot block the runner.
    /// A testee that has closed stdin is noticed when its answer does not come.
    pub(crate) fn send(&mut self, line: Vec<u8>) {
        if let Some(requests) = &self.requests {
            // One request is in flight, so the queue has room, unless the testee answers what it does not read: then the deadline speaks.
            match requests.try_send(line) {
                Ok(()) | Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => {}
            }
        }
    }

    /// A line that has already arrived, if there is one.
    pub(crate) fn received_already(&mut self) -> Option<Received> {
        match self.incoming.try_recv() {
            Ok(Incoming::Line(line)) => Some(Received::Line(line)),
            Ok(Incoming::TooLong) => Some(Received::TooLong),
            Ok(Incoming::End(rest)) => Some(self.after_end(rest)),
            Err(TryRecvError::Empty | TryRecvError::Disconnected) => None,
        }
    }

    /// Waits for the next line until the deadline.
    pub(crate) fn receive(&mut self, deadline: Instant) -> Received {
        loop {
            if self.interrupt.load(Ordering::Relaxed) {
                return Received::Interrupted;
            }
            let now = Instant::now();
            match self.incoming.recv_timeout(TICK.min(deadline.saturating_duration_since(now))) {
                Ok(Incoming::Line(line)) => return Received::Line(line),
                Ok(Incoming::TooLong) => return Received::TooLong,
                Ok(Incoming::End(rest)) => return self.after_end(rest),
                Err(RecvTimeoutError::Disconnected) => return self.after_end(Vec::new()),
                Err(RecvTimeoutError::Timeout) if now >= deadline => return Received::TimedOut,
                Err(RecvTimeoutError::Timeout) => {}
            }
            // A descendant may hold stdout open after the process itself is gone.
            if let Some(exit) = self.poll_exit() {
                return match self.incoming.recv_timeout(DRAIN_GRACE) {
                    Ok(Incoming::Line(line)) => Received::Line(line),
                    Ok(Incoming::TooLong) => Received::TooLong,
                    Ok(Incoming::End(rest)) => Received::Exited(exit, rest),
                    Err(_) => Received::Exited(exit, Vec::new()),
                };
            }
        }
    }

    /// What the end of stdout means: an exit, where one follows at once.
    fn after_end(&mut self, rest: Vec<u8>) -> Received {
        match self.wait_exit(EXIT_GRACE) {
            Some(exit) => Received::Exited(exit, rest),
            None => Received::Closed,
        }
    }

    /// Forgets what stderr has so far: the next tail belongs to the next case.
    pub(crate) fn forget_stderr(&self) {
        self.stderr.clear();
    }

    /// The last 64 KiB of stderr since [`forget_stderr`](Self::forget_stderr). Where the process has ended, waits shortly for the rest.
    #[must_use]
    pub(crate) fn stderr_tail(&self) -> Vec<u8> {
        if self.exit.is_some() {
            self.stderr.wait_closed(DRAIN_GRACE);
        }
        self.stderr.bytes()
    }

    /// Kills the whole group and reaps the process.
    pub(crate) fn kill(&mut self) {
        self.requests = None;
        // An error means that no process of the group is left.
        let _ = self.child.start_kill();
        let _ = self.wait_exit(SHUTDOWN_STEP);
    }

    /// Ends the testee as the protocol says: closes stdin, waits 1 s for exit, sends TERM, waits 1 s, kills. The group is killed in any
    /// case, so that no descendant is left.
    #[must_use]
    pub(crate) fn shut_down(mut self) -> Shutdown {
        self.requests = None;
        if let Some(exit) = self.wait_exit(SHUTDOWN_STEP) {
            return Shutdown::Exited(exit);
        }
        #[cfg(unix)]
        if self.child.signal(SIGTERM).is_ok() && self.wait_exit(SHUTDOWN_STEP).is_some() {
            return Shutdown::Terminated;
        }
        self.kill();
        Shutdown::Killed
    }

    fn wait_exit(&mut self, within: Duration) -> Option<Exit> {
        let deadline = Instant::now() + within;
        // Most processes exit within a millisecond of the end of their input.
        let mut pause = Duration::from_micros(200);
        loop {
            if let Some(exit) = self.poll_exit() {
                return Some(exit);
            }
            if Instant::now() >= deadline {
                return None;
            }
            std::thread::sleep(pause);
            pause = (pause * 2).min(TICK);
        }
    }

    fn poll_exit(&mut self) -> Option<Exit> {
        if self.exit.is_none() {
            self.exit = self.child.try_wait().ok().flatten().map(Exit::from);
        }
        self.exit
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}
