//! Lazy loading: what is read when, what is kept, and what a late fault does.

#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "helpers of tests fail as tests do")]

mod common;

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::thread;

use common::*;
use fayger_contracts::{
    BufObject, BufSource, ContextValue, ErrorCode, LoadStrategy, Phase, Reader, SourceError, SourceReason,
};
use fayger_loader::{BufBuilder, LoadRequest, LoadedBuf, MemorySource, load};

/// A source that notes what is read of it, and whose bytes can be changed under its user.
struct Noted {
    bytes: Mutex<Vec<u8>>,
    reads: Mutex<Vec<(u64, usize)>>,
    slow: AtomicU64,
}

impl Noted {
    fn new(bytes: Vec<u8>) -> Arc<Self> {
        Arc::new(Self { bytes: Mutex::new(bytes), reads: Mutex::default(), slow: AtomicU64::new(0) })
    }

    fn forget(&self) -> Vec<(u64, usize)> {
        std::mem::take(&mut self.reads.lock().expect("reads"))
    }
}

impl BufSource for Noted {
    fn size(&self) -> Result<u64, SourceError> {
        Ok(self.bytes.lock().expect("bytes").len() as u64)
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
        thread::sleep(std::time::Duration::from_millis(self.slow.load(Ordering::Relaxed)));
        self.reads.lock().expect("reads").push((offset, buffer.len()));
        MemorySource::new(self.bytes.lock().expect("bytes").clone()).read_at(offset, buffer)
    }
}

/// The sample with large bodies: 100,000 bytes of code, 70,000 for drones, 200,000 of assets, exported.
fn large() -> Vec<u8> {
    let mut draft = draft();
    draft.sections[0].input = Box::new(bytes::Bytes::from(vec![1; 100_000]));
    draft.sections[1].input = Box::new(bytes::Bytes::from(vec![2; 70_000]));
    draft.sections[2].input = Box::new(bytes::Bytes::from(vec![7; 200_000]));
    draft.sections[2].visibility = 2;
    written(&BufBuilder::new(draft).expect("a good draft"))
}

fn lazy(cache_bytes: u64) -> LoadRequest {
    LoadRequest { strategy: LoadStrategy::Lazy { cache_bytes }, ..request() }
}

fn drone(cache_bytes: u64) -> LoadRequest {
    let mut request = lazy(cache_bytes);
    request.profile.name = "drone".into();
    request
}

fn open(source: &Arc<Noted>, request: &LoadRequest) -> LoadedBuf {
    load(Arc::clone(source) as Arc<dyn BufSource>, request, &()).expect("a good artifact")
}

fn body(object: &LoadedBuf, section_id: u32) -> bytes::Bytes {
    object.body(section_id, Reader::Runtime).expect("good").expect("selected")
}

#[test]
fn reads_the_entry_section_first_and_every_other_at_first_use() {
    let file = large();
    let base = file.len() as u64 - 44 - 370_000;
    let source = Noted::new(file);
    let object = open(&source, &lazy(1 << 20));
    // The first 64 KiB, the Trailer, and the entry section in pieces of 64 KiB; not a byte of any other body beyond the first read.
    let reads = source.forget();
    assert_eq!(reads[..2], [(0, 65_536), (base + 370_000, 44)]);
    assert_eq!(reads[2..], [(base, 65_536), (base + 65_536, 34_464)]);
    assert_eq!(body(&object, 1), vec![1; 100_000]);
    assert_eq!(source.forget(), []);
    assert_eq!(body(&object, 7), vec![7; 200_000]);
    assert_eq!(source.forget().iter().map(|(_, length)| length).sum::<usize>(), 200_000);
    // Kept.
    assert_eq!(body(&object, 7), vec![7; 200_000]);
    assert_eq!(source.forget(), []);
}

#[test]
fn a_body_larger_than_the_cache_is_read_each_time_and_others_stay() {
    let source = Noted::new(large());
    let object = open(&source, &drone(100_000));
    body(&object, 2);
    source.forget();
    for _ in 0..2 {
        assert_eq!(body(&object, 7), vec![7; 200_000]);
        assert_eq!(source.forget().iter().map(|(_, length)| length).sum::<usize>(), 200_000);
    }
    body(&object, 2);
    assert_eq!(source.forget(), []);
}

#[test]
fn a_body_that_was_dropped_is_read_and_verified_again() {
    let file = large();
    let source = Noted::new(file.clone());
    // Room for one of the two.
    let object = open(&source, &drone(250_000));
    body(&object, 2);
    body(&object, 7);
    source.forget();
    body(&object, 2);
    body(&object, 7);
    assert!(!source.forget().is_empty(), "both were kept in less room than they take");

    // What is read again is not believed either.
    let object = open(&source, &drone(0));
    assert_eq!(body(&object, 7), vec![7; 200_000]);
    let last = file.len() - 45;
    source.bytes.lock().expect("bytes")[last] ^= 1;
    let error = object.body(7, Reader::Runtime).expect_err("changed");
    assert_eq!((error.code, error.phase), (ErrorCode::LdrDigestMismatch, Some(Phase::ReadSections)));
}

