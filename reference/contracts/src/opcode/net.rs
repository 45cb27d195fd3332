//! Category `net`. Written by `cargo xtask opcodes --bless` from the registry; do not edit.

use super::{Field, Form, HandleKind, Instruction, Opcode, Reply, TextList};
use crate::capability::CapabilitySet;
use crate::instruction::{Category, Encoder, OperandRef, OperandType, Operands, Status, StatusSet};

//= ADP-NET-001
/// Its opcodes, by number.
pub const OPCODES: &[Opcode] = &[
    RESOLVE,
    CONNECT,
    SEND,
    RECEIVE,
    SHUTDOWN,
    CLOSE,
    HTTP_REQUEST,
    HTTP_READ,
    HTTP_CLOSE,
    LISTEN,
    ACCEPT,
    CLOSE_LISTENER,
    PEER_SEND,
    PEER_RECEIVE,
    PEER_SHUTDOWN,
    PEER_CLOSE,
];

/// `net.resolve`: the addresses of a name.
pub const RESOLVE: Opcode = Opcode {
    category: Category::NET,
    number: 1,
    name: "net.resolve",
    capabilities: CapabilitySet::from_bits(0x0008),
    operands: &[
        Field { name: "host", form: Form::Text { min: 1, max: 255 }, optional: false },
        Field { name: "timeout_ms", form: Form::Unsigned { min: 0, max: 86_400_000 }, optional: true },
    ],
    reply: &[Field {
        name: "addresses",
        form: Form::List { element: OperandType::Text, max: usize::MAX },
        optional: false,
    }],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::NotFound, Status::Denied, Status::Timeout, Status::Io]),
    opens: None,
    closes: false,
};

/// `net.resolve`: the addresses of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resolve<'a> {
    /// Text, 1 to 255 bytes.
    pub host: &'a str,
    /// An unsigned number, up to 86400000.
    pub timeout_ms: Option<u64>,
}

impl<'a> Instruction<'a> for Resolve<'a> {
    const OPCODE: Opcode = RESOLVE;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.text(self.host);
        if let Some(timeout_ms) = self.timeout_ms {
            encoder.unsigned(timeout_ms);
        }
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Text(host)) = values.next() else { return None };
        let timeout_ms = match values.next() {
            Some(OperandRef::Unsigned(timeout_ms)) => Some(timeout_ms),
            _ => None,
        };
        Some(Self { host, timeout_ms })
    }
}

/// What `net.resolve` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResolveReply<'a> {
    /// A list of text.
    pub addresses: TextList<'a>,
}

impl<'a> Reply<'a> for ResolveReply<'a> {
    const OPCODE: Opcode = RESOLVE;

    fn write(&self, encoder: &mut Encoder<'_>) {
        self.addresses.write(encoder);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::List(addresses)) = values.next() else { return None };
        let addresses = TextList::decoded(addresses);
        Some(Self { addresses })
    }
}

/// `net.connect`: opens a TCP connection.
pub const CONNECT: Opcode = Opcode {
    category: Category::NET,
    number: 2,
    name: "net.connect",
    capabilities: CapabilitySet::from_bits(0x0008),
    operands: &[
        Field { name: "host", form: Form::Text { min: 1, max: 255 }, optional: false },
        Field { name: "port", form: Form::Unsigned { min: 1, max: 65_535 }, optional: false },
        Field { name: "timeout_ms", form: Form::Unsigned { min: 0, max: 86_400_000 }, optional: true },
    ],
    reply: &[Field { name: "connection", form: Form::Handle(HandleKind::Connection), optional: false }],
    statuses: StatusSet::UNIVERSAL.with(&[
        Status::Ok,
        Status::NotFound,
        Status::Denied,
        Status::Closed,
        Status::Timeout,
        Status::Io,
    ]),
    opens: Some(HandleKind::Connection),
    closes: false,
};

/// `net.connect`: opens a TCP connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connect<'a> {
    /// Text, 1 to 255 bytes.
    pub host: &'a str,
    /// An unsigned number, 1 to 65535.
    pub port: u64,
    /// An unsigned number, up to 86400000.
    pub timeout_ms: Option<u64>,
}

