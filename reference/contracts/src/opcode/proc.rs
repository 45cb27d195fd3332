//! Category `proc`. Written by `cargo xtask opcodes --bless` from the registry; do not edit.

use super::{Event, Field, Form, HandleKind, HostEvent, Instruction, Opcode, Reply, TextList};
use crate::capability::CapabilitySet;
use crate::instruction::{Category, Encoder, OperandRef, OperandType, Operands, Status, StatusSet};

//= ADP-PROC-001
/// Its opcodes, by number.
pub const OPCODES: &[Opcode] = &[
    ARGUMENTS,
    ENVIRONMENT,
    ENVIRONMENT_NAMES,
    SPAWN,
    WAIT,
    PROCESS_WRITE,
    PROCESS_CLOSE_INPUT,
    PROCESS_READ,
    PROCESS_RELEASE,
    KILL,
    SIGNAL_EVENTS,
    EXIT,
];

/// Its events, by number.
pub const EVENTS: &[Event] = &[SIGNAL];

/// `proc.arguments`: the arguments that the instance was started with.
pub const ARGUMENTS: Opcode = Opcode {
    category: Category::PROC,
    number: 1,
    name: "proc.arguments",
    capabilities: CapabilitySet::from_bits(0x0800),
    operands: &[],
    reply: &[Field {
        name: "arguments",
        form: Form::List { element: OperandType::Text, max: usize::MAX },
        optional: false,
    }],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok]),
    opens: None,
    closes: false,
};

/// `proc.arguments`: the arguments that the instance was started with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arguments;

impl<'a> Instruction<'a> for Arguments {
    const OPCODE: Opcode = ARGUMENTS;

    fn write(&self, _encoder: &mut Encoder<'_>) {}

    fn read(_values: Operands<'a>) -> Option<Self> {
        Some(Self)
    }
}

/// What `proc.arguments` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ArgumentsReply<'a> {
    /// A list of text.
    pub arguments: TextList<'a>,
}

impl<'a> Reply<'a> for ArgumentsReply<'a> {
    const OPCODE: Opcode = ARGUMENTS;

    fn write(&self, encoder: &mut Encoder<'_>) {
        self.arguments.write(encoder);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::List(arguments)) = values.next() else { return None };
        let arguments = TextList::decoded(arguments);
        Some(Self { arguments })
    }
}

/// `proc.environment`: the value of an environment variable.
pub const ENVIRONMENT: Opcode = Opcode {
    category: Category::PROC,
    number: 2,
    name: "proc.environment",
    capabilities: CapabilitySet::from_bits(0x0800),
    operands: &[Field { name: "name", form: Form::Text { min: 1, max: 4_096 }, optional: false }],
    reply: &[Field { name: "value", form: Form::Text { min: 0, max: usize::MAX }, optional: false }],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::NotFound, Status::Denied]),
    opens: None,
    closes: false,
};

/// `proc.environment`: the value of an environment variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Environment<'a> {
    /// Text, 1 to 4096 bytes.
    pub name: &'a str,
}

impl<'a> Instruction<'a> for Environment<'a> {
    const OPCODE: Opcode = ENVIRONMENT;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.text(self.name);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Text(name)) = values.next() else { return None };
        Some(Self { name })
    }
}

/// What `proc.environment` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EnvironmentReply<'a> {
    /// Text.
    pub value: &'a str,
}

impl<'a> Reply<'a> for EnvironmentReply<'a> {
    const OPCODE: Opcode = ENVIRONMENT;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.text(self.value);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Text(value)) = values.next() else { return None };
        Some(Self { value })
    }
}

/// `proc.environment_names`: the names of the environment variables, in order of their bytes.
pub const ENVIRONMENT_NAMES: Opcode = Opcode {
    category: Category::PROC,
    number: 3,
    name: "proc.environment_names",
    capabilities: CapabilitySet::from_bits(0x0800),
    operands: &[],
    reply: &[Field {
        name: "names",
        form: Form::List { element: OperandType::Text, max: usize::MAX },
        optional: false,
    }],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::Denied]),
    opens: None,
    closes: false,
};

/// `proc.environment_names`: the names of the environment variables, in order of their bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EnvironmentNames;

impl<'a> Instruction<'a> for EnvironmentNames {
    const OPCODE: Opcode = ENVIRONMENT_NAMES;

    fn write(&self, _encoder: &mut Encoder<'_>) {}

    fn read(_values: Operands<'a>) -> Option<Self> {
        Some(Self)
    }
}

/// What `proc.environment_names` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EnvironmentNamesReply<'a> {
    /// A list of text.
    pub names: TextList<'a>,
}

