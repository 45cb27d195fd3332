//! Host calls that block, on threads: the bus's own thread never waits for them.
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail as tests do")]

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use fayger_adapters::{
    AdapterRegistry, Bus, BusOptions, Call, Descriptor, HostFailure, HostKind, InstanceKey, ManualClock,
    PlatformAdapter, Progress, Session, SupportedInstruction, ThreadedAdapter, Threads,
};
use fayger_contracts::bus::{BusAnswer, BusSession as _, Scope, Token};
use fayger_contracts::instruction::Category;
use fayger_contracts::opcode::{io, random, time};
use fayger_contracts::{CapabilitySet, FaygerError};

/// Blocks in each call until it is told what to do.
struct Blocking {
    descriptor: Descriptor,
    begun: Mutex<Sender<()>>,
    orders: Mutex<Receiver<Order>>,
    /// Handles that it was asked to let go of.
    released: Mutex<Sender<Option<u32>>>,
}

enum Order {
    Answer,
    Fail,
    Panic,
}

impl PlatformAdapter for Blocking {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    fn self_test(&self, _category: Category, _opcode: u16) -> Result<(), String> {
        Ok(())
    }

    fn call(&self, call: &Call<'_>, reply: &mut Vec<u8>) -> Result<Progress, HostFailure> {
        if call.instruction().category() == Category::TIME {
            reply.extend([0, 0, 1, 1, 9]);
            return Ok(Progress::Ready);
        }
        self.begun.lock().unwrap().send(()).unwrap_or(());
        let order = self.orders.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).recv();
        match order {
            Ok(Order::Answer) => {
                let opened = call.offered_handle().map(|_| [0, 0, 7, 4, 1, 0, 0, 0].as_slice());
                reply.extend(opened.unwrap_or(&[0, 0, 3, 1, 7]));
                Ok(Progress::Ready)
            }
            Ok(Order::Panic) => panic!("as it was told"),
            Ok(Order::Fail) | Err(_) => Err(HostFailure::Native { code: Some(5), message: "as it was told".into() }),
        }
    }

    fn release(&self, _instance: InstanceKey, handle: Option<u32>) {
        self.released.lock().unwrap().send(handle).unwrap_or(());
    }
}

const TIME_OUT: Duration = Duration::from_secs(5);
/// `random.bytes` of 1, which blocks.
const BLOCKS: &[u8] = &[4, 1, 0, 0, 2, 1, 1, 1];
/// `io.open_read` of `a`, which blocks too.
const OPENS: &[u8] = &[0, 16, 0, 2, 0, 4, 1, b'a'];
/// `time.monotonic_now`, which does not.
const PROMPT: &[u8] = &[3, 2, 0, 0x80, 0];

struct Rig {
    bus: Bus,
    session: Session,
    adapter: Arc<ThreadedAdapter<Blocking>>,
    clock: Arc<ManualClock>,
    /// Told when a call has begun on its thread.
    begun: Receiver<()>,
    orders: Sender<Order>,
    woken: Receiver<Token>,
    released: Receiver<Option<u32>>,
}

const SCOPE: Scope = Scope { instance: None, declared: CapabilitySet::ALL, granted: CapabilitySet::ALL, handles: 1 };

fn rig(of_one: usize) -> Rig {
    let ((orders, received), (release, released), (begin, begun)) = (channel(), channel(), channel());
    let instructions =
        [&random::BYTES, &time::MONOTONIC_NOW, &io::OPEN_READ].map(SupportedInstruction::registered).to_vec();
    let descriptor = Descriptor::new("blocking", HostKind::Server, instructions);
    let (begin, orders_to, release) = (Mutex::new(begin), Mutex::new(received), Mutex::new(release));
    let blocking = Arc::new(Blocking { descriptor, begun: begin, orders: orders_to, released: release });
    let is_prompt = |category, _| category == Category::TIME;
    let adapter = Arc::new(ThreadedAdapter::new(blocking, is_prompt, Threads { of_one, of_all: 2 }));
    let mut registry = AdapterRegistry::default();
    registry.register(Arc::clone(&adapter) as _).unwrap();
    let clock = Arc::new(ManualClock::default());
    let bus =
        Bus::new(registry, BusOptions { clock: Arc::clone(&clock) as _, observer: Arc::new(()), time_out: TIME_OUT });
    let (wake, woken) = channel();
    let session = bus.session(SCOPE, Box::new(move |token| wake.send(token).unwrap_or(())));
    Rig { bus, session, adapter, clock, begun, orders, woken, released }
}

impl Rig {
    /// Returns once no thread runs.
    fn at_rest(&self) {
        while self.adapter.running() > 0 {
            std::thread::yield_now();
        }
    }
}

/// The kind of the host error below.
fn kind(answer: Option<Result<BusAnswer<'_>, FaygerError>>) -> String {
    match answer {
        Some(Err(error)) => error.cause.unwrap().context.get("kind").unwrap().to_string(),
        other => format!("{other:?}"),
    }
}

#[test]
fn a_call_that_blocks_is_answered_later_and_others_go_on_meanwhile() {
    let mut rig = rig(2);
    assert_eq!(rig.session.emit(BLOCKS), Ok(BusAnswer::Pending(Token(1))));
    assert_eq!(rig.session.emit(PROMPT), Ok(BusAnswer::Reply(&[0, 0, 1, 1, 9])));
    assert_eq!(rig.session.poll(Token(1)), Some(Ok(BusAnswer::Pending(Token(1)))));
    rig.orders.send(Order::Answer).unwrap();
    assert_eq!(rig.woken.recv(), Ok(Token(1)));
    assert_eq!(rig.session.poll(Token(1)), Some(Ok(BusAnswer::Reply(&[0, 0, 3, 1, 7]))));
}

