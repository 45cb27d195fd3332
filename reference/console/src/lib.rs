//! An adapter for a plain process: standard streams, the clock and timers, chance, the arguments, and the files of one directory. What every host has,
//! and no more: no environment, no network, no other process, no screen.
//!
//! [`Console`] answers one call at a time, and some calls wait: register it by [`Console::on_threads`], so that only who calls waits. Paths
//! are resolved below the directory and cannot leave it, neither by `..`, nor by a link, nor by a race (cap-std). What declares or grants is not known
//! here: the bus has judged that before. In `init`, where no answer may take its time, what is not done within a moment is `would_block`: a read of an
//! idle standard input, a sleep, a very slow disk.

mod answer;
mod console;
mod facts;
mod files;
mod stdin;
mod stdio;
mod table;
mod timers;

pub use console::{Console, EventSink, Options};
