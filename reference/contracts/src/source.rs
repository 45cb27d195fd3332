//! BuF_Source: where the bytes of an artifact come from.

use std::ops::ControlFlow;

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

    /// Gives the `length` bytes from `offset` on to `take`, piece by piece and in order, until it breaks off. What it takes is all that the
    /// source holds in memory: pieces of at most 64 KiB, through one buffer. A remote source makes one request of it.
    ///
    /// # Errors
    /// As [`read_at`](Self::read_at); the pieces before the fault have been taken.
    fn read_each(
        &self,
        offset: u64,
        length: u64,
        take: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
    ) -> Result<(), SourceError> {
        let mut buffer = vec![0; usize::try_from(length.min(PIECE)).unwrap_or_default()];
        let (mut offset, mut remaining) = (offset, length);
        while remaining > 0 {
            let wanted = usize::try_from(remaining.min(PIECE)).unwrap_or_default();
            let piece = buffer.get_mut(..wanted).unwrap_or_default();
            self.read_at(offset, piece)?;
            if take(piece).is_break() {
                break;
            }
            offset = offset.saturating_add(wanted as u64);
            remaining = remaining.saturating_sub(wanted as u64);
        }
        Ok(())
    }
}

/// Bytes of one piece of [`BufSource::read_each`].
const PIECE: u64 = 64 << 10;

impl<S: BufSource + ?Sized> BufSource for std::sync::Arc<S> {
    fn size(&self) -> Result<u64, SourceError> {
        (**self).size()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
        (**self).read_at(offset, buffer)
    }

    fn read_each(
        &self,
        offset: u64,
        length: u64,
        take: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
    ) -> Result<(), SourceError> {
        (**self).read_each(offset, length, take)
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
    /// The machine's own number for it, where it gave one.
    pub code: Option<i64>,
}

impl SourceError {
    /// That a source did not deliver, and what was seen.
    pub fn new(reason: SourceReason, message: impl Into<String>) -> Self {
        Self { reason, message: message.into(), code: None }
    }

    /// That the machine below failed, with its own number for it, if any.
    pub fn native(code: Option<i64>, message: impl Into<String>) -> Self {
        Self { code, ..Self::new(SourceReason::Native, message) }
    }
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
    /// A server answered a range with the whole.
    RangeIgnored,
    /// A server answered with encoded bytes, compressed ones say.
    ContentEncoding,
    /// A server answered one range in several parts.
    Multipart,
    /// A server did not say which bytes it sent, or sent others than those that were asked for.
    ContentRange,
    /// A server answered with another status.
    HttpStatus,
    /// What is read is not any more what was read before.
    SourceChanged,
    /// A server sent the reader to a place that it does not go to.
    Redirect,
    /// Nothing came for too long.
    Timeout,
}

impl SourceReason {
    /// All reasons.
    pub const ALL: [Self; 11] = [
        Self::Native,
        Self::SizeUnknown,
        Self::ShortRead,
        Self::RangeIgnored,
        Self::ContentEncoding,
        Self::Multipart,
        Self::ContentRange,
        Self::HttpStatus,
        Self::SourceChanged,
        Self::Redirect,
        Self::Timeout,
    ];

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::SizeUnknown => "size_unknown",
            Self::ShortRead => "short_read",
            Self::RangeIgnored => "range_ignored",
            Self::ContentEncoding => "content_encoding",
            Self::Multipart => "multipart",
            Self::ContentRange => "content_range",
            Self::HttpStatus => "http_status",
            Self::SourceChanged => "source_changed",
            Self::Redirect => "redirect",
            Self::Timeout => "timeout",
        }
    }
}
