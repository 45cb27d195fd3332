//! Ten thousand instances at once, one in ten faulty: what the others do is what each does alone.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "helpers of tests fail as tests do")]

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use fayger_adapters::InstanceKey;
use fayger_contracts::{
    BufObject, ErrorCode, Event, InstanceId, LifecycleState, Quotas, RuntimeInterface as _, SystemClock,
};
use fayger_runtime::{Driver, ExecutionStrategy};
use fayger_runtime_tests::{Answer, Fay, Stage, codes, engines, ok};

const INSTANCES: usize = 10_000;

/// `random.bytes`, whose count follows from the reply before; and a report.
const COMMON: &str = r#"
    (data (i32.const 0) "\04\01\00\00\02\01\01\01")
    (global $sum (mut i32) (i32.const 0))
    ;; Asks for as many bytes as the sum so far says, 1 to 16, and adds the first of them to the sum.
    (func $ask
      (i32.store8 (i32.const 7) (i32.add (i32.const 1) (i32.and (global.get $sum) (i32.const 15))))
      (drop (call $emit (i32.const 0) (i32.const 8)))
      (drop (call $reply_read (i32.const 64) (i32.const 64)))
      (global.set $sum (i32.add (global.get $sum) (i32.load8_u (i32.const 68)))))
    (func $asks (param $times i32)
      (loop (call $ask) (br_if 0 (local.tee $times (i32.sub (local.get $times) (i32.const 1))))))
    (func $forever (result i32) (call $forever))"#;

/// Asks, computes, reads a section; then waits for two events, asks at each, and ends with the sum.
fn fay(fault: &str) -> Fay {
    Fay::new(&format!(
        r#"{COMMON}
           (global $events (mut i32) (i32.const 0))
           (func (export "start") (result i32) (local $n i32)
             (call $asks (i32.const 5))
             (local.set $n (i32.const 2000))
             (loop (br_if 0 (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
             {fault}
             (drop (call $section_read (i32.const 2) (i64.const 0) (i32.const 128) (i32.const 4)))
             (global.set $sum (i32.add (global.get $sum) (i32.load8_u (i32.const 128))))
             (call $asks (i32.const 3))
             (i32.const 0))
           (func (export "on_event") (param i32) (result i32)
             (call $ask)
             (global.set $events (i32.add (global.get $events) (i32.const 1)))
             (select (global.get $sum) (i32.const 0) (i32.eq (global.get $events) (i32.const 2))))"#
    ))
    .with_on_event()
    .with_data(2, 1, b"data")
}

/// What can be wrong with an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    Trap,
    Loop,
    Recursion,
    Memory,
    MalformedEmit,
    PointerPastMemory,
    BadSection,
    AdapterErrs,
    AdapterPanics,
    AdapterBreaks,
    AdapterIsSilent,
}

const FAULTS: [Fault; 11] = [
    Fault::Trap,
    Fault::Loop,
    Fault::Recursion,
    Fault::Memory,
    Fault::MalformedEmit,
    Fault::PointerPastMemory,
    Fault::BadSection,
    Fault::AdapterErrs,
    Fault::AdapterPanics,
    Fault::AdapterBreaks,
    Fault::AdapterIsSilent,
];

impl Fault {
    fn code(self) -> &'static str {
        match self {
            Self::Trap => "unreachable",
            Self::Loop => "(loop (br 0))",
            Self::Recursion => "(drop (call $forever))",
            // Takes what it can get, and then what it was not given.
            Self::Memory => {
                "(loop (br_if 0 (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))
                 (drop (i32.load (i32.mul (memory.size) (i32.const 65536))))"
            }
            Self::MalformedEmit => "(drop (call $emit (i32.const 1) (i32.const 3)))",
            Self::PointerPastMemory => "(drop (call $emit (i32.const -1) (i32.const 2)))",
            _ => "",
        }
    }

    /// The code below `RT_INSTANCE_FAILED`.
    fn cause(self) -> ErrorCode {
        match self {
            Self::Trap | Self::Recursion | Self::Memory | Self::PointerPastMemory => ErrorCode::RtTrap,
            Self::Loop => ErrorCode::RtResourceExhausted,
            Self::MalformedEmit => ErrorCode::AdpInstructionMalformed,
            Self::BadSection => ErrorCode::LdrDigestMismatch,
            _ => ErrorCode::AdpHostCallFailed,
        }
    }

    fn object(self) -> Arc<dyn BufObject> {
        if self == Self::BadSection { fay("").damaged() } else { fay(self.code()).object() }
    }

    /// What the host does at the sixth call.
    fn answer(self) -> Option<Answer> {
        match self {
            Self::AdapterErrs => Some(Answer::Failure(5)),
            Self::AdapterPanics => Some(Answer::Panic),
            Self::AdapterBreaks => Some(ok(&[1, 1, 7])),
            Self::AdapterIsSilent => Some(Answer::Pending),
            _ => None,
        }
    }
}

/// Every tenth has a fault, each kind in its turn.
fn fault(number: usize) -> Option<Fault> {
    (number % 10 == 9).then(|| FAULTS[number / 10 % FAULTS.len()])
}

/// What is seen of an instance: what it emitted, the states that it was in, and what it ended with. Without its id, and without times.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Trace {
    emitted: Vec<Vec<u8>>,
    states: Vec<LifecycleState>,
    status: Option<Option<i32>>,
}

