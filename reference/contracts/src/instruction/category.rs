//! The category of an instruction or event: the low nibble of its first byte.

//= ADP-CATEGORY-001
/// A category. The number is on the wire; 8 to 15 are reserved, none is ever reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Category(u8);

impl Category {
    /// Files and standard streams.
    pub const IO: Self = Self(0);
    /// Network.
    pub const NET: Self = Self(1);
    /// Rendering and input.
    pub const UI: Self = Self(2);
    /// Clocks and timers.
    pub const TIME: Self = Self(3);
    /// Randomness.
    pub const RANDOM: Self = Self(4);
    /// Cryptography.
    pub const CRYPTO: Self = Self(5);
    /// Processes and signals.
    pub const PROC: Self = Self(6);
    /// Calls that are the host's own.
    pub const HOST: Self = Self(7);

    /// The eight of phase one, by number.
    pub const ALL: [Self; 8] =
        [Self::IO, Self::NET, Self::UI, Self::TIME, Self::RANDOM, Self::CRYPTO, Self::PROC, Self::HOST];

    /// The category of this number; none above 15, which a nibble cannot hold.
    pub const fn from_number(number: u8) -> Option<Self> {
        if number < 16 { Some(Self(number)) } else { None }
    }

    /// Its number, 0 to 15.
    pub const fn number(self) -> u8 {
        self.0
    }

    /// Its name; none where the number is reserved.
    pub fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::IO => "io",
            Self::NET => "net",
            Self::UI => "ui",
            Self::TIME => "time",
            Self::RANDOM => "random",
            Self::CRYPTO => "crypto",
            Self::PROC => "proc",
            Self::HOST => "host",
            _ => return None,
        })
    }
}
