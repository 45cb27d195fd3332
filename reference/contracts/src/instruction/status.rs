//! How an instruction went, and sets of such answers.

//= ADP-STATUS-001
/// How an instruction went. The number is on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u16)]
pub enum Status {
    /// Done.
    Ok = 0,
    /// Not to be had: unknown, not declared, not granted or not supported, all alike.
    Unsupported = 1,
    /// Operands that do not fit the operation.
    Invalid = 2,
    /// No such thing.
    NotFound = 3,
    /// The host refused.
    Denied = 4,
    /// It is there already.
    Exists = 5,
    /// It would have to wait.
    WouldBlock = 6,
    /// The other end is gone.
    Closed = 7,
    /// The operation's own deadline passed.
    Timeout = 8,
    /// The reply would be too large.
    TooLarge = 9,
    /// A quota is used up.
    Limit = 10,
    /// Not a handle of this instance.
    BadHandle = 11,
    /// An input or output error.
    Io = 12,
}

impl Status {
    /// All of them, by number.
    pub const ALL: [Self; 13] = [
        Self::Ok,
        Self::Unsupported,
        Self::Invalid,
        Self::NotFound,
        Self::Denied,
        Self::Exists,
        Self::WouldBlock,
        Self::Closed,
        Self::Timeout,
        Self::TooLarge,
        Self::Limit,
        Self::BadHandle,
        Self::Io,
    ];

    /// The status of this number.
    pub fn from_number(number: u16) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }

    /// Its number.
    pub const fn number(self) -> u16 {
        self as u16
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Unsupported => "unsupported",
            Self::Invalid => "invalid",
            Self::NotFound => "not_found",
            Self::Denied => "denied",
            Self::Exists => "exists",
            Self::WouldBlock => "would_block",
            Self::Closed => "closed",
            Self::Timeout => "timeout",
            Self::TooLarge => "too_large",
            Self::Limit => "limit",
            Self::BadHandle => "bad_handle",
            Self::Io => "io",
        }
    }
}

/// A set of statuses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StatusSet(u16);

impl StatusSet {
    //= ADP-STATUS-002
    /// Those that any instruction may be answered with.
    pub const UNIVERSAL: Self = Self::of(&[
        Status::Unsupported,
        Status::Invalid,
        Status::WouldBlock,
        Status::TooLarge,
        Status::Limit,
        Status::BadHandle,
    ]);
    /// None: of an instruction that is never answered.
    pub const NONE: Self = Self(0);
    /// Every one.
    pub const ALL: Self = Self::of(&Status::ALL);

    /// The set of these.
    pub const fn of(statuses: &[Status]) -> Self {
        let (mut bits, mut rest) = (0, statuses);
        while let [status, others @ ..] = rest {
            bits |= 1 << *status as u16;
            rest = others;
        }
        Self(bits)
    }

    /// The same set with these.
    #[must_use]
    pub const fn with(self, statuses: &[Status]) -> Self {
        Self(self.0 | Self::of(statuses).0)
    }

    /// Whether `status` is in it.
    pub const fn contains(self, status: Status) -> bool {
        self.0 & 1 << status as u16 != 0
    }

    /// Its members, by number.
    pub fn iter(self) -> impl Iterator<Item = Status> {
        Status::ALL.into_iter().filter(move |&status| self.contains(status))
    }
}
