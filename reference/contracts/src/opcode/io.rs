//! Category `io`. Written by `cargo xtask opcodes --bless` from the registry; do not edit.

use super::{Field, Form, HandleKind, Instruction, Opcode, Reply, TextList};
use crate::capability::CapabilitySet;
use crate::instruction::{Category, Encoder, OperandRef, OperandType, Operands, Status, StatusSet};

//= ADP-IO-001
/// Its opcodes, by number.
pub const OPCODES: &[Opcode] = &[
    STDIN_READ,
    STDOUT_WRITE,
    STDERR_WRITE,
    OPEN_READ,
    READ,
    READ_AT,
    CLOSE_READ,
    STAT,
    LIST_DIR,
    OPEN_WRITE,
    WRITE,
    WRITE_AT,
    TRUNCATE,
    SYNC,
    CLOSE_WRITE,
    CREATE_DIR,
    REMOVE_FILE,
    REMOVE_DIR,
    RENAME,
    COPY,
];

/// `io.stdin_read`: reads from standard input; no bytes at its end.
pub const STDIN_READ: Opcode = Opcode {
    category: Category::IO,
    number: 1,
    name: "io.stdin_read",
    capabilities: CapabilitySet::from_bits(0x0001),
    operands: &[Field { name: "max", form: Form::Unsigned { min: 1, max: 1_048_000 }, optional: false }],
    reply: &[Field { name: "data", form: Form::Bytes { min: 0, max: usize::MAX }, optional: false }],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::Closed, Status::Io]),
    opens: None,
    closes: false,
};

/// `io.stdin_read`: reads from standard input; no bytes at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StdinRead {
    /// An unsigned number, 1 to 1048000.
    pub max: u64,
}

impl<'a> Instruction<'a> for StdinRead {
    const OPCODE: Opcode = STDIN_READ;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.unsigned(self.max);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Unsigned(max)) = values.next() else { return None };
        Some(Self { max })
    }
}

/// What `io.stdin_read` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StdinReadReply<'a> {
    /// Bytes.
    pub data: &'a [u8],
}

impl<'a> Reply<'a> for StdinReadReply<'a> {
    const OPCODE: Opcode = STDIN_READ;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.bytes(self.data);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Bytes(data)) = values.next() else { return None };
        Some(Self { data })
    }
}

/// `io.stdout_write`: writes to standard output; how many bytes were taken.
pub const STDOUT_WRITE: Opcode = Opcode {
    category: Category::IO,
    number: 2,
    name: "io.stdout_write",
    capabilities: CapabilitySet::from_bits(0x0001),
    operands: &[Field { name: "data", form: Form::Bytes { min: 0, max: usize::MAX }, optional: false }],
    reply: &[Field { name: "written", form: Form::Unsigned { min: 0, max: u64::MAX }, optional: false }],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::Closed, Status::Io]),
    opens: None,
    closes: false,
};

/// `io.stdout_write`: writes to standard output; how many bytes were taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StdoutWrite<'a> {
    /// Bytes.
    pub data: &'a [u8],
}

impl<'a> Instruction<'a> for StdoutWrite<'a> {
    const OPCODE: Opcode = STDOUT_WRITE;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.bytes(self.data);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Bytes(data)) = values.next() else { return None };
        Some(Self { data })
    }
}

/// What `io.stdout_write` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StdoutWriteReply {
    /// An unsigned number.
    pub written: u64,
}

impl<'a> Reply<'a> for StdoutWriteReply {
    const OPCODE: Opcode = STDOUT_WRITE;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.unsigned(self.written);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Unsigned(written)) = values.next() else { return None };
        Some(Self { written })
    }
}

