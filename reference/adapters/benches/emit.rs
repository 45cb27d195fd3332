//! What an instruction costs: decoding alone, and the whole way to an adapter that answers at once and back.
//!
//! ```text
//! cargo bench -p fayger-adapters
//! ```
#![expect(clippy::expect_used, reason = "a bench that cannot be set up fails")]

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use fayger_adapters::{Clock, ManualClock, SystemClock};
use fayger_contracts::bus::{BusAnswer, BusSession as _};
use fayger_contracts::instruction::InstructionRef;

#[path = "../tests/common/mod.rs"]
mod common;

fn emit(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("small instruction");
    group.bench_function("decode", |bencher| {
        bencher.iter(|| InstructionRef::decode(black_box(common::INSTRUCTION)));
    });
    let clocks: [(&str, Arc<dyn Clock>); 2] = [
        ("decode and dispatch", Arc::new(SystemClock::default())),
        ("decode and dispatch, without the machine's clock", Arc::new(ManualClock::default())),
    ];
    for (name, clock) in clocks {
        let mut session = common::session(clock).expect("the adapter is healthy");
        // Status ok and 16 bytes of 7: what is measured is the whole way, not a refusal.
        let reply = [&[0, 0, 3, 16], [7; 16].as_slice()].concat();
        assert_eq!(session.emit(common::INSTRUCTION), Ok(BusAnswer::Reply(&reply)));
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                black_box(session.emit(black_box(common::INSTRUCTION)).expect("as before"));
            });
        });
    }
    group.finish();
}

criterion_group!(benches, emit);
criterion_main!(benches);
