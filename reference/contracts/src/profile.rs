//! What the caller of a load decides: which sections, under which signature mode, for which runtime.

use crate::version::InterfaceVersion;

/// Which sections a host wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadProfile {
    /// Matched against a section's `profiles`.
    pub name: String,
    /// Matched against a section's `hosts`.
    pub host: String,
    /// Must include a section's `capabilities`.
    pub capabilities: Vec<String>,
    /// Bytes that all selected bodies together may have; never drops a section.
    pub max_bytes: Option<u64>,
}

/// When bodies are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LoadStrategy {
    /// Every selected body during the load.
    #[default]
    Eager,
    /// The entry section during the load, every other at first use.
    Lazy {
        /// Bytes of bodies that the object keeps for later; a body larger than this is read each time.
        cache_bytes: u64,
    },
}

/// What the loader does about a signature.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SignatureMode {
    /// A present one must verify; an absent one is allowed, and shown. Tells origin, does not protect against someone who
    /// strips it.
    #[default]
    Default,
    /// There must be one, and it must verify.
    Enforce,
}

/// What the runtime can do, as far as a load depends on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuntimeOffer {
    /// Its Runtime_Interface.
    pub runtime_interface: InterfaceVersion,
    /// Names of what it can do beyond the interface.
    pub runtime_capabilities: Vec<String>,
    /// Names of the code formats that it executes.
    pub formats: Vec<String>,
}
