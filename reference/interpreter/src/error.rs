//! What can be wrong with a module, with what its imports are given, and with a call.

use crate::trap::{Resource, Trap};

/// A module that is refused: malformed, invalid, or of a proposal that is not part of WebAssembly core 2.0 without SIMD.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("at offset {offset}: {message}")]
pub struct ModuleError {
    /// Where, in bytes from the module's begin.
    pub offset: u64,
    /// What the matter is.
    pub message: String,
}

/// An instantiation that failed (WebAssembly core 2.0, section 4.5.4). What was written into imported memories and tables before stays.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InstantiationError {
    /// There are not as many imports as the module has.
    #[error("the module has {expected} imports, {actual} are given")]
    ImportCount {
        /// The module's.
        expected: usize,
        /// Given.
        actual: usize,
    },
    /// What is given does not match what is imported.
    #[error("import `{module}` `{name}` is of another type")]
    ImportType {
        /// First name of the import.
        module: String,
        /// Second name of the import.
        name: String,
    },
    /// A memory or table at its first size passes the store's limit.
    #[error("the limit of {0} is passed")]
    Limit(Resource),
    /// An active segment does not fit.
    #[error(transparent)]
    Trap(#[from] Trap),
    /// The store has no room for another address.
    #[error("the store is full")]
    StoreFull,
}

/// A call, or an answer to a host call, whose values are not of the function's type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// Not so many, or not of these types.
    #[error("the values are not of the function's type")]
    ValueTypes,
    /// There is no such function in this store.
    #[error("no such function")]
    UnknownFunction,
    /// Another call is on the stack.
    #[error("another call is on the stack")]
    Busy,
    /// No host call is open.
    #[error("no host call is open")]
    NoHostCall,
}
