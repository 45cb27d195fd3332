//! `events.drain`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ContextValue;

/// The result of `events.drain`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EventsDrainOk {
    /// The events since the last drain or reset, oldest first.
    pub events: Vec<Event>,
}

/// An observability event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Event {
    /// Its name, such as `artifact.signature_absent`.
    pub name: String,
    /// What it tells.
    pub context: BTreeMap<String, ContextValue>,
}
