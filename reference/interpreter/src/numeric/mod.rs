//! What the numeric instructions compute (WebAssembly core 2.0, section 4.3): pure functions over plain values, once over width.

pub(crate) mod convert;
pub(crate) mod float;
pub(crate) mod int;
