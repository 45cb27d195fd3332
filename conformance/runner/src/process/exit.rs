//! How a process ended.

use std::fmt;
use std::process::ExitStatus;

use serde::Serialize;

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Exit {
    /// By itself, with this code.
    Code(i32),
    /// By this signal.
    Signal(i32),
}

impl From<ExitStatus> for Exit {
    fn from(status: ExitStatus) -> Self {
        #[cfg(unix)]
        if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
            return Self::Signal(signal);
        }
        Self::Code(status.code().unwrap_or(-1))
    }
}

impl fmt::Display for Exit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(formatter, "exit code {code}"),
            Self::Signal(signal) => write!(formatter, "signal {signal}"),
        }
    }
}

/// How a testee ended after the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Shutdown {
    /// By itself, within a second of the end of stdin; exit code 0 is what the protocol asks for.
    Exited(Exit),
    /// On TERM.
    Terminated,
    /// Not before KILL.
    Killed,
}

impl Shutdown {
    /// Whether it ended as the protocol asks.
    #[must_use]
    pub fn is_clean(self) -> bool {
        self == Self::Exited(Exit::Code(0))
    }
}

impl fmt::Display for Shutdown {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exited(exit) => write!(formatter, "ended with {exit} after stdin was closed"),
            Self::Terminated => formatter.write_str("did not end within 1 s of the end of stdin, and was terminated"),
            Self::Killed => formatter.write_str("ignored the end of stdin and TERM, and was killed"),
        }
    }
}