impl<'a> Instruction<'a> for Connect<'a> {
    const OPCODE: Opcode = CONNECT;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.text(self.host);
        encoder.unsigned(self.port);
        if let Some(timeout_ms) = self.timeout_ms {
            encoder.unsigned(timeout_ms);
        }
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Text(host)) = values.next() else { return None };
        let Some(OperandRef::Unsigned(port)) = values.next() else { return None };
        let timeout_ms = match values.next() {
            Some(OperandRef::Unsigned(timeout_ms)) => Some(timeout_ms),
            _ => None,
        };
        Some(Self { host, port, timeout_ms })
    }
}

/// What `net.connect` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnectReply {
    /// A handle: connection.
    pub connection: u32,
}

impl<'a> Reply<'a> for ConnectReply {
    const OPCODE: Opcode = CONNECT;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.handle(self.connection);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Handle(connection)) = values.next() else { return None };
        Some(Self { connection })
    }
}

/// `net.send`: sends on a connection; how many bytes were taken.
pub const SEND: Opcode = Opcode {
    category: Category::NET,
    number: 3,
    name: "net.send",
    capabilities: CapabilitySet::from_bits(0x0008),
    operands: &[
        Field { name: "connection", form: Form::Handle(HandleKind::Connection), optional: false },
        Field { name: "data", form: Form::Bytes { min: 0, max: usize::MAX }, optional: false },
    ],
    reply: &[Field { name: "written", form: Form::Unsigned { min: 0, max: u64::MAX }, optional: false }],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::Closed, Status::Timeout, Status::Io]),
    opens: None,
    closes: false,
};

/// `net.send`: sends on a connection; how many bytes were taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Send<'a> {
    /// A handle: connection.
    pub connection: u32,
    /// Bytes.
    pub data: &'a [u8],
}

impl<'a> Instruction<'a> for Send<'a> {
    const OPCODE: Opcode = SEND;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.handle(self.connection);
        encoder.bytes(self.data);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Handle(connection)) = values.next() else { return None };
        let Some(OperandRef::Bytes(data)) = values.next() else { return None };
        Some(Self { connection, data })
    }
}

/// What `net.send` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SendReply {
    /// An unsigned number.
    pub written: u64,
}

impl<'a> Reply<'a> for SendReply {
    const OPCODE: Opcode = SEND;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.unsigned(self.written);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Unsigned(written)) = values.next() else { return None };
        Some(Self { written })
    }
}

/// `net.receive`: receives on a connection; no bytes at its end.
pub const RECEIVE: Opcode = Opcode {
    category: Category::NET,
    number: 4,
    name: "net.receive",
    capabilities: CapabilitySet::from_bits(0x0008),
    operands: &[
        Field { name: "connection", form: Form::Handle(HandleKind::Connection), optional: false },
        Field { name: "max", form: Form::Unsigned { min: 1, max: 1_048_000 }, optional: false },
        Field { name: "timeout_ms", form: Form::Unsigned { min: 0, max: 86_400_000 }, optional: true },
    ],
    reply: &[Field { name: "data", form: Form::Bytes { min: 0, max: usize::MAX }, optional: false }],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::Closed, Status::Timeout, Status::Io]),
    opens: None,
    closes: false,
};

/// `net.receive`: receives on a connection; no bytes at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receive {
    /// A handle: connection.
    pub connection: u32,
    /// An unsigned number, 1 to 1048000.
    pub max: u64,
    /// An unsigned number, up to 86400000.
    pub timeout_ms: Option<u64>,
}

impl<'a> Instruction<'a> for Receive {
    const OPCODE: Opcode = RECEIVE;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.handle(self.connection);
        encoder.unsigned(self.max);
        if let Some(timeout_ms) = self.timeout_ms {
            encoder.unsigned(timeout_ms);
        }
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Handle(connection)) = values.next() else { return None };
        let Some(OperandRef::Unsigned(max)) = values.next() else { return None };
        let timeout_ms = match values.next() {
            Some(OperandRef::Unsigned(timeout_ms)) => Some(timeout_ms),
            _ => None,
        };
        Some(Self { connection, max, timeout_ms })
    }
}

/// What `net.receive` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReceiveReply<'a> {
    /// Bytes.
    pub data: &'a [u8],
}

impl<'a> Reply<'a> for ReceiveReply<'a> {
    const OPCODE: Opcode = RECEIVE;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.bytes(self.data);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Bytes(data)) = values.next() else { return None };
        Some(Self { data })
    }
}

/// `net.shutdown`: sends no more on a connection.
pub const SHUTDOWN: Opcode = Opcode {
    category: Category::NET,
    number: 5,
    name: "net.shutdown",
    capabilities: CapabilitySet::from_bits(0x0008),
    operands: &[Field { name: "connection", form: Form::Handle(HandleKind::Connection), optional: false }],
    reply: &[],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::Closed, Status::Io]),
    opens: None,
    closes: false,
};

