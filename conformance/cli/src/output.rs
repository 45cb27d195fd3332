//! stdout for people: a reader that has seen enough (`| head`) ends the output, not the program.

use std::io::{self, Write};

/// stdout; after a broken pipe, nothing more is written and nothing fails.
#[derive(Debug)]
pub(crate) struct Output {
    stdout: io::StdoutLock<'static>,
    broken: bool,
}

impl Output {
    pub(crate) fn new() -> Self {
        Self { stdout: io::stdout().lock(), broken: false }
    }

    fn unless_broken<T>(
        &mut self,
        nothing: T,
        write: impl FnOnce(&mut io::StdoutLock<'static>) -> io::Result<T>,
    ) -> io::Result<T> {
        if self.broken {
            return Ok(nothing);
        }
        match write(&mut self.stdout) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.broken = true;
                Ok(nothing)
            }
            result => result,
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.unless_broken(bytes.len(), |stdout| stdout.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.unless_broken((), io::Write::flush)
    }
}
