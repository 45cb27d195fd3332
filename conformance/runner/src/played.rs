//! The source that the runner plays for a case, and what was read of it.

use std::ops::Range;

use fayger_cases::{Fault, Gives, Source};
use fayger_fcp::{Base64, SourceFailure, SourceFailureKind, SourceReadAnswer, SourceReadParams};

/// The reads that one request may make before they are taken for a loop.
const MOST_READS: usize = 65_536;

/// A source in the middle of a case.
#[derive(Debug)]
pub(crate) struct Played {
    source: Source,
    /// What was read since that was asked for.
    reads: Vec<Range<u64>>,
    /// Where the reads began that failed.
    failed: Vec<u64>,
    is_loaded: bool,
}

impl Played {
    pub(crate) fn new(source: Source) -> Self {
        Self { source, reads: Vec::new(), failed: Vec::new(), is_loaded: false }
    }

    /// `loader.load` has been answered: what goes wrong late goes wrong from now on.
    pub(crate) fn loaded(&mut self) {
        self.is_loaded = true;
    }

    /// Answers a read, right or wrong.
    ///
    /// # Errors
    /// What the testee did that no reader does.
    pub(crate) fn read(&mut self, asked: &SourceReadParams) -> Result<SourceReadAnswer, String> {
        if asked.source != fayger_cases::SOURCE {
            return Err(format!("a read of the source `{}`, which there is not", asked.source));
        }
        if self.reads.len() >= MOST_READS {
            return Err(format!("more than {MOST_READS} reads of a source within one request"));
        }
        let offset = asked.offset.0;
        let read = offset..offset.saturating_add(asked.length.into());
        let struck = self.source.faults.iter().find(|fault| fault.strikes(&read, self.is_loaded));
        self.reads.push(read);
        let length = match struck {
            None => asked.length,
            Some(Fault { gives, .. }) => {
                self.failed.push(offset);
                match gives {
                    Gives::Native(code) => {
                        let code = code.map(|code| code.to_string());
                        return Ok(SourceReadAnswer::Error(SourceFailure { kind: SourceFailureKind::Native, code }));
                    }
                    Gives::Fewer(fewer) => asked.length.saturating_sub(*fewer),
                }
            }
        };
        Ok(SourceReadAnswer::Bytes(Base64(self.source.read(offset, length))))
    }

    /// What was read since the last time.
    pub(crate) fn take_reads(&mut self) -> Vec<Range<u64>> {
        std::mem::take(&mut self.reads)
    }

    /// Where the reads began that failed in this case.
    pub(crate) fn failed(&self) -> &[u64] {
        &self.failed
    }
}
