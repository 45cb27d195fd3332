//! The kit's own byte builder: readable recipes in, exact bytes out.
//!
//! A second, independent author of the BuF format. What the loader under test must accept or refuse is written here as a *recipe*: a Manifest in
//! the diagnostic notation of CBOR, sections, a signing key, and then edits and damage. [`expand`] turns a recipe into an [`Artifact`]: the
//! bytes, where each part lies in them, and what the recipe meant them to say.
//!
//! It links nothing of the loader and no CBOR library, so that a fault there cannot hide here. It trusts its authors, not the testee: a bad
//! recipe is an error that names the place, never a panic.
//!
//! Start reading at `expand/mod.rs`.

mod artifact;
mod curve;
pub mod edn;
mod error;
mod expand;
mod hash;
mod hex_text;
mod keys;
mod number;
mod recipe;
mod scalar;
mod signer;
mod value;

pub use artifact::{Artifact, Draft, DraftSection, Model, Part, PartName, Row, SignatureParts};
pub use error::{EdnError, HexError, RecipeError};
pub use expand::expand;
pub use hash::Hash;
pub use hex_text::parse_hex;
pub use keys::{PublicKey, TestKey, test_key};
pub use recipe::{Body, Changes, Damage, Edit, Form, Over, Path, Recipe, Section, Sign};
pub use value::Value;
