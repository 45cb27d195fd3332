//! Beside an instance that comes to harm, another does what it does alone.

use fayger_fcp::features;
use proptest::collection::vec;
use proptest::prelude::*;

use super::play::{Act, Answer, Ask, Body, Call, End, Kind, Line, Manner, Part, Play, Watch, perform};
use super::{Asked, Broken, holds};

/// How the one comes to harm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Harm {
    /// By how its handler ends.
    End(End),
    /// By what the host answers.
    Answer(Answer),
    /// By how its `init` ends.
    Init(End),
    /// By a command.
    Terminate,
}

/// A harm, and how the acts of the two follow each other.
#[derive(Clone, Debug)]
pub(super) struct Input {
    harm: Harm,
    /// Calls in each export of the good one.
    calls: u8,
    /// Of the acts that are left of both, whether the next is one of the faulty one; after it, what is left.
    order: Vec<bool>,
    /// So many acts of the good one come within the first host call of the faulty one, where they may.
    within: u8,
}

pub(super) fn inputs() -> impl Strategy<Value = Input> {
    let ends =
        [End::Trap, End::Loop, End::Recursion, End::Grow, End::Malformed, End::Damaged, End::Exit(3), End::Return(1)];
    let answers = [Answer::Native(Some(5)), Answer::Panic, Answer::Timeout, Answer::Breach, Answer::Pending];
    let harms = ends.into_iter().map(Harm::End).chain(answers.into_iter().map(Harm::Answer));
    let harms =
        harms.chain([Harm::Init(End::Trap), Harm::Init(End::Return(4)), Harm::Init(End::Loop), Harm::Terminate]);
    (prop::sample::select(harms.collect::<Vec<_>>()), 1..3_u8, vec(any::<bool>(), 0..32), 0..3_u8)
        .prop_map(|(harm, calls, order, within)| Input { harm, calls, order, within })
}

impl Input {
    /// Both have one module, but where the faulty one does not come through its `init`.
    fn parts(&self) -> [Part; 2] {
        let body = |end| Body { calls: self.calls, end };
        let good = Manner { init: None, start: body(End::Return(0)), on_event: Some(body(End::Return(0))) };
        let [faulty, good] = match self.harm {
            Harm::End(end) => [Manner { on_event: Some(body(end)), ..good }; 2],
            Harm::Init(end) => [Manner { init: Some(body(end)), ..good }, good],
            Harm::Answer(_) | Harm::Terminate => [good; 2],
        };
        [Part { name: "a", manner: faulty, is_narrow: true }, Part { name: "b", manner: good, is_narrow: false }]
    }

    fn faulty(&self) -> Vec<Act> {
        let of = |ask| Act::plain(0, ask);
        let mut acts = vec![of(Ask::Init), of(Ask::Start), of(Ask::Run(None)), of(Ask::LastEvent), of(Ask::Run(None))];
        if let (Harm::Answer(answer), Some(run)) = (self.harm, acts.last_mut()) {
            run.calls = vec![Call { meanwhile: Vec::new(), answer }];
        }
        acts.extend([of(Ask::Event), of(Ask::Run(None)), of(Ask::FailureInfo)]);
        if self.harm == Harm::Terminate {
            acts.push(of(Ask::Terminate));
        }
        acts
    }

    fn good(&self, on: u8) -> Vec<Act> {
        let reply = |number: u8| Act {
            on,
            ask: Ask::Run(None),
            calls: (0..self.calls).map(|at| Call::reply(number.saturating_add(at))).collect(),
        };
        let of = |ask| Act::plain(on, ask);
        vec![
            of(Ask::Init),
            of(Ask::State),
            of(Ask::Start),
            reply(20),
            of(Ask::State),
            of(Ask::Event),
            of(Ask::Suspend),
            of(Ask::Event),
            of(Ask::Run(None)),
            of(Ask::State),
            of(Ask::Resume),
            reply(40),
            Act { on, ask: Ask::Emit(7), calls: vec![Call::reply(60)] },
            of(Ask::Run(None)),
            of(Ask::State),
            of(Ask::FailureInfo),
            of(Ask::Terminate),
            of(Ask::State),
        ]
    }

    /// The acts of both, and whether some of the good one stand within a call of the other.
    fn together(&self) -> (Vec<Act>, bool) {
        let (mut faulty, mut good) = (self.faulty().into_iter(), self.good(1).into_iter().peekable());
        let (mut acts, mut is_within) = (Vec::new(), false);
        // What is left of both is longer than any order.
        for is_faulty in self.order.iter().copied().chain([true, false].into_iter().cycle().take(64)) {
            let act = if is_faulty { faulty.next() } else { good.next() };
            let Some(mut act) = act else { continue };
            let is_first_run = is_faulty
                && act.ask == Ask::Run(None)
                && !acts.iter().any(|other: &Act| other.on == 0 && other.ask == act.ask);
            if is_first_run && !matches!(self.harm, Harm::Init(_)) {
                let may = |act: &Act| {
                    matches!(
                        act.ask,
                        Ask::Event | Ask::Suspend | Ask::Resume | Ask::Terminate | Ask::State | Ask::FailureInfo
                    )
                };
                let meanwhile: Vec<_> =
                    std::iter::from_fn(|| good.next_if(may)).take(usize::from(self.within)).collect();
                is_within |= !meanwhile.is_empty();
                let meanwhile = meanwhile.into_iter().map(|act| (act.on, act.ask)).collect();
                act.calls = vec![Call { meanwhile, answer: Answer::Reply(1) }];
            }
            acts.push(act);
        }
        (acts, is_within)
    }
}

/// The lines of the good one.
fn lines_of_the_good_one(lines: Vec<Line>, with_events: bool) -> Vec<String> {
    let counts = |line: &Line| line.of == "b" && (with_events || line.kind != Kind::Event);
    lines.into_iter().filter(counts).map(|line| line.text).collect()
}

/// The lines of the good one are those that it has alone.
pub(super) fn is_as_alone(asked: &Asked<'_, '_, '_, '_>, input: &Input) -> Result<(), Broken> {
    let needs = match input.harm {
        Harm::End(End::Damaged) => features::LOADER_LAZY,
        Harm::Answer(Answer::Pending) => features::RUNTIME_PARK,
        _ => features::RUNTIME,
    };
    if !asked.declares(needs) {
        return Ok(());
    }
    let watch = Watch { states: false, events: true };
    let [faulty, good] = input.parts();
    let alone = Play { parts: vec![good.clone()], acts: input.good(0), watch };
    let (acts, is_within) = input.together();
    let together = Play { parts: vec![faulty, good], acts, watch };
    // The events of an act in which both did something cannot be told apart.
    let alone = lines_of_the_good_one(perform(asked, &alone)?, !is_within);
    let together = lines_of_the_good_one(perform(asked, &together)?, !is_within);
    let at = alone.iter().zip(&together).take_while(|(left, right)| left == right).count();
    holds(alone == together, || {
        let line = |lines: &[String]| lines.get(at).cloned().unwrap_or_else(|| "nothing more".to_owned());
        format!("of the good one: `{}`, where alone it is `{}`", line(&together), line(&alone))
    })
}
