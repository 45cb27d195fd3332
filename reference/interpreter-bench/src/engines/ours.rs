//! The interpreter of this project.

use anyhow::{Result, bail};
use fayger_interpreter::{Execution, Extern, FunctionAddress, Limits, Module, StepResult, Store, Value};

/// fayger-interpreter.
pub(super) struct Ours;

/// Fuel of a step, as the runtime's driver gives it.
const FUEL: u64 = 1_000_000;

impl super::Engine for Ours {
    fn name(&self) -> &'static str {
        "fayger"
    }

    fn load(&self, bytes: &[u8]) -> Result<()> {
        Module::new(bytes)?;
        Ok(())
    }

    fn instantiate(&self, bytes: &[u8]) -> Result<Box<dyn super::Run>> {
        let module = Module::new(bytes)?;
        let mut store = Store::new(Limits::default());
        let mut imports = Vec::new();
        for import in module.imports() {
            let fayger_interpreter::ExternType::Function(function_type) = &import.extern_type else {
                bail!("an import that is no function");
            };
            imports.push(Extern::Function(store.new_function(function_type)?));
        }
        let instance = store.instantiate(&module, &imports)?;
        let Some(Extern::Function(run)) = store.export(instance, "run") else { bail!("no function `run`") };
        Ok(Box::new(Run { store, run, execution: Execution::new() }))
    }
}

struct Run {
    store: Store,
    run: FunctionAddress,
    execution: Execution,
}

impl super::Run for Run {
    fn run(&mut self, argument: i32) -> Result<i64> {
        let Self { store, run, execution } = self;
        execution.call(store, *run, &[Value::I32(argument)])?;
        loop {
            match execution.step(store, FUEL).result {
                StepResult::OutOfFuel => {}
                StepResult::HostCall(_) => {
                    let Some(Value::I32(number)) = execution.arguments(store).next() else { bail!("no argument") };
                    execution.resume(store, &[Value::I32(number.wrapping_add(1))])?;
                }
                StepResult::Returned => break,
                StepResult::Trapped(trap) => bail!("{trap}"),
                StepResult::Idle => bail!("the call is lost"),
            }
        }
        match execution.results().next() {
            Some(Value::I64(result)) => Ok(result),
            other => bail!("{other:?} is no result"),
        }
    }
}
