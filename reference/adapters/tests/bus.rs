//! The bus from check 2 on: the order, what an instance sees, what an operator sees, handles, time and broken adapters.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests fail as tests do"
)]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use fayger_adapters::{
    AdapterRegistry, Bus, BusOptions, Call, Completer, Descriptor, HostFailure, HostKind, InstanceKey, ManualClock,
    PlatformAdapter, Progress, RecordedAnswer, RecordingAdapter, ScriptedAdapter, ScriptedAnswer, Session,
    SupportedInstruction,
};
use fayger_contracts::bus::{BusAnswer, BusSession as _, Scope, Token};
use fayger_contracts::instruction::Category;
use fayger_contracts::opcode::{self, Opcode};
use fayger_contracts::{CapabilitySet, ErrorCode, Event, FaygerError, Layer, Observer};

const TIME_OUT: Duration = Duration::from_secs(5);

/// Keeps events by name and reason.
#[derive(Default)]
struct Events(Mutex<Vec<String>>);

impl Observer for Events {
    fn observe(&self, event: Event) {
        let Event::InstructionInvisible { category, opcode, reason, .. } = event else { return };
        self.0.lock().unwrap().push(format!("{category}:{opcode} {}", reason.name()));
    }
}

/// A bus over a scripted adapter, and one session.
struct Rig {
    adapter: Arc<ScriptedAdapter>,
    recording: Arc<RecordingAdapter<ScriptedAdapter>>,
    clock: Arc<ManualClock>,
    events: Arc<Events>,
    woken: Arc<Mutex<Vec<Token>>>,
    bus: Bus,
    session: Session,
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.bytes().filter(|byte| *byte != b' ').collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

fn names(names: &[&str]) -> CapabilitySet {
    CapabilitySet::from_names(names.iter().copied()).unwrap()
}

/// What an answer is: a reply in hexadecimal, `exit N`, `pending N`, or the codes and fixed context of an error.
fn shown(answer: Result<BusAnswer<'_>, FaygerError>) -> String {
    match answer {
        Ok(BusAnswer::Reply(reply)) => reply.iter().map(|byte| format!("{byte:02x}")).collect(),
        Ok(BusAnswer::Pending(Token(token))) => format!("pending {token}"),
        Ok(BusAnswer::Exit(status)) => format!("exit {status}"),
        Err(error) if error.code == ErrorCode::AdpInstructionMalformed => {
            format!("malformed {} {}", error.context["offset"], error.context["rule"]).replace('`', "")
        }
        Err(error) => {
            assert_eq!((error.code, error.source_layer()), (ErrorCode::AdpHostCallFailed, Layer::Adapter));
            let native = error.cause.as_ref().expect("a cause");
            assert_eq!((native.code, native.source_layer()), (ErrorCode::HostNative, Layer::Host));
            let code = native.context.get("native_code").map(|code| format!(" {code}")).unwrap_or_default();
            format!("{}{code}", native.context["kind"]).replace('`', "")
        }
    }
}

/// Everything of the registry that needs no more than `supported`, and experimental opcode 0:0x8001 with `#16`.
fn descriptor(supported: CapabilitySet) -> Descriptor {
    let fits = |opcode: &&Opcode| !opcode.is_exit() && opcode.capabilities.is_subset(&supported);
    let listed = Category::ALL.into_iter().flat_map(opcode::opcodes).filter(fits).map(SupportedInstruction::registered);
    let experimental = SupportedInstruction {
        category: Category::IO,
        opcode: 0x8001,
        capabilities: Some(CapabilitySet::EMPTY.with_number(16)),
    };
    Descriptor::new("scripted", HostKind::Server, listed.chain([experimental]).collect())
}

impl Rig {
    fn new(declared: &[&str], granted: &[&str], supported: &[&str]) -> Self {
        let adapter = Arc::new(ScriptedAdapter::new(descriptor(names(supported)), []));
        let recording = Arc::new(RecordingAdapter::new(Arc::clone(&adapter)));
        let mut registry = AdapterRegistry::default();
        registry.register(Arc::clone(&recording) as _).unwrap();
        let (clock, events) = (Arc::new(ManualClock::default()), Arc::new(Events::default()));
        let options =
            BusOptions { clock: Arc::clone(&clock) as _, observer: Arc::clone(&events) as _, time_out: TIME_OUT };
        let bus = Bus::new(registry, options);
        let woken = Arc::new(Mutex::new(Vec::new()));
        let scope = Scope { instance: None, declared: names(declared), granted: names(granted), handles: 2 };
        let session = bus.session(scope, waker(&woken));
        Self { adapter, recording, clock, events, woken, bus, session }
    }

