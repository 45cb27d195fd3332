//! Big numbers from and to bytes.

use num_bigint::BigUint;

use crate::parse_hex;

/// The number that a constant states in hexadecimal, white space ignored.
pub(crate) fn number(hexadecimal: &str) -> BigUint {
    BigUint::from_bytes_be(&parse_hex(hexadecimal).unwrap_or_default())
}

/// Big-endian in at least `length` bytes, with leading zeros.
pub(crate) fn padded(number: &BigUint, length: usize) -> Vec<u8> {
    let bytes = number.to_bytes_be();
    let mut out = vec![0; length.saturating_sub(bytes.len())];
    out.extend(bytes);
    out
}