/// `net.shutdown`: sends no more on a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shutdown {
    /// A handle: connection.
    pub connection: u32,
}

impl<'a> Instruction<'a> for Shutdown {
    const OPCODE: Opcode = SHUTDOWN;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.handle(self.connection);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Handle(connection)) = values.next() else { return None };
        Some(Self { connection })
    }
}

/// `net.close`: closes a connection.
pub const CLOSE: Opcode = Opcode {
    category: Category::NET,
    number: 6,
    name: "net.close",
    capabilities: CapabilitySet::from_bits(0x0008),
    operands: &[Field { name: "connection", form: Form::Handle(HandleKind::Connection), optional: false }],
    reply: &[],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::Io]),
    opens: None,
    closes: true,
};

/// `net.close`: closes a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Close {
    /// A handle: connection.
    pub connection: u32,
}

impl<'a> Instruction<'a> for Close {
    const OPCODE: Opcode = CLOSE;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.handle(self.connection);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Handle(connection)) = values.next() else { return None };
        Some(Self { connection })
    }
}

/// `net.http_request`: sends an HTTP or HTTPS request; headers are names and values by turns; its response's body is read by its handle.
pub const HTTP_REQUEST: Opcode = Opcode {
    category: Category::NET,
    number: 16,
    name: "net.http_request",
    capabilities: CapabilitySet::from_bits(0x0008),
    operands: &[
        Field { name: "method", form: Form::Text { min: 1, max: 32 }, optional: false },
        Field { name: "url", form: Form::Text { min: 1, max: 8_192 }, optional: false },
        Field { name: "headers", form: Form::List { element: OperandType::Text, max: 512 }, optional: false },
        Field { name: "body", form: Form::Bytes { min: 0, max: usize::MAX }, optional: false },
        Field { name: "timeout_ms", form: Form::Unsigned { min: 0, max: 86_400_000 }, optional: true },
    ],
    reply: &[
        Field { name: "response", form: Form::Handle(HandleKind::Response), optional: false },
        Field { name: "status", form: Form::Unsigned { min: 100, max: 599 }, optional: false },
        Field { name: "headers", form: Form::List { element: OperandType::Text, max: 512 }, optional: false },
    ],
    statuses: StatusSet::UNIVERSAL.with(&[
        Status::Ok,
        Status::NotFound,
        Status::Denied,
        Status::Closed,
        Status::Timeout,
        Status::Io,
    ]),
    opens: Some(HandleKind::Response),
    closes: false,
};

/// `net.http_request`: sends an HTTP or HTTPS request; headers are names and values by turns; its response's body is read by its handle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HttpRequest<'a> {
    /// Text, 1 to 32 bytes.
    pub method: &'a str,
    /// Text, 1 to 8192 bytes.
    pub url: &'a str,
    /// A list of text, up to 512 elements.
    pub headers: TextList<'a>,
    /// Bytes.
    pub body: &'a [u8],
    /// An unsigned number, up to 86400000.
    pub timeout_ms: Option<u64>,
}

impl<'a> Instruction<'a> for HttpRequest<'a> {
    const OPCODE: Opcode = HTTP_REQUEST;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.text(self.method);
        encoder.text(self.url);
        self.headers.write(encoder);
        encoder.bytes(self.body);
        if let Some(timeout_ms) = self.timeout_ms {
            encoder.unsigned(timeout_ms);
        }
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Text(method)) = values.next() else { return None };
        let Some(OperandRef::Text(url)) = values.next() else { return None };
        let Some(OperandRef::List(headers)) = values.next() else { return None };
        let headers = TextList::decoded(headers);
        let Some(OperandRef::Bytes(body)) = values.next() else { return None };
        let timeout_ms = match values.next() {
            Some(OperandRef::Unsigned(timeout_ms)) => Some(timeout_ms),
            _ => None,
        };
        Some(Self { method, url, headers, body, timeout_ms })
    }
}

/// What `net.http_request` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HttpRequestReply<'a> {
    /// A handle: response.
    pub response: u32,
    /// An unsigned number, 100 to 599.
    pub status: u64,
    /// A list of text, up to 512 elements.
    pub headers: TextList<'a>,
}

