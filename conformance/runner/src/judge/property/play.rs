//! Plays: modules that the kit makes, instances of them, what is asked of these one after the other, and what their host does meanwhile.
//!
//! A play says what is done and nothing of what comes of it: [`perform`](perform::perform) has it done and notes the lines, which a model
//! foretells or which another performance has to give again.

mod manner;
mod perform;
mod shown;
mod text;

pub(super) use manner::{Body, EVENT_MARK, End, INIT_MARK, Manner, START_MARK};
pub(super) use perform::perform;
pub(super) use text::chain;

/// Events that may wait at an instance.
pub(super) const QUEUE: u64 = 4;

/// A play.
#[derive(Clone)]
pub(super) struct Play {
    /// The instances; each is there before the first act.
    pub(super) parts: Vec<Part>,
    /// What is asked, in order.
    pub(super) acts: Vec<Act>,
    /// What is looked at besides.
    pub(super) watch: Watch,
}

/// What is looked at beside the answers.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Watch {
    /// State and failure after each act of whom it was asked of, and of all at the end.
    pub(super) states: bool,
    /// The events of each act.
    pub(super) events: bool,
}

/// An instance.
#[derive(Clone)]
pub(super) struct Part {
    /// What it is called.
    pub(super) name: &'static str,
    /// What its module does.
    pub(super) manner: Manner,
    /// Whether its fuel and its memory have narrow quotas.
    pub(super) is_narrow: bool,
}

/// One request, and the host's part in it.
#[derive(Clone, Debug)]
pub(super) struct Act {
    /// Of whom it is asked; see [`Play::whom`].
    pub(super) on: u8,
    /// What is asked.
    pub(super) ask: Ask,
    /// How the host answers the calls that come meanwhile, in their order; those that come beyond get a reply of 1.
    pub(super) calls: Vec<Call>,
}

/// What is asked of an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ask {
    Init,
    Start,
    Suspend,
    Resume,
    Terminate,
    State,
    FailureInfo,
    /// An event that the handler returns 0 for.
    Event,
    /// An event that it comes to its end for.
    LastEvent,
    /// Bytes that are no event.
    BadEvent,
    /// At most so many host calls.
    Run(Option<u8>),
    /// An instruction from outside, with this operand.
    Emit(u8),
    /// The answer to the call that was answered as pending last, with this byte.
    Complete(u8),
}

/// How the host answers a call, and what is asked before it does.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) meanwhile: Vec<(u8, Ask)>,
    pub(super) answer: Answer,
}

/// What the host answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// Status ok and this one byte.
    Reply(u8),
    /// An error of the machine below, with its number.
    Native(Option<i8>),
    Panic,
    Timeout,
    /// A reply of a status that there is not.
    Breach,
    /// Later, or never.
    Pending,
}

/// What is noted of a performance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// In which act, from 1; 0 at the end.
    pub(super) act: usize,
    /// Of whom.
    pub(super) of: &'static str,
    pub(super) kind: Kind,
    pub(super) text: String,
}

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// An instruction that reached the host.
    Call,
    /// An answer of the testee.
    Answer,
    /// An event.
    Event,
    /// That the host was told to release what the instance holds.
    Release,
}

/// Who there is not.
pub(super) const NOBODY: u8 = u8::MAX;

impl Play {
    /// Whose request it is, by number: none for an instance that was never made.
    pub(super) fn whom(&self, on: u8) -> Option<usize> {
        (on != NOBODY).then(|| usize::from(on).checked_rem(self.parts.len()).unwrap_or_default())
    }

    /// What is asked within a call of an emit of `emitter` from outside: what would become of the emit if its instance changed meanwhile is not said.
    pub(super) fn within_emit(&self, emitter: usize, on: u8, ask: Ask) -> Ask {
        let is_command = matches!(ask, Ask::Suspend | Ask::Resume | Ask::Terminate);
        if is_command && self.whom(on) == Some(emitter) { Ask::State } else { ask }
    }
}

impl Act {
    /// One whose calls, if any, get a reply of 1.
    pub(super) fn plain(on: u8, ask: Ask) -> Self {
        Self { on, ask, calls: Vec::new() }
    }
}

impl Call {
    /// A reply at once.
    pub(super) fn reply(byte: u8) -> Self {
        Self { meanwhile: Vec::new(), answer: Answer::Reply(byte) }
    }
}

/// `random.bytes` with this count, by which the instructions are told apart.
pub(super) fn instruction(count: u8) -> Vec<u8> {
    vec![4, 1, 0, 0, 2, 1, 1, count]
}

/// Status ok and one byte.
pub(super) fn reply(byte: u8) -> Vec<u8> {
    vec![0, 0, 3, 1, byte]
}
