//! Drafts into bytes into objects into bytes.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "helpers of tests fail as tests do")]

mod common;

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use common::*;
use fayger_cbor::{Map, Value};
use fayger_contracts::{
    BufObject, BufSource, ContextValue, Digest, ErrorCode, Event, FaygerError, Phase, Reader, SignatureMode,
    SignatureStatus, SourceError, SourceReason,
};
use fayger_loader::{BufBuilder, Draft, FileSource, KeyStatus, Limits, MemorySource, Read, SectionInput, load};

fn serialised(bytes: &[u8]) -> Vec<u8> {
    let mut again = Vec::new();
    load_bytes(bytes, &request()).expect("a good artifact").serialise(&mut again).expect("serialised");
    again
}

#[test]
fn an_object_serialises_to_the_bytes_that_it_came_from() {
    for bytes in [unsigned(), signed()] {
        assert_eq!(serialised(&bytes), bytes);
    }
}

#[test]
fn the_same_draft_gives_the_same_bytes() {
    assert_eq!(signed(), signed());
}

#[test]
fn a_partly_loaded_object_is_serialised_from_its_verified_source() {
    let mut bytes = unsigned();
    let terrain = bytes.windows(7).position(|window| window == b"terrain").expect("body of 2");
    bytes[terrain] ^= 1;
    let object = load_bytes(&bytes, &request()).expect("2 is not selected");
    let error = object.serialise(&mut io::sink()).expect_err("2 is damaged");
    assert_eq!(error.code, ErrorCode::LdrDigestMismatch);
    assert_eq!(error.context.get("section_id"), Some(&ContextValue::Integer(2)));
}

#[test]
fn signing_changes_only_what_must_change() {
    let (plain, signed) = (unsigned(), signed());
    let intact = |bytes: &[u8]| {
        let read = Read::from_source(Arc::new(MemorySource::new(bytes.to_vec())), Limits::default());
        read.and_then(Read::parse).and_then(|p| p.verify_structural()).and_then(|s| s.verify_digest()).expect("intact")
    };
    let signed_later = sign(BufBuilder::from_artifact(intact(&plain)), &ALICE);
    assert_eq!(written(&signed_later), signed);
    // Signed anew, the old signature is gone; without it, everything is as it was.
    assert_eq!(written(&sign(BufBuilder::from_artifact(intact(&signed)), &ALICE)), signed);
    assert_eq!(written(&BufBuilder::from_artifact(intact(&signed))), plain);
}

#[test]
fn tells_origin_and_deprecation_as_events() {
    let mut draft = draft();
    draft.manifest.insert("deprecation_notice", Value::from("use org.example.other"));
    let builder = BufBuilder::new(draft).expect("a good draft");
    let seen = Seen::default();
    let source = |builder: &BufBuilder| Arc::new(MemorySource::new(written(builder)));
    load(source(&builder), &request(), &seen).expect("unsigned is allowed");
    let signed = sign(builder, &ALICE);
    let object = load(source(&signed), &request(), &seen).expect("alice is trusted");
    let SignatureStatus::Verified { key_id, .. } = *object.signature() else { panic!("signed") };
    let id = || "org.example.sample".to_owned();
    let deprecated = Event::ArtifactDeprecated { id: id(), notice: "use org.example.other".into() };
    assert_eq!(
        *seen.0.lock().expect("not poisoned"),
        [
            Event::ArtifactSignatureAbsent { id: id() },
            deprecated.clone(),
            Event::ArtifactSignatureVerified { id: id(), algorithm: "ed25519", key_id },
            deprecated,
        ]
    );
}

