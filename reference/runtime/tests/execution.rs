//! What instances do and what becomes of them, over scripted code and a scripted bus.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail as tests do"
)]

mod common;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use common::*;
use fayger_contracts::bus::Token;
use fayger_contracts::lifecycle::LifecycleState::{Initialized, Loaded, Running, Suspended, Terminated};
use fayger_contracts::{
    ContextValue, ErrorCode, Event, FaygerError, InstanceId, LifecycleState, Quotas, RuntimeInterface,
};
use fayger_runtime::{StepResult, Stopped, TrapKind};

/// `host.info`, whatever the scripted bus says to it.
const INSTRUCTION: &[u8] = &[0x07, 0x10, 0x00, 0x00, 0x80];

fn emit() -> Act {
    Act::Emit(INSTRUCTION.to_vec())
}

fn start(acts: Vec<Act>) -> Script {
    Script { start: acts, ..Script::default() }
}

fn codes(error: &FaygerError) -> Vec<ErrorCode> {
    let mut codes = vec![error.code];
    let mut cause = &error.cause;
    while let Some(error) = cause {
        codes.push(error.code);
        cause = &error.cause;
    }
    codes
}

fn state(stage: &Stage, id: InstanceId) -> LifecycleState {
    stage.runtime.state(id).expect("known")
}

#[test]
fn no_id_is_given_twice_by_a_clock_that_stands_still_and_chance_that_repeats_itself() {
    let stage = stage(Script::default());
    let ids: BTreeSet<_> = (0..100).map(|_| stage.load(Object::new(false, false))).collect();
    assert_eq!(ids.len(), 100);
}

#[test]
fn runs_start_to_its_end_and_tells_what_it_returned() {
    for (on_event, returned, stopped, after, status) in [
        (false, 0, Stopped::Ended, Terminated, Some(Some(0))),
        (false, 7, Stopped::Ended, Terminated, Some(Some(7))),
        (true, 0, Stopped::Idle, Running, None),
        (true, -1, Stopped::Ended, Terminated, Some(Some(-1))),
    ] {
        let stage = stage(start(vec![Act::Compute(5000), Act::Come(StepResult::Returned(returned))]));
        let id = stage.running(Object::new(false, on_event));
        assert_eq!(state(&stage, id), Running);
        assert_eq!(stage.runtime.run(id, None), Ok(stopped));
        assert_eq!(state(&stage, id), after);
        let told = stage.told.0.lock().unwrap();
        let ended = told.iter().find_map(|event| match event {
            Event::InstanceTerminated { status, .. } => Some(*status),
            _ => None,
        });
        assert_eq!(ended, status);
    }
}

#[test]
fn a_fault_is_kept_with_the_last_instruction_until_the_instance_is_terminated() {
    let stage = stage(start(vec![emit(), Act::Come(StepResult::Trap(TrapKind::Unreachable))]));
    let id = stage.running(Object::new(false, false));
    assert_eq!(stage.runtime.run(id, None), Ok(Stopped::Failed));
    let info = stage.runtime.failure_info(id).unwrap().unwrap();
    assert_eq!(codes(&info.error), [ErrorCode::RtInstanceFailed, ErrorCode::RtTrap]);
    assert_eq!(info.error.cause.unwrap().context["kind"], "unreachable".into());
    assert_eq!((info.last_instruction.as_deref(), info.state_before), (Some(INSTRUCTION), Running));
    assert_eq!(*stage.bus.released.lock().unwrap(), 1);
    let error = stage.runtime.start(id).unwrap_err();
    assert_eq!(error.context["allowed"], ContextValue::Names(vec!["terminate".into()]));
    assert_eq!(stage.runtime.terminate(id), Ok(()));
    assert_eq!((state(&stage, id), stage.runtime.failure_info(id).unwrap()), (Terminated, None));
    assert_eq!(*stage.bus.released.lock().unwrap(), 1);
}

#[test]
fn a_malformed_emit_after_a_good_one_keeps_the_good_one() {
    let stage = stage(start(vec![emit(), Act::Emit(vec![0xff])]));
    let says = [Says::Reply(vec![0, 0]), Says::Error(ErrorCode::AdpInstructionMalformed)];
    stage.bus.answers.lock().unwrap().extend(says);
    let id = stage.running(Object::new(false, false));
    assert_eq!(stage.runtime.run(id, None), Ok(Stopped::Failed));
    let info = stage.runtime.failure_info(id).unwrap().unwrap();
    assert_eq!(codes(&info.error), [ErrorCode::RtInstanceFailed, ErrorCode::AdpInstructionMalformed]);
    assert_eq!(info.last_instruction.as_deref(), Some(INSTRUCTION));
}

