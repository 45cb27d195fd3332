//! The fuzz bodies on stable: over the suite's inputs, over damaged ones, over noise, and with their memory measured.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "helpers of tests fail as tests do")]

use std::sync::{Arc, Mutex, PoisonError};

use fayger_contracts::ErrorCode;
use fayger_fuzz::{TARGETS, artifact, body, cbor, seeds};
use fayger_loader::{Limits, MemorySource, Read};
use peak_alloc::PeakAlloc;
use proptest::prelude::*;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Tests of one process share the measure, so one runs at a time.
static MEASURING: Mutex<()> = Mutex::new(());

#[test]
fn holds_for_every_input_of_the_suite_whole_and_damaged() {
    let _alone = MEASURING.lock().unwrap_or_else(PoisonError::into_inner);
    for target in TARGETS {
        let seeds = seeds(target).expect("the suite");
        let body = body(target).expect("a body");
        assert!(
            seeds.len() > 20 || target == "draft" || (target == "interpreter" && seeds.len() == 4),
            "{target} has {} seeds",
            seeds.len()
        );
        // Some 12 places of each, others from seed to seed: together they are many, and debug builds are slow.
        for (number, (_, bytes)) in seeds.iter().filter(|(_, bytes)| bytes.len() < 4096).enumerate() {
            body(bytes);
            let step = bytes.len() / 12 + 1;
            for at in (number % step..bytes.len()).step_by(step) {
                let mut changed = bytes.clone();
                changed[at] = changed[at].wrapping_add(1);
                body(&changed);
                body(&bytes[..at]);
            }
        }
    }
}

proptest! {
    #[test]
    fn holds_for_noise(bytes in prop::collection::vec(any::<u8>(), 0..512)) {
        let _alone = MEASURING.lock().unwrap_or_else(PoisonError::into_inner);
        for target in TARGETS {
            body(target).expect("a body")(&bytes);
        }
    }
}

/// A Header that claims a Manifest and a Section_Index of these bytes, then them, then a Trailer of zeros.
fn container(manifest: &[u8], index: &[u8]) -> Vec<u8> {
    let mut bytes = b"BUF\0\x01\0\0\0\0\0\0\0\0\0\0\0".to_vec();
    let fields = [48, manifest.len(), 48 + manifest.len(), index.len()];
    bytes.extend(fields.iter().flat_map(|&field| (field as u64).to_le_bytes()));
    [bytes.as_slice(), manifest, index, &[0; 44]].concat()
}

/// What refuses the bytes.
fn code(bytes: &[u8]) -> ErrorCode {
    let read = Read::from_source(Arc::new(MemorySource::new(bytes.to_vec())), Limits::default());
    match read.and_then(Read::parse) {
        Ok(_) => panic!("accepted"),
        Err(error) => error.code,
    }
}

fn peak_of(run: impl FnOnce()) -> usize {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    run();
    MEMORY.peak_usage().saturating_sub(before)
}

#[test]
fn memory_follows_the_bytes_that_are_there() {
    const MIB: usize = 1 << 20;
    let _alone = MEASURING.lock().unwrap_or_else(PoisonError::into_inner);
    // Claims of 2^64 − 1 bytes, items and pairs, and of 2^32 bytes of Manifest, cost nothing.
    for claim in ["5b", "9b", "bb"] {
        let bytes = [hex(claim).as_slice(), &[0xff; 8]].concat();
        assert!(peak_of(|| cbor(&bytes)) < 64 << 10);
        assert!(peak_of(|| artifact(&container(&bytes, &[0x80]))) < 256 << 10);
    }
    let mut header = container(&[], &[]);
    header[24..32].copy_from_slice(&u64::from(u32::MAX).to_le_bytes());
    assert!(peak_of(|| artifact(&header)) < 256 << 10);

    // The most items that the limits let through: an array of a million zeros as the Manifest, of four million as the Section_Index or
    // as one row of it. A decoded item takes 32 bytes, and a growing vector is there twice for a moment.
    let zeros = |count: u32| [[0x9a].as_slice(), &count.to_be_bytes(), &vec![0; count as usize]].concat();
    let manifest = zeros((MIB - 5) as u32);
    assert!(peak_of(|| artifact(&container(&manifest, &[0x80]))) < 128 * MIB);
    let index = container(GOOD_MANIFEST, &zeros((4 * MIB - 5) as u32));
    assert!(peak_of(|| artifact(&index)) < 32 * MIB);
    assert_eq!(code(&index), ErrorCode::LdrLimitExceeded);
    let row = container(GOOD_MANIFEST, &[[0x81].as_slice(), &zeros((4 * MIB - 6) as u32)].concat());
    assert!(peak_of(|| artifact(&row)) < 32 * MIB);
    assert_eq!(code(&row), ErrorCode::LdrIndexInvalid);
}

/// A Manifest that parses, so that the Section_Index is looked at: no sections, entry section 0.
const GOOD_MANIFEST: &[u8] = b"\xa8\
    bidca.b\
    eentry\xa2estartaagsection\x00\
    gversione1.0.0\
    hsections\x80\
    lcapabilities\xa2hoptional\x80hrequired\x80\
    lindex_digestX\x2000000000000000000000000000000000\
    nschema_versione1.0.0\
    uruntime_interface_mine1.0.0";

fn hex(text: &str) -> Vec<u8> {
    vec![u8::from_str_radix(text, 16).expect("hex")]
}
