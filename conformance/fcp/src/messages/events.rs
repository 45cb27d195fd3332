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
    /// The instance that it is of, as `runtime.load` named it; absent where it is of none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// What it tells.
    pub context: BTreeMap<String, ContextValue>,
}
