//! BuF_Source: where the bytes of an artifact come from.

/// A place to read an artifact from: memory, a file, or whatever a user implements this for.
pub trait BufSource: Send + Sync {
    /// The exact number of bytes.
    ///
    /// # Errors
    /// A source that cannot know gives [`SourceReason::SizeUnknown`].
    fn size(&self) -> Result<u64, SourceError>;

    /// Fills `buffer` with the bytes from `offset` on, or fails.
    ///
    /// # Errors
    /// [`SourceReason::ShortRead`] where there are fewer.
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError>;
}

impl<S: BufSource + ?Sized> BufSource for std::sync::Arc<S> {
    fn size(&self) -> Result<u64, SourceError> {
        (**self).size()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
        (**self).read_at(offset, buffer)
    }
}

/// Why a source did not deliver.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SourceError {
    /// The reason, a closed list.
    pub reason: SourceReason,
    /// What was seen, for people; never a credential.
    pub message: String,
}

/// The reasons that a source can give.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SourceReason {
    /// The machine below failed.
    Native,
    /// The size cannot be known.
    SizeUnknown,
    /// Fewer bytes than promised.
    ShortRead,
}

impl SourceReason {
    /// All reasons.
    pub const ALL: [Self; 3] = [Self::Native, Self::SizeUnknown, Self::ShortRead];

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::SizeUnknown => "size_unknown",
            Self::ShortRead => "short_read",
        }
    }
}
