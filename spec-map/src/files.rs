//! The files that are built in. A path counts from `spec-map/`.

/// The chapters in the order in which they are read: file name without its ending, and text.
pub(crate) const CHAPTERS: &[(&str, &str)] = &[
    ("artifact", include_str!("../chapters/artifact.md")),
    ("loader", include_str!("../chapters/loader.md")),
    ("runtime", include_str!("../chapters/runtime.md")),
    ("adapter", include_str!("../chapters/adapter.md")),
    ("errors", include_str!("../chapters/errors.md")),
    ("security", include_str!("../chapters/security.md")),
    ("protocol", include_str!("../chapters/protocol.md")),
];

pub(crate) const EXCLUSIONS: &str = include_str!("../exclusions.toml");

pub(crate) const ERRORS: &str = include_str!("../registry/errors.toml");
pub(crate) const PHASES: &str = include_str!("../registry/phases.toml");
pub(crate) const PARTS: &str = include_str!("../registry/parts.toml");
pub(crate) const MANIFEST: &str = include_str!("../registry/manifest.toml");
pub(crate) const SECTIONS: &str = include_str!("../registry/sections.toml");
pub(crate) const CAPABILITIES: &str = include_str!("../registry/capabilities.toml");
pub(crate) const LIMITS: &str = include_str!("../registry/limits.toml");
pub(crate) const EVENTS: &str = include_str!("../registry/events.toml");
pub(crate) const SIGNATURES: &str = include_str!("../registry/signatures.toml");
pub(crate) const PROTOCOL: &str = include_str!("../registry/protocol.toml");
pub(crate) const INSTRUCTIONS: &str = include_str!("../registry/instructions.toml");
pub(crate) const RUNTIME: &str = include_str!("../registry/runtime.toml");
pub(crate) const OPCODES: &str = include_str!("../registry/opcodes.toml");
