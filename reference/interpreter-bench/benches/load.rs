//! Validation and translation in bytes a second, of the module named by `MODULE`, else of the largest program here:
//! `MODULE=… cargo bench --bench load`. `fetch.sh` brings large ones.

use std::{env, fs};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use fayger_interpreter_bench::{engines, programs::PROGRAMS};

fn load(criterion: &mut Criterion) {
    let bytes = match env::var_os("MODULE") {
        Some(path) => fs::read(path).expect("a module"),
        None => PROGRAMS.iter().map(|program| program.bytes().expect("a module")).max_by_key(Vec::len).expect("eight"),
    };
    let mut group = criterion.benchmark_group("load");
    group.sample_size(10).throughput(Throughput::Bytes(bytes.len() as u64));
    group.bench_function("wasmparser", |bencher| bencher.iter(|| wasmparser::validate(&bytes)));
    for engine in engines::all() {
        if let Err(error) = engine.load(&bytes) {
            println!("LEFT OUT {}: refused: {error:#}", engine.name());
            continue;
        }
        group.bench_function(engine.name(), |bencher| bencher.iter(|| engine.load(&bytes)));
    }
    group.finish();
}

criterion_group!(benches, load);
criterion_main!(benches);
