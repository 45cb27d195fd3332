//! The way out: drafts into artifacts, and objects back into their bytes.
//!
//! ```text
//! Draft ─► BufBuilder ─► Artifact ─► bytes          (unsigned)
//!              └► ToSign ─► signing_payload() … attach(value) ─► Artifact ─► bytes
//! ```
//!
//! One pass over the inputs hashes them, a second writes them and hashes again. A draft is judged by the same code that
//! parses artifacts, so nothing is written that this loader would refuse for its shape.

mod builder;
mod draft;
mod judge;
mod layout;
mod signer;

pub(crate) use layout::Body;

pub use builder::{BufBuilder, ToSign};
pub use draft::{Draft, DraftSection, SectionInput};
pub use layout::Artifact;
pub use signer::Signer;
