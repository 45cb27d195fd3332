//! The engines.

use anyhow::{Result, anyhow, bail};

use crate::engine::Engine;

mod wasmi;
mod wasmtime;

pub use self::wasmi::Wasmi;
pub use self::wasmtime::Wasmtime;

/// All of them.
pub const NAMES: [&str; 2] = ["wasmtime", "wasmi"];

/// An engine.
///
/// # Errors
/// There is none of that name, or it cannot run here.
pub fn by_name(name: &str) -> Result<Box<dyn Engine>> {
    Ok(match name {
        "wasmi" => Box::new(Wasmi::default()),
        "wasmtime" => Box::new(Wasmtime::new().map_err(|error| anyhow!("{error:#}"))?),
        _ => bail!("no engine `{name}`"),
    })
}
