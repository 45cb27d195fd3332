//! An [`ExecutionStrategy`] over wasmi. It exists so that two engines stand side by side behind one interface, and none can become a habit.
//!
//! It declares no runtime capability: wasmi keeps the NaN bits of the machine that it runs on, and its fuel counts blocks of code at its own prices.
//! What a module may be is judged before it comes here, by [`Code`], which every engine shares. Beyond that wasmi has a bound of its own: a function whose
//! parameters, locals and operands are more than some 32,000 is `RT_CODE_INVALID` with `module`, and without the offset of a fault, since there is none.

mod executable;
mod limiter;

use fayger_contracts::{BufObject, FaygerError, Quotas};
use fayger_runtime::{Code, Executable, ExecutionStrategy};

use crate::executable::Instance;

/// Executes by wasmi.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wasmi;

impl ExecutionStrategy for Wasmi {
    fn name(&self) -> &'static str {
        "wasmi"
    }

    fn capabilities(&self) -> &'static [&'static str] {
        &[]
    }

    fn prepare(&self, object: &dyn BufObject, quotas: &Quotas) -> Result<Box<dyn Executable>, FaygerError> {
        let code = Code::of(object, quotas)?;
        Ok(Box::new(Instance::new(&code, quotas)?))
    }
}
