//! `runtime.toml`: the methods of Runtime_Interface, the lifecycle, and the names of traps and resources.

use serde::Deserialize;

use crate::Error;
use crate::files;

/// What is data of the runtime.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Runtime {
    /// The methods of Runtime_Interface.
    #[serde(rename = "method")]
    pub methods: Vec<Named>,
    /// The states of an instance, in their order.
    #[serde(rename = "state")]
    pub states: Vec<State>,
    /// The kinds of trap.
    #[serde(rename = "trap")]
    pub traps: Vec<Named>,
    /// What has a quota.
    #[serde(rename = "resource")]
    pub resources: Vec<Named>,
}

/// A name of a closed list.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// The name.
    pub name: String,
    /// The clauses that define it.
    pub clauses: Vec<String>,
}

/// A state, and the commands that are legal in it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// The name.
    pub name: String,
    /// The clauses that define it.
    pub clauses: Vec<String>,
    /// The legal commands, in the order in which an error lists them.
    #[serde(default, rename = "transition")]
    pub transitions: Vec<Transition>,
}

/// Where a command leads.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transition {
    /// The command, a method.
    pub command: String,
    /// The state after it.
    pub to: String,
}

impl Runtime {
    /// Where `command` leads from the state of this name; none where it is illegal there.
    #[must_use]
    pub fn after(&self, state: &str, command: &str) -> Option<&str> {
        let state = self.states.iter().find(|other| other.name == state)?;
        state
            .transitions
            .iter()
            .find(|transition| transition.command == command)
            .map(|transition| transition.to.as_str())
    }
}

pub(super) fn load() -> Result<Runtime, Error> {
    super::parse("runtime", files::RUNTIME)
}
