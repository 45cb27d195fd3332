//! One head: the initial byte of an item and its argument, by way of `ciborium-ll`.

use std::convert::Infallible;

use ciborium_ll::{Decoder, Encoder, Error as PullError, Header};

use crate::error::Malformed;

/// A well-formed head, before any rule of the profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) kind: HeadKind,
    /// Bytes that it takes.
    pub(crate) len: usize,
}

/// What a head announces; `None` is an indefinite length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HeadKind {
    Unsigned(u64),
    /// The argument n of the value −1 − n.
    Negative(u64),
    Bytes(Option<u64>),
    Text(Option<u64>),
    Array(Option<u64>),
    Map(Option<u64>),
    Tag,
    Float,
    Simple(u8),
}

/// Reads the head at the start of `input`.
//= LDR-CBOR-001
pub(crate) fn pull(input: &[u8]) -> Result<Head, Malformed> {
    let mut decoder = Decoder::from(Input(input));
    let header = match decoder.pull() {
        Ok(header) => header,
        //= LDR-CBOR-003
        Err(PullError::Io(EndOfInput)) => return Err(Malformed::Truncated),
        Err(PullError::Syntax(_)) => return long_length(input),
    };
    let length = |n: Option<usize>| n.map(|n| n as u64);
    let len = decoder.offset();
    let kind = match header {
        Header::Positive(n) => HeadKind::Unsigned(n),
        Header::Negative(n) => HeadKind::Negative(n),
        Header::Bytes(n) => HeadKind::Bytes(length(n)),
        Header::Text(n) => HeadKind::Text(length(n)),
        Header::Array(n) => HeadKind::Array(length(n)),
        Header::Map(n) => HeadKind::Map(length(n)),
        Header::Tag(_) => HeadKind::Tag,
        Header::Float(_) => HeadKind::Float,
        //= LDR-CBOR-004
        Header::Simple(n) if len > 1 && n < 32 => return Err(Malformed::SimpleShort),
        Header::Simple(n) => HeadKind::Simple(n),
        Header::Break => return Err(Malformed::ReservedInfo),
    };
    Ok(Head { kind, len })
}

/// What `ciborium-ll` calls a syntax error: reserved additional information, or, on a host whose addresses have 32 bits,
/// a length that it cannot hold. Verdicts are the same on every host, so the length is taken from the bytes.
fn long_length(input: &[u8]) -> Result<Head, Malformed> {
    let Some((first, argument)) = input.split_first_chunk::<1>() else { return Err(Malformed::Truncated) };
    let [initial] = *first;
    if initial & 0x1f != 27 {
        return Err(Malformed::ReservedInfo);
    }
    let Some(argument) = argument.first_chunk::<8>() else { return Err(Malformed::Truncated) };
    let n = Some(u64::from_be_bytes(*argument));
    let kind = match initial >> 5 {
        2 => HeadKind::Bytes(n),
        3 => HeadKind::Text(n),
        4 => HeadKind::Array(n),
        5 => HeadKind::Map(n),
        _ => return Err(Malformed::ReservedInfo),
    };
    Ok(Head { kind, len: 9 })
}

/// The length of the shortest head with argument `n` (RFC 8949 §3).
pub(crate) fn shortest(n: u64) -> usize {
    match n {
        0..=23 => 1,
        24..=0xff => 2,
        0x100..=0xffff => 3,
        0x1_0000..=0xffff_ffff => 5,
        _ => 9,
    }
}

/// Writes a head in its shortest form.
pub(crate) fn push(output: &mut Vec<u8>, header: Header) {
    let Ok(()) = Encoder::from(Output(output)).push(header);
}

/// The codec's reader over a slice. The library's own differ with its features; this one does not.
struct Input<'a>(&'a [u8]);

struct EndOfInput;

impl ciborium_io::Read for Input<'_> {
    type Error = EndOfInput;

    fn read_exact(&mut self, data: &mut [u8]) -> Result<(), EndOfInput> {
        let (taken, rest) = self.0.split_at_checked(data.len()).ok_or(EndOfInput)?;
        data.copy_from_slice(taken);
        self.0 = rest;
        Ok(())
    }
}

/// The codec's writer to a vector, which cannot fail.
struct Output<'a>(&'a mut Vec<u8>);

impl ciborium_io::Write for Output<'_> {
    type Error = Infallible;

    fn write_all(&mut self, data: &[u8]) -> Result<(), Infallible> {
        self.0.extend_from_slice(data);
        Ok(())
    }

    fn flush(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_a_length_beyond_32_bits_from_the_bytes() {
        let head = [0x5b, 0, 0, 0, 1, 0, 0, 0, 0];
        assert_eq!(long_length(&head), Ok(Head { kind: HeadKind::Bytes(Some(1 << 32)), len: 9 }));
        assert_eq!(pull(&head), long_length(&head));
        assert_eq!(long_length(&[0x5c]), Err(Malformed::ReservedInfo));
    }

    #[test]
    fn knows_the_shortest_head_at_each_boundary() {
        let boundaries =
            [(23, 1), (24, 2), (0xff, 2), (0x100, 3), (0xffff, 3), (0x1_0000, 5), (0xffff_ffff, 5), (1 << 32, 9)];
        for (n, len) in boundaries {
            assert_eq!(shortest(n), len, "{n}");
        }
    }
}
