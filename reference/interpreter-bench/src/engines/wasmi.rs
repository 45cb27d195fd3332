//! wasmi, with its defaults but for eager compilation and no extra stack.

use anyhow::Result;
use wasmi::{CompilationMode, Config, Engine, Linker, Module, Store, TypedFunc};

/// wasmi.
pub(super) struct Wasmi;

fn engine() -> Engine {
    let mut config = Config::default();
    // Its default, said because a lazy one would leave the translation out of `load`.
    config.compilation_mode(CompilationMode::Eager);
    Engine::new(&config)
}

impl super::Engine for Wasmi {
    fn name(&self) -> &'static str {
        "wasmi"
    }

    fn load(&self, bytes: &[u8]) -> Result<()> {
        Module::new(&engine(), bytes)?;
        Ok(())
    }

    fn instantiate(&self, bytes: &[u8]) -> Result<Box<dyn super::Run>> {
        let engine = engine();
        let module = Module::new(&engine, bytes)?;
        let mut store = Store::new(&engine, ());
        let mut linker = Linker::new(&engine);
        linker.func_wrap("host", "next", |number: i32| number.wrapping_add(1))?;
        let instance = linker.instantiate_and_start(&mut store, &module)?;
        let run = instance.get_typed_func(&store, "run")?;
        Ok(Box::new(Run { store, run }))
    }
}

struct Run {
    store: Store<()>,
    run: TypedFunc<i32, i64>,
}

impl super::Run for Run {
    fn run(&mut self, argument: i32) -> Result<i64> {
        Ok(self.run.call(&mut self.store, argument)?)
    }
}
