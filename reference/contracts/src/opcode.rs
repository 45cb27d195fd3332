//! Which instructions and host events there are: what each takes and gives, as data and as types.
//!
//! The modules named after categories are written by `cargo xtask opcodes --bless` from the registry; `--check` holds them equal. Here are the
//! forms that they are made of, the look-up, and the judgement of values against a schema. Experimental opcodes are in no list.
//!
//! ```
//! use fayger_contracts::instruction::InstructionRef;
//! use fayger_contracts::opcode::{Instruction as _, io::OpenRead};
//!
//! let mut bytes = Vec::new();
//! OpenRead { path: "notes" }.encode(&mut bytes)?;
//! assert_eq!(bytes, *b"\x00\x10\x00\x02\x00\x04\x05notes");
//! let decoded = InstructionRef::decode(&bytes)?;
//! assert_eq!(OpenRead::view(&decoded), Some(OpenRead { path: "notes" }));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod fit;
mod typed;

pub mod crypto;
pub mod host;
pub mod io;
pub mod net;
pub mod proc;
pub mod random;
pub mod time;
pub mod ui;

pub use fit::fits;
pub use typed::{HostEvent, Instruction, Reply, TextList};

use crate::capability::CapabilitySet;
use crate::instruction::{Category, OperandType, StatusSet};

/// An instruction of the registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opcode {
    /// Its category.
    pub category: Category,
    /// Its number in the category, below 0x8000.
    pub number: u16,
    /// Its name, such as `io.open_read`.
    pub name: &'static str,
    /// The set that its `caps` has to equal.
    pub capabilities: CapabilitySet,
    /// Its operands.
    pub operands: &'static [Field],
    /// The values of a reply with status `ok`.
    pub reply: &'static [Field],
    /// The statuses that it may be answered with, the universal ones among them.
    pub statuses: StatusSet,
    /// The kind of handle that status `ok` opens, as the first value of the reply.
    pub opens: Option<HandleKind>,
    /// Whether status `ok` closes the handle that is its first operand.
    pub closes: bool,
}

/// An event of the registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its category.
    pub category: Category,
    /// Its number in the category, below 0x8000.
    pub number: u16,
    /// Its name, such as `ui.key`.
    pub name: &'static str,
    /// What the effective set has to hold.
    pub capabilities: CapabilitySet,
    /// Its values.
    pub values: &'static [Field],
}

/// An operand, a reply's value or an event's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// What it can be.
    pub form: Form,
    /// Whether it, and all after it, may be absent.
    pub optional: bool,
}

/// What a value can be; bounds are inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A number.
    Unsigned {
        /// The smallest.
        min: u64,
        /// The largest.
        max: u64,
    },
    /// A number with a sign.
    Signed {
        /// The smallest.
        min: i64,
        /// The largest.
        max: i64,
    },
    /// Bytes.
    Bytes {
        /// The fewest.
        min: usize,
        /// The most.
        max: usize,
    },
    /// Text, measured in bytes.
    Text {
        /// The fewest.
        min: usize,
        /// The most.
        max: usize,
    },
    /// A truth value.
    Bool,
    /// A number with a fraction.
    F64,
    /// A handle of this kind.
    Handle(HandleKind),
    /// A list of elements of one type.
    List {
        /// Their type.
        element: OperandType,
        /// The most.
        max: usize,
    },
}

/// What a handle stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HandleKind {
    /// A file that was opened for reading.
    Reader,
    /// A file that was opened for writing.
    Writer,
    /// A connection that was opened.
    Connection,
    /// A response to an HTTP request.
    Response,
    /// A listening socket.
    Listener,
    /// A connection that was accepted.
    Peer,
    /// A timer.
    Timer,
    /// A process.
    Process,
}

impl HandleKind {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Reader,
        Self::Writer,
        Self::Connection,
        Self::Response,
        Self::Listener,
        Self::Peer,
        Self::Timer,
        Self::Process,
    ];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reader => "reader",
            Self::Writer => "writer",
            Self::Connection => "connection",
            Self::Response => "response",
            Self::Listener => "listener",
            Self::Peer => "peer",
            Self::Timer => "timer",
            Self::Process => "process",
        }
    }
}

/// The opcodes of a category, by number; none of a reserved one.
pub fn opcodes(category: Category) -> &'static [Opcode] {
    match category {
        Category::IO => io::OPCODES,
        Category::NET => net::OPCODES,
        Category::UI => ui::OPCODES,
        Category::TIME => time::OPCODES,
        Category::RANDOM => random::OPCODES,
        Category::CRYPTO => crypto::OPCODES,
        Category::PROC => proc::OPCODES,
        Category::HOST => host::OPCODES,
        _ => &[],
    }
}

/// The events of a category, by number; none of a reserved one.
pub fn events(category: Category) -> &'static [Event] {
    match category {
        Category::UI => ui::EVENTS,
        Category::TIME => time::EVENTS,
        Category::PROC => proc::EVENTS,
        Category::HOST => host::EVENTS,
        _ => &[],
    }
}

/// The opcode of this number, where the registry has it.
pub fn opcode(category: Category, number: u16) -> Option<&'static Opcode> {
    let opcodes = opcodes(category);
    let at = opcodes.binary_search_by_key(&number, |opcode| opcode.number).ok()?;
    opcodes.get(at)
}

/// The event of this number, where the registry has it.
pub fn event(category: Category, number: u16) -> Option<&'static Event> {
    let events = events(category);
    let at = events.binary_search_by_key(&number, |event| event.number).ok()?;
    events.get(at)
}

impl Opcode {
    /// Whether it is `proc.exit`, which the bus answers itself and no adapter supports.
    pub fn is_exit(&self) -> bool {
        (self.category, self.number) == (proc::EXIT.category, proc::EXIT.number)
    }
}
