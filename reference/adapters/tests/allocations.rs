//! A small instruction goes to an adapter and back without an allocation.

use std::sync::Arc;

use fayger_adapters::SystemClock;
use fayger_contracts::bus::{BusAnswer, BusSession as _};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

mod common;

#[global_allocator]
static MEMORY: &StatsAlloc<std::alloc::System> = &INSTRUMENTED_SYSTEM;

#[test]
fn decoding_and_dispatch_of_a_small_instruction_allocate_nothing() {
    let mut session = common::session(Arc::new(SystemClock::default())).unwrap();
    // The first reply makes the buffer that the later ones are written to.
    assert!(matches!(session.emit(common::INSTRUCTION), Ok(BusAnswer::Reply([0, 0, 3, 16, ..]))));
    // The test runner's own thread is counted with this one: of several turns one is without its allocations.
    let fewest = (0..50).map(|_| {
        let region = Region::new(MEMORY);
        for _ in 0..100 {
            assert!(matches!(session.emit(common::INSTRUCTION), Ok(BusAnswer::Reply([0, 0, 3, 16, ..]))));
        }
        let change = region.change();
        change.allocations + change.reallocations
    });
    assert_eq!(fewest.min(), Some(0));
}
