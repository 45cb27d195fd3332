//! Category `net`. Written by `cargo xtask opcodes --bless` from the registry; do not edit.

use crate::{Error, Exchange, Opcode, Values};

/// `net.resolve`: the addresses of a name.
pub const RESOLVE: Opcode = Opcode::new(1, 1, 0x0008);

/// `net.resolve`: the addresses of a name.
///
/// - `host`: Text, 1 to 255 bytes.
/// - `timeout_ms`: An unsigned number, up to 86400000. May be left out.
///
/// # Errors
/// A status: `not_found`, `denied`, `timeout`, `io`, or a universal one.
pub fn resolve<'x>(exchange: &'x mut Exchange<'_>, host: &str, timeout_ms: Option<u64>) -> Result<Values<'x>, Error> {
    exchange
        .call(RESOLVE, |operands| {
            operands.text(host);
            if let Some(timeout_ms) = timeout_ms {
                operands.unsigned(timeout_ms);
            }
        })?
        .list()
}

/// `net.connect`: opens a TCP connection.
pub const CONNECT: Opcode = Opcode::new(1, 2, 0x0008);

/// `net.connect`: opens a TCP connection.
///
/// - `host`: Text, 1 to 255 bytes.
/// - `port`: An unsigned number, 1 to 65535.
/// - `timeout_ms`: An unsigned number, up to 86400000. May be left out.
///
/// # Errors
/// A status: `not_found`, `denied`, `closed`, `timeout`, `io`, or a universal one.
pub fn connect(exchange: &mut Exchange<'_>, host: &str, port: u64, timeout_ms: Option<u64>) -> Result<u32, Error> {
    exchange
        .call(CONNECT, |operands| {
            operands.text(host);
            operands.unsigned(port);
            if let Some(timeout_ms) = timeout_ms {
                operands.unsigned(timeout_ms);
            }
        })?
        .handle()
}

/// `net.send`: sends on a connection; how many bytes were taken.
pub const SEND: Opcode = Opcode::new(1, 3, 0x0008);

/// `net.send`: sends on a connection; how many bytes were taken.
///
/// - `connection`: A handle: connection.
/// - `data`: Bytes.
///
/// # Errors
/// A status: `closed`, `timeout`, `io`, or a universal one.
pub fn send(exchange: &mut Exchange<'_>, connection: u32, data: &[u8]) -> Result<u64, Error> {
    exchange
        .call(SEND, |operands| {
            operands.handle(connection);
            operands.bytes(data);
        })?
        .unsigned()
}

/// `net.receive`: receives on a connection; no bytes at its end.
pub const RECEIVE: Opcode = Opcode::new(1, 4, 0x0008);

/// `net.receive`: receives on a connection; no bytes at its end.
///
/// - `connection`: A handle: connection.
/// - `max`: An unsigned number, 1 to 1048000.
/// - `timeout_ms`: An unsigned number, up to 86400000. May be left out.
///
/// # Errors
/// A status: `closed`, `timeout`, `io`, or a universal one.
pub fn receive<'x>(
    exchange: &'x mut Exchange<'_>,
    connection: u32,
    max: u64,
    timeout_ms: Option<u64>,
) -> Result<&'x [u8], Error> {
    exchange
        .call(RECEIVE, |operands| {
            operands.handle(connection);
            operands.unsigned(max);
            if let Some(timeout_ms) = timeout_ms {
                operands.unsigned(timeout_ms);
            }
        })?
        .bytes()
}

/// `net.shutdown`: sends no more on a connection.
pub const SHUTDOWN: Opcode = Opcode::new(1, 5, 0x0008);

/// `net.shutdown`: sends no more on a connection.
///
/// - `connection`: A handle: connection.
///
/// # Errors
/// A status: `closed`, `io`, or a universal one.
pub fn shutdown(exchange: &mut Exchange<'_>, connection: u32) -> Result<(), Error> {
    exchange.call(SHUTDOWN, |operands| {
        operands.handle(connection);
    })?;
    Ok(())
}

/// `net.close`: closes a connection.
pub const CLOSE: Opcode = Opcode::new(1, 6, 0x0008);

/// `net.close`: closes a connection.
///
/// - `connection`: A handle: connection.
///
/// # Errors
/// A status: `io`, or a universal one.
pub fn close(exchange: &mut Exchange<'_>, connection: u32) -> Result<(), Error> {
    exchange.call(CLOSE, |operands| {
        operands.handle(connection);
    })?;
    Ok(())
}

