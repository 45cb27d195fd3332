//! From what happened to a reply: values, a status, or a failure.

use std::io;

use fayger_adapters::{Call, HostFailure, Progress};
use fayger_contracts::Status;
use fayger_contracts::instruction::{Encoder, Unencodable};
use fayger_contracts::opcode::{Instruction, Opcode, Reply};

/// Why there are no values.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// For this reason.
    Status(Status),
    /// For what the machine said.
    Machine(io::Error),
    /// They cannot be written.
    Unencodable(Unencodable),
}

impl From<Status> for Refusal {
    fn from(status: Status) -> Self {
        Self::Status(status)
    }
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        Self::Machine(error)
    }
}

impl From<Unencodable> for Refusal {
    fn from(why: Unencodable) -> Self {
        Self::Unencodable(why)
    }
}

/// What answers a call.
pub(crate) type Answer = Result<Progress, Refusal>;

/// The operands. The bus has judged them by the schema.
pub(crate) fn operands<'a, I: Instruction<'a>>(call: &Call<'a>) -> Result<I, Refusal> {
    I::view(&call.instruction()).ok_or(Refusal::Status(Status::Invalid))
}

/// A reply with these values.
pub(crate) fn values<'a>(values: &impl Reply<'a>, reply: &mut Vec<u8>) -> Answer {
    values.encode(reply)?;
    Ok(Progress::Ready)
}

/// A reply without values.
pub(crate) fn done(reply: &mut Vec<u8>) -> Answer {
    Encoder::reply(reply, Status::Ok).finish()?;
    Ok(Progress::Ready)
}

/// Writes a refusal as the reply that the opcode can have: a status that the registry does not list for it is `io`.
pub(crate) fn settle(answer: Answer, opcode: &Opcode, reply: &mut Vec<u8>) -> Result<Progress, HostFailure> {
    let status = match answer {
        Ok(progress) => return Ok(progress),
        Err(Refusal::Unencodable(why)) => return Err(why.into()),
        Err(Refusal::Status(status)) => status,
        Err(Refusal::Machine(error)) => {
            let status = of_kind(error.kind());
            let listed = [status, Status::Io].into_iter().find(|&status| opcode.statuses.contains(status));
            listed.ok_or_else(|| HostFailure::Native {
                code: error.raw_os_error().map(i64::from),
                message: error.to_string(),
            })?
        }
    };
    reply.clear();
    Encoder::reply(reply, status).finish()?;
    Ok(Progress::Ready)
}

fn of_kind(kind: io::ErrorKind) -> Status {
    match kind {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Status::NotFound,
        // What leads out of the directory is of this kind too.
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Status::Denied,
        io::ErrorKind::AlreadyExists | io::ErrorKind::DirectoryNotEmpty => Status::Exists,
        io::ErrorKind::BrokenPipe => Status::Closed,
        _ => Status::Io,
    }
}
