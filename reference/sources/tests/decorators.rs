//! Counting, faults, and asking again.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests fail as tests do"
)]

use std::ops::ControlFlow;
use std::sync::Mutex;
use std::time::Duration;

use fayger_contracts::{BufSource, SourceReason};
use fayger_loader::MemorySource;
use fayger_sources::{Counted, Counting, Fault, Faulty, Patience, Retrying, Sleep};

fn file() -> MemorySource {
    MemorySource::new((0..=255).cycle().take(200_000).collect::<Vec<u8>>())
}

/// Time passes only on paper.
#[derive(Default)]
struct Virtual(Mutex<Vec<Duration>>);

impl Sleep for &Virtual {
    fn sleep(&self, time: Duration) {
        self.0.lock().unwrap().push(time);
    }
}

fn collect(source: &dyn BufSource, offset: u64, length: u64) -> Result<Vec<u8>, SourceReason> {
    let mut bytes = Vec::new();
    let result = source.read_each(offset, length, &mut |piece| {
        bytes.extend_from_slice(piece);
        ControlFlow::Continue(())
    });
    result.map(|()| bytes).map_err(|error| error.reason)
}

#[test]
fn counts_reads_and_the_bytes_that_were_delivered() {
    let source = Counting::new(Faulty::new(file(), [(2, Fault::Fails(SourceReason::Native))]));
    assert_eq!(source.size(), Ok(200_000));
    source.read_at(5, &mut [0; 10]).unwrap();
    source.read_at(5, &mut [0; 10]).unwrap_err();
    assert_eq!(collect(&source, 0, 100_000).unwrap().len(), 100_000);
    assert_eq!(source.counted(), Counted { reads: 3, bytes: 100_010 });
}

#[test]
fn faults_come_at_their_calls_and_at_no_other() {
    let faults = [(0, Fault::Fails(SourceReason::SizeUnknown)), (2, Fault::Flips), (4, Fault::Flips)];
    let source = Faulty::new(file(), faults);
    assert_eq!(source.size().unwrap_err().reason, SourceReason::SizeUnknown);
    assert_eq!(source.size(), Ok(200_000));
    let mut buffer = [0; 4];
    source.read_at(0, &mut buffer).unwrap();
    assert_eq!(buffer, [0, 1, 2, 2]);
    source.read_at(0, &mut buffer).unwrap();
    assert_eq!(buffer, [0, 1, 2, 3]);
    // Of a run in several pieces, the last byte of the last one.
    let run = collect(&source, 0, 65_540).unwrap();
    assert_eq!((run[65_535], run[65_539]), (255, 3 ^ 1));
    assert_eq!(source.calls(), 5);
}

#[test]
fn asks_three_times_and_waits_twice_as_long_each_time() {
    let clock = Virtual::default();
    let patience = Patience { first: Duration::from_millis(100) };
    let waited = || std::mem::take(&mut *clock.0.lock().unwrap()).iter().map(Duration::as_millis).collect::<Vec<_>>();
    for reason in [SourceReason::Native, SourceReason::Timeout, SourceReason::ShortRead, SourceReason::HttpStatus] {
        let twice = Faulty::new(file(), [(0, Fault::Fails(reason)), (1, Fault::Fails(reason))]);
        let source = Retrying::with(twice, patience, &clock);
        assert_eq!((source.size(), waited()), (Ok(200_000), vec![100, 200]));

        let always = Faulty::new(file(), (0..9).map(|call| (call, Fault::Fails(reason))));
        let source = Retrying::with(always, patience, &clock);
        assert_eq!((source.read_at(0, &mut [0]).unwrap_err().reason, waited()), (reason, vec![100, 200]));
    }
}

#[test]
fn asks_once_where_asking_again_cannot_help() {
    for reason in SourceReason::ALL {
        let clock = Virtual::default();
        let always = Counting::new(Faulty::new(file(), (0..9).map(|call| (call, Fault::Fails(reason)))));
        let source = Retrying::with(always, Patience::default(), &clock);
        source.read_at(0, &mut [0]).unwrap_err();
        let may_pass = ["native", "timeout", "short_read", "http_status"].contains(&reason.name());
        assert_eq!(clock.0.lock().unwrap().len(), if may_pass { 2 } else { 0 }, "{}", reason.name());
    }
}

/// Breaks off in the middle of a run, twice.
struct Breaking(MemorySource, Mutex<u32>);

impl BufSource for Breaking {
    fn size(&self) -> Result<u64, fayger_contracts::SourceError> {
        self.0.size()
    }
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), fayger_contracts::SourceError> {
        self.0.read_at(offset, buffer)
    }
    fn read_each(
        &self,
        offset: u64,
        length: u64,
        take: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
    ) -> Result<(), fayger_contracts::SourceError> {
        let mut left = self.1.lock().unwrap();
        if *left == 0 {
            return self.0.read_each(offset, length, take);
        }
        *left -= 1;
        self.0.read_each(offset, length.min(1000), take)?;
        Err(fayger_contracts::SourceError::new(SourceReason::Timeout, "broken off"))
    }
}

#[test]
fn a_run_that_broke_off_goes_on_where_it_was() {
    let clock = Virtual::default();
    let source = Retrying::with(Breaking(file(), Mutex::new(2)), Patience::default(), &clock);
    let expected: Vec<u8> = (0..=255).cycle().skip(7).take(5000).collect();
    assert_eq!(collect(&source, 7, 5000), Ok(expected));
    assert_eq!(clock.0.lock().unwrap().len(), 2);

    // Whoever has enough is not given more, though the source failed after that.
    let source = Retrying::with(Breaking(file(), Mutex::new(2)), Patience::default(), &clock);
    let mut pieces = 0;
    source
        .read_each(0, 5000, &mut |_| {
            pieces += 1;
            ControlFlow::Break(())
        })
        .unwrap();
    assert_eq!(pieces, 1);
}
