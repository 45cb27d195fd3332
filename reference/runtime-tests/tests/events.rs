//! What all layers tell of one artifact's life, in one order.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::sync::Arc;

use fayger_contracts::{ErrorCode, Quotas, RuntimeInterface as _};
use fayger_events::TraceContext;
use fayger_loader::MemorySource;
use fayger_runtime::Stopped;
use fayger_runtime_tests::{Fay, Stage, engines, load_from};

#[test]
fn loader_bus_and_runtime_tell_one_listener() {
    // Grows to four of five pages and past the fifth, asks for what it may not use, and traps.
    let fay = Fay::new(
        r#"(data (i32.const 0) "\09\01\00\00\00")
           (func (export "start") (result i32)
             (drop (memory.grow (i32.const 3)))
             (drop (memory.grow (i32.const 2)))
             (drop (call $emit (i32.const 0) (i32.const 5)))
             unreachable)
           (func (export "on_event") (param i32) (result i32) (i32.const 0))"#,
    )
    .with_on_event();
    for engine in engines() {
        let stage = Stage::new(engine);
        let listener = stage.events.subscribe(100);
        let object = load_from(Arc::new(MemorySource::new(fay.bytes())), stage.events.as_ref());
        let id = stage.load(object, Quotas { memory_bytes: 5 * 65_536, ..Quotas::default() });
        assert_eq!([stage.runtime.init(id), stage.runtime.start(id)], [Ok(()), Ok(())]);
        // An event of a reserved category.
        assert_eq!(stage.runtime.on_event(id, &[0x09, 0x01, 0x00]), Ok(()));
        assert_eq!(stage.run(id), Stopped::Failed);
        assert_eq!(stage.runtime.terminate(id), Ok(()));
        let records: Vec<_> = std::iter::from_fn(|| listener.next_now()).collect();
        let told: Vec<_> = records
            .iter()
            .map(|record| {
                let fields = record.event.fields();
                let fields: Vec<_> = fields.iter().map(|(key, value)| format!("{key} {value}")).collect();
                format!("{}: {}", record.event.name(), fields.join(", "))
            })
            .collect();
        assert_eq!(
            told,
            [
                "artifact.signature_absent: id `org.example.fay`",
                "instance.loaded: id `org.example.fay`",
                "instance.state_changed: from `Loaded`, to `Initialized`",
                "instance.state_changed: from `Initialized`, to `Running`",
                "event.dropped: category 9, opcode 1",
                "instruction.invisible: category 9, opcode 1, reason `reserved_category`",
                "resource.threshold: resource `memory`, used 262144, limit 327680",
                "resource.exhausted: resource `memory`, limit 327680",
                "instance.state_changed: from `Running`, to `Failed`",
                "instance.failed: cause `RT_TRAP`",
                "instance.state_changed: from `Failed`, to `Terminated`",
                "instance.terminated: ",
            ]
        );
        assert_eq!(ErrorCode::RtTrap.name(), "RT_TRAP");
        assert!(records.iter().map(|record| record.sequence).eq(1..=12));
        assert_eq!((records[0].instance(), records[0].trace), (None, None));
        for record in &records[1..] {
            assert_eq!((record.instance(), record.trace), (Some(id), Some(TraceContext::of(id))));
        }
        assert_eq!(listener.dropped(), 0);
    }
}
