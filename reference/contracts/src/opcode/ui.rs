//! Category `ui`. Written by `cargo xtask opcodes --bless` from the registry; do not edit.

use super::{Event, Field, Form, HostEvent, Instruction, Opcode, Reply};
use crate::capability::CapabilitySet;
use crate::instruction::{Category, Encoder, OperandRef, Operands, Status, StatusSet};

//= ADP-UI-001
/// Its opcodes, by number.
pub const OPCODES: &[Opcode] = &[SIZE, CLEAR, RENDER, PRESENT, PROMPT, INPUT_EVENTS];

/// Its events, by number.
pub const EVENTS: &[Event] = &[KEY, POINTER, RESIZE];

/// `ui.size`: the columns and rows there are.
pub const SIZE: Opcode = Opcode {
    category: Category::UI,
    number: 1,
    name: "ui.size",
    capabilities: CapabilitySet::from_bits(0x0020),
    operands: &[],
    reply: &[
        Field { name: "columns", form: Form::Unsigned { min: 0, max: 65_535 }, optional: false },
        Field { name: "rows", form: Form::Unsigned { min: 0, max: 65_535 }, optional: false },
    ],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::Io]),
    opens: None,
    closes: false,
};

/// `ui.size`: the columns and rows there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size;

impl<'a> Instruction<'a> for Size {
    const OPCODE: Opcode = SIZE;

    fn write(&self, _encoder: &mut Encoder<'_>) {}

    fn read(_values: Operands<'a>) -> Option<Self> {
        Some(Self)
    }
}

/// What `ui.size` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SizeReply {
    /// An unsigned number, up to 65535.
    pub columns: u64,
    /// An unsigned number, up to 65535.
    pub rows: u64,
}

impl<'a> Reply<'a> for SizeReply {
    const OPCODE: Opcode = SIZE;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.unsigned(self.columns);
        encoder.unsigned(self.rows);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Unsigned(columns)) = values.next() else { return None };
        let Some(OperandRef::Unsigned(rows)) = values.next() else { return None };
        Some(Self { columns, rows })
    }
}

/// `ui.clear`: empties the grid.
pub const CLEAR: Opcode = Opcode {
    category: Category::UI,
    number: 2,
    name: "ui.clear",
    capabilities: CapabilitySet::from_bits(0x0020),
    operands: &[],
    reply: &[],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::Closed, Status::Io]),
    opens: None,
    closes: false,
};

/// `ui.clear`: empties the grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clear;

impl<'a> Instruction<'a> for Clear {
    const OPCODE: Opcode = CLEAR;

    fn write(&self, _encoder: &mut Encoder<'_>) {}

    fn read(_values: Operands<'a>) -> Option<Self> {
        Some(Self)
    }
}

/// `ui.render`: puts text into a row from a column on; style bits: 1 bold, 2 faint, 4 underlined, 8 reversed.
pub const RENDER: Opcode = Opcode {
    category: Category::UI,
    number: 3,
    name: "ui.render",
    capabilities: CapabilitySet::from_bits(0x0020),
    operands: &[
        Field { name: "column", form: Form::Unsigned { min: 0, max: 65_535 }, optional: false },
        Field { name: "row", form: Form::Unsigned { min: 0, max: 65_535 }, optional: false },
        Field { name: "text", form: Form::Text { min: 0, max: usize::MAX }, optional: false },
        Field { name: "style", form: Form::Unsigned { min: 0, max: 15 }, optional: true },
    ],
    reply: &[],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::Closed, Status::Io]),
    opens: None,
    closes: false,
};

/// `ui.render`: puts text into a row from a column on; style bits: 1 bold, 2 faint, 4 underlined, 8 reversed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Render<'a> {
    /// An unsigned number, up to 65535.
    pub column: u64,
    /// An unsigned number, up to 65535.
    pub row: u64,
    /// Text.
    pub text: &'a str,
    /// An unsigned number, up to 15.
    pub style: Option<u64>,
}

impl<'a> Instruction<'a> for Render<'a> {
    const OPCODE: Opcode = RENDER;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.unsigned(self.column);
        encoder.unsigned(self.row);
        encoder.text(self.text);
        if let Some(style) = self.style {
            encoder.unsigned(style);
        }
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Unsigned(column)) = values.next() else { return None };
        let Some(OperandRef::Unsigned(row)) = values.next() else { return None };
        let Some(OperandRef::Text(text)) = values.next() else { return None };
        let style = match values.next() {
            Some(OperandRef::Unsigned(style)) => Some(style),
            _ => None,
        };
        Some(Self { column, row, text, style })
    }
}

/// `ui.present`: shows what was put since the last time.
pub const PRESENT: Opcode = Opcode {
    category: Category::UI,
    number: 4,
    name: "ui.present",
    capabilities: CapabilitySet::from_bits(0x0020),
    operands: &[],
    reply: &[],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::Closed, Status::Io]),
    opens: None,
    closes: false,
};

/// `ui.present`: shows what was put since the last time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Present;

impl<'a> Instruction<'a> for Present {
    const OPCODE: Opcode = PRESENT;

    fn write(&self, _encoder: &mut Encoder<'_>) {}

    fn read(_values: Operands<'a>) -> Option<Self> {
        Some(Self)
    }
}

/// `ui.prompt`: shows a question and takes a line of text.
pub const PROMPT: Opcode = Opcode {
    category: Category::UI,
    number: 16,
    name: "ui.prompt",
    capabilities: CapabilitySet::from_bits(0x0060),
    operands: &[
        Field { name: "question", form: Form::Text { min: 0, max: usize::MAX }, optional: false },
        Field { name: "timeout_ms", form: Form::Unsigned { min: 0, max: 86_400_000 }, optional: true },
    ],
    reply: &[Field { name: "answer", form: Form::Text { min: 0, max: usize::MAX }, optional: false }],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::Closed, Status::Timeout, Status::Io]),
    opens: None,
    closes: false,
};

