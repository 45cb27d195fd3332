//! The sixteen capabilities of phase one and sets of them (blueprint chapter 5: a bitmap of 16).

use std::fmt;

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

/// A set of capabilities, the bitmap of an instruction's `caps`.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct CapabilitySet(u16);

impl CapabilitySet {
    /// The set with nothing in it.
    pub const EMPTY: Self = Self(0);
    /// The set of all sixteen.
    pub const ALL: Self = Self(u16::MAX);

    /// The set with these bits.
    pub fn from_bits(bits: u16) -> Self {
        Self(bits)
    }

    /// The bitmap.
    pub fn bits(self) -> u16 {
        self.0
    }

    /// Whether `capability` is in it.
    pub fn contains(self, capability: Capability) -> bool {
        self.0 & (1 << capability.bit()) != 0
    }

    /// Its members, by bit.
    pub fn iter(self) -> impl Iterator<Item = Capability> {
        Capability::ALL.into_iter().filter(move |&capability| self.contains(capability))
    }
}

impl FromIterator<Capability> for CapabilitySet {
    fn from_iter<I: IntoIterator<Item = Capability>>(capabilities: I) -> Self {
        Self(capabilities.into_iter().fold(0, |bits, capability| bits | 1 << capability.bit()))
    }
}

impl fmt::Debug for CapabilitySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(Capability::name)).finish()
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
}