impl<'a> Reply<'a> for HttpRequestReply<'a> {
    const OPCODE: Opcode = HTTP_REQUEST;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.handle(self.response);
        encoder.unsigned(self.status);
        self.headers.write(encoder);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Handle(response)) = values.next() else { return None };
        let Some(OperandRef::Unsigned(status)) = values.next() else { return None };
        let Some(OperandRef::List(headers)) = values.next() else { return None };
        let headers = TextList::decoded(headers);
        Some(Self { response, status, headers })
    }
}

/// `net.http_read`: reads on in the body of a response; no bytes at its end.
pub const HTTP_READ: Opcode = Opcode {
    category: Category::NET,
    number: 17,
    name: "net.http_read",
    capabilities: CapabilitySet::from_bits(0x0008),
    operands: &[
        Field { name: "response", form: Form::Handle(HandleKind::Response), optional: false },
        Field { name: "max", form: Form::Unsigned { min: 1, max: 1_048_000 }, optional: false },
        Field { name: "timeout_ms", form: Form::Unsigned { min: 0, max: 86_400_000 }, optional: true },
    ],
    reply: &[Field { name: "data", form: Form::Bytes { min: 0, max: usize::MAX }, optional: false }],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::Closed, Status::Timeout, Status::Io]),
    opens: None,
    closes: false,
};

/// `net.http_read`: reads on in the body of a response; no bytes at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HttpRead {
    /// A handle: response.
    pub response: u32,
    /// An unsigned number, 1 to 1048000.
    pub max: u64,
    /// An unsigned number, up to 86400000.
    pub timeout_ms: Option<u64>,
}

impl<'a> Instruction<'a> for HttpRead {
    const OPCODE: Opcode = HTTP_READ;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.handle(self.response);
        encoder.unsigned(self.max);
        if let Some(timeout_ms) = self.timeout_ms {
            encoder.unsigned(timeout_ms);
        }
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Handle(response)) = values.next() else { return None };
        let Some(OperandRef::Unsigned(max)) = values.next() else { return None };
        let timeout_ms = match values.next() {
            Some(OperandRef::Unsigned(timeout_ms)) => Some(timeout_ms),
            _ => None,
        };
        Some(Self { response, max, timeout_ms })
    }
}

/// What `net.http_read` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HttpReadReply<'a> {
    /// Bytes.
    pub data: &'a [u8],
}

impl<'a> Reply<'a> for HttpReadReply<'a> {
    const OPCODE: Opcode = HTTP_READ;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.bytes(self.data);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Bytes(data)) = values.next() else { return None };
        Some(Self { data })
    }
}

/// `net.http_close`: lets go of a response.
pub const HTTP_CLOSE: Opcode = Opcode {
    category: Category::NET,
    number: 18,
    name: "net.http_close",
    capabilities: CapabilitySet::from_bits(0x0008),
    operands: &[Field { name: "response", form: Form::Handle(HandleKind::Response), optional: false }],
    reply: &[],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::Io]),
    opens: None,
    closes: true,
};

/// `net.http_close`: lets go of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HttpClose {
    /// A handle: response.
    pub response: u32,
}

impl<'a> Instruction<'a> for HttpClose {
    const OPCODE: Opcode = HTTP_CLOSE;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.handle(self.response);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Handle(response)) = values.next() else { return None };
        Some(Self { response })
    }
}

/// `net.listen`: listens for TCP connections at an address; port 0 takes a free one; the port that it is.
pub const LISTEN: Opcode = Opcode {
    category: Category::NET,
    number: 32,
    name: "net.listen",
    capabilities: CapabilitySet::from_bits(0x0010),
    operands: &[
        Field { name: "host", form: Form::Text { min: 1, max: 255 }, optional: false },
        Field { name: "port", form: Form::Unsigned { min: 0, max: 65_535 }, optional: false },
    ],
    reply: &[
        Field { name: "listener", form: Form::Handle(HandleKind::Listener), optional: false },
        Field { name: "port", form: Form::Unsigned { min: 1, max: 65_535 }, optional: false },
    ],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::Denied, Status::Exists, Status::Io]),
    opens: Some(HandleKind::Listener),
    closes: false,
};

/// `net.listen`: listens for TCP connections at an address; port 0 takes a free one; the port that it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listen<'a> {
    /// Text, 1 to 255 bytes.
    pub host: &'a str,
    /// An unsigned number, up to 65535.
    pub port: u64,
}