/// `ui.prompt`: shows a question and takes a line of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prompt<'a> {
    /// Text.
    pub question: &'a str,
    /// An unsigned number, up to 86400000.
    pub timeout_ms: Option<u64>,
}

impl<'a> Instruction<'a> for Prompt<'a> {
    const OPCODE: Opcode = PROMPT;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.text(self.question);
        if let Some(timeout_ms) = self.timeout_ms {
            encoder.unsigned(timeout_ms);
        }
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Text(question)) = values.next() else { return None };
        let timeout_ms = match values.next() {
            Some(OperandRef::Unsigned(timeout_ms)) => Some(timeout_ms),
            _ => None,
        };
        Some(Self { question, timeout_ms })
    }
}

/// What `ui.prompt` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PromptReply<'a> {
    /// Text.
    pub answer: &'a str,
}

impl<'a> Reply<'a> for PromptReply<'a> {
    const OPCODE: Opcode = PROMPT;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.text(self.answer);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Text(answer)) = values.next() else { return None };
        Some(Self { answer })
    }
}

/// `ui.input_events`: asks for input events, or for none: bits 1 keys, 2 pointer, 4 changes of size.
pub const INPUT_EVENTS: Opcode = Opcode {
    category: Category::UI,
    number: 17,
    name: "ui.input_events",
    capabilities: CapabilitySet::from_bits(0x0040),
    operands: &[Field { name: "kinds", form: Form::Unsigned { min: 0, max: 7 }, optional: false }],
    reply: &[],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::Closed, Status::Io]),
    opens: None,
    closes: false,
};

/// `ui.input_events`: asks for input events, or for none: bits 1 keys, 2 pointer, 4 changes of size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InputEvents {
    /// An unsigned number, up to 7.
    pub kinds: u64,
}

impl<'a> Instruction<'a> for InputEvents {
    const OPCODE: Opcode = INPUT_EVENTS;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.unsigned(self.kinds);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Unsigned(kinds)) = values.next() else { return None };
        Some(Self { kinds })
    }
}

/// `ui.key`: a key was pressed: its name or its text; modifier bits 1 shift, 2 control, 4 alt, 8 meta.
pub const KEY: Event = Event {
    category: Category::UI,
    number: 1,
    name: "ui.key",
    capabilities: CapabilitySet::from_bits(0x0040),
    values: &[
        Field { name: "key", form: Form::Text { min: 1, max: usize::MAX }, optional: false },
        Field { name: "modifiers", form: Form::Unsigned { min: 0, max: 15 }, optional: false },
    ],
};

/// `ui.key`: a key was pressed: its name or its text; modifier bits 1 shift, 2 control, 4 alt, 8 meta.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyEvent<'a> {
    /// Text, 1 bytes or more.
    pub key: &'a str,
    /// An unsigned number, up to 15.
    pub modifiers: u64,
}

impl<'a> HostEvent<'a> for KeyEvent<'a> {
    const EVENT: Event = KEY;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.text(self.key);
        encoder.unsigned(self.modifiers);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Text(key)) = values.next() else { return None };
        let Some(OperandRef::Unsigned(modifiers)) = values.next() else { return None };
        Some(Self { key, modifiers })
    }
}

/// `ui.pointer`: the pointer moved or a button changed: bits 1 left, 2 right, 4 middle.
pub const POINTER: Event = Event {
    category: Category::UI,
    number: 2,
    name: "ui.pointer",
    capabilities: CapabilitySet::from_bits(0x0040),
    values: &[
        Field { name: "column", form: Form::Unsigned { min: 0, max: 65_535 }, optional: false },
        Field { name: "row", form: Form::Unsigned { min: 0, max: 65_535 }, optional: false },
        Field { name: "buttons", form: Form::Unsigned { min: 0, max: 7 }, optional: false },
    ],
};

/// `ui.pointer`: the pointer moved or a button changed: bits 1 left, 2 right, 4 middle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PointerEvent {
    /// An unsigned number, up to 65535.
    pub column: u64,
    /// An unsigned number, up to 65535.
    pub row: u64,
    /// An unsigned number, up to 7.
    pub buttons: u64,
}

impl<'a> HostEvent<'a> for PointerEvent {
    const EVENT: Event = POINTER;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.unsigned(self.column);
        encoder.unsigned(self.row);
        encoder.unsigned(self.buttons);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Unsigned(column)) = values.next() else { return None };
        let Some(OperandRef::Unsigned(row)) = values.next() else { return None };
        let Some(OperandRef::Unsigned(buttons)) = values.next() else { return None };
        Some(Self { column, row, buttons })
    }
}

/// `ui.resize`: the grid has another size.
pub const RESIZE: Event = Event {
    category: Category::UI,
    number: 3,
    name: "ui.resize",
    capabilities: CapabilitySet::from_bits(0x0020),
    values: &[
        Field { name: "columns", form: Form::Unsigned { min: 0, max: 65_535 }, optional: false },
        Field { name: "rows", form: Form::Unsigned { min: 0, max: 65_535 }, optional: false },
    ],
};

/// `ui.resize`: the grid has another size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResizeEvent {
    /// An unsigned number, up to 65535.
    pub columns: u64,
    /// An unsigned number, up to 65535.
    pub rows: u64,
}

impl<'a> HostEvent<'a> for ResizeEvent {
    const EVENT: Event = RESIZE;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.unsigned(self.columns);
        encoder.unsigned(self.rows);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Unsigned(columns)) = values.next() else { return None };
        let Some(OperandRef::Unsigned(rows)) = values.next() else { return None };
        Some(Self { columns, rows })
    }
}