#[test]
fn a_failure_or_a_panic_on_the_thread_is_that_of_the_call() {
    let mut rig = rig(2);
    for (token, (order, expected)) in (1..).zip([(Order::Fail, "`native`"), (Order::Panic, "`panic`")]) {
        assert_eq!(rig.session.emit(BLOCKS), Ok(BusAnswer::Pending(Token(token))));
        rig.orders.send(order).unwrap();
        assert_eq!(rig.woken.recv(), Ok(Token(token)));
        assert_eq!(kind(rig.session.poll(Token(token))), expected);
    }
    assert_eq!(rig.session.emit(BLOCKS), Ok(BusAnswer::Pending(Token(3))));
    rig.orders.send(Order::Answer).unwrap();
    assert_eq!(rig.woken.recv(), Ok(Token(3)));
    assert_eq!(rig.session.poll(Token(3)), Some(Ok(BusAnswer::Reply(&[0, 0, 3, 1, 7]))));
}

#[test]
fn a_call_that_never_returns_costs_a_time_out_and_threads_are_bounded() {
    let mut rig = rig(1);
    assert_eq!(rig.session.emit(BLOCKS), Ok(BusAnswer::Pending(Token(1))));
    assert_eq!((rig.begun.recv(), rig.adapter.running()), (Ok(()), 1));
    rig.clock.advance(TIME_OUT + Duration::from_nanos(1));
    assert_eq!(kind(rig.session.poll(Token(1))), "`timeout`");
    // The thread is still there: the next call would have to wait.
    assert_eq!(rig.session.emit(BLOCKS), Ok(BusAnswer::Reply(&[6, 0])));
    assert_eq!(rig.session.emit(PROMPT), Ok(BusAnswer::Reply(&[0, 0, 1, 1, 9])));
    // What comes too late is nobody's answer, and wakes nobody.
    rig.orders.send(Order::Answer).unwrap();
    rig.at_rest();
    assert_eq!(rig.session.poll(Token(1)), None);
    // Nothing can be seen of what does not come.
    std::thread::sleep(Duration::from_millis(20));
    assert_eq!(rig.woken.try_recv(), Err(std::sync::mpsc::TryRecvError::Empty));
}

#[test]
fn the_threads_of_an_instance_are_no_others_also_those_that_it_gave_up() {
    let mut rig = rig(1);
    let [mut second, mut third] = [(); 2].map(|()| rig.bus.session(SCOPE, Box::new(|_| ())));
    assert_eq!(rig.session.emit(BLOCKS), Ok(BusAnswer::Pending(Token(1))));
    for _ in 0..64 {
        assert_eq!(rig.session.emit(BLOCKS), Ok(BusAnswer::Reply(&[6, 0])));
    }
    rig.begun.recv().unwrap();
    rig.session.cancel(Token(1));
    assert_eq!(rig.session.emit(BLOCKS), Ok(BusAnswer::Reply(&[6, 0])));
    rig.session.release();
    assert_eq!(second.emit(BLOCKS), Ok(BusAnswer::Pending(Token(1))));
    // There are two in all.
    assert_eq!(third.emit(BLOCKS), Ok(BusAnswer::Reply(&[6, 0])));
    rig.orders.send(Order::Answer).unwrap();
    rig.orders.send(Order::Answer).unwrap();
    rig.at_rest();
    assert_eq!(third.emit(BLOCKS), Ok(BusAnswer::Pending(Token(2))));
}

#[test]
fn what_is_answered_within_a_moment_is_answered_at_once() {
    let mut rig = rig(1);
    let at_once = |session: &mut Session| {
        rig.orders.send(Order::Answer).unwrap();
        match session.emit(BLOCKS) {
            Ok(BusAnswer::Reply(reply)) => assert_eq!(reply, [0, 0, 3, 1, 7]),
            // The machine was busy with something else.
            pending => {
                assert!(matches!(pending, Ok(BusAnswer::Pending(_))), "{pending:?}");
                rig.woken.recv().unwrap();
                return false;
            }
        }
        assert!(rig.woken.try_recv().is_err(), "nobody has to be woken");
        true
    };
    assert!((0..100).any(|_| at_once(&mut rig.session)));
    rig.orders.send(Order::Panic).unwrap();
    let said = rig.session.emit(BLOCKS);
    assert!(matches!(said, Err(_) | Ok(BusAnswer::Pending(_))), "{said:?}");
}

#[test]
fn what_is_opened_after_it_was_given_up_is_let_go_of() {
    for ends in [true, false] {
        let mut rig = rig(1);
        assert_eq!(rig.session.emit(OPENS), Ok(BusAnswer::Pending(Token(1))));
        rig.begun.recv().unwrap();
        // The bus lets go of the handle, or of everything, before it is there.
        let at_once = if ends {
            rig.session.release();
            None
        } else {
            rig.session.cancel(Token(1));
            Some(1)
        };
        assert_eq!(rig.released.recv(), Ok(at_once));
        rig.orders.send(Order::Answer).unwrap();
        assert_eq!(rig.released.recv(), Ok(Some(1)));
        rig.at_rest();
    }
}

#[test]
fn what_is_opened_in_time_stays_open() {
    let mut rig = rig(1);
    assert_eq!(rig.session.emit(OPENS), Ok(BusAnswer::Pending(Token(1))));
    rig.orders.send(Order::Answer).unwrap();
    assert_eq!(rig.woken.recv(), Ok(Token(1)));
    assert_eq!(rig.session.poll(Token(1)), Some(Ok(BusAnswer::Reply(&[0, 0, 7, 4, 1, 0, 0, 0]))));
    assert_eq!((rig.session.open_handles(), rig.released.try_recv().ok()), (1, None));
}
