//! The engines.

mod wasmi;
mod wasmtime;

pub use self::wasmi::Wasmi;
pub use self::wasmtime::Wasmtime;