#[test]
fn a_bad_body_is_an_error_for_whoever_asks_and_for_nobody_else() {
    let mut file = large();
    let last = file.len() - 45;
    file[last] ^= 1;
    let source = Noted::new(file);
    let object = open(&source, &drone(1 << 20));
    for _ in 0..2 {
        let error = object.body(7, Reader::Runtime).expect_err("bad");
        assert_eq!((error.code, error.phase), (ErrorCode::LdrDigestMismatch, Some(Phase::ReadSections)));
        assert_eq!(error.context.get("section_id"), Some(&ContextValue::Integer(7)));
    }
    assert_eq!(body(&object, 2), vec![2; 70_000]);
    assert_eq!(body(&object, 1), vec![1; 100_000]);
}

#[test]
fn a_bad_entry_section_is_the_loaders_error() {
    let mut file = large();
    let first = file.len() - 44 - 370_000;
    file[first] ^= 1;
    let Err(error) = load(Noted::new(file), &lazy(1 << 20), &()) else { panic!("loaded") };
    assert_eq!((error.code, error.phase), (ErrorCode::LdrDigestMismatch, Some(Phase::ReadSections)));
}

#[test]
fn concurrent_first_reads_of_one_body_are_one() {
    let source = Noted::new(large());
    let object = open(&source, &lazy(1 << 20));
    source.forget();
    source.slow.store(20, Ordering::Relaxed);
    let (start, done) = (Barrier::new(8), AtomicUsize::new(0));
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                start.wait();
                assert_eq!(body(&object, 7).len(), 200_000);
                done.fetch_add(1, Ordering::Relaxed);
            });
        }
    });
    assert_eq!(done.load(Ordering::Relaxed), 8);
    assert_eq!(source.forget().iter().map(|(_, length)| length).sum::<usize>(), 200_000);
}

#[test]
fn visibility_hides_a_body_as_if_it_were_not_there() {
    let mut draft = draft();
    draft.sections[0].visibility = 0;
    draft.sections[1].visibility = 1;
    draft.sections[2].visibility = 2;
    let file = written(&BufBuilder::new(draft).expect("a good draft"));
    let object = open(&Noted::new(file), &drone(1 << 20));
    let seen = |reader| [1, 2, 7, 99].map(|id| object.body(id, reader).expect("good").is_some());
    assert_eq!(seen(Reader::Runtime), [true, true, true, false]);
    assert_eq!(seen(Reader::Instance), [false, true, true, false]);
    assert_eq!(seen(Reader::Application), [false, false, true, false]);
}

#[test]
fn lazy_and_eager_give_the_same_object_and_the_same_bytes() {
    let file = large();
    let (source, mut first, mut second) = (Noted::new(file.clone()), Vec::new(), Vec::new());
    let eager = open(&source, &request());
    let lazy = open(&source, &lazy(1 << 20));
    for id in [1, 2, 7] {
        let bodies = [&eager, &lazy].map(|object| object.body(id, Reader::Runtime).expect("good"));
        assert_eq!(bodies[0], bodies[1]);
    }
    eager.serialise(&mut first).expect("written");
    lazy.serialise(&mut second).expect("written");
    assert_eq!((&first, &second), (&file, &file));
}

#[test]
fn eager_reads_neighbours_in_one_go_and_jumps_over_what_is_far() {
    // Unselected between selected: 70,000 bytes are more than the 64 KiB that a source is read for nothing.
    let file = large();
    let base = file.len() as u64 - 44 - 370_000;
    let source = Noted::new(file);
    open(&source, &request());
    let reads = source.forget();
    let touched = |from: u64, to: u64| reads[2..].iter().any(|&(at, length)| at < to && at + length as u64 > from);
    assert!(!touched(base + 100_000, base + 170_000), "{reads:?}");

    // 65,536 bytes are not.
    let mut near = draft();
    near.sections[1].input = Box::new(bytes::Bytes::from(vec![2; 65_536]));
    near.sections[2].input = Box::new(bytes::Bytes::from(vec![7; 200_000]));
    let file = written(&BufBuilder::new(near).expect("a good draft"));
    let base = file.len() as u64 - 44 - 265_544;
    let source = Noted::new(file);
    open(&source, &request());
    let reads = source.forget();
    assert_eq!(reads[2], (base, 65_536));
    assert_eq!(reads[2..].iter().map(|(_, length)| length).sum::<usize>(), 265_544);
}