#[test]
fn an_engine_that_panics_fails_its_instance_and_the_runtime_goes_on() {
    let chain = [ErrorCode::RtInstanceFailed, ErrorCode::HostNative];
    let stage = stage(start(vec![emit(), Act::Panic]));
    let ids = [0; 2].map(|_| stage.running(Object::new(false, false)));
    for id in ids {
        assert_eq!(stage.runtime.run(id, None), Ok(Stopped::Failed));
        let info = stage.runtime.failure_info(id).unwrap().unwrap();
        assert_eq!((codes(&info.error), info.last_instruction.as_deref()), (chain.to_vec(), Some(INSTRUCTION)));
        assert_eq!(stage.runtime.terminate(id), Ok(()));
    }
    let init = common::stage(Script { init: vec![Act::Panic], ..Script::default() });
    let id = init.load(Object::new(true, false));
    assert_eq!(codes(&init.runtime.init(id).unwrap_err()), chain);
}

#[test]
fn who_watches_may_panic_and_nothing_comes_of_it() {
    let stage = stage(start(vec![emit()]));
    stage.told.1.store(true, Ordering::Relaxed);
    let id = stage.running(Object::new(false, true));
    assert_eq!(stage.runtime.run(id, None), Ok(Stopped::Idle));
    assert_eq!(stage.runtime.terminate(id), Ok(()));
    assert_eq!(state(&stage, id), Terminated);
    assert!(matches!(stage.told.0.lock().unwrap().last(), Some(Event::InstanceTerminated { .. })));
}

#[test]
fn a_source_that_panics_fails_the_instance_that_asked() {
    let stage = stage(start(vec![Act::Come(StepResult::WantSection(2))]));
    let mut object = Object::new(false, false);
    object.is_broken = true;
    let id = stage.running(object);
    assert_eq!(stage.runtime.run(id, None), Ok(Stopped::Failed));
    let info = stage.runtime.failure_info(id).unwrap().unwrap();
    assert_eq!(codes(&info.error), [ErrorCode::RtInstanceFailed, ErrorCode::HostNative]);
    assert_eq!(stage.runtime.terminate(id), Ok(()));
}

#[test]
fn a_bus_that_panics_fails_the_instance_that_asked_and_from_outside_the_caller() {
    let stage = stage(Script { on_event: vec![vec![emit()]], ..Script::default() });
    let id = stage.running(Object::new(false, true));
    assert_eq!(stage.runtime.run(id, None), Ok(Stopped::Idle));
    *stage.bus.hook.lock().unwrap() = Some(Box::new(|_| common::panics()));
    let outside = catch_unwind(AssertUnwindSafe(|| stage.runtime.emit(id, INSTRUCTION)));
    // The panic is the caller's own, as it was raised.
    let raised = outside.unwrap_err();
    assert_eq!(raised.downcast_ref::<&str>(), Some(&"as the script says"));
    // The scripted bus's own lock.
    stage.bus.hook.clear_poison();
    assert_eq!(stage.runtime.on_event(id, &[0x00, 0x00, 0x90]), Ok(()));
    assert_eq!(stage.runtime.run(id, None), Ok(Stopped::Failed));
    assert_eq!(stage.runtime.terminate(id), Ok(()));
}

#[test]
fn init_runs_to_completion_and_refuses_by_its_value() {
    let scripts = [(0, Ok(Initialized)), (3, Err(vec![ErrorCode::RtInstanceFailed, ErrorCode::RtInitRefused]))];
    for (value, expected) in scripts {
        let init = vec![Act::Compute(4000), Act::Come(StepResult::Returned(value))];
        let stage = stage(Script { init, ..Script::default() });
        let id = stage.load(Object::new(true, false));
        assert_eq!(state(&stage, id), Loaded);
        let result = stage.runtime.init(id).map(|()| state(&stage, id)).map_err(|error| codes(&error));
        assert_eq!(result, expected);
    }
}

#[test]
fn during_init_nothing_is_waited_for_and_an_exit_is_no_error() {
    let stage = stage(Script { init: vec![emit(), emit()], ..Script::default() });
    stage.bus.answers.lock().unwrap().extend([Says::Pending(Token(4)), Says::Exit(9)]);
    let id = stage.load(Object::new(true, false));
    assert_eq!(stage.runtime.init(id), Ok(()));
    assert_eq!(state(&stage, id), Terminated);
    // Status would_block is 6.
    assert_eq!(*stage.seen.lock().unwrap(), ["0600"]);
    assert_eq!(*stage.bus.cancelled.lock().unwrap(), [Token(4)]);
    let told = stage.told.0.lock().unwrap();
    assert_eq!(told.last(), Some(&Event::InstanceTerminated { instance: id, status: Some(9) }));
}

