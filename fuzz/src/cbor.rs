//! Any bytes through the CBOR reader.

use fayger_cbor::{Limits, decode, encode, validate};

/// The two readers agree; what is accepted encodes to itself; a refusal's place is in the input.
pub fn cbor(data: &[u8]) {
    let limits = Limits::default();
    let validated = validate(data, 0, limits);
    match decode(data, 0, limits) {
        Ok(value) => {
            assert_eq!(validated, Ok(()), "validate refuses what decode accepts");
            assert_eq!(encode(&value), data, "an accepted item has another encoding");
        }
        Err(error) => {
            assert!(error.offset <= data.len() as u64, "the place is outside the input: {error}");
            assert_eq!(validated, Err(error), "validate and decode disagree");
        }
    }
}
