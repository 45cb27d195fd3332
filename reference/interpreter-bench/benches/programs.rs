//! Every program on every engine, in criterion: `cargo bench [--features wasm3] --bench programs`.

use criterion::{Criterion, criterion_group, criterion_main};
use fayger_interpreter_bench::engines;
use fayger_interpreter_bench::programs::PROGRAMS;
use fayger_interpreter_bench::stack::on_a_deep_stack;

fn programs(criterion: &mut Criterion) {
    engines::LEFT_OUT.iter().for_each(|what| println!("LEFT OUT {what}"));
    for program in PROGRAMS {
        let bytes = program.bytes().expect("a module");
        let mut group = criterion.benchmark_group(program.name);
        group.sample_size(10);
        for engine in engines::all() {
            let mut run = engine.instantiate(&bytes).expect("an instance");
            assert_eq!(run.run(program.argument).expect("a result"), program.result, "{}", engine.name());
            group.bench_function(engine.name(), |bencher| bencher.iter(|| run.run(program.argument)));
        }
        group.finish();
    }
}

criterion_group!(benches, programs);

fn on_a_thread() {
    on_a_deep_stack(benches).expect("a thread");
}

criterion_main!(on_a_thread);
