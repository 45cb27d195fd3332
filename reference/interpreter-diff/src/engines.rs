//! The engines.

use anyhow::{Result, anyhow, bail};

use crate::engine::Engine;

mod ours;
mod wasmi;
mod wasmtime;

pub use self::ours::Ours;
pub use self::wasmi::Wasmi;
pub use self::wasmtime::Wasmtime;

/// All of them.
pub const NAMES: [&str; 4] = ["wasmtime", "fayger", "fayger-sliced", "wasmi"];

/// Those of them that are the interpreter, at once and in slices.
pub const OURS: [&str; 2] = ["fayger", "fayger-sliced"];

/// An engine.
///
/// # Errors
/// There is none of that name, or it cannot run here.
pub fn by_name(name: &str) -> Result<Box<dyn Engine>> {
    Ok(match name {
        "fayger" => Box::new(Ours::whole()),
        "fayger-sliced" => Box::new(Ours::sliced()),
        "wasmi" => Box::new(Wasmi::default()),
        "wasmtime" => Box::new(Wasmtime::new().map_err(|error| anyhow!("{error:#}"))?),
        _ => bail!("no engine `{name}`"),
    })
}
