//! The interpreter held against other engines: the same module, the same calls, and whatever can be seen compared after each of them.
//! It knows nothing of the interpreter but what its users see.

pub mod engine;
pub mod engines;
pub mod generated;
pub mod host;
pub mod hostile;
pub mod plan;
pub mod random;
pub mod real;
pub mod trace;
pub mod value;
