//! An [`ExecutionStrategy`] over the project's own interpreter. It counts fuel exactly and makes every NaN that it produces the canonical one, so that
//! what an instance does is the same on every machine.
//!
//! What a module may be is judged before it comes here, by [`Code`], which every engine shares.

mod executable;

use fayger_contracts::{BufObject, FaygerError, Quotas};
use fayger_runtime::{Code, Executable, ExecutionStrategy};

use crate::executable::Instance;

/// Executes by our own interpreter.
#[derive(Clone, Copy, Debug, Default)]
pub struct Interpreter;

impl ExecutionStrategy for Interpreter {
    fn name(&self) -> &'static str {
        "interpreter"
    }

    //= RT-FEATURE-001
    fn capabilities(&self) -> &'static [&'static str] {
        &["runtime.fuel-exact", "runtime.nan-canonical"]
    }

    fn prepare(&self, object: &dyn BufObject, quotas: &Quotas) -> Result<Box<dyn Executable>, FaygerError> {
        let code = Code::of(object, quotas)?;
        Ok(Box::new(Instance::new(&code, quotas)?))
    }
}