#[test]
fn the_limit_on_bodies_holds_for_one_under_lazy_and_for_all_under_eager() {
    let file = large();
    let limited = |strategy, body| {
        let mut request = LoadRequest { strategy, ..drone(0) };
        request.limits.body = body;
        load(Arc::new(MemorySource::new(file.clone())), &request, &()).map(drop)
    };
    let lazy = LoadStrategy::Lazy { cache_bytes: 0 };
    assert_eq!(limited(LoadStrategy::Eager, 370_000), Ok(()));
    assert_eq!(limited(lazy, 200_000), Ok(()));
    for (strategy, limit, actual) in [(LoadStrategy::Eager, 369_999, 370_000), (lazy, 199_999, 200_000)] {
        let error = limited(strategy, limit).expect_err("over");
        assert_eq!((error.code, error.phase), (ErrorCode::LdrLimitExceeded, Some(Phase::SelectSections)));
        assert_eq!(error.context.get("actual"), Some(&ContextValue::Integer(actual)));
    }
}

/// A source whose runs are not what was asked for: so many bytes too few or too many, and no error.
struct Miscounting {
    bytes: MemorySource,
    by: i64,
}

impl BufSource for Miscounting {
    fn size(&self) -> Result<u64, SourceError> {
        self.bytes.size()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
        self.bytes.read_at(offset, buffer)
    }

    fn read_each(
        &self,
        offset: u64,
        length: u64,
        take: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
    ) -> Result<(), SourceError> {
        let mut piece = vec![0; usize::try_from(length.saturating_add_signed(self.by)).expect("small")];
        self.read_at(offset, &mut piece)?;
        // On after it was told to stop.
        let _ = (take(&piece), take(&[0xff]));
        Ok(())
    }
}

#[test]
fn a_source_that_delivers_too_few_bytes_is_an_error_and_one_that_delivers_too_many_is_cut() {
    let file = large();
    let base = file.len() as u64 - 44 - 370_000;
    for strategy in [LoadStrategy::Eager, LoadStrategy::Lazy { cache_bytes: 0 }] {
        let request = LoadRequest { strategy, ..request() };
        let opened = |by| load(Arc::new(Miscounting { bytes: MemorySource::new(file.clone()), by }), &request, &());
        let object = opened(40).expect("the bytes asked for are good");
        assert_eq!([body(&object, 1).len(), body(&object, 7).len()], [100_000, 200_000]);
        // The byte that it adds unasked does not make up for the two that lack.
        let Err(error) = opened(-2) else { panic!("loaded") };
        assert_eq!((error.code, error.phase), (ErrorCode::LdrIo, Some(Phase::ReadSections)));
        let context = ["reason", "offset"].map(|key| error.context.get(key).cloned());
        assert_eq!(context, [Some("short_read".into()), Some(ContextValue::Integer(base + 99_999))]);
    }
}

/// A source that cannot read some of its bytes.
struct Holed(MemorySource, std::ops::Range<u64>);

impl BufSource for Holed {
    fn size(&self) -> Result<u64, SourceError> {
        self.0.size()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
        if offset < self.1.end && offset + buffer.len() as u64 > self.1.start {
            return Err(SourceError::new(SourceReason::Native, "a bad sector"));
        }
        self.0.read_at(offset, buffer)
    }
}

#[test]
fn a_section_that_is_not_selected_may_be_unreadable_and_a_bad_body_comes_before_what_fails_behind_it() {
    // 40,000 bytes for drones alone lie between the two bodies, so that all three are read in one go.
    let mut draft = draft();
    draft.sections[0].input = Box::new(bytes::Bytes::from(vec![1; 100_000]));
    draft.sections[1].input = Box::new(bytes::Bytes::from(vec![2; 40_000]));
    draft.sections[2].input = Box::new(bytes::Bytes::from(vec![7; 200_000]));
    let file = written(&BufBuilder::new(draft).expect("a good draft"));
    let base = file.len() as u64 - 44 - 340_000;
    let opened = |file: &[u8], hole: std::ops::Range<u64>| {
        load(Arc::new(Holed(MemorySource::new(file.to_vec()), hole)), &request(), &()).map(|object| {
            assert_eq!([body(&object, 1).len(), body(&object, 7).len()], [100_000, 200_000]);
        })
    };
    assert_eq!(opened(&file, base + 100_100..base + 100_101), Ok(()));

    let fails_later = base + 300_000..base + 300_001;
    let error = opened(&file, fails_later.clone()).expect_err("unreadable");
    assert_eq!((error.code, error.phase), (ErrorCode::LdrIo, Some(Phase::ReadSections)));
    let mut bad = file;
    bad[usize::try_from(base).expect("small") + 99_999] ^= 1;
    let error = opened(&bad, fails_later).expect_err("bad, then unreadable");
    assert_eq!(
        (error.code, error.context.get("section_id")),
        (ErrorCode::LdrDigestMismatch, Some(&ContextValue::Integer(1)))
    );
}
