//! Which engine executes code: chosen here, and nowhere else.

use std::sync::Arc;

use fayger_contracts::RuntimeOffer;
use fayger_runtime::{ExecutionStrategy, FORMAT, RT_VERSION};
use fayger_runtime_interpreter::Interpreter;
use fayger_runtime_wasmi::Wasmi;

/// The engines that there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Engine {
    /// The project's own: fuel is counted exactly, and the same on every machine.
    Interpreter,
    /// wasmi, another implementation of WebAssembly.
    Wasmi,
}

impl Engine {
    pub(super) fn strategy(self) -> Arc<dyn ExecutionStrategy> {
        match self {
            Self::Interpreter => Arc::new(Interpreter),
            Self::Wasmi => Arc::new(Wasmi),
        }
    }
}

/// What a runtime over it offers to artifacts.
pub(super) fn offer(engine: &dyn ExecutionStrategy) -> RuntimeOffer {
    RuntimeOffer {
        runtime_interface: RT_VERSION,
        runtime_capabilities: engine.capabilities().iter().map(|&name| name.to_owned()).collect(),
        formats: vec![FORMAT.to_owned()],
    }
}
