//! Sources beyond memory and files, and decorators of any source.
//!
//! | feature | source |
//! |---|---|
//! | `http` | `HttpSource`: HTTP(S) ranges (RFC 9110 §14) |
//! | `s3`, `gcs`, `azure` | `ObjectSource`: any store of the `object_store` library |
//!
//! A source knows nothing of artifacts: it delivers the bytes that it is asked for, or says what it saw instead. The loader asks at most three
//! times up to the end of `resolve`; a remote source learns its size from the first answer, and asks for it in no other way.

mod counting;
mod faulty;
#[cfg(any(feature = "http", feature = "object"))]
mod front;
#[cfg(feature = "http")]
mod http;
#[cfg(feature = "object")]
mod object;
mod retrying;

pub use counting::{Counted, Counting};
pub use faulty::{Fault, Faulty};
#[cfg(feature = "http")]
pub use http::{HttpOptions, HttpSource, Timeouts};
#[cfg(feature = "object")]
pub use object::ObjectSource;
pub use retrying::{Patience, Retrying, Sleep, ThreadSleep};
