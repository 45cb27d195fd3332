//! A whole artifact, cut at every length and with every byte changed: an error in the right phase, always.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "helpers of tests fail as tests do")]

mod common;

use common::{load_bytes, refusal, request, signed, unsigned};
use fayger_contracts::{BufObject, ErrorCode, Phase, Reader};

/// Where the parts of an artifact end: Manifest, Section_Index, and the bodies of 1, 2 and 7.
fn ends(bytes: &[u8]) -> (usize, usize, [usize; 3]) {
    let field = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().expect("eight bytes")) as usize;
    let index_end = field(32) + field(40);
    (field(32), index_end, [index_end + 8, index_end + 15, index_end + 20])
}

#[test]
fn a_cut_at_any_length_is_truncation() {
    for bytes in [unsigned(), signed()] {
        let (_, index_end, _) = ends(&bytes);
        for length in 0..bytes.len() {
            let error = refusal(&bytes[..length], &request());
            assert_eq!(error.code, ErrorCode::LdrTruncated, "cut to {length}");
            // The loader cannot know the bodies' lengths before it has parsed the Section_Index, and it parses that only where 44
            // bytes follow it, whatever they are.
            let phase = if length < index_end + 44 { Phase::Read } else { Phase::VerifyStructural };
            assert_eq!(error.phase, Some(phase), "cut to {length}");
        }
    }
}

#[test]
fn a_changed_byte_is_refused_in_the_phase_that_covers_it() {
    let bytes = signed();
    let (manifest_end, index_end, bodies) = ends(&bytes);
    for at in 0..bytes.len() {
        for xor in [0x01, 0x80, 0xff] {
            let mut changed = bytes.clone();
            changed[at] ^= xor;
            let unselected = (bodies[0]..bodies[1]).contains(&at);
            if unselected {
                let object = load_bytes(&changed, &request()).expect("the damage is in a body that is not loaded");
                assert_eq!(
                    object.body(1, Reader::Runtime).expect("held").expect("selected"),
                    b"\0asm\x01\0\0\0".as_slice()
                );
                assert_eq!(object.body(2, Reader::Runtime).expect("not read"), None);
                assert_eq!(object.body(7, Reader::Runtime).expect("held").expect("selected"), b"hello".as_slice());
                continue;
            }
            let error = refusal(&changed, &request());
            let phase = error.phase.expect("a phase");
            let allowed: &[Phase] = match at {
                // A minor version or an ancillary flag is accepted as it is, and found by the checksum.
                6..=7 | 10..=11 => &[Phase::VerifyDigest],
                // Another length of the Section_Index may fit the file, and is then not the length of what is there.
                40..=47 => &[Phase::Read, Phase::Parse],
                0..=39 => &[Phase::Read],
                // What still parses is found by a digest, or, in a digest or an id, by agreement.
                48.. if at < manifest_end => &[Phase::Parse, Phase::VerifyStructural, Phase::VerifyDigest],
                _ if at < index_end => &[Phase::Parse, Phase::VerifyStructural, Phase::VerifyDigest],
                _ if at < bodies[2] => &[Phase::ReadSections],
                _ if at < bodies[2] + 8 => &[Phase::VerifyStructural],
                _ => &[Phase::VerifyDigest],
            };
            assert!(allowed.contains(&phase), "byte {at} ^ {xor:#x}: {} in {phase:?}", error.code.name());
        }
    }
}

#[test]
fn bytes_after_the_trailer_are_refused() {
    let mut bytes = unsigned();
    bytes.push(0);
    let error = refusal(&bytes, &request());
    assert_eq!((error.code, error.phase), (ErrorCode::LdrStructureInvalid, Some(Phase::VerifyStructural)));
    assert_eq!(error.context.get("rule"), Some(&"trailing_bytes".into()));
}
