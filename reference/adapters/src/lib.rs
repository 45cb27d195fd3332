//! The adapter core: what stands between an instance's instructions and a host, and is the same on every host.
//!
//! [`Bus`] takes instructions and judges them in one order; what passes goes to the [`PlatformAdapter`] that an [`AdapterRegistry`] holds for it.
//! Registration checks what an adapter says of itself. An adapter for a platform is a crate of its own; none is known here. Neither is the
//! runtime: it meets the bus in `fayger_contracts::bus`.

mod adapter;
mod bus;
mod completions;
mod descriptor;
mod detect;
mod error;
mod health;
mod recording;
mod registry;
mod scripted;
#[cfg(not(target_family = "wasm"))]
mod threaded;

pub use adapter::{Call, Completer, HostFailure, InstanceKey, PlatformAdapter, Progress};
pub use bus::{Bus, BusOptions, HandleTable, Session};
pub use descriptor::{Descriptor, HostKind, SupportedInstruction};
pub use detect::{Detected, Facts, Sign, detect};
pub use error::{Breach, HostErrorKind};
pub use health::{Inconsistency, check_descriptor};
pub use recording::{Recorded, RecordedAnswer, RecordingAdapter};
pub use registry::AdapterRegistry;
pub use scripted::{ScriptedAdapter, ScriptedAnswer};
#[cfg(not(target_family = "wasm"))]
pub use threaded::{MOMENT, ThreadedAdapter, Threads};

// What `BusOptions` takes.
pub use fayger_contracts::{Clock, ManualClock, SystemClock};
