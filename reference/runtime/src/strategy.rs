//! ExecutionStrategy (blueprint 8.3.1): how code is executed. The runtime knows engines through this alone, and an engine knows neither the bus
//! nor the lifecycle: it returns what it wants done, and is stepped again when that is done.

use bytes::Bytes;
use fayger_contracts::{BufObject, FaygerError, Quotas, SectionEntry};

use crate::code::Reader;
use crate::fayger_v1::ValueType;

/// Makes executables of one kind of engine.
pub trait ExecutionStrategy: Send + Sync {
    /// A name for people.
    fn name(&self) -> &'static str;

    /// The runtime capabilities that the engine brings, ascending.
    fn capabilities(&self) -> &'static [&'static str];

    /// Decodes, validates, links and instantiates the entry section. No export is called.
    ///
    /// # Errors
    /// `RT_CODE_INVALID`, `RT_RESOURCE_EXHAUSTED` where the initial memory or table passes its quota, `RT_TRAP` where an active segment does not
    /// fit, or the loader's error where the body is bad.
    fn prepare(&self, object: &dyn BufObject, quotas: &Quotas) -> Result<Box<dyn Executable>, FaygerError>;
}

/// Code that is ready to run. One export at a time.
pub trait Executable: Send {
    /// Begins a call of an export; nothing runs yet. Nothing else is on the stack.
    fn enter(&mut self, export: Export);

    /// Runs until `fuel` is used up or something else has to happen. After [`StepResult::HostCall`] the reply is in the context before the next
    /// step; after [`StepResult::WantSection`] the body is.
    fn step(&mut self, fuel: u64, context: &mut ExecutionContext) -> Step;

    /// What is in use now.
    fn usage(&self) -> Usage;
}

/// An export of the entry section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Export {
    /// The one that `entry.init` names.
    Init,
    /// The one that `entry.start` names.
    Start,
    /// The one that `entry.on_event` names, with the length of the event.
    OnEvent(i32),
}

impl Export {
    /// What it takes; each returns an i32.
    pub(crate) fn parameters(self) -> &'static [ValueType] {
        match self {
            Self::Init | Self::Start => &[],
            Self::OnEvent(_) => &[ValueType::I32],
        }
    }
}

/// A step that was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// What it came to.
    pub result: StepResult,
    /// Fuel that it used, at most what it was given.
    pub fuel: u64,
}

/// What a step comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepResult {
    /// The fuel is used up; the export goes on with the next step.
    OutOfFuel,
    /// An instruction was emitted: it is in [`ExecutionContext::instruction`].
    HostCall,
    /// The body of this section is needed.
    WantSection(u32),
    /// The export returned.
    Returned(i32),
    /// The export is over, and the instance with it.
    Trap(TrapKind),
}

/// Why code cannot go on: a closed list.
//= RT-TRAP-001
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TrapKind {
    /// `unreachable` was reached.
    Unreachable,
    /// An integer was divided by zero.
    DivideByZero,
    /// The smallest integer was divided by -1, or a float does not fit the integer that it is truncated to.
    IntegerOverflow,
    /// NaN was truncated to an integer.
    InvalidConversion,
    /// An access outside of the memory.
    MemoryOutOfBounds,
    /// An access outside of a table.
    TableOutOfBounds,
    /// `call_indirect` found a function of another type.
    IndirectTypeMismatch,
    /// `call_indirect` found no function.
    NullElement,
    /// Calls nest too deep.
    StackOverflow,
}

impl TrapKind {
    /// All of them, in the order of the registry.
    pub const ALL: [Self; 9] = [
        Self::Unreachable,
        Self::DivideByZero,
        Self::IntegerOverflow,
        Self::InvalidConversion,
        Self::MemoryOutOfBounds,
        Self::TableOutOfBounds,
        Self::IndirectTypeMismatch,
        Self::NullElement,
        Self::StackOverflow,
    ];

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::DivideByZero => "divide_by_zero",
            Self::IntegerOverflow => "integer_overflow",
            Self::InvalidConversion => "invalid_conversion",
            Self::MemoryOutOfBounds => "memory_out_of_bounds",
            Self::TableOutOfBounds => "table_out_of_bounds",
            Self::IndirectTypeMismatch => "indirect_type_mismatch",
            Self::NullElement => "null_element",
            Self::StackOverflow => "stack_overflow",
        }
    }
}

/// What code uses of its quotas.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Bytes of linear memory.
    pub memory_bytes: u64,
    /// Elements of all tables.
    pub table_elements: u64,
    /// How often `memory.grow` was refused by the quota.
    pub memory_refusals: u64,
    /// How often `table.grow` was refused by the quota.
    pub table_refusals: u64,
}

/// What the imports of `fayger_v1` see, and where an instruction is put. It belongs to the instance and outlives steps.
#[derive(Debug, Default)]
pub struct ExecutionContext {
    /// The instruction that was emitted last, as it stood in memory.
    pub instruction: Vec<u8>,
    /// The last reply; none before the first.
    pub reply: Option<Vec<u8>>,
    /// The event that is being handled.
    pub event: Option<Bytes>,
    /// The sections that the code may see, by ascending id.
    pub sections: Vec<SectionEntry>,
    /// The body that was read last.
    pub body: Option<(u32, Bytes)>,
}

impl ExecutionContext {
    /// The context of a new instance: it sees the sections that are selected and not internal.
    pub(crate) fn of(object: &dyn BufObject) -> Self {
        let is_visible =
            |entry: &&SectionEntry| object.is_selected(entry.section_id) && entry.visibility.admits(Reader::Instance);
        let sections = object.sections().iter().filter(is_visible).cloned().collect();
        Self { sections, ..Self::default() }
    }

    /// The row of a section that the code may see.
    pub(crate) fn section(&self, section_id: u32) -> Option<&SectionEntry> {
        let at = self.sections.binary_search_by_key(&section_id, |entry| entry.section_id).ok()?;
        self.sections.get(at)
    }
}
