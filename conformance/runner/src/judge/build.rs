//! `serializer.build` and `serializer.signing_payload`.

use fayger_cases::ExpectedError;
use fayger_fcp::{Artifact, BuildParams, SigningPayloadParams};

use super::{Dialogue, Stop};
use crate::outcome::Difference;

pub(super) fn build(
    dialogue: &mut Dialogue<'_, '_, '_>,
    params: &BuildParams,
    payload: Option<&(SigningPayloadParams, Vec<u8>)>,
    expected: &Result<Vec<u8>, ExpectedError>,
) -> Result<Vec<Difference>, Stop> {
    let mut differences: Vec<Difference> = Vec::new();
    if let Some((params, expected)) = payload {
        let got: Artifact = dialogue.call_ok("serializer.signing_payload", params)?;
        differences.extend(Difference::bytes("signing payload", expected, &got.bytes.0));
    }
    if !differences.is_empty() {
        return Ok(differences);
    }
    let got: Result<Artifact, _> = dialogue.call("serializer.build", params)?;
    differences.extend(dialogue.compare_results(expected, &got, |expected, got| {
        Difference::bytes("artifact", expected, &got.bytes.0).into_iter().collect()
    }));
    Ok(differences)
}
