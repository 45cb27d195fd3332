//! The order of the bus: of all checks that an instruction fails, the earliest answers.

use fayger_fcp::{Base64, BusEmitOk, BusEmitParams, BusOpenParams, FaygerError, HostAnswer};
use proptest::prelude::*;
use serde::Deserialize;

use super::{Asked, Broken, holds};

/// Which checks an instruction fails.
#[derive(Clone, Copy, Debug)]
pub(super) struct Violations {
    /// 2: sixty-five operands more.
    size: bool,
    /// 3: a bool of 2, as the last operand.
    framing: bool,
    /// 4: nothing is granted.
    visibility: bool,
    /// 5: no capability is named.
    capabilities: bool,
    /// 6: an operand too many.
    operands: bool,
    /// 7: a handle that is not open.
    handle: bool,
}

/// Any of them.
pub(super) fn violations() -> impl Strategy<Value = Violations> {
    any::<[bool; 6]>().prop_map(|[size, framing, visibility, capabilities, operands, handle]| Violations {
        size,
        framing,
        visibility,
        capabilities,
        operands,
        handle,
    })
}

/// `io.open_read` of `a`.
const OPEN: &[u8] = &[0, 0x10, 0, 2, 0, 4, 1, b'a'];
/// Status `ok`, handle 1.
const OPENED: &[u8] = &[0, 0, 7, 4, 1, 0, 0, 0];
/// Status `ok`.
const DONE: &[u8] = &[0, 0];

/// `io.close_read`, with what goes wrong.
fn instruction(violations: Violations) -> Vec<u8> {
    let capabilities = if violations.capabilities { 0 } else { 2 };
    let handle = if violations.handle { 2 } else { 1 };
    let mut bytes = vec![0, 0x13, 0, capabilities, 0, 7, 4, handle, 0, 0, 0];
    if violations.operands {
        bytes.extend([5, 1, 1]);
    }
    if violations.size {
        bytes.extend([5, 1, 1].repeat(65));
    }
    if violations.framing {
        bytes.extend([5, 1, 2]);
    }
    bytes
}

/// The earliest check that fails answers; where none does, the host.
pub(super) fn earliest_answers(asked: &Asked<'_, '_, '_, '_>, violations: &Violations) -> Result<(), Broken> {
    // An instance may be opened anew under the name of another.
    let open = BusOpenParams {
        instance: "a".into(),
        declared: vec!["fs.read".into()],
        granted: if violations.visibility { Vec::new() } else { vec!["fs.read".into()] },
        supported: vec!["fs.read".into()],
        handles: 8,
        experimental: Vec::new(),
    };
    asked.ask_ok("bus.open", &open)?;
    let emit = |bytes: &[u8], reply: &[u8]| {
        let host = Some(HostAnswer::Reply(Base64(reply.to_vec())));
        asked.ask("bus.emit", &BusEmitParams { instance: "a".into(), instruction: Base64(bytes.to_vec()), host })
    };
    if !violations.visibility {
        let opened = answer(emit(OPEN, OPENED)?);
        holds(opened == "reply 0000070401000000, host asked", || format!("opening a file gives {opened}"))?;
    }
    let instruction = instruction(*violations);
    let got = answer(emit(&instruction, DONE)?);
    let extra = if violations.operands { 3 } else { 0 };
    let expected = match violations {
        // The header, the handle, maybe one more, and 64 operands together: the next is too many.
        Violations { size: true, .. } => {
            format!("malformed size at {}", 5_usize.saturating_add(6).saturating_add(63 * 3))
        }
        Violations { framing: true, .. } => format!("malformed bool at {}", 13_usize.saturating_add(extra)),
        Violations { visibility: true, .. } => "reply 0100, host not asked".to_owned(),
        Violations { capabilities: true, .. } => "malformed caps_mismatch at 3".to_owned(),
        Violations { operands: true, .. } => "reply 0200, host not asked".to_owned(),
        Violations { handle: true, .. } => "reply 0b00, host not asked".to_owned(),
        _ => "reply 0000, host asked".to_owned(),
    };
    holds(got == expected, || format!("{} gives {got}, not {expected}", hex::encode(&instruction)))
}

/// An answer in few words.
fn answer(answer: Result<serde_json::Value, FaygerError>) -> String {
    let text = |error: &FaygerError, key: &str| match error.context.get(key) {
        Some(fayger_fcp::ContextValue::Text(text)) => text.clone(),
        _ => "nothing".to_owned(),
    };
    match answer.map(|ok| BusEmitOk::deserialize(&ok)) {
        Ok(Ok(BusEmitOk { reply: Some(reply), exit: None, host_call })) => {
            let asked = if host_call.is_some() { "host asked" } else { "host not asked" };
            format!("reply {}, {asked}", hex::encode(&reply.0))
        }
        Ok(other) => format!("{other:?}"),
        Err(error) if error.code == "ADP_INSTRUCTION_MALFORMED" => {
            format!("malformed {} at {}", text(&error, "rule"), text(&error, "offset"))
        }
        Err(error) => error.code,
    }
}
