//! A Fay that shows the time of day, in UTC, as a clock face: once, and then by a timer each second until it has shown as many faces as its first
//! argument says. Without an argument, or where it may not set timers, it shows one.
#![cfg_attr(target_arch = "wasm32", no_std)]

mod face;

use core::sync::atomic::{AtomicU64, Ordering};

use fayger_sdk::{Error, Event, Exchange, Status, exit, io, proc, read_event, time};

use crate::face::Face;

const SECOND_NS: u64 = 1_000_000_000;

/// Faces that are still to be shown.
static LEFT: AtomicU64 = AtomicU64::new(0);

/// Exit statuses.
const DONE: i32 = 0;
const WRONG_ARGUMENT: i32 = 2;
const NO_ANSWER: i32 = 3;

fayger_sdk::export!(start = start, on_event = on_event);

fn start() -> i32 {
    let mut buffer = [0; 1024];
    let mut exchange = Exchange::new(&mut buffer);
    let faces = match faces(&mut exchange) {
        Ok(faces) => faces,
        Err(NotANumber) => {
            say(&mut exchange, "the argument is how many faces to show, from 1 up\n");
            return WRONG_ARGUMENT;
        }
    };
    let left = faces.saturating_sub(1);
    LEFT.store(left, Ordering::Relaxed);
    if show(&mut exchange).is_err() {
        return NO_ANSWER;
    }
    if left == 0 {
        exit(DONE);
    }
    match time::timer_periodic(&mut exchange, SECOND_NS, SECOND_NS) {
        // The rest is shown by events.
        Ok(_timer) => 0,
        Err(Error::Status(Status::Unsupported)) => {
            say(&mut exchange, "no timer here, so there is one face\n");
            exit(DONE)
        }
        Err(_) => NO_ANSWER,
    }
}

fn on_event(_length: u32) -> i32 {
    let mut buffer = [0; 1024];
    // No other event is asked for; one that comes all the same is let pass.
    if !matches!(read_event(&mut buffer), Some(Event::TimeTimer { .. })) {
        return 0;
    }
    if show(&mut Exchange::new(&mut buffer)).is_err() {
        return NO_ANSWER;
    }
    let left = LEFT.load(Ordering::Relaxed).saturating_sub(1);
    LEFT.store(left, Ordering::Relaxed);
    if left == 0 { exit(DONE) } else { 0 }
}

struct NotANumber;

/// How many faces are asked for.
fn faces(exchange: &mut Exchange<'_>) -> Result<u64, NotANumber> {
    // Who may not see the arguments shows one face.
    let Ok(arguments) = proc::arguments(exchange) else { return Ok(1) };
    let Some(first) = arguments.texts().next() else { return Ok(1) };
    first.parse().ok().filter(|&count| count > 0).ok_or(NotANumber)
}

/// Shows the time that it is.
fn show(exchange: &mut Exchange<'_>) -> Result<(), Error> {
    let now = time::wall_now(exchange)?;
    let seconds = now.div_euclid(SECOND_NS.cast_signed());
    // What a day has is less than 2^32.
    let of_day = u32::try_from(seconds.rem_euclid(86_400)).unwrap_or_default();
    write(exchange, Face::new(of_day).as_bytes())
}

/// Writes all of it, however little is taken at a time.
fn write(exchange: &mut Exchange<'_>, mut bytes: &[u8]) -> Result<(), Error> {
    while !bytes.is_empty() {
        let written = io::stdout_write(exchange, bytes)?;
        bytes = usize::try_from(written).ok().and_then(|written| bytes.get(written..)).unwrap_or_default();
    }
    Ok(())
}

/// Says something to the user. Where nobody listens there is nobody to tell.
fn say(exchange: &mut Exchange<'_>, text: &str) {
    let _ = io::stderr_write(exchange, text.as_bytes());
}

#[cfg(test)]
mod tests {
    use fayger_sdk::scripted;

    use super::*;

    /// A reply of status ok and one signed value of eight bytes: 12:34:56, which is second 45,296, of day 11,574.
    fn now() -> Vec<u8> {
        let nanoseconds = (11_574_i64 * 86_400 + 45_296) * 1_000_000_000 + 5;
        [b"\0\0\x02\x08".as_slice(), &nanoseconds.to_le_bytes()].concat()
    }

    /// Whether the last instruction is `proc.exit` with 0.
    fn has_ended(emitted: &[Vec<u8>]) -> bool {
        emitted.last().is_some_and(|last| last == b"\x06\x30\0\0\0\x02\x01\0")
    }

    #[test]
    fn without_an_argument_it_shows_the_time_once() {
        scripted::reply(b"\0\0\x08\0");
        scripted::reply(&now());
        scripted::reply(b"\0\0\x01\x02\x00\x01");
        std::panic::catch_unwind(start).unwrap_err();
        let emitted = scripted::emitted();
        assert!(emitted[2].ends_with(Face::new(45_296).as_bytes()));
        assert!(has_ended(&emitted));
    }

    #[test]
    fn with_an_argument_it_goes_on_by_a_timer() {
        scripted::reply(b"\0\0\x08\x03\x04\x012");
        scripted::reply(&now());
        scripted::reply(b"\0\0\x01\x02\x00\x01");
        scripted::reply(b"\0\0\x07\x04\x01\0\0\0");
        assert_eq!(start(), 0);
        assert_eq!(scripted::emitted()[3][..5], *b"\x03\x12\0\0\x01");
        // A host.message is let pass.
        scripted::event(Some(b"\x07\x01\0\x04\x01a\x03\0"));
        assert_eq!(on_event(8), 0);
        assert_eq!(scripted::emitted(), Vec::<Vec<u8>>::new());
        scripted::event(Some(b"\x03\x01\0\x07\x04\x01\0\0\0\x01\x01\x01"));
        scripted::reply(&now());
        scripted::reply(b"\0\0\x01\x02\x00\x01");
        std::panic::catch_unwind(|| on_event(12)).unwrap_err();
        assert!(has_ended(&scripted::emitted()));
    }

    #[test]
    fn an_argument_that_is_no_number_is_told_on_standard_error() {
        scripted::reply(b"\0\0\x08\x03\x04\x01x");
        assert_eq!(start(), WRONG_ARGUMENT);
        assert_eq!(scripted::emitted()[1][..5], *b"\0\x03\0\x01\0");
    }
}