impl<'a> Instruction<'a> for Listen<'a> {
    const OPCODE: Opcode = LISTEN;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.text(self.host);
        encoder.unsigned(self.port);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Text(host)) = values.next() else { return None };
        let Some(OperandRef::Unsigned(port)) = values.next() else { return None };
        Some(Self { host, port })
    }
}

/// What `net.listen` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListenReply {
    /// A handle: listener.
    pub listener: u32,
    /// An unsigned number, 1 to 65535.
    pub port: u64,
}

impl<'a> Reply<'a> for ListenReply {
    const OPCODE: Opcode = LISTEN;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.handle(self.listener);
        encoder.unsigned(self.port);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Handle(listener)) = values.next() else { return None };
        let Some(OperandRef::Unsigned(port)) = values.next() else { return None };
        Some(Self { listener, port })
    }
}

/// `net.accept`: takes a connection; the address of its other end.
pub const ACCEPT: Opcode = Opcode {
    category: Category::NET,
    number: 33,
    name: "net.accept",
    capabilities: CapabilitySet::from_bits(0x0010),
    operands: &[
        Field { name: "listener", form: Form::Handle(HandleKind::Listener), optional: false },
        Field { name: "timeout_ms", form: Form::Unsigned { min: 0, max: 86_400_000 }, optional: true },
    ],
    reply: &[
        Field { name: "peer", form: Form::Handle(HandleKind::Peer), optional: false },
        Field { name: "address", form: Form::Text { min: 0, max: usize::MAX }, optional: false },
    ],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::Closed, Status::Timeout, Status::Io]),
    opens: Some(HandleKind::Peer),
    closes: false,
};

/// `net.accept`: takes a connection; the address of its other end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accept {
    /// A handle: listener.
    pub listener: u32,
    /// An unsigned number, up to 86400000.
    pub timeout_ms: Option<u64>,
}

impl<'a> Instruction<'a> for Accept {
    const OPCODE: Opcode = ACCEPT;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.handle(self.listener);
        if let Some(timeout_ms) = self.timeout_ms {
            encoder.unsigned(timeout_ms);
        }
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Handle(listener)) = values.next() else { return None };
        let timeout_ms = match values.next() {
            Some(OperandRef::Unsigned(timeout_ms)) => Some(timeout_ms),
            _ => None,
        };
        Some(Self { listener, timeout_ms })
    }
}

/// What `net.accept` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AcceptReply<'a> {
    /// A handle: peer.
    pub peer: u32,
    /// Text.
    pub address: &'a str,
}

impl<'a> Reply<'a> for AcceptReply<'a> {
    const OPCODE: Opcode = ACCEPT;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.handle(self.peer);
        encoder.text(self.address);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Handle(peer)) = values.next() else { return None };
        let Some(OperandRef::Text(address)) = values.next() else { return None };
        Some(Self { peer, address })
    }
}

/// `net.close_listener`: listens no more.
pub const CLOSE_LISTENER: Opcode = Opcode {
    category: Category::NET,
    number: 34,
    name: "net.close_listener",
    capabilities: CapabilitySet::from_bits(0x0010),
    operands: &[Field { name: "listener", form: Form::Handle(HandleKind::Listener), optional: false }],
    reply: &[],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::Io]),
    opens: None,
    closes: true,
};

/// `net.close_listener`: listens no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CloseListener {
    /// A handle: listener.
    pub listener: u32,
}

impl<'a> Instruction<'a> for CloseListener {
    const OPCODE: Opcode = CLOSE_LISTENER;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.handle(self.listener);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Handle(listener)) = values.next() else { return None };
        Some(Self { listener })
    }
}

/// `net.peer_send`: sends on a connection that was accepted; how many bytes were taken.
pub const PEER_SEND: Opcode = Opcode {
    category: Category::NET,
    number: 35,
    name: "net.peer_send",
    capabilities: CapabilitySet::from_bits(0x0010),
    operands: &[
        Field { name: "peer", form: Form::Handle(HandleKind::Peer), optional: false },
        Field { name: "data", form: Form::Bytes { min: 0, max: usize::MAX }, optional: false },
    ],
    reply: &[Field { name: "written", form: Form::Unsigned { min: 0, max: u64::MAX }, optional: false }],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::Closed, Status::Timeout, Status::Io]),
    opens: None,
    closes: false,
};

/// `net.peer_send`: sends on a connection that was accepted; how many bytes were taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeerSend<'a> {
    /// A handle: peer.
    pub peer: u32,
    /// Bytes.
    pub data: &'a [u8],
}

