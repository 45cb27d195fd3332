//! The command that starts a testee.

use std::ffi::OsString;
use std::fmt;
use std::str::FromStr;

/// A program and its arguments. It is started directly, without a shell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TesteeCommand {
    /// The program: a path, or a name that is looked up as the system does.
    pub program: OsString,
    /// Its arguments.
    pub arguments: Vec<OsString>,
}

/// A command line that cannot be taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    /// A quote is not closed, or a backslash ends the line.
    #[error("a quote is not closed, or a backslash ends the command")]
    Unfinished,
    /// There is no word in it.
    #[error("the command is empty")]
    Empty,
}

impl FromStr for TesteeCommand {
    type Err = CommandError;

    /// Splits a line into words as a POSIX shell does, on every system; nothing is expanded.
    fn from_str(line: &str) -> Result<Self, CommandError> {
        let mut words = shlex::split(line).ok_or(CommandError::Unfinished)?.into_iter().map(OsString::from);
        let program = words.next().ok_or(CommandError::Empty)?;
        Ok(Self { program, arguments: words.collect() })
    }
}

impl fmt::Display for TesteeCommand {
    /// Writes a line that splits into the same words.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = std::iter::once(&self.program).chain(&self.arguments);
        for (position, word) in words.enumerate() {
            let separator = if position == 0 { "" } else { " " };
            write!(formatter, "{separator}{}", quoted(&word.to_string_lossy()))?;
        }
        Ok(())
    }
}

/// A word as a POSIX shell takes it back.
#[must_use]
pub fn quoted(word: &str) -> String {
    // A NUL byte, which no argument can have, is the only thing that cannot be quoted.
    shlex::try_quote(word).map_or_else(|_| word.to_owned(), |quoted| quoted.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_split_like_a_shell_does_and_written_back() {
        let command: TesteeCommand = r#"python3 'my testee.py' --name "a b" c\ d"#.parse().unwrap();
        assert_eq!(command.program, "python3");
        assert_eq!(command.arguments, ["my testee.py", "--name", "a b", "c d"]);
        assert_eq!(command.to_string().parse::<TesteeCommand>(), Ok(command));
    }

    #[test]
    fn nothing_is_expanded() {
        let command: TesteeCommand = "echo $HOME *.rs `ls`".parse().unwrap();
        assert_eq!(command.arguments, ["$HOME", "*.rs", "`ls`"]);
    }

    #[test]
    fn refuses_an_open_quote_and_an_empty_line() {
        assert_eq!("run 'it".parse::<TesteeCommand>(), Err(CommandError::Unfinished));
        assert_eq!("  ".parse::<TesteeCommand>(), Err(CommandError::Empty));
    }
}
