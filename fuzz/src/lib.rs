//! What the fuzzers run, as functions that a test can call too. Each is one stated property; a violation panics.
//!
//! | target | input | property |
//! |---|---|---|
//! | [`cbor`] | any bytes | the two readers agree; what is accepted encodes to itself; a refusal's place is in the input |
//! | [`header`] | any bytes at the front of a good artifact | as [`artifact`] |
//! | [`manifest`] | any bytes as the Manifest | what parses encodes to itself |
//! | [`index`] | any bytes as the Section_Index | what parses encodes to itself |
//! | [`artifact`] | any bytes | a load ends in an object or in an error with a phase; what is accepted serialises to itself, lazily loaded too |
//! | [`repaired`] | any bytes, with lengths, digests and checksum made right | as [`artifact`], behind the checks that noise does not pass |
//! | [`draft`] | any draft | what the serialiser writes, the loader takes |
//! | [`instruction`] | any bytes | as instruction, event and reply: what is accepted encodes to itself; a refusal's place is in the input |
//! | [`bus`] | an instruction and a host's reply | the instance gets a reply that is well-formed and allowed, an exit, or an error of the adapter layer |
//! | [`interpreter`] | a module, or bytes that one is made of | a module is refused or runs, within its limits and to the same end however its fuel is divided |
//!
//! `cargo xtask fuzz` runs each for a bounded time from [`seeds`]; `tests/smoke.rs` runs them on stable.

#![expect(clippy::panic, reason = "a violated property is reported by a panic")]

mod artifact;
mod bus;
mod cbor;
mod draft;
mod instruction;
mod interpreter;
mod parts;
mod repaired;
mod seeds;

pub use artifact::artifact;
pub use bus::{bus, bus_seed};
pub use cbor::cbor;
pub use draft::{DraftInput, SectionInput, draft};
pub use instruction::instruction;
pub use interpreter::interpreter;
pub use parts::{header, index, manifest};
pub use repaired::repaired;
pub use seeds::{TARGETS, body, seeds};