    /// Everything is declared, granted and supported.
    fn all() -> Self {
        let all = CapabilitySet::ALL.with_number(16).names();
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        Self::new(&all, &all, &all)
    }

    fn emit(&mut self, hex: &str) -> String {
        shown(self.session.emit(&bytes(hex)))
    }

    /// The answer where the host replies so.
    fn emit_with(&mut self, hex: &str, reply: &str) -> String {
        self.adapter.push(ScriptedAnswer::Reply(bytes(reply)));
        let answer = self.emit(hex);
        self.adapter.clear();
        answer
    }

    fn calls(&self) -> usize {
        self.recording.take().len()
    }

    fn events(&self) -> Vec<String> {
        std::mem::take(&mut *self.events.0.lock().unwrap())
    }
}

fn waker(woken: &Arc<Mutex<Vec<Token>>>) -> fayger_contracts::bus::Waker {
    let woken = Arc::clone(woken);
    Box::new(move |token| woken.lock().unwrap().push(token))
}

/// `random.bytes` of 4, caps 9: 0x0200.
const RANDOM: &str = "04 0100 0002 01 01 04";
const FOUR_BYTES: &str = "0000 03 04 01020304";
/// `io.open_read` of `a`, caps 1: 0x0002.
const OPEN: &str = "00 1000 0200 04 01 61";
/// `io.close_read` of handle 1.
const CLOSE: &str = "00 1300 0200 07 04 01000000";

#[test]
fn an_instruction_that_passes_every_check_reaches_the_adapter_as_it_is() {
    let mut rig = Rig::all();
    assert_eq!(rig.emit_with(RANDOM, FOUR_BYTES), "0000030401020304");
    let calls = rig.recording.take();
    let [call] = calls.as_slice() else { panic!("one call: {calls:?}") };
    assert_eq!((call.instance, &call.instruction), (InstanceKey(1), &bytes(RANDOM)));
    assert_eq!(call.answer, RecordedAnswer::Reply(bytes(FOUR_BYTES)));
    assert!(rig.events().is_empty());
}

#[test]
fn of_two_neighbouring_checks_that_fail_the_earlier_answers() {
    let mut rig = Rig::new(&["random", "fs.read"], &["random", "fs.read"], &["random", "fs.read"]);
    let many = "05 01 01 ".repeat(65);
    for (what, hex, answer) in [
        ("2 before 3: too many operands, and flags", format!("f4 0100 0002 {many}"), "malformed 197 size"),
        ("3 before 4: a bad bool, and a reserved category", "08 0100 0000 05 01 02".into(), "malformed 7 bool"),
        ("4 before 5: an unknown opcode, and caps that nothing has", "04 ff00 0001".into(), "0100"),
        ("5 before 6: other caps, and a missing operand", "04 0100 0000".into(), "malformed 3 caps_mismatch"),
        ("6 before 7: an operand too many, and no such handle", "00 1300 0200 07 04 09000000 05 01 01".into(), "0200"),
        ("7 before 8: no such handle, and no answer of the adapter", "00 1300 0200 07 04 09000000".into(), "0b00"),
    ] {
        assert_eq!(rig.emit(&hex), answer, "{what}");
    }
    assert_eq!(rig.calls(), 0);
}

#[test]
fn the_cases_of_invisibility_are_one_reply_and_five_events() {
    let cases = [
        (Rig::all(), "08 0100 0000", "8:1 reserved_category"),
        (Rig::all(), "0f 0080 0000", "15:32768 reserved_category"),
        (Rig::all(), "04 0200 0002", "4:2 unknown_opcode"),
        (Rig::all(), "00 0280 0000", "0:32770 unknown_opcode"),
        (Rig::new(&[], &["random"], &["random"]), RANDOM, "4:1 not_declared"),
        (Rig::new(&["random"], &[], &["random"]), RANDOM, "4:1 not_granted"),
        (Rig::new(&["random"], &["random"], &[]), RANDOM, "4:1 not_supported"),
        // The first of several.
        (Rig::new(&[], &[], &[]), RANDOM, "4:1 not_declared"),
        (Rig::new(&["random"], &[], &[]), RANDOM, "4:1 not_granted"),
        // An opcode of two capabilities: `io.copy` needs fs.read and fs.write.
        (
            Rig::new(&["fs.read"], &["fs.read", "fs.write"], &["fs.read", "fs.write"]),
            "00 2a00 0600 04 01 61 04 01 62",
            "0:42 not_declared",
        ),
    ];
    for (mut rig, hex, event) in cases {
        assert_eq!(rig.emit(hex), "0100", "{event}");
        assert_eq!((rig.events(), rig.calls()), (vec![event.to_owned()], 0));
    }
}

#[test]
fn caps_have_to_equal_the_opcodes_set() {
    let mut rig = Rig::all();
    for hex in ["04 0100 0000 01 01 04", "04 0100 0003 01 01 04", "04 0100 0002 7f 01 01 01 01 04"] {
        assert_eq!(rig.emit(hex), "malformed 3 caps_mismatch", "{hex}");
    }
    // The experimental opcode needs #16, and nothing else.
    assert_eq!(rig.emit("00 0180 0000"), "malformed 3 caps_mismatch");
    assert_eq!(rig.emit("00 0180 0000 7f 01 03"), "malformed 3 caps_mismatch");
    assert_eq!(rig.calls(), 0);
    assert_eq!(rig.emit_with("00 0180 0000 7f 01 01 05 01 01", "0000 01 01 07"), "0000010107");
}

#[test]
fn operands_are_those_of_the_schema() {
    let mut rig = Rig::all();
    for hex in [
        // None, another type, too small, too large, one too many.
        "04 0100 0002",
        "04 0100 0002 02 01 04",
        "04 0100 0002 01 01 00",
        "04 0100 0002 01 03 010001",
        "04 0100 0002 01 01 04 01 01 04",
        // `net.resolve`: an optional operand of the wrong type, and one past its bound.
        "01 0100 0800 04 01 61 05 01 01",
        "01 0100 0800 04 01 61 01 04 015c2605",
        // `net.http_request`: a list with an element of another type.
        "01 1000 0800 04 01 47 04 01 75 08 03 05 01 01 03 00",
    ] {
        assert_eq!(rig.emit(hex), "0200", "{hex}");
    }
    assert_eq!(rig.calls(), 0);
    // An optional operand may be there or not: `net.resolve` gives a list of one address.
    let addresses = "0000 08 04 04 02 3a3a";
    assert_eq!(rig.emit_with("01 0100 0800 04 01 61", addresses), "0000080404023a3a");
    assert_eq!(rig.emit_with("01 0100 0800 04 01 61 01 04 005c2605", addresses), "0000080404023a3a");
}

#[test]
fn handles_are_numbered_from_1_and_never_again() {
    let mut rig = Rig::all();
    let opened = |number: u32| format!("0000 07 04 {number:02x}000000");
    assert_eq!(rig.emit(CLOSE), "0b00", "before it is opened");
    assert_eq!(rig.emit_with(OPEN, "0300"), "0300");
    assert_eq!(rig.emit_with(OPEN, &opened(1)), "0000070401000000");
    assert_eq!(rig.emit_with(OPEN, &opened(2)), "0000070402000000");
    let _ = rig.calls();
    assert_eq!(rig.emit(OPEN), "0a00", "the limit is two");
    assert_eq!(rig.calls(), 0);
    assert_eq!(rig.emit_with(CLOSE, "0c00"), "0c00");
    assert_eq!(rig.session.open_handles(), 2, "a close that fails closes nothing");
    assert_eq!(rig.emit_with(CLOSE, "0000"), "0000");
    assert_eq!(rig.emit(CLOSE), "0b00", "after it is closed");
    assert_eq!(rig.emit_with(OPEN, &opened(3)), "0000070403000000");
    // A handle of another kind: `io.write` on a reader.
    assert_eq!(rig.emit("00 2100 0400 07 04 02000000 03 00"), "0b00");
    // Another instance knows none of them, and begins at 1.
    let scope = Scope { instance: None, declared: CapabilitySet::ALL, granted: CapabilitySet::ALL, handles: 1 };
    let mut other = rig.bus.session(scope, waker(&rig.woken));
    assert_eq!(shown(other.emit(&bytes("00 1300 0200 07 04 02000000"))), "0b00");
    rig.adapter.push(ScriptedAnswer::Reply(bytes(&opened(1))));
    assert_eq!(shown(other.emit(&bytes(OPEN))), "0000070401000000");
}

#[test]
fn an_experimental_opcode_may_name_open_handles_alone_also_within_lists() {
    let mut rig = Rig::all();
    assert_eq!(rig.emit("00 0180 0000 7f 01 01 08 08 08 06 07 04 01000000"), "0b00");
    assert_eq!(rig.emit_with(OPEN, "0000 07 04 01000000"), "0000070401000000");
    let with_handle = "00 0180 0000 7f 01 01 08 08 08 06 07 04 01000000";
    assert_eq!(rig.emit_with(with_handle, "0700"), "0700", "any status is its to give");
    assert_eq!(rig.emit_with(with_handle, "0000 07 04 01000000"), "0000070401000000");
    assert_eq!(rig.emit_with(with_handle, "0000 07 04 02000000"), "breach");
}

#[test]
fn exit_needs_nothing_and_reaches_no_adapter() {
    let mut rig = Rig::new(&[], &[], &[]);
    assert_eq!(rig.emit("06 3000 0000 02 01 ff"), "exit -1");
    assert_eq!(rig.emit("06 3000 0000 02 04 00000080"), "exit -2147483648");
    assert_eq!(rig.emit("06 3000 0000 02 05 0000008000"), "0200", "beyond 32 bits");
    assert_eq!(rig.emit("06 3000 0000"), "0200");
    assert_eq!(rig.emit("06 3000 0100 02 01 00"), "malformed 3 caps_mismatch");
    assert_eq!((rig.calls(), rig.events().len()), (0, 0));
}

#[test]
fn a_reply_that_breaks_the_contract_is_a_breach() {
    for (what, hex, reply) in [
        ("one byte", RANDOM, "00"),
        ("an unknown status", RANDOM, "0d00"),
        ("a status that is not listed: not_found", RANDOM, "0300"),
        ("no value", RANDOM, "0000"),
        ("a value of another type", RANDOM, "0000 04 01 61"),
        ("a value too many", RANDOM, "0000 03 01 61 03 01 61"),
        ("a malformed value", RANDOM, "0000 03 02 61"),
        ("a value beside a status that has none", RANDOM, "0c00 03 01 61"),
        ("a value beside a universal status", RANDOM, "0600 03 01 61"),
        ("a handle that was not offered", OPEN, "0000 07 04 02000000"),
        ("handle 0", OPEN, "0000 07 04 00000000"),
        ("sixty-five values", RANDOM, &format!("0000 {}", "05 01 01 ".repeat(65))),
    ] {
        let mut rig = Rig::all();
        assert_eq!(rig.emit_with(hex, reply), "breach", "{what}");
        // The instance's session goes on.
        assert_eq!(rig.emit_with(RANDOM, FOUR_BYTES), "0000030401020304", "{what}");
    }
    // The universal statuses, each alone.
    let mut rig = Rig::all();
    for status in ["0100", "0200", "0600", "0900", "0a00", "0b00", "0c00"] {
        assert_eq!(rig.emit_with(RANDOM, status), status);
    }
}

#[test]
fn a_reply_of_too_many_bytes_is_too_large_and_what_it_opened_is_let_go() {
    let mut rig = Rig::all();
    // 2 + 1 + 3 + n: the largest, and one more. 1,048,570 is fa ff 3f.
    let read = |max: &str| format!("00 0100 0100 01 03 {max}");
    let mut reply = bytes("0000 03 faff3f");
    reply.resize(1_048_576, 7);
    rig.adapter.push(ScriptedAnswer::Reply(reply.clone()));
    assert_eq!(rig.emit(&read("c0fd0f")).len(), 2 * 1_048_576);
    reply.push(7);
    rig.adapter.push(ScriptedAnswer::Reply(reply.clone()));
    assert_eq!(rig.emit(&read("c0fd0f")), "0900");
    rig.adapter.push(ScriptedAnswer::Reply(reply));
    assert_eq!(rig.emit(OPEN), "0900");
    assert_eq!(rig.adapter.released(), [(InstanceKey(1), Some(1))]);
    assert_eq!(rig.session.open_handles(), 0);
    // What an encoder gave up on.
    let size = fayger_contracts::instruction::Unencodable::Size { limit: 1_048_576 };
    rig.adapter.push(ScriptedAnswer::Failure(size.into()));
    assert_eq!(rig.emit(RANDOM), "0900");
}

#[test]
fn a_failure_of_the_machine_is_native_and_keeps_its_number() {
    let mut rig = Rig::all();
    for (code, shown) in [(Some(13), "native 13"), (Some(-5), "native -5"), (None, "native")] {
        rig.adapter.push(ScriptedAnswer::Failure(HostFailure::Native { code, message: "it broke".into() }));
        assert_eq!(rig.emit(RANDOM), shown);
    }
}

#[test]
fn an_adapter_that_panics_is_an_error_and_the_next_call_is_answered() {
    let mut rig = Rig::all();
    rig.adapter.push(ScriptedAnswer::Panic);
    assert_eq!(rig.emit(RANDOM), "panic");
    rig.adapter.push(ScriptedAnswer::Panic);
    assert_eq!(rig.emit(OPEN), "panic");
    assert_eq!(rig.adapter.released(), [(InstanceKey(1), Some(1))]);
    assert_eq!(rig.emit_with(RANDOM, FOUR_BYTES), "0000030401020304");
    assert_eq!(
        rig.emit_with(OPEN, "0000 07 04 02000000"),
        "0000070402000000",
        "1 was offered to the call that panicked"
    );
    let answers: Vec<_> = rig.recording.take().into_iter().map(|call| call.answer).collect();
    assert_eq!(answers[..2], [RecordedAnswer::Panic, RecordedAnswer::Panic]);
}

#[test]
fn an_answer_that_comes_later_is_had_by_its_token() {
    let mut rig = Rig::all();
    rig.adapter.push(ScriptedAnswer::Pending);
    assert_eq!(rig.emit(OPEN), "pending 1");
    assert_eq!(rig.session.deadline(Token(1)), Some(TIME_OUT));
    assert_eq!(rig.session.poll(Token(1)).map(shown), Some("pending 1".into()));
    // Meanwhile another call is answered, and the number that was offered is taken.
    assert_eq!(rig.emit_with(OPEN, "0000 07 04 02000000"), "0000070402000000");
    assert_eq!(rig.emit(OPEN), "0a00", "one open, one to be opened");
    rig.clock.advance(TIME_OUT);
    assert!(rig.adapter.complete(InstanceKey(1), Token(1), Ok(bytes("0000 07 04 01000000"))));
    assert_eq!(*rig.woken.lock().unwrap(), [Token(1)]);
    // It came in time, whenever it is asked for.
    rig.clock.advance(TIME_OUT);
    assert_eq!(rig.session.poll(Token(1)).map(shown), Some("0000070401000000".into()));
    assert_eq!(rig.session.poll(Token(1)).map(shown), None);
    assert_eq!((rig.session.open_handles(), rig.session.deadline(Token(1))), (2, None));
    assert_eq!(rig.emit_with(CLOSE, "0000"), "0000");
}

#[test]
fn the_bus_bounds_the_time_of_a_host_call() {
    let mut rig = Rig::all();
    rig.adapter.push(ScriptedAnswer::Pending);
    assert_eq!(rig.emit(OPEN), "pending 1");
    rig.clock.advance(TIME_OUT);
    assert_eq!(rig.session.poll(Token(1)).map(shown), Some("pending 1".into()), "not a nanosecond early");
    rig.clock.advance(Duration::from_nanos(1));
    assert_eq!(rig.session.poll(Token(1)).map(shown), Some("timeout".into()));
    assert_eq!(rig.adapter.cancelled(), [(InstanceKey(1), Token(1))]);
    assert_eq!(rig.adapter.released(), [(InstanceKey(1), Some(1))]);
    assert_eq!(rig.session.poll(Token(1)).map(shown), None);
    // One that answers too late has not answered.
    rig.adapter.push(ScriptedAnswer::Pending);
    assert_eq!(rig.emit(RANDOM), "pending 2");
    rig.clock.advance(TIME_OUT + Duration::from_nanos(1));
    assert!(rig.adapter.complete(InstanceKey(1), Token(2), Ok(bytes(FOUR_BYTES))));
    assert_eq!(rig.session.poll(Token(2)).map(shown), Some("timeout".into()));
}

/// Answers, or says that it will, when it is too late.
struct Slow {
    descriptor: Descriptor,
    clock: Arc<ManualClock>,
    progress: Progress,
    waiting: Mutex<Vec<Completer>>,
    cancelled: Mutex<Vec<Token>>,
}

impl PlatformAdapter for Slow {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    fn self_test(&self, _: Category, _: u16) -> Result<(), String> {
        Ok(())
    }