impl<'a> Reply<'a> for EnvironmentNamesReply<'a> {
    const OPCODE: Opcode = ENVIRONMENT_NAMES;

    fn write(&self, encoder: &mut Encoder<'_>) {
        self.names.write(encoder);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::List(names)) = values.next() else { return None };
        let names = TextList::decoded(names);
        Some(Self { names })
    }
}

/// `proc.spawn`: starts a program; its environment is names and values by turns, and nothing else.
pub const SPAWN: Opcode = Opcode {
    category: Category::PROC,
    number: 16,
    name: "proc.spawn",
    capabilities: CapabilitySet::from_bits(0x1000),
    operands: &[
        Field { name: "program", form: Form::Text { min: 1, max: 4_096 }, optional: false },
        Field { name: "arguments", form: Form::List { element: OperandType::Text, max: 4_096 }, optional: false },
        Field { name: "environment", form: Form::List { element: OperandType::Text, max: 4_096 }, optional: true },
    ],
    reply: &[Field { name: "process", form: Form::Handle(HandleKind::Process), optional: false }],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::NotFound, Status::Denied, Status::Io]),
    opens: Some(HandleKind::Process),
    closes: false,
};

/// `proc.spawn`: starts a program; its environment is names and values by turns, and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spawn<'a> {
    /// Text, 1 to 4096 bytes.
    pub program: &'a str,
    /// A list of text, up to 4096 elements.
    pub arguments: TextList<'a>,
    /// A list of text, up to 4096 elements.
    pub environment: Option<TextList<'a>>,
}

impl<'a> Instruction<'a> for Spawn<'a> {
    const OPCODE: Opcode = SPAWN;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.text(self.program);
        self.arguments.write(encoder);
        if let Some(environment) = self.environment {
            environment.write(encoder);
        }
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Text(program)) = values.next() else { return None };
        let Some(OperandRef::List(arguments)) = values.next() else { return None };
        let arguments = TextList::decoded(arguments);
        let environment = match values.next() {
            Some(OperandRef::List(environment)) => Some(TextList::decoded(environment)),
            _ => None,
        };
        Some(Self { program, arguments, environment })
    }
}

/// What `proc.spawn` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpawnReply {
    /// A handle: process.
    pub process: u32,
}

impl<'a> Reply<'a> for SpawnReply {
    const OPCODE: Opcode = SPAWN;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.handle(self.process);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Handle(process)) = values.next() else { return None };
        Some(Self { process })
    }
}

/// `proc.wait`: waits for a process to end: its exit status, or minus the number of the signal that ended it.
pub const WAIT: Opcode = Opcode {
    category: Category::PROC,
    number: 17,
    name: "proc.wait",
    capabilities: CapabilitySet::from_bits(0x1000),
    operands: &[
        Field { name: "process", form: Form::Handle(HandleKind::Process), optional: false },
        Field { name: "timeout_ms", form: Form::Unsigned { min: 0, max: 86_400_000 }, optional: true },
    ],
    reply: &[Field { name: "status", form: Form::Signed { min: i64::MIN, max: i64::MAX }, optional: false }],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::Timeout, Status::Io]),
    opens: None,
    closes: false,
};

/// `proc.wait`: waits for a process to end: its exit status, or minus the number of the signal that ended it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// A handle: process.
    pub process: u32,
    /// An unsigned number, up to 86400000.
    pub timeout_ms: Option<u64>,
}

impl<'a> Instruction<'a> for Wait {
    const OPCODE: Opcode = WAIT;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.handle(self.process);
        if let Some(timeout_ms) = self.timeout_ms {
            encoder.unsigned(timeout_ms);
        }
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Handle(process)) = values.next() else { return None };
        let timeout_ms = match values.next() {
            Some(OperandRef::Unsigned(timeout_ms)) => Some(timeout_ms),
            _ => None,
        };
        Some(Self { process, timeout_ms })
    }
}

/// What `proc.wait` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitReply {
    /// A signed number.
    pub status: i64,
}

impl<'a> Reply<'a> for WaitReply {
    const OPCODE: Opcode = WAIT;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.signed(self.status);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Signed(status)) = values.next() else { return None };
        Some(Self { status })
    }
}