/// `net.http_request`: sends an HTTP or HTTPS request; headers are names and values by turns; its response's body is read by its handle.
pub const HTTP_REQUEST: Opcode = Opcode::new(1, 16, 0x0008);

/// What `net.http_request` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HttpRequest<'x> {
    /// A handle: response.
    pub response: u32,
    /// An unsigned number, 100 to 599.
    pub status: u64,
    /// A list of text, up to 512 elements.
    pub headers: Values<'x>,
}

/// `net.http_request`: sends an HTTP or HTTPS request; headers are names and values by turns; its response's body is read by its handle.
///
/// - `method`: Text, 1 to 32 bytes.
/// - `url`: Text, 1 to 8192 bytes.
/// - `headers`: A list of text, up to 512 elements.
/// - `body`: Bytes.
/// - `timeout_ms`: An unsigned number, up to 86400000. May be left out.
///
/// # Errors
/// A status: `not_found`, `denied`, `closed`, `timeout`, `io`, or a universal one.
pub fn http_request<'x>(
    exchange: &'x mut Exchange<'_>,
    method: &str,
    url: &str,
    headers: &[&str],
    body: &[u8],
    timeout_ms: Option<u64>,
) -> Result<HttpRequest<'x>, Error> {
    let mut values = exchange.call(HTTP_REQUEST, |operands| {
        operands.text(method);
        operands.text(url);
        operands.texts(headers);
        operands.bytes(body);
        if let Some(timeout_ms) = timeout_ms {
            operands.unsigned(timeout_ms);
        }
    })?;
    Ok(HttpRequest { response: values.handle()?, status: values.unsigned()?, headers: values.list()? })
}

/// `net.http_read`: reads on in the body of a response; no bytes at its end.
pub const HTTP_READ: Opcode = Opcode::new(1, 17, 0x0008);

/// `net.http_read`: reads on in the body of a response; no bytes at its end.
///
/// - `response`: A handle: response.
/// - `max`: An unsigned number, 1 to 1048000.
/// - `timeout_ms`: An unsigned number, up to 86400000. May be left out.
///
/// # Errors
/// A status: `closed`, `timeout`, `io`, or a universal one.
pub fn http_read<'x>(
    exchange: &'x mut Exchange<'_>,
    response: u32,
    max: u64,
    timeout_ms: Option<u64>,
) -> Result<&'x [u8], Error> {
    exchange
        .call(HTTP_READ, |operands| {
            operands.handle(response);
            operands.unsigned(max);
            if let Some(timeout_ms) = timeout_ms {
                operands.unsigned(timeout_ms);
            }
        })?
        .bytes()
}

/// `net.http_close`: lets go of a response.
pub const HTTP_CLOSE: Opcode = Opcode::new(1, 18, 0x0008);

/// `net.http_close`: lets go of a response.
///
/// - `response`: A handle: response.
///
/// # Errors
/// A status: `io`, or a universal one.
pub fn http_close(exchange: &mut Exchange<'_>, response: u32) -> Result<(), Error> {
    exchange.call(HTTP_CLOSE, |operands| {
        operands.handle(response);
    })?;
    Ok(())
}

/// `net.listen`: listens for TCP connections at an address; port 0 takes a free one; the port that it is.
pub const LISTEN: Opcode = Opcode::new(1, 32, 0x0010);

/// What `net.listen` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listen {
    /// A handle: listener.
    pub listener: u32,
    /// An unsigned number, 1 to 65535.
    pub port: u64,
}

/// `net.listen`: listens for TCP connections at an address; port 0 takes a free one; the port that it is.
///
/// - `host`: Text, 1 to 255 bytes.
/// - `port`: An unsigned number, up to 65535.
///
/// # Errors
/// A status: `denied`, `exists`, `io`, or a universal one.
pub fn listen(exchange: &mut Exchange<'_>, host: &str, port: u64) -> Result<Listen, Error> {
    let mut values = exchange.call(LISTEN, |operands| {
        operands.text(host);
        operands.unsigned(port);
    })?;
    Ok(Listen { listener: values.handle()?, port: values.unsigned()? })
}

/// `net.accept`: takes a connection; the address of its other end.
pub const ACCEPT: Opcode = Opcode::new(1, 33, 0x0010);

