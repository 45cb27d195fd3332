//! What an adapter says of itself.

use fayger_contracts::CapabilitySet;
use fayger_contracts::instruction::{Category, EXPERIMENTAL};

/// The four kinds of host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HostKind {
    /// A person sits before it.
    Desktop,
    /// Nobody does.
    Server,
    /// A page of a browser.
    Browser,
    /// An application that embeds the runtime.
    InApp,
}

impl HostKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Desktop, Self::Server, Self::Browser, Self::InApp];

    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Desktop => "desktop",
            Self::Server => "server",
            Self::Browser => "browser",
            Self::InApp => "in-app",
        }
    }

    /// The kind of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

//= ADP-REGISTER-001
/// What an adapter says of itself. It is believed when [`crate::check_descriptor`] found nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Descriptor {
    /// Its name, unique in a registry.
    pub name: String,
    /// The kind of host that it is for.
    pub host: HostKind,
    /// What it supports: the union of what its instructions need.
    pub supported_capabilities: CapabilitySet,
    /// The instructions that it answers.
    pub supported_instructions: Vec<SupportedInstruction>,
}

/// An instruction that an adapter answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SupportedInstruction {
    /// Its category.
    pub category: Category,
    /// Its number.
    pub opcode: u16,
    /// The capabilities that it needs, for an experimental one, which the registry does not know; else none.
    pub capabilities: Option<CapabilitySet>,
}

impl SupportedInstruction {
    /// An instruction of the registry.
    pub const fn registered(opcode: &fayger_contracts::opcode::Opcode) -> Self {
        Self { category: opcode.category, opcode: opcode.number, capabilities: None }
    }

    /// Whether the opcode is an experimental one.
    pub const fn is_experimental(&self) -> bool {
        self.opcode & EXPERIMENTAL != 0
    }
}

impl Descriptor {
    /// A descriptor of these instructions, with the capabilities that the registry gives them or that they give themselves.
    pub fn new(name: impl Into<String>, host: HostKind, supported_instructions: Vec<SupportedInstruction>) -> Self {
        let supported_capabilities = closure(&supported_instructions);
        Self { name: name.into(), host, supported_capabilities, supported_instructions }
    }
}

/// What these instructions need, together.
pub(crate) fn closure(instructions: &[SupportedInstruction]) -> CapabilitySet {
    let needed = |instruction: &SupportedInstruction| {
        if instruction.is_experimental() {
            return instruction.capabilities.unwrap_or_default();
        }
        fayger_contracts::opcode::opcode(instruction.category, instruction.opcode)
            .map_or(CapabilitySet::EMPTY, |opcode| opcode.capabilities)
    };
    instructions.iter().fold(CapabilitySet::EMPTY, |set, instruction| set | needed(instruction))
}
