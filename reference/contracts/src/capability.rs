//! The sixteen capabilities of phase one, and sets of capabilities as a bounded lattice (blueprint chapter 5: a bitmap of 16, which an
//! extension segment continues).

use std::fmt;
use std::ops::{BitAnd, BitOr, Not, Sub};

/// What a Fay can be allowed to do. The number is the bit; numbers are never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Capability {
    /// Standard streams.
    IoStdio = 0,
    /// Reading files and directories.
    FsRead = 1,
    /// Writing files and directories.
    FsWrite = 2,
    /// Outgoing connections and requests.
    NetConnect = 3,
    /// Listening sockets.
    NetListen = 4,
    /// Drawing.
    UiRender = 5,
    /// Input events and prompts.
    UiInput = 6,
    /// Wall and monotonic clock.
    TimeClock = 7,
    /// Sleeping and timers.
    TimeTimer = 8,
    /// Random bytes.
    Random = 9,
    /// Cryptographic operations.
    Crypto = 10,
    /// Arguments and environment.
    ProcInfo = 11,
    /// Starting processes.
    ProcSpawn = 12,
    /// Signals.
    ProcSignal = 13,
    /// Calls that the host defines.
    HostCall = 14,
    /// Facts about the host.
    HostInfo = 15,
}

impl Capability {
    /// All of them, by bit.
    pub const ALL: [Self; 16] = [
        Self::IoStdio,
        Self::FsRead,
        Self::FsWrite,
        Self::NetConnect,
        Self::NetListen,
        Self::UiRender,
        Self::UiInput,
        Self::TimeClock,
        Self::TimeTimer,
        Self::Random,
        Self::Crypto,
        Self::ProcInfo,
        Self::ProcSpawn,
        Self::ProcSignal,
        Self::HostCall,
        Self::HostInfo,
    ];

    /// The name that a Manifest uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::IoStdio => "io.stdio",
            Self::FsRead => "fs.read",
            Self::FsWrite => "fs.write",
            Self::NetConnect => "net.connect",
            Self::NetListen => "net.listen",
            Self::UiRender => "ui.render",
            Self::UiInput => "ui.input",
            Self::TimeClock => "time.clock",
            Self::TimeTimer => "time.timer",
            Self::Random => "random",
            Self::Crypto => "crypto",
            Self::ProcInfo => "proc.info",
            Self::ProcSpawn => "proc.spawn",
            Self::ProcSignal => "proc.signal",
            Self::HostCall => "host.call",
            Self::HostInfo => "host.info",
        }
    }

    /// The capability of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|capability| capability.name() == name)
    }

    /// Its place in the bitmap.
    pub fn bit(self) -> u8 {
        self as u8
    }
}

/// Bytes of the extension segment at most: capabilities 16 to 271.
pub const EXTENSION_LEN: usize = 32;

/// The number of the first capability in the extension segment.
pub const EXTENSION_FIRST: u16 = 16;

/// The number of the last capability that an instruction can name: `16 + 32 × 8 − 1`.
pub const CAPABILITY_LAST: u16 = 271;

//= ADP-ALGEBRA-001
/// A set of capabilities, 0 to [`CAPABILITY_LAST`]: what an instruction's `caps` and its extension segment say.
///
/// The sets are a bounded lattice under `|` and `&`, from [`CapabilitySet::EMPTY`] to [`CapabilitySet::UNIVERSE`], and a Boolean algebra with `!`.
/// A set is plain data of 34 bytes: no operation allocates.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
// In this order, as a processor waits where what it copies in wide pieces was just written in others.
#[repr(C)]
pub struct CapabilitySet {
    extension: [u8; EXTENSION_LEN],
    known: u16,
}

impl CapabilitySet {
    /// The set with nothing in it: the bottom of the lattice.
    pub const EMPTY: Self = Self { known: 0, extension: [0; EXTENSION_LEN] };
    /// The set of the sixteen of phase one.
    pub const ALL: Self = Self { known: u16::MAX, extension: [0; EXTENSION_LEN] };
    /// The set of every number that can be written: the top of the lattice.
    pub const UNIVERSE: Self = Self { known: u16::MAX, extension: [u8::MAX; EXTENSION_LEN] };

    /// The set with these bits of the sixteen.
    pub const fn from_bits(bits: u16) -> Self {
        Self { known: bits, extension: [0; EXTENSION_LEN] }
    }

    /// The set with these bits, and from bit 16 on those of `extension`.
    pub const fn from_parts(bits: u16, extension: [u8; EXTENSION_LEN]) -> Self {
        Self { known: bits, extension }
    }

    /// The bitmap of the sixteen.
    pub const fn bits(&self) -> u16 {
        self.known
    }

    /// The bitmap from bit 16 on, little-endian, without zero bytes at its end; empty where no such capability is in it.
    pub fn extension(&self) -> &[u8] {
        let used = self.extension.iter().rposition(|&byte| byte != 0).map_or(0, |last| last.saturating_add(1));
        self.extension.get(..used).unwrap_or_default()
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        *self == Self::EMPTY
    }

    /// Whether `capability` is in it.
    pub fn contains(&self, capability: Capability) -> bool {
        self.contains_number(capability.bit().into())
    }

    /// Whether the capability of this number is in it; false beyond [`CAPABILITY_LAST`].
    pub fn contains_number(&self, number: u16) -> bool {
        if number < EXTENSION_FIRST {
            return self.known >> number & 1 == 1;
        }
        let (byte, bit) = place(number);
        self.extension.get(byte).is_some_and(|byte| byte >> bit & 1 == 1)
    }

