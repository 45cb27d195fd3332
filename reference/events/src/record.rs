//! An event with what the bus adds to it.

use fayger_contracts::{Event, InstanceId, Timestamp};

use crate::trace::TraceContext;

/// An event, when it happened, and in what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its place among all events of the bus, from 1. A gap is events that the subscription had no room for.
    pub sequence: u64,
    /// When, by the bus's clock.
    pub at: Timestamp,
    /// The trace that it belongs to: its instance's. None where it is no instance's.
    pub trace: Option<TraceContext>,
    /// What happened.
    pub event: Event,
}

impl Record {
    /// The instance that it is about.
    pub fn instance(&self) -> Option<InstanceId> {
        self.event.instance()
    }
}
