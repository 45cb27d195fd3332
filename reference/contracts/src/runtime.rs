//! Runtime_Interface (blueprint chapter 4): what every runtime implementation offers, with equivalent behaviour.

use std::sync::Arc;
use std::time::Duration;

use crate::capability::CapabilitySet;
use crate::error::FaygerError;
use crate::instance::{FailureInfo, InstanceId};
use crate::lifecycle::LifecycleState;
use crate::object::BufObject;
use crate::version::InterfaceVersion;

/// The twelve methods. All but `init` return at once: code runs in `init`, and in the implementation's driver, which is no part of this interface.
///
/// An id that no instance has or had is `RT_UNKNOWN_INSTANCE` for every method that takes one.
pub trait RuntimeInterface: Send + Sync {
    /// The version of this interface that is implemented.
    fn rt_version(&self) -> InterfaceVersion;

    /// What the implementation can do beyond the interface, ascending.
    fn capabilities(&self) -> Vec<String>;

    /// Makes an instance of an object. Reads no body and runs nothing.
    ///
    /// # Errors
    /// `RT_LOAD_REFUSED` over `ADP_CAPABILITY_UNAVAILABLE`; there is no id then.
    fn load(&self, submission: Submission) -> Result<InstanceId, FaygerError>;

    /// Prepares the entry section, and runs its `init` export to the end where it names one.
    ///
    /// # Errors
    /// `RT_ILLEGAL_TRANSITION`, or `RT_INSTANCE_FAILED` over what happened.
    fn init(&self, id: InstanceId) -> Result<(), FaygerError>;

    /// Lets the instance run.
    ///
    /// # Errors
    /// `RT_ILLEGAL_TRANSITION`.
    fn start(&self, id: InstanceId) -> Result<(), FaygerError>;

    /// Holds the instance where it is, also within a host call.
    ///
    /// # Errors
    /// `RT_ILLEGAL_TRANSITION`.
    fn suspend(&self, id: InstanceId) -> Result<(), FaygerError>;

    /// Lets a suspended instance go on.
    ///
    /// # Errors
    /// `RT_ILLEGAL_TRANSITION`.
    fn resume(&self, id: InstanceId) -> Result<(), FaygerError>;

    /// Ends the instance for good and forgets its failure; the id stays known.
    ///
    /// # Errors
    /// `RT_ILLEGAL_TRANSITION`.
    fn terminate(&self, id: InstanceId) -> Result<(), FaygerError>;

    /// Where the instance is in its life.
    ///
    /// # Errors
    /// `RT_UNKNOWN_INSTANCE`.
    fn state(&self, id: InstanceId) -> Result<LifecycleState, FaygerError>;

    /// What is known of its failure: something in state `Failed` alone.
    ///
    /// # Errors
    /// `RT_UNKNOWN_INSTANCE`.
    fn failure_info(&self, id: InstanceId) -> Result<Option<FailureInfo>, FaygerError>;

    /// Sends an encoded instruction on the instance's behalf, and gives the encoded reply.
    ///
    /// # Errors
    /// `ADP_EMIT_REJECTED` where the instance is unknown or not running, else the bus's `ADP_` error, which does not fail the instance.
    fn emit(&self, id: InstanceId, instruction: &[u8]) -> Result<Vec<u8>, FaygerError>;

    /// Queues an encoded event for the instance.
    ///
    /// # Errors
    /// `RT_ILLEGAL_STATE`, `RT_EVENT_UNHANDLED`, `RT_EVENT_MALFORMED`, or `RT_RESOURCE_EXHAUSTED` where the queue is full; the instance is unharmed.
    fn on_event(&self, id: InstanceId, event: &[u8]) -> Result<(), FaygerError>;
}

/// The names of the twelve, ascending: what an implementation's descriptor has to list.
//= RT-INTERFACE-001
pub const METHODS: [&str; 12] = [
    "capabilities",
    "emit",
    "failure_info",
    "init",
    "load",
    "on_event",
    "resume",
    "rt_version",
    "start",
    "state",
    "suspend",
    "terminate",
];

/// What an instance is made of.
pub struct Submission {
    /// The verified artifact.
    pub object: Arc<dyn BufObject>,
    /// What the operator allows it.
    pub granted: CapabilitySet,
    /// What the operator lets it use; the Manifest's own bounds apply too, the smaller wins.
    pub quotas: Quotas,
}

/// Upper bounds on what one instance uses.
//= RT-QUOTA-001
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quotas {
    /// Bytes of linear memory; whole pages of 64 KiB count, rounded down.
    pub memory_bytes: u64,
    /// Elements of all tables together.
    pub table_elements: u64,
    /// Events that may wait.
    pub event_queue: u64,
    /// Handles that may be open.
    pub open_handles: u64,
    /// Fuel in all, in the implementation's own unit; none: without end.
    pub fuel: Option<u64>,
    /// Time of execution in all; suspended, waiting and idle times do not count. None: without end.
    pub wall_time: Option<Duration>,
}

impl Default for Quotas {
    /// 64 MiB of memory, 1,048,576 table elements, 1,024 events, 256 handles, no bound on fuel and time.
    fn default() -> Self {
        Self {
            memory_bytes: 64 << 20,
            table_elements: 1 << 20,
            event_queue: 1024,
            open_handles: 256,
            fuel: None,
            wall_time: None,
        }
    }
}

/// What a runtime implementation says of itself when it is registered. It names its methods, so that one in a typed language can lack some too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuntimeDescriptor {
    /// Its name.
    pub name: String,
    /// The version of Runtime_Interface that it implements.
    pub version: InterfaceVersion,
    /// The methods that it has.
    pub methods: Vec<String>,
    /// What it can do beyond the interface.
    pub capabilities: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_ascend() {
        assert!(METHODS.is_sorted());
    }
}
