//! The interpreter beside other engines: one trait over them, eight programs with known results, and a clock of CPU time.
//! It knows nothing of the interpreter but what its users see.

pub mod clock;
pub mod engines;
pub mod programs;
pub mod stack;
