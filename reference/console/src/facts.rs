//! What is answered without a resource: the time, chance, the arguments.

use fayger_adapters::Call;
use fayger_contracts::Status;
use fayger_contracts::opcode::proc::ArgumentsReply;
use fayger_contracts::opcode::random::{Bytes, BytesReply};
use fayger_contracts::opcode::time::{MonotonicNowReply, WallNowReply};

use crate::answer::{Answer, operands, values};
use crate::console::Console;

//= ADP-TIME-001
pub(crate) fn wall_now(console: &Console, _call: &Call<'_>, reply: &mut Vec<u8>) -> Answer {
    // Beyond the year 2262 there is no number for it.
    let now_ns = i64::try_from(console.clock.now().0.as_nanos()).map_err(|_| Status::Io)?;
    values(&WallNowReply { now_ns }, reply)
}

pub(crate) fn monotonic_now(console: &Console, _call: &Call<'_>, reply: &mut Vec<u8>) -> Answer {
    let now_ns = u64::try_from(console.clock.elapsed().as_nanos()).map_err(|_| Status::Io)?;
    values(&MonotonicNowReply { now_ns }, reply)
}

//= ADP-RANDOM-001
pub(crate) fn random(_console: &Console, call: &Call<'_>, reply: &mut Vec<u8>) -> Answer {
    let Bytes { count } = operands(call)?;
    // At most 64 KiB, as the bus has seen.
    let mut data = vec![0; usize::try_from(count).map_err(|_| Status::Limit)?];
    getrandom::fill(&mut data).map_err(|_| Status::Io)?;
    values(&BytesReply { data: &data }, reply)
}

//= ADP-PROC-001
pub(crate) fn arguments(console: &Console, _call: &Call<'_>, reply: &mut Vec<u8>) -> Answer {
    let arguments: Vec<&str> = console.arguments.iter().map(String::as_str).collect();
    values(&ArgumentsReply { arguments: arguments.as_slice().into() }, reply)
}
