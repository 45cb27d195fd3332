//! tinywasm, with its defaults.

use anyhow::Result;
use tinywasm::{FuncContext, FunctionTyped, HostFunction, Imports, ModuleInstance, Store};

/// tinywasm.
pub(super) struct Tinywasm;

impl super::Engine for Tinywasm {
    fn name(&self) -> &'static str {
        "tinywasm"
    }

    fn load(&self, bytes: &[u8]) -> Result<()> {
        tinywasm::parse_bytes(bytes)?;
        Ok(())
    }

    fn instantiate(&self, bytes: &[u8]) -> Result<Box<dyn super::Run>> {
        let module = tinywasm::parse_bytes(bytes)?;
        let mut store = Store::default();
        let mut imports = Imports::new();
        let next = HostFunction::from(&mut store, |_: FuncContext<'_>, number: i32| Ok(number.wrapping_add(1)));
        imports.define("host", "next", next);
        let instance = ModuleInstance::instantiate(&mut store, &module, Some(imports))?;
        let run = instance.func::<i32, i64>(&store, "run")?;
        Ok(Box::new(Run { store, run }))
    }
}

struct Run {
    store: Store,
    run: FunctionTyped<i32, i64>,
}

impl super::Run for Run {
    fn run(&mut self, argument: i32) -> Result<i64> {
        Ok(self.run.call(&mut self.store, argument)?)
    }
}