/// What `net.accept` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accept<'x> {
    /// A handle: peer.
    pub peer: u32,
    /// Text.
    pub address: &'x str,
}

/// `net.accept`: takes a connection; the address of its other end.
///
/// - `listener`: A handle: listener.
/// - `timeout_ms`: An unsigned number, up to 86400000. May be left out.
///
/// # Errors
/// A status: `closed`, `timeout`, `io`, or a universal one.
pub fn accept<'x>(exchange: &'x mut Exchange<'_>, listener: u32, timeout_ms: Option<u64>) -> Result<Accept<'x>, Error> {
    let mut values = exchange.call(ACCEPT, |operands| {
        operands.handle(listener);
        if let Some(timeout_ms) = timeout_ms {
            operands.unsigned(timeout_ms);
        }
    })?;
    Ok(Accept { peer: values.handle()?, address: values.text()? })
}

/// `net.close_listener`: listens no more.
pub const CLOSE_LISTENER: Opcode = Opcode::new(1, 34, 0x0010);

/// `net.close_listener`: listens no more.
///
/// - `listener`: A handle: listener.
///
/// # Errors
/// A status: `io`, or a universal one.
pub fn close_listener(exchange: &mut Exchange<'_>, listener: u32) -> Result<(), Error> {
    exchange.call(CLOSE_LISTENER, |operands| {
        operands.handle(listener);
    })?;
    Ok(())
}

/// `net.peer_send`: sends on a connection that was accepted; how many bytes were taken.
pub const PEER_SEND: Opcode = Opcode::new(1, 35, 0x0010);

/// `net.peer_send`: sends on a connection that was accepted; how many bytes were taken.
///
/// - `peer`: A handle: peer.
/// - `data`: Bytes.
///
/// # Errors
/// A status: `closed`, `timeout`, `io`, or a universal one.
pub fn peer_send(exchange: &mut Exchange<'_>, peer: u32, data: &[u8]) -> Result<u64, Error> {
    exchange
        .call(PEER_SEND, |operands| {
            operands.handle(peer);
            operands.bytes(data);
        })?
        .unsigned()
}

/// `net.peer_receive`: receives on a connection that was accepted; no bytes at its end.
pub const PEER_RECEIVE: Opcode = Opcode::new(1, 36, 0x0010);

/// `net.peer_receive`: receives on a connection that was accepted; no bytes at its end.
///
/// - `peer`: A handle: peer.
/// - `max`: An unsigned number, 1 to 1048000.
/// - `timeout_ms`: An unsigned number, up to 86400000. May be left out.
///
/// # Errors
/// A status: `closed`, `timeout`, `io`, or a universal one.
pub fn peer_receive<'x>(
    exchange: &'x mut Exchange<'_>,
    peer: u32,
    max: u64,
    timeout_ms: Option<u64>,
) -> Result<&'x [u8], Error> {
    exchange
        .call(PEER_RECEIVE, |operands| {
            operands.handle(peer);
            operands.unsigned(max);
            if let Some(timeout_ms) = timeout_ms {
                operands.unsigned(timeout_ms);
            }
        })?
        .bytes()
}

/// `net.peer_shutdown`: sends no more on a connection that was accepted.
pub const PEER_SHUTDOWN: Opcode = Opcode::new(1, 37, 0x0010);

/// `net.peer_shutdown`: sends no more on a connection that was accepted.
///
/// - `peer`: A handle: peer.
///
/// # Errors
/// A status: `closed`, `io`, or a universal one.
pub fn peer_shutdown(exchange: &mut Exchange<'_>, peer: u32) -> Result<(), Error> {
    exchange.call(PEER_SHUTDOWN, |operands| {
        operands.handle(peer);
    })?;
    Ok(())
}

/// `net.peer_close`: closes a connection that was accepted.
pub const PEER_CLOSE: Opcode = Opcode::new(1, 38, 0x0010);

/// `net.peer_close`: closes a connection that was accepted.
///
/// - `peer`: A handle: peer.
///
/// # Errors
/// A status: `io`, or a universal one.
pub fn peer_close(exchange: &mut Exchange<'_>, peer: u32) -> Result<(), Error> {
    exchange.call(PEER_CLOSE, |operands| {
        operands.handle(peer);
    })?;
    Ok(())
}