    fn call(&self, call: &Call<'_>, reply: &mut Vec<u8>) -> Result<Progress, HostFailure> {
        self.clock.advance(TIME_OUT + Duration::from_nanos(1));
        match self.progress {
            Progress::Ready => reply.extend(bytes(FOUR_BYTES)),
            Progress::Pending => self.waiting.lock().unwrap().push(call.completer()),
        }
        Ok(self.progress)
    }

    fn cancel(&self, _: InstanceKey, token: Token) {
        self.cancelled.lock().unwrap().push(token);
    }
}

#[test]
fn an_adapter_that_answers_at_once_but_late_has_not_answered() {
    for (progress, given_up) in [(Progress::Ready, vec![]), (Progress::Pending, vec![Token(1)])] {
        let clock = Arc::new(ManualClock::default());
        let slow = Arc::new(Slow {
            descriptor: descriptor(names(&["random"])),
            clock: Arc::clone(&clock),
            progress,
            waiting: Mutex::default(),
            cancelled: Mutex::default(),
        });
        let mut registry = AdapterRegistry::default();
        registry.register(Arc::clone(&slow) as _).unwrap();
        let bus = Bus::new(registry, BusOptions { clock, observer: Arc::new(()), time_out: TIME_OUT });
        let scope = Scope { instance: None, declared: CapabilitySet::ALL, granted: CapabilitySet::ALL, handles: 0 };
        let mut session = bus.session(scope, Box::new(|_| ()));
        assert_eq!(shown(session.emit(&bytes(RANDOM))), "timeout");
        // One that would still answer is told that nobody waits.
        assert_eq!(*slow.cancelled.lock().unwrap(), given_up);
    }
}

#[test]
fn a_call_that_is_given_up_is_not_answered_any_more() {
    let mut rig = Rig::all();
    rig.adapter.push(ScriptedAnswer::Pending);
    assert_eq!(rig.emit(OPEN), "pending 1");
    rig.session.cancel(Token(1));
    assert_eq!(rig.session.poll(Token(1)).map(shown), None);
    // The adapter let go of it, and that wakes nobody.
    assert!(!rig.adapter.complete(InstanceKey(1), Token(1), Ok(bytes("0000 07 04 01000000"))));
    assert_eq!(*rig.woken.lock().unwrap(), []);
    assert_eq!(rig.adapter.released(), [(InstanceKey(1), Some(1))]);
    assert_eq!(rig.emit_with(OPEN, "0000 07 04 02000000"), "0000070402000000");
}

#[test]
fn a_token_is_one_instance_s_and_another_s_call_of_the_same_is_not_touched() {
    let mut rig = Rig::all();
    let scope = Scope { instance: None, declared: CapabilitySet::ALL, granted: CapabilitySet::ALL, handles: 2 };
    let mut other = rig.bus.session(scope, waker(&rig.woken));
    rig.adapter.push(ScriptedAnswer::Pending);
    rig.adapter.push(ScriptedAnswer::Pending);
    assert_eq!((rig.emit(RANDOM), shown(other.emit(&bytes(RANDOM)))), ("pending 1".into(), "pending 1".into()));
    rig.session.cancel(Token(1));
    assert_eq!(other.poll(Token(1)).map(shown), Some("pending 1".into()));
    assert!(rig.adapter.complete(InstanceKey(2), Token(1), Ok(bytes(FOUR_BYTES))));
    assert_eq!(other.poll(Token(1)).map(shown), Some("0000030401020304".into()));
}

#[test]
fn an_adapter_that_lets_go_of_a_call_has_broken_its_contract() {
    let mut rig = Rig::all();
    rig.adapter.push(ScriptedAnswer::Pending);
    assert_eq!(rig.emit(RANDOM), "pending 1");
    fayger_adapters::PlatformAdapter::cancel(rig.adapter.as_ref(), InstanceKey(1), Token(1));
    assert_eq!(rig.session.poll(Token(1)).map(shown), Some("breach".into()));
}

#[test]
fn what_an_instance_holds_is_released_once_when_it_ends() {
    let mut rig = Rig::all();
    assert_eq!(rig.emit_with(OPEN, "0000 07 04 01000000"), "0000070401000000");
    rig.adapter.push(ScriptedAnswer::Pending);
    assert_eq!(rig.emit(RANDOM), "pending 2");
    rig.session.release();
    rig.session.release();
    assert_eq!(rig.session.open_handles(), 0);
    // Not even what needs no capability.
    assert_eq!([CLOSE, "06 3000 0000 02 01 00", "ff"].map(|hex| rig.emit(hex)), ["0100"; 3]);
    let Rig { adapter, session, .. } = rig;
    drop(session);
    assert_eq!(adapter.released(), [(InstanceKey(1), None)]);
    assert_eq!(adapter.cancelled(), [(InstanceKey(1), Token(2))]);
}

#[test]
fn an_error_at_a_chosen_call_leaves_the_calls_before_and_after_as_they_are() {
    for failing in 0..5 {
        let mut rig = Rig::all();
        for call in 0..5 {
            rig.adapter.push(if call == failing {
                ScriptedAnswer::Failure(HostFailure::Native { code: Some(5), message: "it broke".into() })
            } else {
                ScriptedAnswer::Reply(bytes(FOUR_BYTES))
            });
        }
        let answers: Vec<_> = (0..5).map(|_| rig.emit(RANDOM)).collect();
        let expected = (0..5).map(|call| if call == failing { "native 5" } else { "0000030401020304" });
        assert_eq!(answers, expected.collect::<Vec<_>>());
    }
}
