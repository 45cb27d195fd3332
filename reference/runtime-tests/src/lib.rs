//! What tests of the runtime stand on: an artifact from the text of its code, a host that is played, and a runtime over each engine.
#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests fail as tests do")]

mod fay;
mod gate;
mod host;
mod stage;

use std::sync::Arc;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

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

/// What comes of something that is to end soon; none where it has not ended in far longer than it takes.
pub fn soon<T: Send + 'static>(act: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let (ended, end) = channel();
    thread::spawn(move || ended.send(act()));
    end.recv_timeout(Duration::from_secs(10)).ok()
}
