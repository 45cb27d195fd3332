//! The three threads at the pipes of a child. Each ends when its pipe does; none is ever waited for, since a descendant that left the group
//! can hold a pipe open.

use std::io::{BufReader, Read, Write};
use std::process::{ChildStderr, ChildStdin, ChildStdout};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use fayger_fcp::{Line, LineReader, MAX_LINE};

use super::tail::Tail;

/// Lines that wait in a channel: few, as each may have 32 MiB. A testee that writes more than is read waits, as on any pipe.
const WAITING: usize = 2;

/// What the thread at stdout saw.
#[derive(Debug)]
pub(super) enum Incoming {
    Line(Vec<u8>),
    TooLong,
    /// The end of the stream, with what stood behind the last line feed.
    End(Vec<u8>),
}

pub(super) fn write_lines(mut stdin: ChildStdin) -> SyncSender<Vec<u8>> {
    let (sender, lines) = sync_channel::<Vec<u8>>(WAITING);
    thread::spawn(move || {
        for mut line in lines {
            line.push(b'\n');
            if stdin.write_all(&line).and_then(|()| stdin.flush()).is_err() {
                // The testee has closed stdin; the missing answer tells.
                return;
            }
        }
    });
    sender
}

pub(super) fn read_lines(stdout: ChildStdout) -> Receiver<Incoming> {
    let (sender, lines) = sync_channel(WAITING);
    thread::spawn(move || {
        let mut reader = LineReader::new(BufReader::with_capacity(64 << 10, stdout), MAX_LINE);
        loop {
            let incoming = match reader.next_line() {
                Ok(Some(Line::Whole(line))) => Incoming::Line(line),
                Ok(Some(Line::TooLong)) => Incoming::TooLong,
                Ok(Some(Line::Unfinished(rest))) => Incoming::End(rest),
                Ok(None) | Err(_) => Incoming::End(Vec::new()),
            };
            let ended = matches!(incoming, Incoming::End(_));
            if sender.send(incoming).is_err() || ended {
                return;
            }
        }
    });
    lines
}

pub(super) fn keep_tail(mut stderr: ChildStderr) -> Arc<Tail> {
    let tail = Arc::new(Tail::default());
    let kept = Arc::clone(&tail);
    thread::spawn(move || {
        let mut buffer = vec![0; 64 << 10];
        loop {
            match stderr.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => kept.push(buffer.get(..count).unwrap_or_default()),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(_) => break,
            }
        }
        kept.close();
    });
    tail
}
