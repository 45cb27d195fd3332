//! The runner's own faults. None of them is a testee's: each makes a run incomplete.

use std::io;

/// A fault of the runner or of the suite, never of the testee.
#[derive(Debug, thiserror::Error)]
pub enum RunnerError {
    /// The JSON Schema of the protocol does not compile.
    #[error("the schema of the protocol is at fault: {0}")]
    Schema(String),
    /// The testee's program cannot be started.
    #[error("cannot start `{command}`")]
    Spawn {
        /// The command.
        command: String,
        /// What the operating system says.
        #[source]
        source: io::Error,
    },
    /// What the runner would send breaks the protocol.
    #[error("cannot send `{method}`: {reason}")]
    Request {
        /// The method.
        method: &'static str,
        /// The rule that it breaks.
        reason: String,
    },
    /// A case cannot be turned into requests.
    #[error("case `{id}` is at fault: {reason}")]
    Case {
        /// The case's id.
        id: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The testee was started too often.
    #[error("the testee broke off more than {0} times")]
    Restarts(u32),
    /// The user ended the run.
    #[error("interrupted")]
    Interrupted,
}

impl RunnerError {
    /// Whether the run cannot go on with the next case.
    #[must_use]
    pub fn ends_run(&self) -> bool {
        match self {
            Self::Schema(_) | Self::Spawn { .. } | Self::Restarts(_) | Self::Interrupted => true,
            Self::Request { .. } | Self::Case { .. } => false,
        }
    }

    /// The whole chain in one line.
    #[must_use]
    pub fn with_sources(&self) -> String {
        let mut text = self.to_string();
        let mut source = std::error::Error::source(self);
        while let Some(error) = source {
            text.push_str(&format!(": {error}"));
            source = error.source();
        }
        text
    }
}
