//! Category `time`. Written by `cargo xtask opcodes --bless` from the registry; do not edit.

use super::{Event, Field, Form, HandleKind, HostEvent, Instruction, Opcode, Reply};
use crate::capability::CapabilitySet;
use crate::instruction::{Category, Encoder, OperandRef, Operands, Status, StatusSet};

//= ADP-TIME-001
/// Its opcodes, by number.
pub const OPCODES: &[Opcode] = &[WALL_NOW, MONOTONIC_NOW, SLEEP, TIMER_ONCE, TIMER_PERIODIC, TIMER_CANCEL];

/// Its events, by number.
pub const EVENTS: &[Event] = &[TIMER];

/// `time.wall_now`: nanoseconds since 1970-01-01T00:00:00Z, without leap seconds.
pub const WALL_NOW: Opcode = Opcode {
    category: Category::TIME,
    number: 1,
    name: "time.wall_now",
    capabilities: CapabilitySet::from_bits(0x0080),
    operands: &[],
    reply: &[Field { name: "now_ns", form: Form::Signed { min: i64::MIN, max: i64::MAX }, optional: false }],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::Io]),
    opens: None,
    closes: false,
};

/// `time.wall_now`: nanoseconds since 1970-01-01T00:00:00Z, without leap seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WallNow;

impl<'a> Instruction<'a> for WallNow {
    const OPCODE: Opcode = WALL_NOW;

    fn write(&self, _encoder: &mut Encoder<'_>) {}

    fn read(_values: Operands<'a>) -> Option<Self> {
        Some(Self)
    }
}

/// What `time.wall_now` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WallNowReply {
    /// A signed number.
    pub now_ns: i64,
}

impl<'a> Reply<'a> for WallNowReply {
    const OPCODE: Opcode = WALL_NOW;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.signed(self.now_ns);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Signed(now_ns)) = values.next() else { return None };
        Some(Self { now_ns })
    }
}

/// `time.monotonic_now`: nanoseconds since a moment that stays the same while the instance lives; never less than before.
pub const MONOTONIC_NOW: Opcode = Opcode {
    category: Category::TIME,
    number: 2,
    name: "time.monotonic_now",
    capabilities: CapabilitySet::from_bits(0x0080),
    operands: &[],
    reply: &[Field { name: "now_ns", form: Form::Unsigned { min: 0, max: u64::MAX }, optional: false }],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok, Status::Io]),
    opens: None,
    closes: false,
};

/// `time.monotonic_now`: nanoseconds since a moment that stays the same while the instance lives; never less than before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MonotonicNow;

impl<'a> Instruction<'a> for MonotonicNow {
    const OPCODE: Opcode = MONOTONIC_NOW;

    fn write(&self, _encoder: &mut Encoder<'_>) {}

    fn read(_values: Operands<'a>) -> Option<Self> {
        Some(Self)
    }
}

/// What `time.monotonic_now` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MonotonicNowReply {
    /// An unsigned number.
    pub now_ns: u64,
}

impl<'a> Reply<'a> for MonotonicNowReply {
    const OPCODE: Opcode = MONOTONIC_NOW;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.unsigned(self.now_ns);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Unsigned(now_ns)) = values.next() else { return None };
        Some(Self { now_ns })
    }
}

/// `time.sleep`: answers after so long.
pub const SLEEP: Opcode = Opcode {
    category: Category::TIME,
    number: 16,
    name: "time.sleep",
    capabilities: CapabilitySet::from_bits(0x0100),
    operands: &[Field { name: "duration_ns", form: Form::Unsigned { min: 0, max: u64::MAX }, optional: false }],
    reply: &[],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok]),
    opens: None,
    closes: false,
};

/// `time.sleep`: answers after so long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sleep {
    /// An unsigned number.
    pub duration_ns: u64,
}

impl<'a> Instruction<'a> for Sleep {
    const OPCODE: Opcode = SLEEP;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.unsigned(self.duration_ns);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Unsigned(duration_ns)) = values.next() else { return None };
        Some(Self { duration_ns })
    }
}

/// `time.timer_once`: one event after so long.
pub const TIMER_ONCE: Opcode = Opcode {
    category: Category::TIME,
    number: 17,
    name: "time.timer_once",
    capabilities: CapabilitySet::from_bits(0x0100),
    operands: &[Field { name: "delay_ns", form: Form::Unsigned { min: 0, max: u64::MAX }, optional: false }],
    reply: &[Field { name: "timer", form: Form::Handle(HandleKind::Timer), optional: false }],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok]),
    opens: Some(HandleKind::Timer),
    closes: false,
};

