//! Laws of the encoding: round trips both ways, one encoding for one value.

use fayger_fcp::{Base64, Decimal, Encoded, EventForm, InstructionForm, Operand, ReplyForm};
use proptest::collection::{btree_set, vec};
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::Value;

use super::{Asked, Broken, holds};

/// What is encoded and decoded.
#[derive(Clone, Debug)]
pub(super) enum Form {
    Instruction(InstructionForm),
    Event(EventForm),
    Reply(ReplyForm),
}

/// The methods that decode and encode each form.
const METHODS: [(&str, &str); 3] = [
    ("instruction.decode", "instruction.encode"),
    ("instruction.decode_event", "instruction.encode_event"),
    ("instruction.decode_reply", "instruction.encode_reply"),
];

/// The code that refuses bytes.
const MALFORMED: &str = "ADP_INSTRUCTION_MALFORMED";

fn operand() -> impl Strategy<Value = Operand> {
    let number = (any::<u64>(), 0..64_u32).prop_map(|(bits, shift)| bits >> shift);
    let f64_bits = any::<u64>().prop_map(|bits| if f64::from_bits(bits).is_nan() { 0x7ff8 << 48 } else { bits });
    let leaf = prop_oneof![
        number.clone().prop_map(|number| Operand::Unsigned(Decimal(number))),
        (number, any::<bool>()).prop_map(|(bits, is_negative)| {
            let number = (bits >> 1).cast_signed();
            Operand::Signed(if is_negative { !number } else { number }.to_string())
        }),
        vec(any::<u8>(), 0..150).prop_map(|bytes| Operand::Bytes(Base64(bytes))),
        ".{0,12}".prop_map(Operand::Text),
        any::<bool>().prop_map(Operand::Bool),
        f64_bits.prop_map(|bits| Operand::F64(format!("{bits:016x}"))),
        any::<u32>().prop_map(Operand::Handle),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| vec(inner, 0..5).prop_map(Operand::List))
}

fn values() -> impl Strategy<Value = Vec<Operand>> {
    vec(operand(), 0..8)
}

/// The names of the capabilities of an instruction, in order.
fn capabilities() -> impl Strategy<Value = Vec<String>> {
    btree_set(0..272_u16, 0..6).prop_map(super::capability::names)
}

/// Any instruction, event or reply that can be encoded.
pub(super) fn form() -> impl Strategy<Value = Form> {
    let instruction =
        (0..16_u8, any::<u16>(), capabilities(), values()).prop_map(|(category, opcode, capabilities, operands)| {
            Form::Instruction(InstructionForm { category, opcode, capabilities, operands })
        });
    let event = (0..16_u8, any::<u16>(), values())
        .prop_map(|(category, opcode, values)| Form::Event(EventForm { category, opcode, values }));
    let reply = (0..13_u16, values()).prop_map(|(status, values)| Form::Reply(ReplyForm { status, values }));
    prop_oneof![2 => instruction, 1 => event, 1 => reply]
}

/// A form, and a bit of its encoding.
pub(super) fn form_and_bit() -> impl Strategy<Value = (Form, prop::sample::Index)> {
    (form(), any::<prop::sample::Index>())
}

/// Bytes for each of the methods, more often such as TLVs have.
pub(super) fn any_bytes() -> impl Strategy<Value = (usize, Vec<u8>)> {
    let likely = prop_oneof![3 => 0..10_u8, 1 => any::<u8>(), 1 => Just(0x7f), 1 => Just(0x80)];
    (0..METHODS.len(), vec(likely, 0..24))
}

impl Form {
    fn methods(&self) -> (&'static str, &'static str) {
        let [instruction, event, reply] = METHODS;
        match self {
            Self::Instruction(_) => instruction,
            Self::Event(_) => event,
            Self::Reply(_) => reply,
        }
    }

    fn json(&self) -> Value {
        // What the kit itself made can always be written.
        match self {
            Self::Instruction(form) => serde_json::to_value(form),
            Self::Event(form) => serde_json::to_value(form),
            Self::Reply(form) => serde_json::to_value(form),
        }
        .unwrap_or_default()
    }
}

/// The members of `form` in an answer, which may have more.
fn is_form(form: &Value, answer: &Value) -> bool {
    form.as_object().is_some_and(|members| members.iter().all(|(key, value)| answer.get(key) == Some(value)))
}

fn encoded(asked: &Asked<'_, '_, '_, '_>, method: &'static str, form: &Value) -> Result<Vec<u8>, Broken> {
    let answer = asked.ask_ok(method, form)?;
    // The schema has judged it.
    Encoded::deserialize(answer).map(|encoded| encoded.bytes.0).map_err(|error| Broken::Law(error.to_string()))
}

/// Decoding gives back what was encoded.
pub(super) fn round_trip(asked: &Asked<'_, '_, '_, '_>, form: &Form) -> Result<(), Broken> {
    let (decode, encode) = form.methods();
    let form = form.json();
    let bytes = encoded(asked, encode, &form)?;
    let answer = asked.ask_ok(decode, &Encoded { bytes: Base64(bytes) })?;
    holds(is_form(&form, &answer), || format!("it decodes to {answer}"))
}

/// Bytes are refused at a place within them, or encode to themselves.
pub(super) fn bytes_are_judged(asked: &Asked<'_, '_, '_, '_>, input: &(usize, Vec<u8>)) -> Result<(), Broken> {
    let (which, bytes) = input;
    let Some((decode, encode)) = METHODS.get(*which).copied() else { return Ok(()) };
    match asked.ask(decode, &Encoded { bytes: Base64(bytes.clone()) })? {
        Ok(form) => {
            let again = encoded(asked, encode, &form)?;
            holds(again == *bytes, || format!("it is accepted as {form}, which encodes to {}", hex::encode(&again)))
        }
        Err(error) => {
            let offset = error.context.get("offset").map(|offset| match offset {
                fayger_fcp::ContextValue::Text(text) => text.parse::<usize>(),
                fayger_fcp::ContextValue::List(_) => "".parse(),
            });
            let is_within = matches!(offset, Some(Ok(offset)) if offset <= bytes.len());
            let is_whole = error.code == MALFORMED && error.context.contains_key("rule") && is_within;
            holds(is_whole, || format!("it is refused as `{}` with {:?}", error.code, error.context))
        }
    }
}

/// A flipped bit never decodes to the same value.
pub(super) fn flipped_bit_is_another(
    asked: &Asked<'_, '_, '_, '_>,
    input: &(Form, prop::sample::Index),
) -> Result<(), Broken> {
    let (form, at) = input;
    let (decode, encode) = form.methods();
    let form = form.json();
    let mut bytes = encoded(asked, encode, &form)?;
    let bit = at.index(bytes.len().saturating_mul(8).max(1));
    if let Some(byte) = bytes.get_mut(bit / 8) {
        *byte ^= 1 << (bit % 8);
    }
    match asked.ask(decode, &Encoded { bytes: Base64(bytes) })? {
        Ok(answer) => holds(!is_form(&form, &answer), || format!("with bit {bit} flipped it decodes to the same")),
        Err(error) => holds(error.code == MALFORMED, || format!("it is refused as `{}`", error.code)),
    }
}
