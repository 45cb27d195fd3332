//! stitch. It compiles each function at its first call.

use anyhow::{Context as _, Result, bail};
use makepad_stitch::{Engine, Func, Linker, Module, Store, Val};

/// stitch.
pub(super) struct Stitch;

impl super::Engine for Stitch {
    fn name(&self) -> &'static str {
        "stitch"
    }

    fn load(&self, bytes: &[u8]) -> Result<()> {
        Module::new(&Engine::new(), bytes)?;
        Ok(())
    }

    fn instantiate(&self, bytes: &[u8]) -> Result<Box<dyn super::Run>> {
        let mut store = Store::new(Engine::new());
        let module = Module::new(store.engine(), bytes)?;
        let mut linker = Linker::new();
        let next = Func::wrap(&mut store, |number: i32| number.wrapping_add(1));
        linker.define("host", "next", next);
        let instance = linker.instantiate(&mut store, &module)?;
        let run = instance.exported_func("run").context("no function `run`")?;
        Ok(Box::new(Run { store, run }))
    }
}

struct Run {
    store: Store,
    run: Func,
}

impl super::Run for Run {
    fn run(&mut self, argument: i32) -> Result<i64> {
        let mut results = [Val::I64(0)];
        self.run.call(&mut self.store, &[Val::I32(argument)], &mut results)?;
        match results {
            [Val::I64(result)] => Ok(result),
            _ => bail!("`run` returns something else than an i64"),
        }
    }
}
