//! FCP 1.0, the Fayger Conformance Protocol: what the conformance runner and an implementation under test (the *testee*) say to each other.
//!
//! The runner starts the testee as a child process. They speak JSON-RPC 2.0 over stdin and stdout: one object a line, UTF-8, at most
//! [`MAX_LINE`] bytes, one request in flight each way, no batches, no notifications. stdout carries the protocol alone; stderr is free.
//!
//! ```text
//! → {"jsonrpc":"2.0","id":7,"method":"cbor.decode","params":{"bytes":"gwECAw=="}}
//! ← {"jsonrpc":"2.0","id":7,"result":{"ok":{"value":{"array":[{"int":"1"},{"int":"2"},{"int":"3"}]}}}}
//! ```
//!
//! - Every result is exactly one of `{"ok": …}`, `{"err": FaygerError}` and `{"skipped": "reason"}` ([`Outcome`]). A JSON-RPC `error` is a
//!   fault of the protocol, never the answer to a case.
//! - Bytes are padded standard base64 ([`Base64`]); digests and key ids are lower-case hex ([`Hex`]); 64-bit and CBOR integers are decimal
//!   strings ([`Decimal`], [`CborValue`]); what is below 2^32 by its type is a JSON number.
//! - A testee ignores members that it does not know. Members beyond the schema are allowed inside `ok`, never beside it.
//! - `hello` comes first and declares features and limits. `reset` comes before every case, drops all state, and is the barrier: a line that
//!   arrives before its answer belongs to the case before.
//! - While it answers `runtime.init`, `runtime.run` or `runtime.emit`, a testee may ask back [`HOST_CALL`], strictly nested; until the runner has
//!   answered, it may itself send [`WHILE_HOST_CALL`].
//! - The testee ends, with exit code 0, when its stdin does.
//!
//! [`METHODS`] lists every method; [`schema`] is the JSON Schema of every message, published as `schema/fcp-1.0.schema.json`.
//!
//! A Rust implementation becomes a testee by implementing [`Testee`] and calling [`serve`]:
//!
//! ```
//! use fayger_fcp::{Answer, Empty, HelloOk, HelloParams, Implementation, Outcome, PROTOCOL, Testee, serve};
//!
//! struct Mine;
//!
//! impl Testee for Mine {
//!     fn hello(&mut self, _: HelloParams) -> Answer<HelloOk> {
//!         let implementation = Implementation { name: "mine".into(), version: "0.1.0".into(), language: "rust".into(), url: None };
//!         Ok(Outcome::Ok(HelloOk {
//!             protocol: PROTOCOL.into(),
//!             implementation,
//!             features: Vec::new(),
//!             limits: Default::default(),
//!             notes: None,
//!         }))
//!     }
//!     fn reset(&mut self, _: Empty) -> Answer<Empty> {
//!         Ok(Outcome::Ok(Empty {}))
//!     }
//! }
//!
//! let mut answers = Vec::new();
//! let requests = br#"{"jsonrpc":"2.0","id":1,"method":"reset","params":{}}"#;
//! serve(&mut Mine, &requests[..], &mut answers).expect("memory does not fail");
//! assert_eq!(answers, b"{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"ok\":{}}}\n");
//! ```

mod cbor_value;
mod encoding;
mod error;
pub mod features;
pub mod limits;
mod line;
mod messages;
mod methods;
mod outcome;
mod rpc;
mod schema;
mod serve;

pub use cbor_value::CborValue;
pub use encoding::{Base64, Decimal, Hex};
pub use error::{ContextValue, FaygerError, SourceLayer, TRAPS};
pub use line::{Line, LineReader, MAX_LINE};
pub use messages::*;
pub use methods::{HOST_CALL, HOST_RELEASE, METHODS, Method, Testee, WHILE_HOST_CALL, method};
pub use outcome::{Answer, Outcome};
pub use rpc::{Request, RpcError, TwoPointZero};
pub use schema::{definition_name, schema, schema_text};
pub use serve::{Runner, serve, serve_calling};

/// The version of the protocol that this crate speaks, as `hello` names it.
pub const PROTOCOL: &str = "1.0";
