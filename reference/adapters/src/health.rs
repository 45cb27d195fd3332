//! Whether an adapter is what it says of itself.

use std::collections::BTreeSet;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use fayger_contracts::capability::{EXTENSION_FIRST, capability_name};
use fayger_contracts::instruction::Category;
use fayger_contracts::opcode::opcode;

use crate::adapter::PlatformAdapter;
use crate::descriptor::{Descriptor, SupportedInstruction, closure};

//= ADP-HEALTH-001
//= ADP-HEALTH-002
/// One thing that does not fit. Its text is the rule and what breaks it: `capability_extra net.listen`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Inconsistency {
    /// An instruction needs a capability that is not listed.
    CapabilityMissing(u16),
    /// A capability is listed that no instruction needs.
    CapabilityExtra(u16),
    /// A capability is listed that neither the sixteen nor an experimental instruction know.
    CapabilityUnknown(u16),
    /// The category of an instruction is a reserved one.
    CategoryReserved(Category, u16),
    /// The registry does not know an instruction.
    InstructionUnknown(Category, u16),
    /// An instruction is listed twice.
    InstructionDuplicate(Category, u16),
    /// `proc.exit` is listed, which the bus answers.
    InstructionExit(Category, u16),
    /// An experimental instruction comes without its capabilities.
    ExperimentalWithoutCapabilities(Category, u16),
    /// An instruction of the registry comes with capabilities of the adapter's own.
    CapabilitiesOverridden(Category, u16),
    /// The self-test of an instruction fails, or panics.
    SelfTestFailed(Category, u16),
    /// An adapter of this name is registered already.
    NameTaken(String),
}

impl Inconsistency {
    /// The stable name of the rule.
    pub fn rule(&self) -> &'static str {
        match self {
            Self::CapabilityMissing(_) => "capability_missing",
            Self::CapabilityExtra(_) => "capability_extra",
            Self::CapabilityUnknown(_) => "capability_unknown",
            Self::CategoryReserved(..) => "category_reserved",
            Self::InstructionUnknown(..) => "instruction_unknown",
            Self::InstructionDuplicate(..) => "instruction_duplicate",
            Self::InstructionExit(..) => "instruction_exit",
            Self::ExperimentalWithoutCapabilities(..) => "experimental_without_capabilities",
            Self::CapabilitiesOverridden(..) => "capabilities_overridden",
            Self::SelfTestFailed(..) => "self_test_failed",
            Self::NameTaken(_) => "name_taken",
        }
    }
}

impl fmt::Display for Inconsistency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.rule())?;
        match self {
            Self::CapabilityMissing(number) | Self::CapabilityExtra(number) | Self::CapabilityUnknown(number) => {
                f.write_str(&capability_name(*number))
            }
            Self::CategoryReserved(category, opcode)
            | Self::InstructionUnknown(category, opcode)
            | Self::InstructionDuplicate(category, opcode)
            | Self::InstructionExit(category, opcode)
            | Self::ExperimentalWithoutCapabilities(category, opcode)
            | Self::CapabilitiesOverridden(category, opcode)
            | Self::SelfTestFailed(category, opcode) => write!(f, "{}:{opcode}", category.number()),
            Self::NameTaken(name) => f.write_str(name),
        }
    }
}

/// Everything that does not fit in a descriptor by itself.
pub fn check_descriptor(descriptor: &Descriptor) -> Vec<Inconsistency> {
    let instructions = &descriptor.supported_instructions;
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for instruction in instructions {
        let key = (instruction.category, instruction.opcode);
        if !seen.insert(key) {
            found.push(Inconsistency::InstructionDuplicate(key.0, key.1));
        }
        found.extend(check_instruction(instruction));
    }
    let (listed, needed) = (descriptor.supported_capabilities, closure(instructions));
    found.extend((needed - listed).numbers().map(Inconsistency::CapabilityMissing));
    found.extend((listed - needed).numbers().map(|number| {
        if number < EXTENSION_FIRST {
            Inconsistency::CapabilityExtra(number)
        } else {
            Inconsistency::CapabilityUnknown(number)
        }
    }));
    found
}

/// An instruction is one that an adapter can answer: of a known category, and known itself or with its capabilities.
fn check_instruction(instruction: &SupportedInstruction) -> Option<Inconsistency> {
    let (category, number) = (instruction.category, instruction.opcode);
    if category.name().is_none() {
        return Some(Inconsistency::CategoryReserved(category, number));
    }
    if instruction.is_experimental() {
        let has_none = instruction.capabilities.is_none();
        return has_none.then_some(Inconsistency::ExperimentalWithoutCapabilities(category, number));
    }
    match opcode(category, number) {
        None => Some(Inconsistency::InstructionUnknown(category, number)),
        Some(opcode) if opcode.is_exit() => Some(Inconsistency::InstructionExit(category, number)),
        Some(_) if instruction.capabilities.is_some() => Some(Inconsistency::CapabilitiesOverridden(category, number)),
        Some(_) => None,
    }
}

//= ADP-HEALTH-003
/// Everything that does not fit in an adapter: its descriptor, and where that is sound the self-test of each instruction.
pub(crate) fn check_adapter(descriptor: &Descriptor, adapter: &dyn PlatformAdapter) -> Vec<Inconsistency> {
    let mut found = check_descriptor(descriptor);
    if found.is_empty() {
        found.extend(descriptor.supported_instructions.iter().filter_map(|instruction| {
            let (category, opcode) = (instruction.category, instruction.opcode);
            let passed = catch_unwind(AssertUnwindSafe(|| adapter.self_test(category, opcode)));
            (!matches!(passed, Ok(Ok(())))).then_some(Inconsistency::SelfTestFailed(category, opcode))
        }));
    }
    found
}
