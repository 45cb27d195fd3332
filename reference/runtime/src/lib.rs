//! Runs artifacts: the lifecycle of instances, their execution, their isolation from each other, the resources that they may use, and the registry of
//! runtime implementations.
//!
//! [`Runtime`] implements `fayger_contracts::RuntimeInterface`. It is given everything that it needs: an [`ExecutionStrategy`], a bus, a clock, ids. It
//! names no adapter, no loader, no file and no engine. Code runs in `init` and under a [`Driver`], nowhere else.
//!
//! Start reading at `runtime.rs`; what a turn does is in `machine.rs`.

mod bodies;
mod code;
mod driver;
mod error;
mod fayger_v1;
mod ids;
mod instance;
mod machine;
mod monitor;
mod outside;
mod ready;
mod registry;
mod runtime;
mod strategy;
mod watch;

pub use code::{Code, FORMAT, MEMORY, PAGE_LEN};
pub use driver::{Driver, Running, Stopped};
pub use error::{CodeSubject, Resource, code_invalid, exhausted, trap};
pub use fayger_v1::{Answer, Import, MODULE, ValueType, call, reply_length};
pub use ids::IdSource;
pub use monitor::THRESHOLD_PERCENT;
pub use registry::{Resolved, RuntimeRegistry};
pub use runtime::{Environment, RT_VERSION, Runtime};
pub use strategy::{Executable, ExecutionContext, ExecutionStrategy, Export, Step, StepResult, TrapKind, Usage};