/// What happens to an instance from within its own host call.
fn within_the_call(
    stage: &Stage,
    id: InstanceId,
    mut act: impl FnMut(&dyn RuntimeInterface, InstanceId) + Send + 'static,
) {
    let runtime = Arc::downgrade(&stage.runtime);
    let hook = move |_: &[u8]| act(runtime.upgrade().expect("alive").as_ref(), id);
    *stage.bus.hook.lock().unwrap() = Some(Box::new(hook));
}

#[test]
fn suspended_within_a_host_call_it_keeps_the_reply_and_stays_where_it_is() {
    let stage = stage(start(vec![emit(), Act::Compute(10)]));
    stage.bus.answers.lock().unwrap().push_back(Says::Reply(vec![8, 0]));
    let id = stage.running(Object::new(false, true));
    within_the_call(&stage, id, |runtime, id| {
        assert_eq!(runtime.suspend(id), Ok(()));
        assert_eq!(runtime.state(id), Ok(Suspended));
        // An event may come, and the instance cannot be entered again.
        assert_eq!(runtime.on_event(id, &[0x00, 0x00, 0x90]), Ok(()));
        let error = runtime.emit(id, INSTRUCTION).unwrap_err();
        assert_eq!(
            (error.code, error.context["current_state"].clone()),
            (ErrorCode::AdpEmitRejected, "Suspended".into())
        );
    });
    assert_eq!(stage.runtime.run(id, None), Ok(Stopped::Suspended));
    assert_eq!(stage.seen.lock().unwrap().len(), 0);
    *stage.bus.hook.lock().unwrap() = None;
    assert_eq!(stage.runtime.resume(id), Ok(()));
    assert_eq!(stage.runtime.run(id, None), Ok(Stopped::Idle));
    assert_eq!(*stage.seen.lock().unwrap(), ["0800"]);
}

#[test]
fn terminated_within_a_host_call_it_discards_the_reply_and_runs_no_more() {
    let stage = stage(start(vec![emit(), emit()]));
    let id = stage.running(Object::new(false, false));
    within_the_call(&stage, id, |runtime, id| {
        assert_eq!(runtime.terminate(id), Ok(()));
        assert_eq!(runtime.state(id), Ok(Terminated));
    });
    assert_eq!(stage.runtime.run(id, None), Ok(Stopped::Ended));
    assert_eq!((stage.seen.lock().unwrap().len(), stage.bus.emitted.lock().unwrap().len()), (0, 1));
    assert_eq!(*stage.bus.released.lock().unwrap(), 1);
    assert_eq!(stage.runtime.run(id, None), Ok(Stopped::Ended));
}

#[test]
fn a_pending_call_parks_the_instance_until_it_is_answered_suspended_or_not() {
    let stage = stage(start(vec![emit()]));
    stage.bus.answers.lock().unwrap().push_back(Says::Pending(Token(1)));
    let id = stage.running(Object::new(false, true));
    assert_eq!(stage.runtime.run(id, None), Ok(Stopped::Waiting));
    assert_eq!(state(&stage, id), Running);
    assert_eq!(stage.runtime.suspend(id), Ok(()));
    assert_eq!(stage.runtime.run(id, None), Ok(Stopped::Suspended));
    stage.bus.late.lock().unwrap().push_back((Token(1), Says::Reply(vec![0, 0, 1, 1, 5])));
    assert_eq!(stage.runtime.run(id, None), Ok(Stopped::Suspended));
    assert_eq!(stage.seen.lock().unwrap().len(), 0);
    assert_eq!(stage.runtime.resume(id), Ok(()));
    assert_eq!(stage.runtime.run(id, None), Ok(Stopped::Idle));
    assert_eq!(*stage.seen.lock().unwrap(), ["0000010105"]);
}

#[test]
fn an_error_that_answers_a_call_under_way_fails_a_suspended_instance_too() {
    let stage = stage(start(vec![emit()]));
    stage.bus.answers.lock().unwrap().push_back(Says::Pending(Token(1)));
    let id = stage.running(Object::new(false, true));
    assert_eq!(stage.runtime.run(id, None), Ok(Stopped::Waiting));
    assert_eq!(stage.runtime.suspend(id), Ok(()));
    stage.bus.late.lock().unwrap().push_back((Token(1), Says::Error(ErrorCode::AdpHostCallFailed)));
    assert_eq!(stage.runtime.run(id, None), Ok(Stopped::Failed));
    let info = stage.runtime.failure_info(id).unwrap().unwrap();
    assert_eq!(info.state_before, Suspended);
    assert_eq!(codes(&info.error), [ErrorCode::RtInstanceFailed, ErrorCode::AdpHostCallFailed]);
}