/// `io.stderr_write`: writes to standard error; how many bytes were taken.
pub const STDERR_WRITE: Opcode = Opcode {
    category: Category::IO,
    number: 3,
    name: "io.stderr_write",
    capabilities: CapabilitySet::from_bits(0x0001),
    operands: &[Field { name: "data", form: Form::Bytes { min: 0, max: usize::MAX }, optional: false }],
    reply: &[Field { name: "written", form: Form::Unsigned { min: 0, max: u64::MAX }, optional: false }],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::Closed, Status::Io]),
    opens: None,
    closes: false,
};

/// `io.stderr_write`: writes to standard error; how many bytes were taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StderrWrite<'a> {
    /// Bytes.
    pub data: &'a [u8],
}

impl<'a> Instruction<'a> for StderrWrite<'a> {
    const OPCODE: Opcode = STDERR_WRITE;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.bytes(self.data);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Bytes(data)) = values.next() else { return None };
        Some(Self { data })
    }
}

/// What `io.stderr_write` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StderrWriteReply {
    /// An unsigned number.
    pub written: u64,
}

impl<'a> Reply<'a> for StderrWriteReply {
    const OPCODE: Opcode = STDERR_WRITE;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.unsigned(self.written);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Unsigned(written)) = values.next() else { return None };
        Some(Self { written })
    }
}

/// `io.open_read`: opens a file for reading.
pub const OPEN_READ: Opcode = Opcode {
    category: Category::IO,
    number: 16,
    name: "io.open_read",
    capabilities: CapabilitySet::from_bits(0x0002),
    operands: &[Field { name: "path", form: Form::Text { min: 1, max: 4_096 }, optional: false }],
    reply: &[Field { name: "reader", form: Form::Handle(HandleKind::Reader), optional: false }],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::NotFound, Status::Denied, Status::Io]),
    opens: Some(HandleKind::Reader),
    closes: false,
};

/// `io.open_read`: opens a file for reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenRead<'a> {
    /// Text, 1 to 4096 bytes.
    pub path: &'a str,
}

impl<'a> Instruction<'a> for OpenRead<'a> {
    const OPCODE: Opcode = OPEN_READ;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.text(self.path);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Text(path)) = values.next() else { return None };
        Some(Self { path })
    }
}

/// What `io.open_read` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenReadReply {
    /// A handle: reader.
    pub reader: u32,
}

impl<'a> Reply<'a> for OpenReadReply {
    const OPCODE: Opcode = OPEN_READ;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.handle(self.reader);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Handle(reader)) = values.next() else { return None };
        Some(Self { reader })
    }
}

/// `io.read`: reads on from where the last read ended; no bytes at the end.
pub const READ: Opcode = Opcode {
    category: Category::IO,
    number: 17,
    name: "io.read",
    capabilities: CapabilitySet::from_bits(0x0002),
    operands: &[
        Field { name: "reader", form: Form::Handle(HandleKind::Reader), optional: false },
        Field { name: "max", form: Form::Unsigned { min: 1, max: 1_048_000 }, optional: false },
    ],
    reply: &[Field { name: "data", form: Form::Bytes { min: 0, max: usize::MAX }, optional: false }],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::Io]),
    opens: None,
    closes: false,
};

/// `io.read`: reads on from where the last read ended; no bytes at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Read {
    /// A handle: reader.
    pub reader: u32,
    /// An unsigned number, 1 to 1048000.
    pub max: u64,
}

impl<'a> Instruction<'a> for Read {
    const OPCODE: Opcode = READ;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.handle(self.reader);
        encoder.unsigned(self.max);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Handle(reader)) = values.next() else { return None };
        let Some(OperandRef::Unsigned(max)) = values.next() else { return None };
        Some(Self { reader, max })
    }
}

/// What `io.read` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadReply<'a> {
    /// Bytes.
    pub data: &'a [u8],
}

impl<'a> Reply<'a> for ReadReply<'a> {
    const OPCODE: Opcode = READ;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.bytes(self.data);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Bytes(data)) = values.next() else { return None };
        Some(Self { data })
    }
}

