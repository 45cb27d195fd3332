//! What the fuzzers run, as functions that a test can call too. Each is one stated property; a violation panics.
//!
//! | target | input | property |
//! |---|---|---|
//! | [`cbor`] | any bytes | the two readers agree; what is accepted encodes to itself; a refusal's place is in the input |
//! | [`instruction`] | any bytes | as instruction, event and reply: what is accepted encodes to itself; a refusal's place is in the input |
//! | [`bus`] | an instruction and a host's reply | the instance gets a reply that is well-formed and allowed, an exit, or an error of the adapter layer |
//! | [`artifact`] | any bytes | a load ends in an object or in an error with a phase; what is accepted serialises to itself |
//!
//! `cargo xtask fuzz` runs each for a bounded time from [`seeds`]; `tests/smoke.rs` runs them on stable.

#![expect(clippy::panic, reason = "a violated property is reported by a panic")]

mod artifact;
mod bus;
mod cbor;
mod instruction;
mod seeds;

pub use artifact::artifact;
pub use bus::{bus, bus_seed};
pub use cbor::cbor;
pub use instruction::instruction;
pub use seeds::{TARGETS, seeds};
