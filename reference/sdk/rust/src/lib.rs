//! What a Fay in Rust needs: to emit instructions, and to read replies, events and sections. No allocation, no dependency.
//!
//! ```
//! use fayger_sdk::{Exchange, io};
//!
//! fn start() -> i32 {
//!     let mut buffer = [0; 256];
//!     match io::stdout_write(&mut Exchange::new(&mut buffer), b"hello\n") {
//!         Ok(_written) => 0,
//!         Err(_) => 1,
//!     }
//! }
//!
//! fayger_sdk::export!(start = start);
//! # fayger_sdk::scripted::reply(b"\0\0\x01\x01\x06");
//! # assert_eq!(start(), 0);
//! ```
//!
//! Built for `wasm32-unknown-unknown` it is `no_std` and imports `fayger_v1`; a panic traps. Built for the host, where a Fay's tests run, a
//! [`scripted`] host takes the place of the imports. The functions of [`io`], [`time`] and the other categories, the [`Event`]s and the statuses are
//! written from the registry of opcodes, so that they are those of the specification. What the runtime does with them is not known here.
#![cfg_attr(target_arch = "wasm32", no_std)]

mod call;
mod encode;
mod event;
mod exchange;
mod export;
mod handler;
mod section;
mod status;
mod values;

#[cfg(target_arch = "wasm32")]
#[path = "imports.rs"]
mod fayger_v1;
#[cfg(not(target_arch = "wasm32"))]
pub mod scripted;
#[cfg(not(target_arch = "wasm32"))]
use scripted as fayger_v1;

pub use call::{crypto, host, io, net, proc, random, time, ui};
pub use encode::Operands;
pub use event::Event;
pub use exchange::{Error, Exchange, Opcode};
pub use handler::{exit, read_event};
pub use section::Section;
pub use status::Status;
pub use values::{Texts, Values};

/// Bytes of an instruction or an event at most.
pub const INSTRUCTION_LEN: usize = 65_536;

/// Bytes of a reply at most.
pub const REPLY_LEN: usize = 1_048_576;
