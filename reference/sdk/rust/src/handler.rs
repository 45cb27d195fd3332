//! Events, and the end of the instance.

use crate::encode::Operands;
use crate::event::Event;
use crate::proc;
use crate::values::Values;
use crate::{Exchange, fayger_v1};

/// The event that is handled, in `on_event` alone, read into `buffer`. None where there is no event, or it does not fit: `on_event` is given its
/// length.
pub fn read_event(buffer: &mut [u8]) -> Option<Event<'_>> {
    let length = usize::try_from(fayger_v1::event_read(buffer)).ok()?;
    let ([category, number @ ..], values) = buffer.get(..length)?.split_first_chunk::<3>()?;
    Event::new(*category, u16::from_le_bytes(*number), Values::new(values))
}

/// Ends the instance with an exit status.
pub fn exit(status: i32) -> ! {
    let mut buffer = [0; 16];
    let status = |operands: &mut Operands<'_>| _ = operands.signed(status.into());
    // Only a runtime that is none returns from here.
    let _ = Exchange::new(&mut buffer).call(proc::EXIT, status);
    fayger_v1::trap()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted;

    #[test]
    fn an_event_is_read_where_there_is_one_that_fits() {
        let mut buffer = [0; 32];
        assert_eq!(read_event(&mut buffer), None);
        // Category time, number 1; handle 3, count 2.
        scripted::event(Some(b"\x03\x01\0\x07\x04\x03\0\0\0\x01\x01\x02"));
        assert_eq!(read_event(&mut buffer), Some(Event::TimeTimer { timer: 3, count: 2 }));
        assert_eq!(read_event(&mut [0; 11]), None);
        scripted::event(Some(b"\x03\x02\0"));
        assert_eq!(read_event(&mut buffer), Some(Event::Other { category: 3, number: 2, values: Values::new(&[]) }));
    }

    #[test]
    fn the_end_is_an_instruction_that_needs_nothing() {
        std::panic::catch_unwind(|| exit(-3)).unwrap_err();
        assert_eq!(scripted::emitted(), [b"\x06\x30\0\0\0\x02\x01\xFD".to_vec()]);
    }
}