/// `time.timer_once`: one event after so long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimerOnce {
    /// An unsigned number.
    pub delay_ns: u64,
}

impl<'a> Instruction<'a> for TimerOnce {
    const OPCODE: Opcode = TIMER_ONCE;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.unsigned(self.delay_ns);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Unsigned(delay_ns)) = values.next() else { return None };
        Some(Self { delay_ns })
    }
}

/// What `time.timer_once` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimerOnceReply {
    /// A handle: timer.
    pub timer: u32,
}

impl<'a> Reply<'a> for TimerOnceReply {
    const OPCODE: Opcode = TIMER_ONCE;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.handle(self.timer);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Handle(timer)) = values.next() else { return None };
        Some(Self { timer })
    }
}

/// `time.timer_periodic`: an event after a delay and then each period.
pub const TIMER_PERIODIC: Opcode = Opcode {
    category: Category::TIME,
    number: 18,
    name: "time.timer_periodic",
    capabilities: CapabilitySet::from_bits(0x0100),
    operands: &[
        Field { name: "delay_ns", form: Form::Unsigned { min: 0, max: u64::MAX }, optional: false },
        Field { name: "period_ns", form: Form::Unsigned { min: 1_000_000, max: u64::MAX }, optional: false },
    ],
    reply: &[Field { name: "timer", form: Form::Handle(HandleKind::Timer), optional: false }],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok]),
    opens: Some(HandleKind::Timer),
    closes: false,
};

/// `time.timer_periodic`: an event after a delay and then each period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimerPeriodic {
    /// An unsigned number.
    pub delay_ns: u64,
    /// An unsigned number, 1000000 or more.
    pub period_ns: u64,
}

impl<'a> Instruction<'a> for TimerPeriodic {
    const OPCODE: Opcode = TIMER_PERIODIC;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.unsigned(self.delay_ns);
        encoder.unsigned(self.period_ns);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Unsigned(delay_ns)) = values.next() else { return None };
        let Some(OperandRef::Unsigned(period_ns)) = values.next() else { return None };
        Some(Self { delay_ns, period_ns })
    }
}

/// What `time.timer_periodic` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimerPeriodicReply {
    /// A handle: timer.
    pub timer: u32,
}

impl<'a> Reply<'a> for TimerPeriodicReply {
    const OPCODE: Opcode = TIMER_PERIODIC;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.handle(self.timer);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Handle(timer)) = values.next() else { return None };
        Some(Self { timer })
    }
}

/// `time.timer_cancel`: ends a timer.
pub const TIMER_CANCEL: Opcode = Opcode {
    category: Category::TIME,
    number: 19,
    name: "time.timer_cancel",
    capabilities: CapabilitySet::from_bits(0x0100),
    operands: &[Field { name: "timer", form: Form::Handle(HandleKind::Timer), optional: false }],
    reply: &[],
    statuses: StatusSet::UNIVERSAL.with(&[Status::Ok]),
    opens: None,
    closes: true,
};

/// `time.timer_cancel`: ends a timer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimerCancel {
    /// A handle: timer.
    pub timer: u32,
}

impl<'a> Instruction<'a> for TimerCancel {
    const OPCODE: Opcode = TIMER_CANCEL;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.handle(self.timer);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Handle(timer)) = values.next() else { return None };
        Some(Self { timer })
    }
}

/// `time.timer`: a timer ran off; how often it has.
pub const TIMER: Event = Event {
    category: Category::TIME,
    number: 1,
    name: "time.timer",
    capabilities: CapabilitySet::from_bits(0x0100),
    values: &[
        Field { name: "timer", form: Form::Handle(HandleKind::Timer), optional: false },
        Field { name: "count", form: Form::Unsigned { min: 1, max: u64::MAX }, optional: false },
    ],
};

/// `time.timer`: a timer ran off; how often it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimerEvent {
    /// A handle: timer.
    pub timer: u32,
    /// An unsigned number, 1 or more.
    pub count: u64,
}

impl<'a> HostEvent<'a> for TimerEvent {
    const EVENT: Event = TIMER;

    fn write(&self, encoder: &mut Encoder<'_>) {
        encoder.handle(self.timer);
        encoder.unsigned(self.count);
    }

    fn read(values: Operands<'a>) -> Option<Self> {
        let mut values = values.iter();
        let Some(OperandRef::Handle(timer)) = values.next() else { return None };
        let Some(OperandRef::Unsigned(count)) = values.next() else { return None };
        Some(Self { timer, count })
    }
}
