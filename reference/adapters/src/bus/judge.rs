//! Judging what an adapter answered: its reply, or why there is none.

use fayger_contracts::instruction::{OperandRef, Operands, REPLY_LEN, ReplyRef, Status, StatusSet};
use fayger_contracts::opcode::fits;

use super::handles::HandleTable;
use super::in_flight::InFlight;
use crate::adapter::HostFailure;
use crate::completions::Ending;
use crate::error::{Breach, HostErrorKind};

/// What a reply is.
pub(super) enum Judged {
    /// One that the instance may have.
    Reply(Status),
    /// One with too many bytes.
    TooLarge,
}

/// The kind of a host error, the machine's own code, and what it is, for people.
pub(super) type Failed = (HostErrorKind, Option<i64>, String);

/// Judges a reply.
pub(super) fn reply(bytes: &[u8], call: &InFlight, handles: &HandleTable) -> Result<Judged, Failed> {
    if bytes.len() > REPLY_LEN {
        return Ok(Judged::TooLarge);
    }
    judge(bytes, call, handles).map(Judged::Reply).map_err(breached)
}

//= ADP-REPLY-001
//= ADP-REPLY-002
//= ADP-REPLY-003
fn judge(bytes: &[u8], call: &InFlight, handles: &HandleTable) -> Result<Status, Breach> {
    let reply = ReplyRef::decode(bytes).map_err(|error| Breach::Malformed(error.rule))?;
    let (status, values) = (reply.status(), reply.values());
    let listed = call.opcode.map_or(StatusSet::ALL, |opcode| opcode.statuses);
    if !listed.contains(status) {
        return Err(Breach::Status);
    }
    let schema = if status == Status::Ok { call.opcode.map(|opcode| opcode.reply) } else { Some([].as_slice()) };
    if schema.is_some_and(|schema| !fits(values, schema)) {
        return Err(Breach::Values);
    }
    let is_own = match (call.opcode, call.offered) {
        // An experimental opcode opens none, so that each is one that is open.
        (None, _) => handles.hold_all(values),
        (Some(_), Some(number)) if status == Status::Ok => {
            matches!(values.iter().next(), Some(OperandRef::Handle(given)) if given == number)
        }
        _ => true,
    };
    if is_own { Ok(status) } else { Err(Breach::Handle) }
}

/// What kind of failure an ending is.
pub(super) fn failure(ending: Ending) -> Failed {
    match ending {
        //= ADP-CALL-001
        Ending::Failure(HostFailure::Native { code, message }) => (HostErrorKind::Native, code, message),
        Ending::Failure(HostFailure::Unencodable(why)) => {
            (HostErrorKind::Breach(Breach::Values), None, format!("the reply cannot be written: {why}"))
        }
        Ending::Kind(HostErrorKind::Breach(breach)) => breached(breach),
        Ending::Kind(kind) => {
            let what = match kind {
                HostErrorKind::Panic => "the adapter panicked",
                HostErrorKind::Timeout => "the adapter did not answer in time",
                _ => "the adapter failed",
            };
            (kind, None, what.to_owned())
        }
    }
}

fn breached(breach: Breach) -> Failed {
    let what = match breach {
        Breach::Malformed(_) => "the adapter's reply is malformed",
        Breach::Status => "the adapter's reply has a status that the opcode does not list",
        Breach::Values => "the adapter's reply does not fit the opcode",
        Breach::Handle => "the adapter's reply has a handle that is not the instance's",
        Breach::Dropped => "the adapter let go of the call",
    };
    (HostErrorKind::Breach(breach), None, what.to_owned())
}

/// The operand of `proc.exit`, which fits its schema.
pub(super) fn exit_status(operands: Operands<'_>) -> i32 {
    match operands.iter().next() {
        Some(OperandRef::Signed(status)) => i32::try_from(status).unwrap_or(i32::MAX),
        _ => i32::MAX,
    }
}