/// `proc.process_write`: writes to the standard input of a process; how many bytes were taken.
pub const PROCESS_WRITE: Opcode = Opcode {
    category: Category::PROC,
    number: 18,
    name: "proc.process_write",
    capabilities: CapabilitySet::from_bits(0x1000),
    operands: &[
        Field { name: "process", form: Form::Handle(HandleKind::Process), optional: false },
        Field { name: "data", form: Form::Bytes { min: 0, max: usize::MAX }, optional: false },
    ],
    reply: &[Field { name: "written", form: Form::Unsigned { min: 0, max: u64::MAX }, optional: false }],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::Closed, Status::Io]),
    opens: None,
    closes: false,
};

/// `proc.process_write`: writes to the standard input of a process; how many bytes were taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProcessWrite<'a> {
    /// A handle: process.
    pub process: u32,
    /// Bytes.
    pub data: &'a [u8],
}

impl<'a> Instruction<'a> for ProcessWrite<'a> {
    const OPCODE: Opcode = PROCESS_WRITE;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.handle(self.process);
        encoder.bytes(self.data);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Handle(process)) = values.next() else { return None };
        let Some(OperandRef::Bytes(data)) = values.next() else { return None };
        Some(Self { process, data })
    }
}

/// What `proc.process_write` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProcessWriteReply {
    /// An unsigned number.
    pub written: u64,
}

impl<'a> Reply<'a> for ProcessWriteReply {
    const OPCODE: Opcode = PROCESS_WRITE;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.unsigned(self.written);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Unsigned(written)) = values.next() else { return None };
        Some(Self { written })
    }
}

/// `proc.process_close_input`: ends the standard input of a process.
pub const PROCESS_CLOSE_INPUT: Opcode = Opcode {
    category: Category::PROC,
    number: 19,
    name: "proc.process_close_input",
    capabilities: CapabilitySet::from_bits(0x1000),
    operands: &[Field { name: "process", form: Form::Handle(HandleKind::Process), optional: false }],
    reply: &[],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::Closed, Status::Io]),
    opens: None,
    closes: false,
};

/// `proc.process_close_input`: ends the standard input of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProcessCloseInput {
    /// A handle: process.
    pub process: u32,
}

impl<'a> Instruction<'a> for ProcessCloseInput {
    const OPCODE: Opcode = PROCESS_CLOSE_INPUT;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.handle(self.process);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Handle(process)) = values.next() else { return None };
        Some(Self { process })
    }
}

/// `proc.process_read`: reads from stream 1, standard output, or 2, standard error, of a process; no bytes at its end.
pub const PROCESS_READ: Opcode = Opcode {
    category: Category::PROC,
    number: 20,
    name: "proc.process_read",
    capabilities: CapabilitySet::from_bits(0x1000),
    operands: &[
        Field { name: "process", form: Form::Handle(HandleKind::Process), optional: false },
        Field { name: "stream", form: Form::Unsigned { min: 1, max: 2 }, optional: false },
        Field { name: "max", form: Form::Unsigned { min: 1, max: 1_048_000 }, optional: false },
        Field { name: "timeout_ms", form: Form::Unsigned { min: 0, max: 86_400_000 }, optional: true },
    ],
    reply: &[Field { name: "data", form: Form::Bytes { min: 0, max: usize::MAX }, optional: false }],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::Closed, Status::Timeout, Status::Io]),
    opens: None,
    closes: false,
};

/// `proc.process_read`: reads from stream 1, standard output, or 2, standard error, of a process; no bytes at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProcessRead {
    /// A handle: process.
    pub process: u32,
    /// An unsigned number, 1 to 2.
    pub stream: u64,
    /// An unsigned number, 1 to 1048000.
    pub max: u64,
    /// An unsigned number, up to 86400000.
    pub timeout_ms: Option<u64>,
}

impl<'a> Instruction<'a> for ProcessRead {
    const OPCODE: Opcode = PROCESS_READ;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.handle(self.process);
        encoder.unsigned(self.stream);
        encoder.unsigned(self.max);
        if let Some(timeout_ms) = self.timeout_ms {
            encoder.unsigned(timeout_ms);
        }
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Handle(process)) = values.next() else { return None };
        let Some(OperandRef::Unsigned(stream)) = values.next() else { return None };
        let Some(OperandRef::Unsigned(max)) = values.next() else { return None };
        let timeout_ms = match values.next() {
            Some(OperandRef::Unsigned(timeout_ms)) => Some(timeout_ms),
            _ => None,
        };
        Some(Self { process, stream, max, timeout_ms })
    }
}

/// What `proc.process_read` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProcessReadReply<'a> {
    /// Bytes.
    pub data: &'a [u8],
}

