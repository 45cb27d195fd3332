//! A source that the runner plays: the loader's reads become `source.read`.

use fayger_contracts::{BufSource, SourceError, SourceReason};
use fayger_fcp as fcp;

//= FCP-SOURCE-001
//= FCP-SOURCE-002
/// A source that is read by asking the runner.
pub(crate) struct Asked {
    pub(crate) runner: fcp::Runner,
    pub(crate) source: String,
    pub(crate) size: Option<u64>,
}

impl BufSource for Asked {
    fn size(&self) -> Result<u64, SourceError> {
        self.size.ok_or_else(|| SourceError::new(SourceReason::SizeUnknown, "the source does not know its size"))
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
        let mut offset = offset;
        // At most so many bytes a read; none where nothing is wanted.
        for piece in buffer.chunks_mut(usize::try_from(fcp::MOST_READ).unwrap_or(usize::MAX)) {
            self.read_piece(offset, piece)?;
            offset = offset.saturating_add(piece.len() as u64);
        }
        Ok(())
    }
}

impl Asked {
    fn read_piece(&self, offset: u64, piece: &mut [u8]) -> Result<(), SourceError> {
        let params = fcp::SourceReadParams {
            source: self.source.clone(),
            offset: fcp::Decimal(offset),
            length: u32::try_from(piece.len()).unwrap_or(fcp::MOST_READ),
        };
        let answer = self
            .runner
            .source_read(&params)
            .map_err(|error| SourceError::native(None, format!("the runner did not answer: {error}")))?;
        match answer {
            fcp::SourceReadAnswer::Bytes(fcp::Base64(bytes)) if bytes.len() == piece.len() => {
                piece.copy_from_slice(&bytes);
                Ok(())
            }
            fcp::SourceReadAnswer::Bytes(fcp::Base64(bytes)) => Err(SourceError::new(
                SourceReason::ShortRead,
                format!("it gave {} of {} bytes at {offset}", bytes.len(), piece.len()),
            )),
            fcp::SourceReadAnswer::Error(fcp::SourceFailure { kind: fcp::SourceFailureKind::Native, code }) => {
                Err(SourceError::native(code.and_then(|code| code.parse().ok()), "as the runner says"))
            }
        }
    }
}
