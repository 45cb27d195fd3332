//! Category `time`. Written by `cargo xtask opcodes --bless` from the registry; do not edit.

use crate::{Error, Exchange, Opcode};

/// `time.wall_now`: nanoseconds since 1970-01-01T00:00:00Z, without leap seconds.
pub const WALL_NOW: Opcode = Opcode::new(3, 1, 0x0080);

/// `time.wall_now`: nanoseconds since 1970-01-01T00:00:00Z, without leap seconds.
///
/// # Errors
/// A status: `io`, or a universal one.
pub fn wall_now(exchange: &mut Exchange<'_>) -> Result<i64, Error> {
    exchange.call(WALL_NOW, |_| {})?.signed()
}

/// `time.monotonic_now`: nanoseconds since a moment that stays the same while the instance lives; never less than before.
pub const MONOTONIC_NOW: Opcode = Opcode::new(3, 2, 0x0080);

/// `time.monotonic_now`: nanoseconds since a moment that stays the same while the instance lives; never less than before.
///
/// # Errors
/// A status: `io`, or a universal one.
pub fn monotonic_now(exchange: &mut Exchange<'_>) -> Result<u64, Error> {
    exchange.call(MONOTONIC_NOW, |_| {})?.unsigned()
}

/// `time.sleep`: answers after so long.
pub const SLEEP: Opcode = Opcode::new(3, 16, 0x0100);

/// `time.sleep`: answers after so long.
///
/// - `duration_ns`: An unsigned number.
///
/// # Errors
/// A status: a universal one.
pub fn sleep(exchange: &mut Exchange<'_>, duration_ns: u64) -> Result<(), Error> {
    exchange.call(SLEEP, |operands| {
        operands.unsigned(duration_ns);
    })?;
    Ok(())
}

/// `time.timer_once`: one event after so long.
pub const TIMER_ONCE: Opcode = Opcode::new(3, 17, 0x0100);

/// `time.timer_once`: one event after so long.
///
/// - `delay_ns`: An unsigned number.
///
/// # Errors
/// A status: a universal one.
pub fn timer_once(exchange: &mut Exchange<'_>, delay_ns: u64) -> Result<u32, Error> {
    exchange
        .call(TIMER_ONCE, |operands| {
            operands.unsigned(delay_ns);
        })?
        .handle()
}

/// `time.timer_periodic`: an event after a delay and then each period.
pub const TIMER_PERIODIC: Opcode = Opcode::new(3, 18, 0x0100);

/// `time.timer_periodic`: an event after a delay and then each period.
///
/// - `delay_ns`: An unsigned number.
/// - `period_ns`: An unsigned number, 1000000 or more.
///
/// # Errors
/// A status: a universal one.
pub fn timer_periodic(exchange: &mut Exchange<'_>, delay_ns: u64, period_ns: u64) -> Result<u32, Error> {
    exchange
        .call(TIMER_PERIODIC, |operands| {
            operands.unsigned(delay_ns);
            operands.unsigned(period_ns);
        })?
        .handle()
}

/// `time.timer_cancel`: ends a timer.
pub const TIMER_CANCEL: Opcode = Opcode::new(3, 19, 0x0100);

/// `time.timer_cancel`: ends a timer.
///
/// - `timer`: A handle: timer.
///
/// # Errors
/// A status: a universal one.
pub fn timer_cancel(exchange: &mut Exchange<'_>, timer: u32) -> Result<(), Error> {
    exchange.call(TIMER_CANCEL, |operands| {
        operands.handle(timer);
    })?;
    Ok(())
}
