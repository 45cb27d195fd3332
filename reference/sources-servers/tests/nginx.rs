//! HTTP ranges from nginx as Debian packages it.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests fail as tests do"
)]

use std::sync::Arc;

use fayger_contracts::{BufObject, ContextValue, ErrorCode, FaygerError, LoadStrategy, Phase, Reader};
use fayger_loader::{FileSource, LoadedBuf, load};
use fayger_sources::{Counted, Counting, HttpOptions, HttpSource};
use fayger_sources_servers::{Nginx, Sections, request, write};

const SECTIONS: Sections = Sections([100_000, 300_000, 200_000]);

fn over(server: &Nginx, strategy: LoadStrategy) -> Result<LoadedBuf, FaygerError> {
    let source = HttpSource::new(&server.url("a.buf"), HttpOptions::default()).unwrap();
    load(Arc::new(source), &request(strategy), &())
}

fn reason(error: &FaygerError) -> ContextValue {
    assert_eq!(error.code, ErrorCode::LdrIo);
    error.context["reason"].clone()
}

#[test]
fn an_artifact_loads_as_from_a_file() {
    let root = tempfile::tempdir().unwrap();
    write(&root.path().join("a.buf"), SECTIONS);
    // gzip for every type: the source asks for no encoding and gets none.
    let Some(server) = Nginx::start(root.path(), "gzip on; gzip_types *; gzip_min_length 1;") else { return };
    let from_file = FileSource::open(&root.path().join("a.buf")).unwrap();
    let from_file = load(Arc::new(from_file), &request(LoadStrategy::Eager), &()).unwrap();
    for strategy in [LoadStrategy::Eager, LoadStrategy::Lazy { cache_bytes: 1 << 20 }] {
        let object = over(&server, strategy).unwrap();
        assert_eq!(object.manifest(), from_file.manifest());
        for entry in object.sections() {
            let bodies = [&object, &from_file].map(|object| object.body(entry.section_id, Reader::Runtime).unwrap());
            assert_eq!(bodies[0], bodies[1]);
        }
        let (mut first, mut second) = (Vec::new(), Vec::new());
        object.serialise(&mut first).unwrap();
        from_file.serialise(&mut second).unwrap();
        assert!(first == second && first == std::fs::read(root.path().join("a.buf")).unwrap());
    }
}

#[test]
fn a_server_without_ranges_is_refused() {
    let root = tempfile::tempdir().unwrap();
    write(&root.path().join("a.buf"), SECTIONS);
    let Some(server) = Nginx::start(root.path(), "max_ranges 0;") else { return };
    let Err(error) = over(&server, LoadStrategy::Eager) else { panic!("loaded") };
    assert_eq!((reason(&error), error.phase), ("range_ignored".into(), Some(Phase::Read)));
}

#[test]
fn what_is_not_there_and_what_is_empty_are_told_apart() {
    let root = tempfile::tempdir().unwrap();
    let Some(server) = Nginx::start(root.path(), "") else { return };
    let Err(error) = over(&server, LoadStrategy::Eager) else { panic!("loaded") };
    assert_eq!(reason(&error), "http_status".into());
    assert!(error.message.contains("404"), "{error}");
    // To an empty file nginx answers with the whole of it, which no range was taken of.
    std::fs::write(root.path().join("a.buf"), b"").unwrap();
    let Err(error) = over(&server, LoadStrategy::Eager) else { panic!("loaded") };
    assert_eq!(reason(&error), "range_ignored".into());
}

#[test]
fn a_file_that_is_replaced_between_two_reads_is_noticed() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("a.buf");
    write(&path, SECTIONS);
    // With and without an ETag; Last-Modified has whole seconds, so the size tells then.
    for (location, other) in
        [("", Sections([100_000, 300_000, 200_001])), ("etag off;", Sections([100_000, 300_002, 200_000]))]
    {
        let Some(server) = Nginx::start(root.path(), location) else { return };
        let object = over(&server, LoadStrategy::Lazy { cache_bytes: 1 << 20 }).unwrap();
        let new = root.path().join("new");
        write(&new, other);
        std::fs::rename(&new, &path).unwrap();
        let error = object.body(2, Reader::Runtime).unwrap_err();
        assert_eq!((reason(&error), error.phase), ("source_changed".into(), Some(Phase::ReadSections)));
        write(&path, SECTIONS);
    }
}

#[test]
fn the_front_is_read_once_and_bodies_in_one_go() {
    let root = tempfile::tempdir().unwrap();
    let length = write(&root.path().join("a.buf"), SECTIONS);
    let Some(server) = Nginx::start(root.path(), "") else { return };
    let source = HttpSource::new(&server.url("a.buf"), HttpOptions::default()).unwrap();
    let source = Arc::new(Counting::new(source));
    load(Arc::clone(&source) as Arc<_>, &request(LoadStrategy::Eager), &()).unwrap();
    // The first 64 KiB, the Trailer, and the two selected bodies, which are neighbours.
    assert_eq!(source.counted(), Counted { reads: 3, bytes: 65_536 + 44 + 400_000 });
    assert!(length > 600_000);
}