#[test]
fn holds_a_signature_against_the_store_whatever_the_mode() {
    let reason = |bytes: &[u8], mode, trust| {
        let request = fayger_loader::LoadRequest { mode, trust, ..request() };
        let error = refusal(bytes, &request);
        assert_eq!(error.code, ErrorCode::LdrSignatureFail);
        error.context.get("reason").expect("reason").to_string()
    };
    let nobody = fayger_loader::TrustStore::new;
    for mode in [SignatureMode::Default, SignatureMode::Enforce] {
        assert_eq!(reason(&signed(), mode, nobody()), "`UntrustedKey`");
        assert_eq!(reason(&signed(), mode, trusting(&ALICE, KeyStatus::Revoked)), "`RevokedKey`");
    }
    assert_eq!(reason(&unsigned(), SignatureMode::Enforce, nobody()), "`MissingSignature`");
}

#[test]
fn refuses_drafts_with_the_place_and_the_reason() {
    let refused = |change: fn(&mut Draft)| {
        let mut draft = draft();
        change(&mut draft);
        let Err(error) = BufBuilder::new(draft) else { panic!("accepted") };
        assert_eq!(error.code, ErrorCode::SerDraftInvalid);
        let text = |key| match error.context.get(key) {
            Some(ContextValue::Text(text)) => text.clone(),
            other => panic!("{key} is {other:?}"),
        };
        (text("field"), text("reason"))
    };
    let is = |field: &str, reason: &str| (field.to_owned(), reason.to_owned());
    assert_eq!(refused(|d| d.flags = 1), is("/flags", "unknown"));
    assert_eq!(refused(|d| drop(d.manifest.remove("id"))), is("/manifest/id", "missing"));
    assert_eq!(refused(|d| drop(d.manifest.insert("colour", Value::Null))), is("/manifest/colour", "unknown"));
    assert_eq!(refused(|d| drop(d.manifest.insert("id", Value::from("Org.Example")))), is("/manifest/id", "syntax"));
    assert_eq!(
        refused(|d| drop(d.manifest.insert("schema_version", Value::from("2.0.0")))),
        is("/manifest/schema_version", "unsupported")
    );
    assert_eq!(refused(|d| drop(d.manifest.insert("signature", Value::Null))), is("/manifest/signature", "computed"));
    assert_eq!(
        refused(|d| drop(d.manifest.insert("index_digest", Value::Null))),
        is("/manifest/index_digest", "computed")
    );
    assert_eq!(refused(|d| drop(d.manifest.insert("sections", Value::Null))), is("/manifest/sections", "type"));
    assert_eq!(refused(|d| drop(d.manifest.insert("name", Value::Text("n".repeat(4097))))), is("/manifest", "limit"));
    assert_eq!(refused(|d| d.sections[1].kind = 0), is("/sections/1/kind", "range"));
    assert_eq!(refused(|d| d.sections[1].kind = 256), is("/sections/1/kind", "range"));
    assert_eq!(refused(|d| d.sections[1].visibility = 3), is("/sections/1/visibility", "unknown"));
    assert_eq!(refused(|d| d.sections.swap(0, 1)), is("/sections/1/section_id", "order"));
    assert_eq!(refused(|d| d.sections[2].section_id = 9), is("/manifest/sections/2/id", "agreement"));
    assert_eq!(refused(|d| drop(d.sections.pop())), is("/manifest/sections", "agreement"));
    assert_eq!(
        refused(|d| d.sections[0].profile_constraints = map(&[("hosts", names(&[]))]).into()),
        is("/sections/0/profile_constraints/hosts", "empty")
    );
    assert_eq!(
        refused(|d| d.sections[0].profile_constraints = Value::Null),
        is("/sections/0/profile_constraints", "type")
    );
    assert_eq!(
        refused(|d| drop(
            d.manifest.insert("entry", map(&[("section", Value::from(3)), ("start", Value::from("s"))]).into())
        )),
        is("/manifest/entry/section", "entry_unknown")
    );
}

/// An input that is another each time it is read.
#[derive(Default)]
struct Changing(AtomicUsize);

impl SectionInput for Changing {
    fn open(&self) -> io::Result<Box<dyn io::Read + '_>> {
        let times = self.0.fetch_add(1, Ordering::Relaxed);
        Ok(Box::new(io::Cursor::new(format!("read {times} times"))))
    }
}