impl<'a> Reply<'a> for ProcessReadReply<'a> {
    const OPCODE: Opcode = PROCESS_READ;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.bytes(self.data);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Bytes(data)) = values.next() else { return None };
        Some(Self { data })
    }
}

/// `proc.process_release`: lets go of a process; it runs on.
pub const PROCESS_RELEASE: Opcode = Opcode {
    category: Category::PROC,
    number: 21,
    name: "proc.process_release",
    capabilities: CapabilitySet::from_bits(0x1000),
    operands: &[Field { name: "process", form: Form::Handle(HandleKind::Process), optional: false }],
    reply: &[],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::Io]),
    opens: None,
    closes: true,
};

/// `proc.process_release`: lets go of a process; it runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProcessRelease {
    /// A handle: process.
    pub process: u32,
}

impl<'a> Instruction<'a> for ProcessRelease {
    const OPCODE: Opcode = PROCESS_RELEASE;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.handle(self.process);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Handle(process)) = values.next() else { return None };
        Some(Self { process })
    }
}

/// `proc.kill`: ends a process at once.
pub const KILL: Opcode = Opcode {
    category: Category::PROC,
    number: 22,
    name: "proc.kill",
    capabilities: CapabilitySet::from_bits(0x3000),
    operands: &[Field { name: "process", form: Form::Handle(HandleKind::Process), optional: false }],
    reply: &[],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::NotFound, Status::Denied, Status::Io]),
    opens: None,
    closes: false,
};

/// `proc.kill`: ends a process at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kill {
    /// A handle: process.
    pub process: u32,
}

impl<'a> Instruction<'a> for Kill {
    const OPCODE: Opcode = KILL;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.handle(self.process);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Handle(process)) = values.next() else { return None };
        Some(Self { process })
    }
}

/// `proc.signal_events`: asks for signals as events, or for none: bits 1 interrupt, 2 terminate, 4 hang-up, 8 user 1, 16 user 2.
pub const SIGNAL_EVENTS: Opcode = Opcode {
    category: Category::PROC,
    number: 32,
    name: "proc.signal_events",
    capabilities: CapabilitySet::from_bits(0x2000),
    operands: &[Field { name: "signals", form: Form::Unsigned { min: 0, max: 31 }, optional: false }],
    reply: &[],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::Denied, Status::Io]),
    opens: None,
    closes: false,
};

/// `proc.signal_events`: asks for signals as events, or for none: bits 1 interrupt, 2 terminate, 4 hang-up, 8 user 1, 16 user 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignalEvents {
    /// An unsigned number, up to 31.
    pub signals: u64,
}

impl<'a> Instruction<'a> for SignalEvents {
    const OPCODE: Opcode = SIGNAL_EVENTS;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.unsigned(self.signals);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Unsigned(signals)) = values.next() else { return None };
        Some(Self { signals })
    }
}

/// `proc.exit`: ends the instance with an exit status; it never returns.
pub const EXIT: Opcode = Opcode {
    category: Category::PROC,
    number: 48,
    name: "proc.exit",
    capabilities: CapabilitySet::EMPTY,
    operands: &[Field {
        name: "status",
        form: Form::Signed { min: -2_147_483_648, max: 2_147_483_647 },
        optional: false,
    }],
    reply: &[],
    statuses: StatusSet::NONE,
    opens: None,
    closes: false,
};

/// `proc.exit`: ends the instance with an exit status; it never returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exit {
    /// A signed number, -2147483648 to 2147483647.
    pub status: i64,
}

impl<'a> Instruction<'a> for Exit {
    const OPCODE: Opcode = EXIT;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.signed(self.status);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Signed(status)) = values.next() else { return None };
        Some(Self { status })
    }
}

/// `proc.signal`: a signal came: 1 interrupt, 2 terminate, 4 hang-up, 8 user 1, 16 user 2.
pub const SIGNAL: Event = Event {
    category: Category::PROC,
    number: 1,
    name: "proc.signal",
    capabilities: CapabilitySet::from_bits(0x2000),
    values: &[Field { name: "signal", form: Form::Unsigned { min: 1, max: 16 }, optional: false }],
};

/// `proc.signal`: a signal came: 1 interrupt, 2 terminate, 4 hang-up, 8 user 1, 16 user 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignalEvent {
    /// An unsigned number, 1 to 16.
    pub signal: u64,
}

impl<'a> HostEvent<'a> for SignalEvent {
    const EVENT: Event = SIGNAL;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.unsigned(self.signal);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Unsigned(signal)) = values.next() else { return None };
        Some(Self { signal })
    }
}
