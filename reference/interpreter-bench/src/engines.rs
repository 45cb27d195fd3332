//! The engines, behind one trait.

mod ours;
mod stitch;
mod tinywasm;
#[cfg(feature = "wasm3")]
mod wasm3;
mod wasmi;

use anyhow::Result;

/// An instantiated module's `run`.
pub trait Run {
    /// Calls it.
    ///
    /// # Errors
    /// A trap, or what the engine has against it.
    fn run(&mut self, argument: i32) -> Result<i64>;
}

/// An engine.
pub trait Engine {
    /// Its name in reports.
    fn name(&self) -> &'static str;

    /// Validates and translates a module to the point where nothing is left to do before it is instantiated.
    ///
    /// # Errors
    /// The engine refuses the module.
    fn load(&self, bytes: &[u8]) -> Result<()>;

    /// Loads and instantiates a module whose one import, where it has any, is `host.next`: one more than its argument.
    ///
    /// # Errors
    /// The engine refuses the module, or has no such export.
    fn instantiate(&self, bytes: &[u8]) -> Result<Box<dyn Run>>;
}

/// Engines that this build leaves out, and why.
pub const LEFT_OUT: &[&str] = if cfg!(feature = "wasm3") {
    &[]
} else {
    &["wasm3: built without the feature `wasm3` (needs clang and libclang)"]
};

/// Every engine of this build, wasmi first: the others are measured against it.
#[must_use]
pub fn all() -> Vec<Box<dyn Engine>> {
    vec![
        Box::new(wasmi::Wasmi),
        Box::new(ours::Ours),
        #[cfg(feature = "wasm3")]
        Box::new(wasm3::Wasm3),
        Box::new(stitch::Stitch),
        Box::new(tinywasm::Tinywasm),
    ]
}
