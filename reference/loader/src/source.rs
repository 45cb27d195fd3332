//! Sources that come with the loader: memory and local files. Others implement
//! [`BufSource`](fayger_contracts::BufSource).

mod file;
mod memory;

pub use file::FileSource;
pub use memory::MemorySource;