impl<'a> Instruction<'a> for PeerSend<'a> {
    const OPCODE: Opcode = PEER_SEND;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.handle(self.peer);
        encoder.bytes(self.data);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Handle(peer)) = values.next() else { return None };
        let Some(OperandRef::Bytes(data)) = values.next() else { return None };
        Some(Self { peer, data })
    }
}

/// What `net.peer_send` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeerSendReply {
    /// An unsigned number.
    pub written: u64,
}

impl<'a> Reply<'a> for PeerSendReply {
    const OPCODE: Opcode = PEER_SEND;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.unsigned(self.written);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Unsigned(written)) = values.next() else { return None };
        Some(Self { written })
    }
}

/// `net.peer_receive`: receives on a connection that was accepted; no bytes at its end.
pub const PEER_RECEIVE: Opcode = Opcode {
    category: Category::NET,
    number: 36,
    name: "net.peer_receive",
    capabilities: CapabilitySet::from_bits(0x0010),
    operands: &[
        Field { name: "peer", form: Form::Handle(HandleKind::Peer), optional: false },
        Field { name: "max", form: Form::Unsigned { min: 1, max: 1_048_000 }, optional: false },
        Field { name: "timeout_ms", form: Form::Unsigned { min: 0, max: 86_400_000 }, optional: true },
    ],
    reply: &[Field { name: "data", form: Form::Bytes { min: 0, max: usize::MAX }, optional: false }],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::Closed, Status::Timeout, Status::Io]),
    opens: None,
    closes: false,
};

/// `net.peer_receive`: receives on a connection that was accepted; no bytes at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeerReceive {
    /// A handle: peer.
    pub peer: u32,
    /// An unsigned number, 1 to 1048000.
    pub max: u64,
    /// An unsigned number, up to 86400000.
    pub timeout_ms: Option<u64>,
}

impl<'a> Instruction<'a> for PeerReceive {
    const OPCODE: Opcode = PEER_RECEIVE;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.handle(self.peer);
        encoder.unsigned(self.max);
        if let Some(timeout_ms) = self.timeout_ms {
            encoder.unsigned(timeout_ms);
        }
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Handle(peer)) = values.next() else { return None };
        let Some(OperandRef::Unsigned(max)) = values.next() else { return None };
        let timeout_ms = match values.next() {
            Some(OperandRef::Unsigned(timeout_ms)) => Some(timeout_ms),
            _ => None,
        };
        Some(Self { peer, max, timeout_ms })
    }
}

/// What `net.peer_receive` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeerReceiveReply<'a> {
    /// Bytes.
    pub data: &'a [u8],
}

impl<'a> Reply<'a> for PeerReceiveReply<'a> {
    const OPCODE: Opcode = PEER_RECEIVE;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.bytes(self.data);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Bytes(data)) = values.next() else { return None };
        Some(Self { data })
    }
}

/// `net.peer_shutdown`: sends no more on a connection that was accepted.
pub const PEER_SHUTDOWN: Opcode = Opcode {
    category: Category::NET,
    number: 37,
    name: "net.peer_shutdown",
    capabilities: CapabilitySet::from_bits(0x0010),
    operands: &[Field { name: "peer", form: Form::Handle(HandleKind::Peer), optional: false }],
    reply: &[],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::Closed, Status::Io]),
    opens: None,
    closes: false,
};

/// `net.peer_shutdown`: sends no more on a connection that was accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeerShutdown {
    /// A handle: peer.
    pub peer: u32,
}

impl<'a> Instruction<'a> for PeerShutdown {
    const OPCODE: Opcode = PEER_SHUTDOWN;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.handle(self.peer);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Handle(peer)) = values.next() else { return None };
        Some(Self { peer })
    }
}

/// `net.peer_close`: closes a connection that was accepted.
pub const PEER_CLOSE: Opcode = Opcode {
    category: Category::NET,
    number: 38,
    name: "net.peer_close",
    capabilities: CapabilitySet::from_bits(0x0010),
    operands: &[Field { name: "peer", form: Form::Handle(HandleKind::Peer), optional: false }],
    reply: &[],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::Io]),
    opens: None,
    closes: true,
};

/// `net.peer_close`: closes a connection that was accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeerClose {
    /// A handle: peer.
    pub peer: u32,
}

impl<'a> Instruction<'a> for PeerClose {
    const OPCODE: Opcode = PEER_CLOSE;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.handle(self.peer);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Handle(peer)) = values.next() else { return None };
        Some(Self { peer })
    }
}