#[test]
fn refuses_an_input_that_changes_between_the_passes() {
    let mut draft = draft();
    draft.sections[2].input = Box::new(Changing::default());
    let builder = BufBuilder::new(draft).expect("a good draft");
    let error = builder.artifact().and_then(|a| a.write_to(&mut io::sink())).expect_err("changed");
    assert_eq!(error.code, ErrorCode::SerInputChanged);
    assert_eq!(error.context.get("section_id"), Some(&ContextValue::Integer(7)));
}

#[test]
fn refuses_a_value_of_another_length_than_there_is_room_for() {
    let waiting = BufBuilder::new(draft()).and_then(|b| b.to_sign("ed25519", Digest([0; 32]), 64)).expect("room");
    let Err(error) = waiting.attach(&[0; 63]) else { panic!("attached") };
    assert_eq!(
        (error.code, error.context.get("field")),
        (ErrorCode::SerDraftInvalid, Some(&"/signature/value".into()))
    );
}

#[test]
fn reads_a_file_as_it_reads_memory() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("sample.buf");
    std::fs::write(&path, signed()).expect("written");
    let source = FileSource::open(&path).expect("there");
    let object = load(Arc::new(source), &request(), &()).expect("a good artifact");
    let mut again = Vec::new();
    object.serialise(&mut again).expect("serialised");
    assert_eq!(again, signed());
    let error = FileSource::open(&directory.path().join("absent.buf")).expect_err("absent");
    assert_eq!(error.reason, SourceReason::Native);
}

/// A source that counts its reads, and can promise more than it has.
struct Watched {
    bytes: Vec<u8>,
    promised: u64,
    reads: AtomicUsize,
}

impl BufSource for Watched {
    fn size(&self) -> Result<u64, SourceError> {
        Ok(self.promised)
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        MemorySource::new(self.bytes.clone()).read_at(offset, buffer)
    }
}

fn watched(bytes: Vec<u8>, promised: u64) -> (Arc<Watched>, Result<(), FaygerError>) {
    let source = Arc::new(Watched { bytes, promised, reads: AtomicUsize::new(0) });
    let result = load(Arc::clone(&source) as Arc<dyn BufSource>, &request(), &()).map(drop);
    (source, result)
}

#[test]
fn reads_the_source_three_times_at_most_before_the_bodies() {
    let small = signed();
    let size = small.len() as u64;
    let (source, result) = watched(small, size);
    assert_eq!(result, Ok(()));
    // One read for everything, and one for the bodies, which lie near each other.
    assert_eq!(source.reads.load(Ordering::Relaxed), 1 + 1);

    let mut draft = draft();
    draft.manifest.insert("x-pad", Value::Bytes(vec![0; 100_000]));
    let large = written(&BufBuilder::new(draft).expect("a good draft"));
    let size = large.len() as u64;
    let (source, result) = watched(large, size);
    assert_eq!(result, Ok(()));
    assert_eq!(source.reads.load(Ordering::Relaxed), 3 + 1);
}

#[test]
fn a_source_that_gives_less_than_it_promised_is_an_io_error() {
    let bytes = unsigned();
    let size = bytes.len() as u64;
    let (_, result) = watched(bytes[..bytes.len() - 1].to_vec(), size);
    let error = result.expect_err("short");
    assert_eq!((error.code, error.phase), (ErrorCode::LdrIo, Some(Phase::Read)));
    // The one read of a file this small is from its start.
    let context = ["reason", "offset"].map(|key| error.context.get(key).cloned());
    assert_eq!(context, [Some("short_read".into()), Some(0_u64.into())]);
    // A promise of 2^64 − 1 bytes is never believed with memory.
    let (_, result) = watched(bytes, u64::MAX);
    assert_eq!(result.expect_err("short").code, ErrorCode::LdrIo);
}