#[test]
fn fuel_is_exact() {
    let run = |fuel| {
        let stage = stage(start(vec![Act::Compute(2500), emit(), Act::Compute(100)]));
        let id = stage.load_within(Object::new(false, false), Quotas { fuel: Some(fuel), ..Quotas::default() });
        stage.runtime.init(id).unwrap();
        stage.runtime.start(id).unwrap();
        let stopped = stage.runtime.run(id, None).unwrap();
        (stopped, stage.runtime.failure_info(id).unwrap().map(|info| *info.error.cause.unwrap()))
    };
    assert_eq!(run(2600), (Stopped::Ended, None));
    assert_eq!(run(2601), (Stopped::Ended, None));
    let (stopped, error) = run(2599);
    let error = error.unwrap();
    assert_eq!((stopped, error.code), (Stopped::Failed, ErrorCode::RtResourceExhausted));
    assert_eq!((&error.context["resource"], &error.context["limit"]), (&"fuel".into(), &2599_u64.into()));
}

#[test]
fn events_wait_in_line_and_one_too_many_is_the_callers_error() {
    let stage = stage(Script { on_event: vec![vec![], vec![Act::Come(StepResult::Returned(2))]], ..Script::default() });
    let id = stage.load_within(Object::new(false, true), Quotas { event_queue: 2, ..Quotas::default() });
    let event: &[u8] = &[0x00, 0x00, 0x90];
    let refused = |event: &[u8]| stage.runtime.on_event(id, event).unwrap_err();
    assert_eq!(refused(event).context["current_state"], "Loaded".into());
    stage.runtime.init(id).unwrap();
    assert_eq!(refused(&[0x00]).code, ErrorCode::RtEventMalformed);
    assert_eq!([stage.runtime.on_event(id, event), stage.runtime.on_event(id, event)], [Ok(()), Ok(())]);
    let error = refused(event);
    assert_eq!((error.code, &error.context["resource"]), (ErrorCode::RtResourceExhausted, &"event_queue".into()));
    assert_eq!(error.context["limit"], 2_u64.into());
    stage.runtime.start(id).unwrap();
    // The second handler returns 2, which ends the instance.
    assert_eq!(stage.runtime.run(id, None), Ok(Stopped::Ended));
    assert_eq!(refused(event).code, ErrorCode::RtIllegalState);

    let deaf = stage.running(Object::new(false, false));
    assert_eq!(stage.runtime.on_event(deaf, &[0x00]).unwrap_err().code, ErrorCode::RtEventUnhandled);
}

#[test]
fn a_bad_body_fails_the_instance_that_asked() {
    let stage = stage(start(vec![Act::Come(StepResult::WantSection(2))]));
    let object = Object::new(false, false);
    *object.bodies.lock().unwrap() = Err(FaygerError::new(ErrorCode::LdrDigestMismatch, "bad"));
    let id = stage.running(object);
    let other = stage.running(Object::new(false, false));
    assert_eq!(stage.runtime.run(id, None), Ok(Stopped::Failed));
    let info = stage.runtime.failure_info(id).unwrap().unwrap();
    assert_eq!(codes(&info.error), [ErrorCode::RtInstanceFailed, ErrorCode::LdrDigestMismatch]);
    assert_eq!(stage.runtime.run(other, None), Ok(Stopped::Ended));
}

#[test]
fn an_instruction_from_outside_takes_the_same_bus_and_fails_nobody() {
    let stage = stage(Script::default());
    let id = stage.running(Object::new(false, true));
    let says = [Says::Reply(vec![3, 0]), Says::Error(ErrorCode::AdpInstructionMalformed), Says::Pending(Token(2))];
    stage.bus.answers.lock().unwrap().extend(says);
    stage.bus.late.lock().unwrap().push_back((Token(2), Says::Reply(vec![8, 0])));
    assert_eq!(stage.runtime.emit(id, INSTRUCTION), Ok(vec![3, 0]));
    assert_eq!(stage.runtime.emit(id, INSTRUCTION).unwrap_err().code, ErrorCode::AdpInstructionMalformed);
    assert_eq!(stage.runtime.emit(id, INSTRUCTION), Ok(vec![8, 0]));
    assert_eq!(state(&stage, id), Running);
    stage.runtime.suspend(id).unwrap();
    let error = stage.runtime.emit(id, INSTRUCTION).unwrap_err();
    assert_eq!((error.code, &error.context["reason"]), (ErrorCode::AdpEmitRejected, &"state".into()));
    let unknown = stage.runtime.emit(InstanceId::from_bytes([0; 16]), INSTRUCTION).unwrap_err();
    assert_eq!((&unknown.context["reason"], unknown.context.get("current_state")), (&"unknown_instance".into(), None));
}
