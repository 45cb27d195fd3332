//! Deterministic CBOR, as every BuF writes its Manifest and Section_Index.
//!
//! The profile is the core deterministic encoding of RFC 8949 §4.2.1, narrowed: shortest heads, definite lengths,
//! text keys in every map, sorted bytewise by their encoded form and never twice, valid UTF-8, and no floats, no tags and
//! no simple values but `false`, `true` and `null`. So one value has one encoding, and what decodes re-encodes to
//! the same bytes.
//!
//! `parse.rs` is the one reader: a single pass, left to right, that yields one event a head and stops at the first
//! broken rule with the offset of the offending item. [`validate`] runs it and keeps nothing, [`decode`] builds a
//! [`Value`] from its events, and [`encode`] is the way back. Heads are read and written by `ciborium-ll`; everything that
//! makes the encoding *deterministic* is here.
//!
//! This crate knows nothing of artifacts: an offset counts from whatever base the caller names.

#![deny(clippy::arithmetic_side_effects)]

mod decode;
mod elements;
mod encode;
mod error;
mod head;
mod limits;
mod parse;
mod value;

pub use decode::{decode, validate};
pub use elements::{Elements, array_elements};
pub use encode::encode;
pub use error::{Error, Kind, LimitField, Malformed, NotDeterministic};
pub use limits::Limits;
pub use value::{Map, Value, key_order};