/// `io.read_at`: reads from a place; no bytes at or past the end.
pub const READ_AT: Opcode = Opcode {
    category: Category::IO,
    number: 18,
    name: "io.read_at",
    capabilities: CapabilitySet::from_bits(0x0002),
    operands: &[
        Field { name: "reader", form: Form::Handle(HandleKind::Reader), optional: false },
        Field { name: "offset", form: Form::Unsigned { min: 0, max: u64::MAX }, optional: false },
        Field { name: "max", form: Form::Unsigned { min: 1, max: 1_048_000 }, optional: false },
    ],
    reply: &[Field { name: "data", form: Form::Bytes { min: 0, max: usize::MAX }, optional: false }],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::Io]),
    opens: None,
    closes: false,
};

/// `io.read_at`: reads from a place; no bytes at or past the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadAt {
    /// A handle: reader.
    pub reader: u32,
    /// An unsigned number.
    pub offset: u64,
    /// An unsigned number, 1 to 1048000.
    pub max: u64,
}

impl<'a> Instruction<'a> for ReadAt {
    const OPCODE: Opcode = READ_AT;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.handle(self.reader);
        encoder.unsigned(self.offset);
        encoder.unsigned(self.max);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Handle(reader)) = values.next() else { return None };
        let Some(OperandRef::Unsigned(offset)) = values.next() else { return None };
        let Some(OperandRef::Unsigned(max)) = values.next() else { return None };
        Some(Self { reader, offset, max })
    }
}

/// What `io.read_at` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadAtReply<'a> {
    /// Bytes.
    pub data: &'a [u8],
}

impl<'a> Reply<'a> for ReadAtReply<'a> {
    const OPCODE: Opcode = READ_AT;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.bytes(self.data);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Bytes(data)) = values.next() else { return None };
        Some(Self { data })
    }
}

/// `io.close_read`: closes a file that was opened for reading.
pub const CLOSE_READ: Opcode = Opcode {
    category: Category::IO,
    number: 19,
    name: "io.close_read",
    capabilities: CapabilitySet::from_bits(0x0002),
    operands: &[Field { name: "reader", form: Form::Handle(HandleKind::Reader), optional: false }],
    reply: &[],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::Io]),
    opens: None,
    closes: true,
};

/// `io.close_read`: closes a file that was opened for reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CloseRead {
    /// A handle: reader.
    pub reader: u32,
}

impl<'a> Instruction<'a> for CloseRead {
    const OPCODE: Opcode = CLOSE_READ;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.handle(self.reader);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Handle(reader)) = values.next() else { return None };
        Some(Self { reader })
    }
}

/// `io.stat`: what a path names: kind 0 a file, 1 a directory, 2 something else; bytes; nanoseconds from 1970 to its last change.
pub const STAT: Opcode = Opcode {
    category: Category::IO,
    number: 20,
    name: "io.stat",
    capabilities: CapabilitySet::from_bits(0x0002),
    operands: &[Field { name: "path", form: Form::Text { min: 1, max: 4_096 }, optional: false }],
    reply: &[
        Field { name: "kind", form: Form::Unsigned { min: 0, max: 2 }, optional: false },
        Field { name: "size", form: Form::Unsigned { min: 0, max: u64::MAX }, optional: false },
        Field { name: "modified_ns", form: Form::Signed { min: i64::MIN, max: i64::MAX }, optional: false },
    ],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::NotFound, Status::Denied, Status::Io]),
    opens: None,
    closes: false,
};

/// `io.stat`: what a path names: kind 0 a file, 1 a directory, 2 something else; bytes; nanoseconds from 1970 to its last change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stat<'a> {
    /// Text, 1 to 4096 bytes.
    pub path: &'a str,
}

impl<'a> Instruction<'a> for Stat<'a> {
    const OPCODE: Opcode = STAT;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.text(self.path);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Text(path)) = values.next() else { return None };
        Some(Self { path })
    }
}

