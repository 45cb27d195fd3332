//! The ids of W3C Trace Context, so that what an instance does is found among what everything else did.

use std::fmt;

use fayger_contracts::InstanceId;

/// A `traceparent` of version 00 (W3C Trace Context, §3.2).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TraceContext {
    trace_id: [u8; 16],
    parent_id: [u8; 8],
    flags: u8,
}

impl TraceContext {
    /// The trace of an instance that nobody put into another: its id is the trace-id, the last half of it the parent-id. It is sampled.
    pub fn of(instance: InstanceId) -> Self {
        let trace_id = *instance.as_bytes();
        let [_, _, _, _, _, _, _, _, parent_id @ ..] = trace_id;
        Self { trace_id, parent_id, flags: 1 }
    }

    /// The context that a `traceparent` header writes; none where it is of another form or version, or an id is all zeros.
    pub fn parse(header: &str) -> Option<Self> {
        let mut parts = header.split('-');
        let mut part = |digits: usize| parts.next().filter(|part| part.len() == digits);
        let (version, trace_id, parent_id, flags) = (part(2)?, part(32)?, part(16)?, part(2)?);
        let [flags] = bytes(flags)?;
        let context = Self { trace_id: bytes(trace_id)?, parent_id: bytes(parent_id)?, flags };
        let is_good =
            version == "00" && parts.next().is_none() && context.trace_id != [0; 16] && context.parent_id != [0; 8];
        is_good.then_some(context)
    }

    /// The trace.
    pub fn trace_id(&self) -> &[u8; 16] {
        &self.trace_id
    }
}

/// Lower-case hexadecimal digits, as the standard demands.
fn bytes<const N: usize>(digits: &str) -> Option<[u8; N]> {
    let mut nibbles = digits.bytes().map(|digit| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    });
    let mut bytes = [0; N];
    for byte in &mut bytes {
        *byte = nibbles.next()?? << 4 | nibbles.next()??;
    }
    nibbles.next().is_none().then_some(bytes)
}

impl fmt::Display for TraceContext {
    /// The `traceparent` header.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("00-")?;
        self.trace_id.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
        f.write_str("-")?;
        self.parent_id.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
        write!(f, "-{:02x}", self.flags)
    }
}

impl fmt::Debug for TraceContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the standard, §3.2.4.
    const EXAMPLE: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    #[test]
    fn a_traceparent_is_written_as_it_was_read() {
        let context = TraceContext::parse(EXAMPLE).expect("well-formed");
        assert_eq!(context.to_string(), EXAMPLE);
        assert_eq!(context.trace_id()[..2], [0x4b, 0xf9]);
    }

    #[test]
    fn what_the_standard_bars_is_none() {
        for bad in [
            "",
            "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x",
            "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-001",
        ] {
            assert_eq!(TraceContext::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn an_instance_is_a_trace_of_its_own() {
        let id = InstanceId::parse("017f22e2-79b0-7cc3-98c4-dc0c0c07398f").expect("an id");
        assert_eq!(TraceContext::of(id).to_string(), "00-017f22e279b07cc398c4dc0c0c07398f-98c4dc0c0c07398f-01");
    }
}
