//! A 64 MiB artifact, eagerly from a file, beside plain SHA-256 of the same bytes in memory: the ratio of the two is what counts.
#![expect(clippy::expect_used, reason = "a bench fails as tests do")]

use std::hint::black_box;
use std::io::Write;
use std::sync::Arc;

use bytes::Bytes;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use fayger_cbor::{Map, Value};
use fayger_contracts::{InterfaceVersion, LoadProfile, LoadStrategy, RuntimeOffer, SignatureMode};
use fayger_loader::{BufBuilder, Draft, DraftSection, FileSource, Limits, LoadRequest, TrustStore, load};
use sha2::{Digest, Sha256};

const BODY: usize = 64 << 20;

fn artifact(body: &Bytes) -> Vec<u8> {
    let empty = || Value::Array(Vec::new());
    let map = |pairs: Vec<(&str, Value)>| pairs.into_iter().collect::<Map>();
    let section = map(vec![("id", Value::from(1)), ("format", Value::from("wasm-core-2"))]);
    let manifest = map(vec![
        ("schema_version", Value::from("1.0.0")),
        ("id", Value::from("org.example.large")),
        ("version", Value::from("1.0.0")),
        ("runtime_interface_min", Value::from("1.0.0")),
        ("entry", map(vec![("section", Value::from(1)), ("start", Value::from("start"))]).into()),
        ("capabilities", map(vec![("required", empty()), ("optional", empty())]).into()),
        ("sections", Value::Array(vec![section.into()])),
    ]);
    let section = DraftSection {
        section_id: 1,
        kind: 1,
        visibility: 0,
        profile_constraints: Map::new().into(),
        input: Box::new(body.clone()),
    };
    let mut bytes = Vec::new();
    let builder = BufBuilder::new(Draft { flags: 0, manifest, sections: vec![section] }).expect("a good draft");
    builder.artifact().and_then(|artifact| artifact.write_to(&mut bytes)).expect("written");
    bytes
}

fn eager(criterion: &mut Criterion) {
    let body = Bytes::from((0..BODY).map(|at| (at * 31 % 251) as u8).collect::<Vec<_>>());
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(&artifact(&body)).expect("written");
    let request = LoadRequest {
        profile: LoadProfile { name: "p".into(), host: "h".into(), capabilities: Vec::new(), max_bytes: None },
        strategy: LoadStrategy::Eager,
        mode: SignatureMode::Default,
        trust: TrustStore::new(),
        offer: RuntimeOffer {
            runtime_interface: InterfaceVersion::new(1, 0, 0),
            runtime_capabilities: Vec::new(),
            formats: vec!["wasm-core-2".into()],
        },
        expect_id: None,
        limits: Limits::default(),
    };
    let mut group = criterion.benchmark_group("eager_64_mib");
    group.throughput(Throughput::Bytes(BODY as u64)).sample_size(20);
    group.bench_function("sha256_in_memory", |bencher| bencher.iter(|| Sha256::digest(black_box(&body))));
    group.bench_function("load_from_file", |bencher| {
        bencher.iter(|| {
            let source = Arc::new(FileSource::open(file.path()).expect("there"));
            load(source, black_box(&request), &()).expect("a good artifact")
        });
    });
    group.finish();
}

criterion_group!(benches, eager);
criterion_main!(benches);
