//! `serializer.build` and `serializer.signing_payload`: a draft of the wire through the builder.

use bytes::Bytes;
use fayger_cbor::Value;
use fayger_contracts::{Digest, FaygerError};
use fayger_fcp as fcp;
use fayger_fcp::{Hex, RpcError};
use fayger_loader::{BufBuilder, Draft, DraftSection, ToSign};

use crate::convert::value_from_wire;

pub(crate) fn draft(draft: fcp::Draft) -> Result<Draft, RpcError> {
    let Value::Map(manifest) = value_from_wire(draft.manifest)? else {
        return Err(RpcError::invalid_params("the draft's manifest is not a map"));
    };
    let sections = draft.sections.into_iter().map(section).collect::<Result<_, _>>()?;
    Ok(Draft { flags: draft.flags, manifest, sections })
}

fn section(section: fcp::DraftSection) -> Result<DraftSection, RpcError> {
    Ok(DraftSection {
        section_id: section.section_id,
        kind: section.kind,
        visibility: section.visibility,
        profile_constraints: value_from_wire(section.profile_constraints)?,
        input: Box::new(Bytes::from(section.body.0)),
    })
}

/// The bytes to sign.
pub(crate) fn signing_payload(
    draft: Draft,
    plan: &fcp::SignaturePlan,
) -> Result<Result<Vec<u8>, FaygerError>, RpcError> {
    let key_id = digest(&plan.key_id)?;
    let length = usize::try_from(plan.value_length).map_err(RpcError::invalid_params)?;
    Ok(BufBuilder::new(draft)
        .and_then(|builder| builder.to_sign(&plan.algorithm, key_id, length))
        .and_then(|waiting: ToSign| waiting.signing_payload()))
}

/// The bytes of the artifact.
pub(crate) fn build(
    draft: Draft,
    signature: Option<&fcp::SignatureValue>,
) -> Result<Result<Vec<u8>, FaygerError>, RpcError> {
    let key_id = signature.map(|signature| digest(&signature.key_id)).transpose()?;
    let builder = BufBuilder::new(draft).and_then(|builder| match (signature, key_id) {
        (Some(signature), Some(key_id)) => {
            builder.to_sign(&signature.algorithm, key_id, signature.value.0.len())?.attach(&signature.value.0)
        }
        _ => Ok(builder),
    });
    Ok(builder.and_then(|builder| {
        let mut bytes = Vec::new();
        builder.artifact()?.write_to(&mut bytes)?;
        Ok(bytes)
    }))
}

pub(crate) fn digest(key_id: &Hex) -> Result<Digest, RpcError> {
    let bytes = key_id.0.as_slice().try_into();
    bytes.map(Digest).map_err(|_wrong_length| RpcError::invalid_params("a key_id is not 32 bytes"))
}
