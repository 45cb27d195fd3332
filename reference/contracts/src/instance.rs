//! An instance from outside: its id, the time that things happened at, and what is known of its failure.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;

use crate::error::FaygerError;
use crate::lifecycle::LifecycleState;

/// The id of an instance: a UUID of version 7 (RFC 9562 §5.7), so unique across nodes (blueprint 8.6) and sorted by time. Its 32 digits serve as the
/// trace-id of W3C Trace Context.
//= RT-ID-001
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InstanceId([u8; 16]);

impl InstanceId {
    /// The id made at `at` from ten random bytes, of which 74 bits are used.
    pub const fn new(at: Timestamp, random: [u8; 10]) -> Self {
        let [_, _, t0, t1, t2, t3, t4, t5] = at.millis().to_be_bytes();
        let [r0, r1, r2, r3, r4, r5, r6, r7, r8, r9] = random;
        // 48 bits of milliseconds, version 7, 12 random bits, variant 10, 62 random bits.
        Self([t0, t1, t2, t3, t4, t5, 0x70 | r0 & 0x0f, r1, 0x80 | r2 & 0x3f, r3, r4, r5, r6, r7, r8, r9])
    }

    /// The id with these bytes, of any version: what came back from outside.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Its sixteen bytes.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// The id that [`Display`](fmt::Display) wrote, in either case; none where `text` is of another form (RFC 9562 §4).
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.as_bytes();
        let hyphens = [8, 13, 18, 23];
        if digits.len() != 36 || hyphens.iter().any(|&at| digits.get(at) != Some(&b'-')) {
            return None;
        }
        let mut bytes = [0; 16];
        let mut nibbles = digits.iter().filter(|&&digit| digit != b'-').map(|&digit| (digit as char).to_digit(16));
        for byte in &mut bytes {
            let (high, low) = (nibbles.next()??, nibbles.next()??);
            *byte = u8::try_from(high << 4 | low).ok()?;
        }
        nibbles.next().is_none().then_some(Self(bytes))
    }
}

impl fmt::Display for InstanceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, byte) in self.0.iter().enumerate() {
            if matches!(at, 4 | 6 | 8 | 10) {
                f.write_str("-")?;
            }
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for InstanceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A moment: time since 1970-01-01T00:00:00Z, by the clock that the runtime was given. What external tracing counts by too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub Duration);

impl Timestamp {
    /// Whole milliseconds, the low 64 bits.
    pub const fn millis(self) -> u64 {
        self.0.as_secs().wrapping_mul(1000).wrapping_add(self.0.subsec_millis() as u64)
    }
}

/// What is kept of a failed instance until it is terminated (blueprint chapter 6).
//= RT-FAILURE-001
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailureInfo {
    /// The whole chain, `RT_INSTANCE_FAILED` first.
    pub error: FaygerError,
    /// The bytes of the last instruction that could be decoded; none where there was none.
    pub last_instruction: Option<Bytes>,
    /// The state that it failed in.
    pub state_before: LifecycleState,
    /// When.
    pub at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_the_fields_of_rfc_9562() {
        // RFC 9562 A.6: unix_ts_ms 0x017F22E279B0, rand_a 0xCC3, rand_b 0x18C4DC0C0C07398F.
        let at = Timestamp(Duration::from_millis(0x017f_22e2_79b0));
        let random = [0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f];
        let id = InstanceId::new(at, random);
        assert_eq!(id.to_string(), "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
        assert_eq!(InstanceId::parse("017F22E2-79B0-7CC3-98C4-DC0C0C07398F"), Some(id));
        for bad in [
            "",
            "017f22e279b07cc398c4dc0c0c07398f",
            "017f22e2-79b0-7cc3-98c4-dc0c0c07398g",
            "017f22e2-79b0-7cc3-98c4-dc0c0c0739-f",
        ] {
            assert_eq!(InstanceId::parse(bad), None, "{bad}");
        }
    }
}