    /// The same set with the capability of this number; the same set beyond [`CAPABILITY_LAST`].
    #[must_use]
    pub fn with_number(mut self, number: u16) -> Self {
        if number < EXTENSION_FIRST {
            self.known |= 1 << number;
            return self;
        }
        let (at, bit) = place(number);
        if let Some(byte) = self.extension.get_mut(at) {
            *byte |= 1 << bit;
        }
        self
    }

    /// Whether everything in it is in `other` too.
    pub fn is_subset(&self, other: &Self) -> bool {
        let extends = || self.extension.iter().zip(other.extension).all(|(byte, other)| byte & !other == 0);
        self.known & !other.known == 0 && (self.extension == [0; EXTENSION_LEN] || extends())
    }

    /// Its members of the sixteen, by bit.
    pub fn iter(self) -> impl Iterator<Item = Capability> {
        Capability::ALL.into_iter().filter(move |&capability| self.contains(capability))
    }

    /// The numbers of its members, ascending.
    pub fn numbers(self) -> impl Iterator<Item = u16> {
        (0..=CAPABILITY_LAST).filter(move |&number| self.contains_number(number))
    }

    //= ADP-ALGEBRA-002
    /// The names of its members by number: `fs.read`, and `#16` for one beyond the sixteen, which has no name yet.
    pub fn names(self) -> Vec<String> {
        self.numbers().map(capability_name).collect()
    }

    /// The set of these names, each as [`CapabilitySet::names`] writes it; the first that is none is the error.
    ///
    /// # Errors
    /// The name that is not one of the sixteen and not `#16` to `#271`.
    pub fn from_names<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Self, &'a str> {
        names.into_iter().try_fold(Self::EMPTY, |set, name| Ok(set.with_number(capability_number(name).ok_or(name)?)))
    }
}

/// The byte of the extension and the bit in it.
fn place(number: u16) -> (usize, u16) {
    let number = number.saturating_sub(EXTENSION_FIRST);
    (usize::from(number >> 3), number & 7)
}

/// The name of a capability by its number.
pub fn capability_name(number: u16) -> String {
    let known = Capability::ALL.into_iter().find(|capability| u16::from(capability.bit()) == number);
    known.map_or_else(|| format!("#{number}"), |capability| capability.name().to_owned())
}

/// The number of a capability by its name.
fn capability_number(name: &str) -> Option<u16> {
    if let Some(capability) = Capability::from_name(name) {
        return Some(capability.bit().into());
    }
    let number: u16 = name.strip_prefix('#')?.parse().ok()?;
    ((EXTENSION_FIRST..=CAPABILITY_LAST).contains(&number) && capability_name(number) == name).then_some(number)
}

impl BitOr for CapabilitySet {
    type Output = Self;

    /// What is in either: the join.
    fn bitor(mut self, other: Self) -> Self {
        self.known |= other.known;
        self.extension.iter_mut().zip(other.extension).for_each(|(byte, other)| *byte |= other);
        self
    }
}

impl BitAnd for CapabilitySet {
    type Output = Self;

    /// What is in both: the meet.
    fn bitand(mut self, other: Self) -> Self {
        self.known &= other.known;
        self.extension.iter_mut().zip(other.extension).for_each(|(byte, other)| *byte &= other);
        self
    }
}

impl Not for CapabilitySet {
    type Output = Self;

    /// What is not in it: the complement.
    fn not(mut self) -> Self {
        self.known = !self.known;
        self.extension.iter_mut().for_each(|byte| *byte = !*byte);
        self
    }
}

impl Sub for CapabilitySet {
    type Output = Self;

    /// What is in this set and not in the other.
    fn sub(self, other: Self) -> Self {
        self & !other
    }
}

impl FromIterator<Capability> for CapabilitySet {
    fn from_iter<I: IntoIterator<Item = Capability>>(capabilities: I) -> Self {
        Self::from_bits(capabilities.into_iter().fold(0, |bits, capability| bits | 1 << capability.bit()))
    }
}

impl fmt::Debug for CapabilitySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_every_capability_at_its_bit() {
        for (bit, capability) in Capability::ALL.into_iter().enumerate() {
            assert_eq!(usize::from(capability.bit()), bit);
            assert_eq!(Capability::from_name(capability.name()), Some(capability));
        }
        assert_eq!(CapabilitySet::ALL.iter().count(), 16);
    }

    #[test]
    fn the_extension_continues_the_bitmap_at_bit_16() {
        let set = CapabilitySet::EMPTY.with_number(16).with_number(23).with_number(24);
        assert_eq!((set.bits(), set.extension()), (0, [0x81, 0x01].as_slice()));
        let last = CapabilitySet::EMPTY.with_number(271);
        assert_eq!((last.extension().len(), last.extension().last()), (32, Some(&0x80)));
        assert_eq!(CapabilitySet::UNIVERSE.numbers().count(), 272);
        assert_eq!(CapabilitySet::EMPTY.with_number(272), CapabilitySet::EMPTY);
        assert!(!CapabilitySet::UNIVERSE.contains_number(272));
    }

    #[test]
    fn a_name_is_one_of_the_sixteen_or_a_number_beyond_them() {
        let set = CapabilitySet::from_names(["fs.read", "#16", "#271"]).unwrap();
        assert_eq!(set.names(), ["fs.read", "#16", "#271"]);
        for name in ["#15", "#272", "#016", "#+16", "16", "fs.Read", ""] {
            assert_eq!(CapabilitySet::from_names([name]), Err(name));
        }
    }
}