/// What `io.stat` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatReply {
    /// An unsigned number, up to 2.
    pub kind: u64,
    /// An unsigned number.
    pub size: u64,
    /// A signed number.
    pub modified_ns: i64,
}

impl<'a> Reply<'a> for StatReply {
    const OPCODE: Opcode = STAT;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.unsigned(self.kind);
        encoder.unsigned(self.size);
        encoder.signed(self.modified_ns);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Unsigned(kind)) = values.next() else { return None };
        let Some(OperandRef::Unsigned(size)) = values.next() else { return None };
        let Some(OperandRef::Signed(modified_ns)) = values.next() else { return None };
        Some(Self { kind, size, modified_ns })
    }
}

/// `io.list_dir`: names in a directory, in order of their bytes, after a name and at most so many.
pub const LIST_DIR: Opcode = Opcode {
    category: Category::IO,
    number: 21,
    name: "io.list_dir",
    capabilities: CapabilitySet::from_bits(0x0002),
    operands: &[
        Field { name: "path", form: Form::Text { min: 1, max: 4_096 }, optional: false },
        Field { name: "max", form: Form::Unsigned { min: 1, max: 4_096 }, optional: false },
        Field { name: "after", form: Form::Text { min: 0, max: 4_096 }, optional: true },
    ],
    reply: &[Field {
        name: "names",
        form: Form::List { element: OperandType::Text, max: usize::MAX },
        optional: false,
    }],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::NotFound, Status::Denied, Status::Io]),
    opens: None,
    closes: false,
};

/// `io.list_dir`: names in a directory, in order of their bytes, after a name and at most so many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListDir<'a> {
    /// Text, 1 to 4096 bytes.
    pub path: &'a str,
    /// An unsigned number, 1 to 4096.
    pub max: u64,
    /// Text, up to 4096 bytes.
    pub after: Option<&'a str>,
}

impl<'a> Instruction<'a> for ListDir<'a> {
    const OPCODE: Opcode = LIST_DIR;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.text(self.path);
        encoder.unsigned(self.max);
        if let Some(after) = self.after {
            encoder.text(after);
        }
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Text(path)) = values.next() else { return None };
        let Some(OperandRef::Unsigned(max)) = values.next() else { return None };
        let after = match values.next() {
            Some(OperandRef::Text(after)) => Some(after),
            _ => None,
        };
        Some(Self { path, max, after })
    }
}

/// What `io.list_dir` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListDirReply<'a> {
    /// A list of text.
    pub names: TextList<'a>,
}

impl<'a> Reply<'a> for ListDirReply<'a> {
    const OPCODE: Opcode = LIST_DIR;

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

/// `io.open_write`: opens a file for writing: mode 0 makes it or empties it, 1 makes it and it is new, 2 makes it or writes at its end.
pub const OPEN_WRITE: Opcode = Opcode {
    category: Category::IO,
    number: 32,
    name: "io.open_write",
    capabilities: CapabilitySet::from_bits(0x0004),
    operands: &[
        Field { name: "path", form: Form::Text { min: 1, max: 4_096 }, optional: false },
        Field { name: "mode", form: Form::Unsigned { min: 0, max: 2 }, optional: false },
    ],
    reply: &[Field { name: "writer", form: Form::Handle(HandleKind::Writer), optional: false }],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::NotFound, Status::Denied, Status::Exists, Status::Io]),
    opens: Some(HandleKind::Writer),
    closes: false,
};

/// `io.open_write`: opens a file for writing: mode 0 makes it or empties it, 1 makes it and it is new, 2 makes it or writes at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenWrite<'a> {
    /// Text, 1 to 4096 bytes.
    pub path: &'a str,
    /// An unsigned number, up to 2.
    pub mode: u64,
}

impl<'a> Instruction<'a> for OpenWrite<'a> {
    const OPCODE: Opcode = OPEN_WRITE;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.text(self.path);
        encoder.unsigned(self.mode);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Text(path)) = values.next() else { return None };
        let Some(OperandRef::Unsigned(mode)) = values.next() else { return None };
        Some(Self { path, mode })
    }
}

