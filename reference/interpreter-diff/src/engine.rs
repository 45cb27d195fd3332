//! What an engine is to this crate.

use std::collections::BTreeMap;

use crate::host::{Answers, Host};
use crate::value::Value;

/// The closed list of traps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Trap {
    Unreachable,
    DivideByZero,
    IntegerOverflow,
    InvalidConversion,
    MemoryOutOfBounds,
    TableOutOfBounds,
    IndirectTypeMismatch,
    NullElement,
    StackOverflow,
}

/// How a call ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// With results.
    Returned(Vec<Value>),
    /// With a trap.
    Trapped(Trap),
    /// Its fuel is used up; every engine has its own unit.
    OutOfFuel,
    /// With something that is on no list.
    Odd(String),
}

impl Ending {
    /// Whether another engine need not end the same way: where a stack or the fuel is used up is an engine's own.
    #[must_use]
    pub const fn is_own(&self) -> bool {
        matches!(self, Self::OutOfFuel | Self::Trapped(Trap::StackOverflow))
    }
}

/// How instantiation ends.
pub enum Start {
    /// With an instance.
    Ready(Box<dyn Instance>),
    /// With a trap in a segment or in the start function, or without fuel.
    Ended(Ending),
    /// The module is refused.
    Refused(String),
}

/// An engine. Every import is given: functions by [`Host`], globals as zero, memories and tables of their smallest size.
pub trait Engine {
    /// Its name in reports.
    fn name(&self) -> &'static str;

    /// Instantiates a module and runs its start function.
    fn instantiate(&self, bytes: &[u8], fuel: u64, answers: Answers) -> Start;
}

/// An instance.
pub trait Instance {
    /// Calls an exported function with so much fuel.
    fn call(&mut self, export: &str, arguments: &[Value], fuel: u64) -> Ending;

    /// Instructions executed by the last call, where the engine counts each but block, loop, else, end and nop; `None` where it cannot tell.
    fn executed(&self) -> Option<u64>;

    /// An exported memory.
    fn memory(&mut self, export: &str) -> Option<&mut [u8]>;

    /// An exported global.
    fn global(&mut self, export: &str) -> Option<Value>;

    /// Which elements of an exported table are null.
    fn table(&mut self, export: &str) -> Option<Vec<bool>>;

    /// What the host has seen.
    fn host(&self) -> Host;
}

/// Everything an instance shows through its exports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// SHA-256 and size of each exported memory.
    pub memories: BTreeMap<String, (String, usize)>,
    /// Each exported global.
    pub globals: BTreeMap<String, Value>,
    /// Which elements of each exported table are null.
    pub tables: BTreeMap<String, Vec<bool>>,
    /// What the host has seen.
    pub host: Host,
}