#[test]
fn a_body_that_cannot_be_read_has_its_phase_and_its_place() {
    let bytes = unsigned();
    // The bodies and the Trailer are the last 64 bytes; a source that ends in the first body fails its only read after the first.
    let base = bytes.len() as u64 - 64;
    struct Short(Vec<u8>, AtomicUsize);
    impl BufSource for Short {
        fn size(&self) -> Result<u64, SourceError> {
            Ok(self.0.len() as u64)
        }
        fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
            if self.1.fetch_add(1, Ordering::Relaxed) > 0 {
                return Err(SourceError::new(SourceReason::ShortRead, "it ends"));
            }
            MemorySource::new(self.0.clone()).read_at(offset, buffer)
        }
    }
    let Err(error) = load(Arc::new(Short(bytes, AtomicUsize::new(0))), &request(), &()) else { panic!("loaded") };
    assert_eq!((error.code, error.phase), (ErrorCode::LdrIo, Some(Phase::ReadSections)));
    assert_eq!(error.context.get("offset"), Some(&ContextValue::Integer(base)));
}

#[test]
fn an_unreadable_file_is_a_host_error_below_a_loader_error() {
    struct Broken;
    impl BufSource for Broken {
        fn size(&self) -> Result<u64, SourceError> {
            Ok(1000)
        }
        fn read_at(&self, _offset: u64, _buffer: &mut [u8]) -> Result<(), SourceError> {
            Err(SourceError::new(SourceReason::Native, "input/output error"))
        }
    }
    let Err(error) = load(Arc::new(Broken), &request(), &()) else { panic!("loaded") };
    let cause = error.cause.as_ref().expect("a cause");
    assert_eq!((error.code, cause.code), (ErrorCode::LdrIo, ErrorCode::HostNative));
    let context = ["reason", "offset"].map(|key| error.context.get(key).cloned());
    assert_eq!((error.phase, context), (Some(Phase::Read), [Some("native".into()), Some(0_u64.into())]));
    assert_eq!(cause.context.get("kind"), Some(&"native".into()));
    assert_eq!((error.source_layer().name(), cause.source_layer().name()), ("loader", "host"));
    assert_eq!(cause.message, "input/output error");
}

#[test]
fn refuses_selected_bodies_above_the_limit_and_takes_those_at_it() {
    // 8 bytes of code and 5 of assets are selected; the 7 for drones are not.
    let limited = |body| {
        let limits = Limits { body, ..Limits::default() };
        load_bytes(&unsigned(), &fayger_loader::LoadRequest { limits, ..request() }).map(drop)
    };
    assert_eq!(limited(13), Ok(()));
    let error = limited(12).expect_err("over");
    assert_eq!((error.code, error.phase), (ErrorCode::LdrLimitExceeded, Some(Phase::SelectSections)));
    let context = ["field", "limit", "actual"].map(|key| error.context.get(key).cloned());
    assert_eq!(context, [Some("body".into()), Some(12_u64.into()), Some(13_u64.into())]);
}

#[test]
fn keeps_an_empty_body_and_id_zero() {
    let mut draft = draft();
    draft.sections[0] = section(0, 1, Map::new(), b"");
    let Some(Value::Array(mut sections)) = draft.manifest.remove("sections") else { panic!("declared") };
    let Value::Map(first) = &mut sections[0] else { panic!("a map") };
    first.insert("id", Value::from(0));
    draft.manifest.insert("sections", Value::Array(sections));
    draft.manifest.insert("entry", map(&[("section", Value::from(0)), ("start", Value::from("start"))]).into());
    let bytes = written(&BufBuilder::new(draft).expect("a good draft"));
    let object = load_bytes(&bytes, &request()).expect("a good artifact");
    assert_eq!(object.body(0, Reader::Runtime).expect("held").expect("selected").len(), 0);
    assert_eq!(serialised(&bytes), bytes);
}
