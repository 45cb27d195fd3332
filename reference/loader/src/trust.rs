//! Whose signatures count: public keys that were judged when they came in, and the store that says which of them are trusted.
//!
//! An artifact names its key by hash; the key itself is always the store's. A load uses the store as it is when the load begins.

mod algorithm;
mod import;
mod key;
mod store;

pub use algorithm::Algorithm;
pub use key::PublicKey;
pub use store::{Change, KeyStatus, LABEL_LEN, Root, TrustStore};
