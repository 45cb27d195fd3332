//! The loader: from bytes that nobody has looked at to one BuF_Object, or to an error that says where, why and in which phase.
//!
//! ```text
//! BufSource ─► read ─► parse ─► verify_structural ─► verify_digest ─► verify_signature
//!                                                                            │
//! LoadedBuf ◄─ hand_off ◄─ read_sections ◄─ resolve ◄─ select_sections ◄─ negotiate_version
//! ```
//!
//! Each phase is a file, and its result is a type that only the phase before it can make: a [`Parsed`] exists only where
//! a [`Read`] did, and nothing that was not verified can be mistaken for something that was. Checks run in one fixed
//! order and the first to fail is the error, so that two conforming loaders say the same of the same bytes.
//! Start reading at `chain.rs`, then follow the phases.
//!
//! The way out is `serialise/`: drafts into artifacts, signed or not, and objects back into their bytes.
//!
//! The loader knows no runtime and no adapter; what it needs to know of them arrives as a
//! [`RuntimeOffer`](fayger_contracts::RuntimeOffer). It reads no clock and keeps no global state.

#![deny(clippy::arithmetic_side_effects)]

mod bodies;
mod chain;
mod digest;
mod error;
mod hand_off;
mod limits;
mod negotiate_version;
mod parse;
mod read;
mod read_sections;
mod resolve;
mod select_sections;
mod serialise;
mod source;
mod trust;
mod verify_digest;
mod verify_signature;
mod verify_structural;

pub use chain::{LoadRequest, load};
pub use hand_off::LoadedBuf;
pub use limits::Limits;
pub use negotiate_version::Negotiated;
pub use parse::{Parsed, decode_cbor};
pub use read::Read;
pub use read_sections::BodiesRead;
pub use resolve::Resolved;
pub use select_sections::{Selected, selects};
pub use serialise::{Artifact, BufBuilder, Draft, DraftSection, SectionInput, Signer, ToSign};
pub use source::{FileSource, MemorySource};
pub use trust::{Algorithm, Change, KeyStatus, LABEL_LEN, PublicKey, Root, TrustStore};
pub use verify_digest::Intact;
pub use verify_signature::SignatureJudged;
pub use verify_structural::Structured;
