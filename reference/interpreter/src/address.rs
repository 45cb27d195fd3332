//! Addresses in a store (WebAssembly core 2.0, section 4.2.4). They mean nothing in another store.

/// Of a function, of the host or of an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FunctionAddress(pub(crate) u32);

/// Of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TableAddress(pub(crate) u32);

/// Of a memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MemoryAddress(pub(crate) u32);

/// Of a global.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GlobalAddress(pub(crate) u32);

/// Of an instance of a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InstanceAddress(pub(crate) u32);

/// What an import is given and an export names (section 4.2.11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Extern {
    /// A function.
    Function(FunctionAddress),
    /// A table.
    Table(TableAddress),
    /// A memory.
    Memory(MemoryAddress),
    /// A global.
    Global(GlobalAddress),
}
