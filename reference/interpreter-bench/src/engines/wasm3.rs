//! wasm3. It compiles each function at its first call.

use anyhow::{Result, anyhow};
use wasm3::{CallContext, Environment, Function, Module, Runtime};

/// Bytes of the guest's stack.
const STACK: u32 = 1 << 20;

/// wasm3.
pub(super) struct Wasm3;

impl super::Engine for Wasm3 {
    fn name(&self) -> &'static str {
        "wasm3"
    }

    fn load(&self, bytes: &[u8]) -> Result<()> {
        let environment = Environment::new().map_err(told)?;
        Module::parse(&environment, bytes).map_err(told)?;
        Ok(())
    }

    fn instantiate(&self, bytes: &[u8]) -> Result<Box<dyn super::Run>> {
        // A function borrows its runtime; both live as long as the process.
        let environment = Box::leak(Box::new(Environment::new().map_err(told)?));
        let runtime: &'static Runtime = Box::leak(Box::new(environment.create_runtime(STACK).map_err(told)?));
        let mut module = runtime.parse_and_load_module(bytes).map_err(told)?;
        let next = |_: CallContext<'_>, number: i32| Ok(number.wrapping_add(1));
        match module.link_closure::<i32, i32, _>("host", "next", next) {
            Ok(()) | Err(wasm3::error::Error::FunctionNotFound) => {}
            Err(error) => return Err(told(error)),
        }
        Ok(Box::new(Run { run: module.find_function("run").map_err(told)? }))
    }
}

struct Run {
    run: Function<'static, i32, i64>,
}

impl super::Run for Run {
    fn run(&mut self, argument: i32) -> Result<i64> {
        self.run.call(argument).map_err(told)
    }
}

/// Its errors cannot cross threads, and so are no errors of `anyhow`.
fn told(error: wasm3::error::Error) -> anyhow::Error {
    anyhow!("{error}")
}
