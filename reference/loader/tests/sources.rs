//! What the machine below does not deliver or take: errors of the loader and the serialiser over the native one.
#![expect(clippy::panic, reason = "helpers of tests fail as tests do")]

mod common;

use std::io;
use std::sync::Arc;

use common::*;
use fayger_contracts::{BufSource, ErrorCode, FaygerError, Phase, SourceError, SourceReason};
use fayger_loader::{BufBuilder, SectionInput, load};

/// A source that cannot tell its size.
struct Sizeless(SourceReason);

impl BufSource for Sizeless {
    fn size(&self) -> Result<u64, SourceError> {
        Err(SourceError::new(self.0, "no size"))
    }

    fn read_at(&self, _offset: u64, _buffer: &mut [u8]) -> Result<(), SourceError> {
        panic!("nothing is read of a source without a size")
    }
}

#[test]
fn a_source_that_cannot_tell_its_size_is_refused() {
    let refused = |reason| {
        let Err(error) = load(Arc::new(Sizeless(reason)), &request(), &()) else { panic!("loaded") };
        assert_eq!((error.code, error.phase), (ErrorCode::LdrIo, Some(Phase::Read)));
        assert_eq!(error.context.keys().copied().collect::<Vec<_>>(), ["reason"]);
        (error.context["reason"].clone(), error.cause.map(|cause| cause.code))
    };
    assert_eq!(refused(SourceReason::SizeUnknown), ("size_unknown".into(), None));
    assert_eq!(refused(SourceReason::Native), ("native".into(), Some(ErrorCode::HostNative)));
}

/// An input that cannot be read.
struct Unreadable;

impl SectionInput for Unreadable {
    fn open(&self) -> io::Result<Box<dyn io::Read + '_>> {
        Err(io::Error::other("input/output error"))
    }
}

/// An output that is full at once.
struct Full;

impl io::Write for Full {
    fn write(&mut self, _bytes: &[u8]) -> io::Result<usize> {
        Err(io::Error::other("no space left on device"))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_failing_input_or_output_is_reported_over_the_native_error() {
    let told = |error: FaygerError| {
        assert_eq!((error.code, error.phase), (ErrorCode::SerIo, None));
        let cause = error.cause.expect("a cause");
        assert_eq!(cause.code, ErrorCode::HostNative);
        (error.context["reason"].clone(), cause.message)
    };
    let mut unreadable = draft();
    unreadable.sections[1].input = Box::new(Unreadable);
    let Err(error) = BufBuilder::new(unreadable) else { panic!("read") };
    assert_eq!(told(error), ("input".into(), "input/output error".into()));

    let builder = BufBuilder::new(draft()).expect("a good draft");
    let error = builder.artifact().and_then(|artifact| artifact.write_to(&mut Full)).expect_err("full");
    assert_eq!(told(error), ("output".into(), "no space left on device".into()));
}