/// What `io.open_write` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenWriteReply {
    /// A handle: writer.
    pub writer: u32,
}

impl<'a> Reply<'a> for OpenWriteReply {
    const OPCODE: Opcode = OPEN_WRITE;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.handle(self.writer);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Handle(writer)) = values.next() else { return None };
        Some(Self { writer })
    }
}

/// `io.write`: writes on from where the last write ended; how many bytes were taken.
pub const WRITE: Opcode = Opcode {
    category: Category::IO,
    number: 33,
    name: "io.write",
    capabilities: CapabilitySet::from_bits(0x0004),
    operands: &[
        Field { name: "writer", form: Form::Handle(HandleKind::Writer), optional: false },
        Field { name: "data", form: Form::Bytes { min: 0, max: usize::MAX }, optional: false },
    ],
    reply: &[Field { name: "written", form: Form::Unsigned { min: 0, max: u64::MAX }, optional: false }],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::Denied, Status::Io]),
    opens: None,
    closes: false,
};

/// `io.write`: writes on from where the last write ended; how many bytes were taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Write<'a> {
    /// A handle: writer.
    pub writer: u32,
    /// Bytes.
    pub data: &'a [u8],
}

impl<'a> Instruction<'a> for Write<'a> {
    const OPCODE: Opcode = WRITE;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.handle(self.writer);
        encoder.bytes(self.data);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Handle(writer)) = values.next() else { return None };
        let Some(OperandRef::Bytes(data)) = values.next() else { return None };
        Some(Self { writer, data })
    }
}

/// What `io.write` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WriteReply {
    /// An unsigned number.
    pub written: u64,
}

impl<'a> Reply<'a> for WriteReply {
    const OPCODE: Opcode = WRITE;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.unsigned(self.written);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Unsigned(written)) = values.next() else { return None };
        Some(Self { written })
    }
}

/// `io.write_at`: writes at a place; how many bytes were taken.
pub const WRITE_AT: Opcode = Opcode {
    category: Category::IO,
    number: 34,
    name: "io.write_at",
    capabilities: CapabilitySet::from_bits(0x0004),
    operands: &[
        Field { name: "writer", form: Form::Handle(HandleKind::Writer), optional: false },
        Field { name: "offset", form: Form::Unsigned { min: 0, max: u64::MAX }, optional: false },
        Field { name: "data", form: Form::Bytes { min: 0, max: usize::MAX }, optional: false },
    ],
    reply: &[Field { name: "written", form: Form::Unsigned { min: 0, max: u64::MAX }, optional: false }],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::Denied, Status::Io]),
    opens: None,
    closes: false,
};

/// `io.write_at`: writes at a place; how many bytes were taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WriteAt<'a> {
    /// A handle: writer.
    pub writer: u32,
    /// An unsigned number.
    pub offset: u64,
    /// Bytes.
    pub data: &'a [u8],
}

impl<'a> Instruction<'a> for WriteAt<'a> {
    const OPCODE: Opcode = WRITE_AT;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.handle(self.writer);
        encoder.unsigned(self.offset);
        encoder.bytes(self.data);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Handle(writer)) = values.next() else { return None };
        let Some(OperandRef::Unsigned(offset)) = values.next() else { return None };
        let Some(OperandRef::Bytes(data)) = values.next() else { return None };
        Some(Self { writer, offset, data })
    }
}

/// What `io.write_at` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WriteAtReply {
    /// An unsigned number.
    pub written: u64,
}

impl<'a> Reply<'a> for WriteAtReply {
    const OPCODE: Opcode = WRITE_AT;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.unsigned(self.written);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Unsigned(written)) = values.next() else { return None };
        Some(Self { written })
    }
}

