//! Which engine executes code: chosen here, and nowhere else.

use std::sync::Arc;

use fayger_contracts::RuntimeOffer;
use fayger_runtime::{ExecutionStrategy, FORMAT, RT_VERSION};
use fayger_runtime_wasmi::Wasmi;

/// The engine.
pub(super) fn engine() -> Arc<dyn ExecutionStrategy> {
    Arc::new(Wasmi)
}

/// What a runtime over it offers to artifacts.
pub(super) fn offer(engine: &dyn ExecutionStrategy) -> RuntimeOffer {
    RuntimeOffer {
        runtime_interface: RT_VERSION,
        runtime_capabilities: engine.capabilities().iter().map(|&name| name.to_owned()).collect(),
        formats: vec![FORMAT.to_owned()],
    }
}
