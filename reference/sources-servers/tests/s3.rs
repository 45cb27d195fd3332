//! Artifacts from an S3 server.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests fail as tests do"
)]

use std::sync::Arc;

use fayger_contracts::{BufObject, BufSource, ErrorCode, LoadStrategy, Phase, Reader, SourceReason};
use fayger_loader::load;
use fayger_sources::{Counting, ObjectSource};
use fayger_sources_servers::{ACCESS_KEY, BUCKET, S3, SECRET_KEY, Sections, request, write};
use object_store::RetryConfig;
use object_store::aws::AmazonS3Builder;

const SECTIONS: Sections = Sections([100_000, 300_000, 200_000]);

struct Scene {
    root: tempfile::TempDir,
    server: S3,
}

impl Scene {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join(BUCKET)).unwrap();
        write(&root.path().join(BUCKET).join("a.buf"), SECTIONS);
        let server = S3::start(root.path());
        Self { root, server }
    }

    fn source_with(&self, path: &str, secret: &str) -> ObjectSource {
        let store = AmazonS3Builder::new()
            .with_endpoint(format!("http://127.0.0.1:{}", self.server.port))
            .with_allow_http(true)
            .with_region("us-east-1")
            .with_bucket_name(BUCKET)
            .with_access_key_id(ACCESS_KEY)
            .with_secret_access_key(secret)
            .with_retry(RetryConfig { max_retries: 0, ..RetryConfig::default() })
            .build()
            .unwrap();
        ObjectSource::new(Arc::new(store), path).unwrap()
    }

    fn source(&self, path: &str) -> ObjectSource {
        self.source_with(path, SECRET_KEY)
    }
}

#[test]
fn an_artifact_loads_and_serialises_to_itself() {
    let scene = Scene::new();
    for strategy in [LoadStrategy::Eager, LoadStrategy::Lazy { cache_bytes: 1 << 20 }] {
        let source = Arc::new(Counting::new(scene.source("a.buf")));
        let object = load(Arc::clone(&source) as Arc<_>, &request(strategy), &()).unwrap();
        // The first 64 KiB, the Trailer, and the bodies in one go.
        assert_eq!(source.counted().reads, 3);
        assert_eq!(object.body(2, Reader::Runtime).unwrap().unwrap(), vec![2; 300_000]);
        let mut bytes = Vec::new();
        object.serialise(&mut bytes).unwrap();
        assert!(bytes == std::fs::read(scene.root.path().join(BUCKET).join("a.buf")).unwrap());
    }
}

#[test]
fn faults_of_the_store_have_their_reasons_and_no_secret() {
    let scene = Scene::new();
    let reason = |source: ObjectSource| {
        let error = source.size().unwrap_err();
        let shown = format!("{error} {source:?}");
        assert!(!shown.contains(SECRET_KEY) && !shown.contains(ACCESS_KEY), "{shown}");
        error.reason
    };
    assert_eq!(reason(scene.source("absent.buf")), SourceReason::HttpStatus);
    assert_eq!(reason(scene.source_with("a.buf", "wrong")), SourceReason::HttpStatus);
}

#[test]
fn an_empty_object_has_size_zero() {
    let scene = Scene::new();
    std::fs::write(scene.root.path().join(BUCKET).join("empty"), b"").unwrap();
    assert_eq!(scene.source("empty").size(), Ok(0));
}

#[test]
fn an_object_that_is_replaced_between_two_reads_is_noticed() {
    let scene = Scene::new();
    let source = Arc::new(scene.source("a.buf"));
    let object = load(source, &request(LoadStrategy::Lazy { cache_bytes: 1 << 20 }), &()).unwrap();
    write(&scene.root.path().join(BUCKET).join("a.buf"), Sections([100_000, 300_001, 200_000]));
    let error = object.body(2, Reader::Runtime).unwrap_err();
    assert_eq!((error.code, error.phase), (ErrorCode::LdrIo, Some(Phase::ReadSections)));
    assert_eq!(error.context["reason"], "source_changed".into());
}