/// `io.truncate`: sets the length of a file.
pub const TRUNCATE: Opcode = Opcode {
    category: Category::IO,
    number: 35,
    name: "io.truncate",
    capabilities: CapabilitySet::from_bits(0x0004),
    operands: &[
        Field { name: "writer", form: Form::Handle(HandleKind::Writer), optional: false },
        Field { name: "length", form: Form::Unsigned { min: 0, max: u64::MAX }, optional: false },
    ],
    reply: &[],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::Denied, Status::Io]),
    opens: None,
    closes: false,
};

/// `io.truncate`: sets the length of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Truncate {
    /// A handle: writer.
    pub writer: u32,
    /// An unsigned number.
    pub length: u64,
}

impl<'a> Instruction<'a> for Truncate {
    const OPCODE: Opcode = TRUNCATE;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.handle(self.writer);
        encoder.unsigned(self.length);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Handle(writer)) = values.next() else { return None };
        let Some(OperandRef::Unsigned(length)) = values.next() else { return None };
        Some(Self { writer, length })
    }
}

/// `io.sync`: writes to the device what was written to the file.
pub const SYNC: Opcode = Opcode {
    category: Category::IO,
    number: 36,
    name: "io.sync",
    capabilities: CapabilitySet::from_bits(0x0004),
    operands: &[Field { name: "writer", form: Form::Handle(HandleKind::Writer), optional: false }],
    reply: &[],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::Io]),
    opens: None,
    closes: false,
};

/// `io.sync`: writes to the device what was written to the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sync {
    /// A handle: writer.
    pub writer: u32,
}

impl<'a> Instruction<'a> for Sync {
    const OPCODE: Opcode = SYNC;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.handle(self.writer);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Handle(writer)) = values.next() else { return None };
        Some(Self { writer })
    }
}

/// `io.close_write`: closes a file that was opened for writing.
pub const CLOSE_WRITE: Opcode = Opcode {
    category: Category::IO,
    number: 37,
    name: "io.close_write",
    capabilities: CapabilitySet::from_bits(0x0004),
    operands: &[Field { name: "writer", form: Form::Handle(HandleKind::Writer), optional: false }],
    reply: &[],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::Io]),
    opens: None,
    closes: true,
};

/// `io.close_write`: closes a file that was opened for writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CloseWrite {
    /// A handle: writer.
    pub writer: u32,
}

impl<'a> Instruction<'a> for CloseWrite {
    const OPCODE: Opcode = CLOSE_WRITE;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.handle(self.writer);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Handle(writer)) = values.next() else { return None };
        Some(Self { writer })
    }
}

/// `io.create_dir`: makes a directory.
pub const CREATE_DIR: Opcode = Opcode {
    category: Category::IO,
    number: 38,
    name: "io.create_dir",
    capabilities: CapabilitySet::from_bits(0x0004),
    operands: &[Field { name: "path", form: Form::Text { min: 1, max: 4_096 }, optional: false }],
    reply: &[],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::NotFound, Status::Denied, Status::Exists, Status::Io]),
    opens: None,
    closes: false,
};

/// `io.create_dir`: makes a directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CreateDir<'a> {
    /// Text, 1 to 4096 bytes.
    pub path: &'a str,
}

impl<'a> Instruction<'a> for CreateDir<'a> {
    const OPCODE: Opcode = CREATE_DIR;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.text(self.path);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Text(path)) = values.next() else { return None };
        Some(Self { path })
    }
}

/// `io.remove_file`: removes a file.
pub const REMOVE_FILE: Opcode = Opcode {
    category: Category::IO,
    number: 39,
    name: "io.remove_file",
    capabilities: CapabilitySet::from_bits(0x0004),
    operands: &[Field { name: "path", form: Form::Text { min: 1, max: 4_096 }, optional: false }],
    reply: &[],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::NotFound, Status::Denied, Status::Io]),
    opens: None,
    closes: false,
};

/// `io.remove_file`: removes a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RemoveFile<'a> {
    /// Text, 1 to 4096 bytes.
    pub path: &'a str,
}

