//! The lifecycle of an instance (blueprint chapter 4): its states, the commands, and which command leads where.

use std::fmt;

use crate::error::{ErrorCode, FaygerError};

/// Where an instance is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LifecycleState {
    /// It has an id; nothing of it has run, or its `init` runs right now.
    Loaded,
    /// Its `init` ended well.
    Initialized,
    /// It may execute.
    Running,
    /// It stands still where it is.
    Suspended,
    /// A fault ended it; what happened can be asked until it is terminated.
    Failed,
    /// It is over.
    Terminated,
}

/// What can be asked of an instance's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LifecycleCommand {
    /// Make it ready.
    Init,
    /// Let it run.
    Start,
    /// Hold it where it is.
    Suspend,
    /// Let it go on.
    Resume,
    /// End it for good.
    Terminate,
}

impl LifecycleState {
    /// All states, in the order of the registry.
    pub const ALL: [Self; 6] =
        [Self::Loaded, Self::Initialized, Self::Running, Self::Suspended, Self::Failed, Self::Terminated];

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Loaded => "Loaded",
            Self::Initialized => "Initialized",
            Self::Running => "Running",
            Self::Suspended => "Suspended",
            Self::Failed => "Failed",
            Self::Terminated => "Terminated",
        }
    }

    /// Where `command` leads from here; none where it is not legal.
    //= RT-LIFECYCLE-001
    pub fn after(self, command: LifecycleCommand) -> Option<Self> {
        use LifecycleCommand as C;
        match (self, command) {
            (Self::Loaded, C::Init) => Some(Self::Initialized),
            (Self::Initialized, C::Start) | (Self::Suspended, C::Resume) => Some(Self::Running),
            (Self::Running, C::Suspend) => Some(Self::Suspended),
            (Self::Terminated, _) => None,
            (_, C::Terminate) => Some(Self::Terminated),
            _ => None,
        }
    }

    /// The commands that are legal here.
    pub fn allowed(self) -> impl Iterator<Item = LifecycleCommand> {
        LifecycleCommand::ALL.into_iter().filter(move |&command| self.after(command).is_some())
    }

    /// Whether it can still do something, so that a fault leads to [`Failed`](Self::Failed).
    pub fn is_live(self) -> bool {
        !matches!(self, Self::Failed | Self::Terminated)
    }

    /// That `command` is not legal here: `RT_ILLEGAL_TRANSITION` with `current_state`, `command` and `allowed`.
    //= RT-LIFECYCLE-002
    pub fn refusal(self, command: LifecycleCommand) -> FaygerError {
        let allowed: Vec<String> = self.allowed().map(|command| command.name().to_owned()).collect();
        FaygerError::new(ErrorCode::RtIllegalTransition, "the command is not legal in this state")
            .with("current_state", self.name())
            .with("command", command.name())
            .with("allowed", allowed)
    }
}

impl LifecycleCommand {
    /// All commands, in the order of the registry.
    pub const ALL: [Self; 5] = [Self::Init, Self::Start, Self::Suspend, Self::Resume, Self::Terminate];

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Init => "init",
            Self::Start => "start",
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::Terminate => "terminate",
        }
    }
}

impl fmt::Display for LifecycleState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leads_where_the_table_of_the_design_says() {
        use LifecycleState::{Failed, Initialized, Loaded, Running, Suspended, Terminated};
        // Columns: init, start, suspend, resume, terminate.
        let table = [
            (Loaded, [Some(Initialized), None, None, None, Some(Terminated)]),
            (Initialized, [None, Some(Running), None, None, Some(Terminated)]),
            (Running, [None, None, Some(Suspended), None, Some(Terminated)]),
            (Suspended, [None, None, None, Some(Running), Some(Terminated)]),
            (Failed, [None, None, None, None, Some(Terminated)]),
            (Terminated, [None, None, None, None, None]),
        ];
        for (state, row) in table {
            assert_eq!(LifecycleCommand::ALL.map(|command| state.after(command)), row, "{state}");
        }
    }

    #[test]
    fn a_refusal_names_what_is_allowed() {
        let error = LifecycleState::Running.refusal(LifecycleCommand::Init);
        assert_eq!(error.context["allowed"], vec!["suspend".to_owned(), "terminate".to_owned()].into());
        assert_eq!(LifecycleState::Terminated.refusal(LifecycleCommand::Init).context["allowed"], Vec::new().into());
    }
}
