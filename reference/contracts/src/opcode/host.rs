//! Category `host`. Written by `cargo xtask opcodes --bless` from the registry; do not edit.

use super::{Event, Field, Form, HostEvent, Instruction, Opcode, Reply, TextList};
use crate::capability::CapabilitySet;
use crate::instruction::{Category, Encoder, OperandRef, OperandType, Operands, Status, StatusSet};

//= ADP-HOST-001
/// Its opcodes, by number.
pub const OPCODES: &[Opcode] = &[CALL, INFO, INFO_NAMES];

/// Its events, by number.
pub const EVENTS: &[Event] = &[MESSAGE];

/// `host.call`: calls what the host or the embedding application offers under a name.
pub const CALL: Opcode = Opcode {
    category: Category::HOST,
    number: 1,
    name: "host.call",
    capabilities: CapabilitySet::from_bits(0x4000),
    operands: &[
        Field { name: "name", form: Form::Text { min: 1, max: 255 }, optional: false },
        Field { name: "data", form: Form::Bytes { min: 0, max: usize::MAX }, optional: false },
    ],
    reply: &[Field { name: "data", form: Form::Bytes { min: 0, max: usize::MAX }, optional: false }],
    statuses: StatusSet::UNIVERSAL.with(&[
        Status::Ok,
        Status::NotFound,
        Status::Denied,
        Status::Closed,
        Status::Timeout,
        Status::Io,
    ]),
    opens: None,
    closes: false,
};

/// `host.call`: calls what the host or the embedding application offers under a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call<'a> {
    /// Text, 1 to 255 bytes.
    pub name: &'a str,
    /// Bytes.
    pub data: &'a [u8],
}

impl<'a> Instruction<'a> for Call<'a> {
    const OPCODE: Opcode = CALL;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.text(self.name);
        encoder.bytes(self.data);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Text(name)) = values.next() else { return None };
        let Some(OperandRef::Bytes(data)) = values.next() else { return None };
        Some(Self { name, data })
    }
}

/// What `host.call` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallReply<'a> {
    /// Bytes.
    pub data: &'a [u8],
}

impl<'a> Reply<'a> for CallReply<'a> {
    const OPCODE: Opcode = CALL;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.bytes(self.data);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Bytes(data)) = values.next() else { return None };
        Some(Self { data })
    }
}

/// `host.info`: a fact about the host by its name, such as `host`, `os` or `locale`.
pub const INFO: Opcode = Opcode {
    category: Category::HOST,
    number: 2,
    name: "host.info",
    capabilities: CapabilitySet::from_bits(0x8000),
    operands: &[Field { name: "name", form: Form::Text { min: 1, max: 255 }, optional: false }],
    reply: &[Field { name: "value", form: Form::Text { min: 0, max: usize::MAX }, optional: false }],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::NotFound]),
    opens: None,
    closes: false,
};

/// `host.info`: a fact about the host by its name, such as `host`, `os` or `locale`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Info<'a> {
    /// Text, 1 to 255 bytes.
    pub name: &'a str,
}

impl<'a> Instruction<'a> for Info<'a> {
    const OPCODE: Opcode = INFO;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.text(self.name);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Text(name)) = values.next() else { return None };
        Some(Self { name })
    }
}

/// What `host.info` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InfoReply<'a> {
    /// Text.
    pub value: &'a str,
}

impl<'a> Reply<'a> for InfoReply<'a> {
    const OPCODE: Opcode = INFO;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.text(self.value);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Text(value)) = values.next() else { return None };
        Some(Self { value })
    }
}

/// `host.info_names`: the names of all facts about the host, in order of their bytes.
pub const INFO_NAMES: Opcode = Opcode {
    category: Category::HOST,
    number: 3,
    name: "host.info_names",
    capabilities: CapabilitySet::from_bits(0x8000),
    operands: &[],
    reply: &[Field {
        name: "names",
        form: Form::List { element: OperandType::Text, max: usize::MAX },
        optional: false,
    }],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok]),
    opens: None,
    closes: false,
};

/// `host.info_names`: the names of all facts about the host, in order of their bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InfoNames;

impl<'a> Instruction<'a> for InfoNames {
    const OPCODE: Opcode = INFO_NAMES;

    fn write(&self, _encoder: &mut Encoder<'_>) {}

    fn read(_values: Operands<'a>) -> Option<Self> {
        Some(Self)
    }
}

/// What `host.info_names` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InfoNamesReply<'a> {
    /// A list of text.
    pub names: TextList<'a>,
}

impl<'a> Reply<'a> for InfoNamesReply<'a> {
    const OPCODE: Opcode = INFO_NAMES;

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

/// `host.message`: the host or the embedding application says something under a name.
pub const MESSAGE: Event = Event {
    category: Category::HOST,
    number: 1,
    name: "host.message",
    capabilities: CapabilitySet::from_bits(0x4000),
    values: &[
        Field { name: "name", form: Form::Text { min: 1, max: 255 }, optional: false },
        Field { name: "data", form: Form::Bytes { min: 0, max: usize::MAX }, optional: false },
    ],
};

/// `host.message`: the host or the embedding application says something under a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MessageEvent<'a> {
    /// Text, 1 to 255 bytes.
    pub name: &'a str,
    /// Bytes.
    pub data: &'a [u8],
}

impl<'a> HostEvent<'a> for MessageEvent<'a> {
    const EVENT: Event = MESSAGE;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.text(self.name);
        encoder.bytes(self.data);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Text(name)) = values.next() else { return None };
        let Some(OperandRef::Bytes(data)) = values.next() else { return None };
        Some(Self { name, data })
    }
}