/// Runs a number of instances on two threads, and tells what is seen of each.
fn traces(engine: &Arc<dyn ExecutionStrategy>, faults: &[Option<Fault>]) -> Vec<Trace> {
    let stage = Stage::by(Arc::clone(engine), Arc::new(SystemClock::default()), Duration::from_secs(2));
    let of = faults.to_vec();
    let mut calls: HashMap<InstanceKey, u8> = HashMap::new();
    // The bus numbers instances in the order in which they are loaded, from 1. A reply follows from the instruction and the call's number alone.
    stage.host.play(move |instance, instruction, _| {
        let call = calls.entry(instance).or_default();
        *call += 1;
        let fault = of[usize::try_from(instance.0).unwrap() - 1];
        match fault.and_then(Fault::answer).filter(|_| *call == 6) {
            Some(answer) => answer,
            None => {
                let count = instruction[7];
                ok(&[&[3, count], vec![call.wrapping_mul(37); count.into()].as_slice()].concat())
            }
        }
    });
    let good = fay("").object();
    let bad: HashMap<usize, Arc<dyn BufObject>> =
        FAULTS.iter().map(|fault| (*fault as usize, fault.object())).collect();
    // Two pages, and fuel for a hundred times of what a good one needs.
    let quotas = Quotas { memory_bytes: 131_072, fuel: Some(2_000_000), ..Quotas::default() };
    let ids: Vec<InstanceId> = faults
        .iter()
        .map(|fault| {
            let object = fault.map_or(&good, |fault| &bad[&(fault as usize)]);
            let id = stage.load(Arc::clone(object), quotas);
            assert_eq!(stage.runtime.init(id), Ok(()));
            id
        })
        .collect();
    let running = Driver::start(Arc::clone(&stage.runtime), 2).unwrap();
    for id in &ids {
        assert_eq!(stage.runtime.start(*id), Ok(()));
        for _ in 0..2 {
            // `time.timer` of handle 1, once; a faulty instance may be over by now.
            let _ = stage.runtime.on_event(*id, &[3, 1, 0, 7, 4, 1, 0, 0, 0, 1, 1, 1]);
        }
    }
    for (id, fault) in ids.iter().zip(faults) {
        let end = if fault.is_some() { LifecycleState::Failed } else { LifecycleState::Terminated };
        let since = std::time::Instant::now();
        while stage.runtime.state(*id) != Ok(end) {
            assert!(since.elapsed() < Duration::from_secs(120), "{fault:?} is {:?}", stage.runtime.state(*id));
            std::thread::sleep(Duration::from_millis(1));
        }
        if let Some(fault) = fault {
            let error = stage.failure(*id);
            assert_eq!(codes(&error)[..2], [ErrorCode::RtInstanceFailed, fault.cause()], "{fault:?}");
        }
    }
    drop(running);
    let mut traces: HashMap<InstanceId, Trace> = ids.iter().map(|id| (*id, Trace::default())).collect();
    for (key, instruction) in stage.host.calls_of() {
        let id = ids[usize::try_from(key.0).unwrap() - 1];
        traces.entry(id).or_default().emitted.push(instruction);
    }
    for event in stage.told.all() {
        let Some(trace) = event.instance().and_then(|id| traces.get_mut(&id)) else { continue };
        match event {
            Event::InstanceStateChanged { to, .. } => trace.states.push(to),
            Event::InstanceTerminated { status, .. } => trace.status = Some(status),
            _ => {}
        }
    }
    // Nobody holds anything any more.
    assert_eq!(stage.host.released().len(), ids.len());
    ids.iter().map(|id| traces[id].clone()).collect()
}

#[test]
fn of_ten_thousand_instances_the_good_ones_do_what_each_does_alone() {
    for engine in engines() {
        let alone = traces(&engine, &[None]).remove(0);
        assert_eq!((alone.emitted.len(), alone.states.last()), (10, Some(&LifecycleState::Terminated)));
        let faults: Vec<_> = (0..INSTANCES).map(fault).collect();
        let together = traces(&engine, &faults);
        for (number, (trace, fault)) in together.iter().zip(&faults).enumerate() {
            match fault {
                None => assert_eq!(trace, &alone, "{number}"),
                // Five calls came before the fault, and one more where the adapter is at fault.
                Some(fault) => {
                    let calls = if fault.answer().is_some() { 6 } else { 5 };
                    assert_eq!(trace.emitted, alone.emitted[..calls], "{number} {fault:?}");
                }
            }
        }
    }
}
