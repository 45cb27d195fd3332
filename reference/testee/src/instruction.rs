//! Instructions, events, replies and capability sets, between the protocol's forms and the contracts'.

use fayger_contracts::instruction::{
    Category, EventRef, F64, InstructionRef, Malformed, Operand, ReplyRef, Status, Unencodable, UniversalEvent,
    UniversalInstruction, UniversalReply,
};
use fayger_contracts::negotiation::Offer;
use fayger_contracts::{CapabilitySet, FaygerError};
use fayger_fcp as fcp;
use fayger_fcp::RpcError;

pub(crate) fn decode(bytes: &[u8]) -> Result<fcp::InstructionForm, FaygerError> {
    let decoded = InstructionRef::decode(bytes).map_err(malformed)?.to_universal();
    Ok(fcp::InstructionForm {
        category: decoded.category.number(),
        opcode: decoded.opcode,
        capabilities: decoded.capabilities_required.names(),
        operands: values_to_wire(&decoded.operands),
    })
}

pub(crate) fn encode(form: fcp::InstructionForm) -> Result<fcp::Encoded, RpcError> {
    let instruction = UniversalInstruction {
        category: category(form.category)?,
        opcode: form.opcode,
        operands: values(form.operands)?,
        capabilities_required: capabilities(&form.capabilities)?,
    };
    encoded(instruction.encode())
}

pub(crate) fn decode_event(bytes: &[u8]) -> Result<fcp::EventForm, FaygerError> {
    let decoded = EventRef::decode(bytes).map_err(malformed)?.to_universal();
    Ok(fcp::EventForm {
        category: decoded.category.number(),
        opcode: decoded.opcode,
        values: values_to_wire(&decoded.payload),
    })
}

pub(crate) fn encode_event(form: fcp::EventForm) -> Result<fcp::Encoded, RpcError> {
    let payload = values(form.values)?;
    encoded(UniversalEvent { category: category(form.category)?, opcode: form.opcode, payload }.encode())
}

pub(crate) fn decode_reply(bytes: &[u8]) -> Result<fcp::ReplyForm, FaygerError> {
    let decoded = ReplyRef::decode(bytes).map_err(malformed)?.to_universal();
    Ok(fcp::ReplyForm { status: decoded.status.number(), values: values_to_wire(&decoded.values) })
}

pub(crate) fn encode_reply(form: fcp::ReplyForm) -> Result<fcp::Encoded, RpcError> {
    let status = Status::from_number(form.status);
    let status = status.ok_or_else(|| RpcError::invalid_params(format!("no status {}", form.status)))?;
    encoded(UniversalReply { status, values: values(form.values)? }.encode())
}

pub(crate) fn category(number: u8) -> Result<Category, RpcError> {
    Category::from_number(number).ok_or_else(|| RpcError::invalid_params(format!("no category {number}")))
}

pub(crate) fn capabilities(names: &[String]) -> Result<CapabilitySet, RpcError> {
    CapabilitySet::from_names(names.iter().map(String::as_str))
        .map_err(|name| RpcError::invalid_params(format!("no capability `{name}`")))
}

pub(crate) fn offer(params: &fcp::NegotiateParams) -> Result<Offer, RpcError> {
    Ok(Offer {
        required: capabilities(&params.required)?,
        optional: capabilities(&params.optional)?,
        granted: capabilities(&params.granted)?,
        supported: capabilities(&params.supported)?,
    })
}

fn malformed(what: Malformed) -> FaygerError {
    what.to_error("the bytes are malformed")
}

fn encoded(result: Result<Vec<u8>, Unencodable>) -> Result<fcp::Encoded, RpcError> {
    let bytes = result.map_err(RpcError::invalid_params)?;
    Ok(fcp::Encoded { bytes: fcp::Base64(bytes) })
}

fn values_to_wire(values: &[Operand]) -> Vec<fcp::Operand> {
    values
        .iter()
        .map(|value| match value {
            Operand::Unsigned(number) => fcp::Operand::Unsigned(fcp::Decimal(*number)),
            Operand::Signed(number) => fcp::Operand::Signed(number.to_string()),
            Operand::Bytes(bytes) => fcp::Operand::Bytes(fcp::Base64(bytes.clone())),
            Operand::Text(text) => fcp::Operand::Text(text.clone()),
            Operand::Bool(truth) => fcp::Operand::Bool(*truth),
            Operand::F64(number) => fcp::Operand::F64(format!("{:016x}", number.to_bits())),
            Operand::Handle(number) => fcp::Operand::Handle(*number),
            Operand::List(values) => fcp::Operand::List(values_to_wire(values)),
        })
        .collect()
}

fn values(values: Vec<fcp::Operand>) -> Result<Vec<Operand>, RpcError> {
    values
        .into_iter()
        .map(|value| {
            let bad = |what: &str| RpcError::invalid_params(format!("`{what}` is no such number"));
            Ok(match value {
                fcp::Operand::Unsigned(number) => Operand::Unsigned(number.0),
                fcp::Operand::Signed(number) => Operand::Signed(number.parse().map_err(|_| bad(&number))?),
                fcp::Operand::Bytes(bytes) => Operand::Bytes(bytes.0),
                fcp::Operand::Text(text) => Operand::Text(text),
                fcp::Operand::Bool(truth) => Operand::Bool(truth),
                fcp::Operand::F64(bits) => {
                    let number = u64::from_str_radix(&bits, 16).ok().and_then(F64::from_bits);
                    Operand::F64(number.ok_or_else(|| bad(&bits))?)
                }
                fcp::Operand::Handle(number) => Operand::Handle(number),
                fcp::Operand::List(inner) => Operand::List(self::values(inner)?),
            })
        })
        .collect()
}
