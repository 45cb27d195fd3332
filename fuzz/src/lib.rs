//! What the fuzzers run, as functions that a test can call too. Each is one stated property; a violation panics.
//!
//! | target | input | property |
//! |---|---|---|
//! | [`cbor`] | any bytes | the two readers agree; what is accepted encodes to itself; a refusal's place is in the input |
//! | [`artifact`] | any bytes | a load ends in an object or in an error with a phase; what is accepted serialises to itself |
//!
//! `cargo xtask fuzz` runs each for a bounded time from [`seeds`]; `tests/smoke.rs` runs them on stable.

#![expect(clippy::panic, reason = "a violated property is reported by a panic")]

mod artifact;
mod cbor;
mod seeds;

pub use artifact::artifact;
pub use cbor::cbor;
pub use seeds::{TARGETS, seeds};
