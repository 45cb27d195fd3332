//! `cbor.decode` and `cbor.encode`.

use fayger_cases::ExpectedError;
use fayger_fcp::{Base64, CborDecodeOk, CborDecodeParams, CborEncodeOk, CborEncodeParams, CborValue};

use super::{Dialogue, Stop};
use crate::outcome::Difference;

pub(super) fn decode(
    dialogue: &mut Dialogue<'_, '_, '_>,
    bytes: &[u8],
    expected: &Result<CborValue, ExpectedError>,
) -> Result<Vec<Difference>, Stop> {
    let got: Result<CborDecodeOk, _> =
        dialogue.call("cbor.decode", &CborDecodeParams { bytes: Base64(bytes.to_vec()) })?;
    Ok(dialogue.compare_results(expected, &got, |expected, got| {
        Difference::value("value", expected, &got.value).into_iter().collect()
    }))
}

pub(super) fn encode(
    dialogue: &mut Dialogue<'_, '_, '_>,
    value: &CborValue,
    expected: &Result<Vec<u8>, ExpectedError>,
) -> Result<Vec<Difference>, Stop> {
    let got: Result<CborEncodeOk, _> = dialogue.call("cbor.encode", &CborEncodeParams { value: value.clone() })?;
    Ok(dialogue.compare_results(expected, &got, |expected, got| {
        Difference::bytes("bytes", expected, &got.bytes.0).into_iter().collect()
    }))
}