impl<'a> Instruction<'a> for RemoveFile<'a> {
    const OPCODE: Opcode = REMOVE_FILE;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.text(self.path);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Text(path)) = values.next() else { return None };
        Some(Self { path })
    }
}

/// `io.remove_dir`: removes an empty directory.
pub const REMOVE_DIR: Opcode = Opcode {
    category: Category::IO,
    number: 40,
    name: "io.remove_dir",
    capabilities: CapabilitySet::from_bits(0x0004),
    operands: &[Field { name: "path", form: Form::Text { min: 1, max: 4_096 }, optional: false }],
    reply: &[],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::NotFound, Status::Denied, Status::Exists, Status::Io]),
    opens: None,
    closes: false,
};

/// `io.remove_dir`: removes an empty directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RemoveDir<'a> {
    /// Text, 1 to 4096 bytes.
    pub path: &'a str,
}

impl<'a> Instruction<'a> for RemoveDir<'a> {
    const OPCODE: Opcode = REMOVE_DIR;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.text(self.path);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Text(path)) = values.next() else { return None };
        Some(Self { path })
    }
}

/// `io.rename`: gives a file or directory another path; a file that is there is replaced.
pub const RENAME: Opcode = Opcode {
    category: Category::IO,
    number: 41,
    name: "io.rename",
    capabilities: CapabilitySet::from_bits(0x0004),
    operands: &[
        Field { name: "from", form: Form::Text { min: 1, max: 4_096 }, optional: false },
        Field { name: "to", form: Form::Text { min: 1, max: 4_096 }, optional: false },
    ],
    reply: &[],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::NotFound, Status::Denied, Status::Exists, Status::Io]),
    opens: None,
    closes: false,
};

/// `io.rename`: gives a file or directory another path; a file that is there is replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rename<'a> {
    /// Text, 1 to 4096 bytes.
    pub from: &'a str,
    /// Text, 1 to 4096 bytes.
    pub to: &'a str,
}

impl<'a> Instruction<'a> for Rename<'a> {
    const OPCODE: Opcode = RENAME;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.text(self.from);
        encoder.text(self.to);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Text(from)) = values.next() else { return None };
        let Some(OperandRef::Text(to)) = values.next() else { return None };
        Some(Self { from, to })
    }
}

/// `io.copy`: copies a file; how many bytes it has; a file that is there is replaced.
pub const COPY: Opcode = Opcode {
    category: Category::IO,
    number: 42,
    name: "io.copy",
    capabilities: CapabilitySet::from_bits(0x0006),
    operands: &[
        Field { name: "from", form: Form::Text { min: 1, max: 4_096 }, optional: false },
        Field { name: "to", form: Form::Text { min: 1, max: 4_096 }, optional: false },
    ],
    reply: &[Field { name: "size", form: Form::Unsigned { min: 0, max: u64::MAX }, optional: false }],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::NotFound, Status::Denied, Status::Io]),
    opens: None,
    closes: false,
};

/// `io.copy`: copies a file; how many bytes it has; a file that is there is replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copy<'a> {
    /// Text, 1 to 4096 bytes.
    pub from: &'a str,
    /// Text, 1 to 4096 bytes.
    pub to: &'a str,
}

impl<'a> Instruction<'a> for Copy<'a> {
    const OPCODE: Opcode = COPY;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.text(self.from);
        encoder.text(self.to);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Text(from)) = values.next() else { return None };
        let Some(OperandRef::Text(to)) = values.next() else { return None };
        Some(Self { from, to })
    }
}

/// What `io.copy` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CopyReply {
    /// An unsigned number.
    pub size: u64,
}

impl<'a> Reply<'a> for CopyReply {
    const OPCODE: Opcode = COPY;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.unsigned(self.size);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Unsigned(size)) = values.next() else { return None };
        Some(Self { size })
    }
}
