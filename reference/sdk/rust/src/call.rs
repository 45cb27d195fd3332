//! A function for each opcode, in modules by category. The modules are written by `cargo xtask opcodes --bless` from the registry.

pub mod crypto;
pub mod host;
pub mod io;
pub mod net;
pub mod proc;
pub mod random;
pub mod time;
pub mod ui;
