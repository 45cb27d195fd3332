//! What all layers tell of one artifact's life, in one order.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::sync::Arc;

use fayger_contracts::{ErrorCode, ManualClock, Quotas, RuntimeInterface as _};
use fayger_events::TraceContext;
use fayger_loader::MemorySource;
use fayger_runtime::Stopped;
use fayger_runtime_tests::{Fay, Settings, Stage, engines, load_from, ok};

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
                "resource.threshold: resource `memory`, used 262144, limit 327680",
                "resource.exhausted: resource `memory`, limit 327680",
                "instruction.invisible: category 9, opcode 1, reason `reserved_category`",
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

#[test]
fn in_slices_of_any_length_the_same_is_told() {
    // Is refused a page thrice, opens a timer of one, asks for what it may not use, and is refused twice more.
    let fay = Fay::new(
        r#"(data (i32.const 0) "\09\01\00\00\00") (data (i32.const 8) "\03\11\00\00\01\01\01\05")
           (func $grow (drop (memory.grow (i32.const 1))))
           (func (export "start") (result i32)
             (call $grow) (call $grow) (call $grow)
             (drop (call $emit (i32.const 8) (i32.const 8)))
             (drop (call $emit (i32.const 0) (i32.const 5)))
             (call $grow) (call $grow) (i32.const 0))"#,
    );
    for engine in engines() {
        for slice in [1, 5, 1_000_000] {
            let settings = Settings { slice, ..Settings::default() };
            let stage = Stage::with(Arc::clone(&engine), Arc::new(ManualClock::default()), &settings);
            stage.host.play(|_, _, _| ok(&[7, 4, 1, 0, 0, 0]));
            let quotas = Quotas { memory_bytes: 65_536, open_handles: 1, ..Quotas::default() };
            assert_eq!(stage.outcome_within(&fay, quotas), Ok(0));
            let told: Vec<_> = stage.told.all().iter().map(|event| event.name()).skip(1).collect();
            let exhausted = "resource.exhausted";
            assert_eq!(
                told,
                [
                    "resource.threshold",
                    "instance.state_changed",
                    "instance.state_changed",
                    exhausted,
                    exhausted,
                    exhausted,
                    "resource.threshold",
                    "instruction.invisible",
                    exhausted,
                    exhausted,
                    "instance.state_changed",
                    "instance.terminated",
                ],
                "{slice}"
            );
        }
    }
}

#[test]
fn nothing_is_told_of_an_instance_after_its_end() {
    // Opens a timer of one, and is terminated within the call.
    let fay = Fay::new(
        r#"(data (i32.const 8) "\03\11\00\00\01\01\01\05")
           (func (export "start") (result i32) (drop (call $emit (i32.const 8) (i32.const 8))) (i32.const 0))"#,
    );
    for engine in engines() {
        let stage = Stage::new(engine);
        let id = stage.start_within(&fay, Quotas { open_handles: 1, ..Quotas::default() });
        let runtime = Arc::downgrade(&stage.runtime);
        stage.host.play(move |_, _, _| {
            assert_eq!(runtime.upgrade().unwrap().terminate(id), Ok(()));
            ok(&[7, 4, 1, 0, 0, 0])
        });
        assert_eq!(stage.run(id), Stopped::Ended);
        assert_eq!(stage.told.all().last().unwrap().name(), "instance.terminated");
    }
}
