//! Statuses of replies. Written by `cargo xtask opcodes --bless` from the registry; do not edit.

/// How an instruction went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Status {
    /// `ok`, 0.
    Ok,
    /// `unsupported`, 1.
    Unsupported,
    /// `invalid`, 2.
    Invalid,
    /// `not_found`, 3.
    NotFound,
    /// `denied`, 4.
    Denied,
    /// `exists`, 5.
    Exists,
    /// `would_block`, 6.
    WouldBlock,
    /// `closed`, 7.
    Closed,
    /// `timeout`, 8.
    Timeout,
    /// `too_large`, 9.
    TooLarge,
    /// `limit`, 10.
    Limit,
    /// `bad_handle`, 11.
    BadHandle,
    /// `io`, 12.
    Io,
    /// One that this version does not know.
    Other(u16),
}

impl Status {
    /// The status of this number.
    pub(crate) fn new(number: u16) -> Self {
        match number {
            0 => Self::Ok,
            1 => Self::Unsupported,
            2 => Self::Invalid,
            3 => Self::NotFound,
            4 => Self::Denied,
            5 => Self::Exists,
            6 => Self::WouldBlock,
            7 => Self::Closed,
            8 => Self::Timeout,
            9 => Self::TooLarge,
            10 => Self::Limit,
            11 => Self::BadHandle,
            12 => Self::Io,

            other => Self::Other(other),
        }
    }
}
