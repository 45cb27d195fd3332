//! What tests of the runtime stand on: an artifact from the text of its code, a host that is played, and a runtime over each engine.
#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests fail as tests do")]

mod fay;
mod gate;
mod host;
mod stage;

use std::sync::Arc;

use fayger_runtime::ExecutionStrategy;
use fayger_runtime_interpreter::Interpreter;
use fayger_runtime_wasmi::Wasmi;

pub use fay::{Fay, IMPORTS, load_from};
pub use gate::Gate;
pub use host::{Answer, Host, ok};
pub use stage::{Settings, Stage, Told, codes, kind};

/// Every engine that there is.
pub fn engines() -> Vec<Arc<dyn ExecutionStrategy>> {
    vec![Arc::new(Interpreter), Arc::new(Wasmi)]
}
