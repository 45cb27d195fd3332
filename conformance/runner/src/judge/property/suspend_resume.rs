//! Suspended and resumed at every host call, an instance calls the same and ends with the same status as without.

use fayger_fcp::features;
use proptest::collection::vec;
use proptest::prelude::*;

use super::play::{Act, Answer, Ask, Body, Call, End, Kind, Line, Manner, Part, Play, Watch, perform};
use super::{Asked, Broken, holds};

/// A module that calls in `start` and for each event, and ends with the byte of the last reply.
#[derive(Clone, Debug)]
pub(super) struct Input {
    start: u8,
    on_event: u8,
    /// Events; the last one ends it.
    events: u8,
    /// Of each call.
    replies: Vec<u8>,
    hold: Hold,
}

/// How it is held at a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hold {
    /// Suspended and resumed before the answer.
    Within,
    /// Suspended before the answer, which it gets; it is run in vain, then resumed.
    Over,
    /// The answer is pending: suspended, answered, run in vain, resumed.
    Parked,
    /// The answer is pending: suspended, resumed, answered.
    ParkedWithin,
}

pub(super) fn inputs() -> impl Strategy<Value = Input> {
    let hold = prop_oneof![Just(Hold::Over), Just(Hold::Within), Just(Hold::Parked), Just(Hold::ParkedWithin)];
    (1..4_u8, 1..3_u8, 1..3_u8, vec(1..200_u8, 8), hold).prop_map(|(start, on_event, events, replies, hold)| Input {
        start,
        on_event,
        events,
        replies,
        hold,
    })
}

impl Input {
    fn calls(&self) -> usize {
        usize::from(self.start).saturating_add(usize::from(self.on_event).saturating_mul(usize::from(self.events)))
    }

    /// The play in which it is held at the calls that `is_held` names, from 0.
    fn play(&self, is_held: &dyn Fn(usize) -> bool) -> Play {
        let body = |calls, end| Body { calls, end };
        let manner = Manner {
            init: None,
            start: body(self.start, End::Return(0)),
            on_event: Some(body(self.on_event, End::Reply)),
        };
        let mut acts = vec![Act::plain(0, Ask::Init)];
        acts.extend((1..self.events).map(|_| Act::plain(0, Ask::Event)));
        acts.extend([Ask::LastEvent, Ask::Start].map(|ask| Act::plain(0, ask)));
        let mut calls = Vec::new();
        let run = |calls: &mut Vec<Call>| Act { on: 0, ask: Ask::Run(None), calls: std::mem::take(calls) };
        for number in 0..self.calls() {
            let reply = self.replies.get(number).copied().unwrap_or(1);
            let (meanwhile, after): (&[Ask], &[Ask]) = match self.hold {
                _ if !is_held(number) => (&[], &[]),
                Hold::Within => (&[Ask::Suspend, Ask::Resume], &[]),
                Hold::Over => (&[Ask::Suspend], &[Ask::Run(None), Ask::Resume]),
                Hold::Parked => (&[], &[Ask::Suspend, Ask::Complete(reply), Ask::Run(None), Ask::Resume]),
                Hold::ParkedWithin => (&[], &[Ask::Suspend, Ask::Resume, Ask::Complete(reply)]),
            };
            let is_pending = after.contains(&Ask::Complete(reply));
            let answer = if is_pending { Answer::Pending } else { Answer::Reply(reply) };
            calls.push(Call { meanwhile: meanwhile.iter().map(|ask| (0, *ask)).collect(), answer });
            if !after.is_empty() {
                acts.push(run(&mut calls));
                acts.extend(after.iter().map(|ask| Act::plain(0, *ask)));
            }
        }
        acts.extend([run(&mut calls), Act::plain(0, Ask::State)]);
        let parts = vec![Part { name: "a", manner, is_narrow: false }];
        Play { parts, acts, watch: Watch { states: false, events: true } }
    }
}

/// What has to be the same: the calls, how it ended, its last state, and that it was released.
fn outcome(lines: Vec<Line>) -> Vec<String> {
    let last_state = lines.iter().rfind(|line| line.text.starts_with("state: ")).map(|line| line.text.clone());
    let counts = |line: &Line| match line.kind {
        Kind::Call | Kind::Release => true,
        Kind::Event => line.text.starts_with("instance.terminated") || line.text.starts_with("instance.failed"),
        Kind::Answer => line.text.starts_with("run: ended") || line.text.starts_with("run: failed"),
    };
    lines.into_iter().filter(counts).map(|line| line.text).chain(last_state).collect()
}

/// At each call alone, and at all together.
pub(super) fn leaves_no_trace(asked: &Asked<'_, '_, '_, '_>, input: &Input) -> Result<(), Broken> {
    let is_parked = matches!(input.hold, Hold::Parked | Hold::ParkedWithin);
    if is_parked && !asked.declares(features::RUNTIME_PARK) {
        return Ok(());
    }
    let without = outcome(perform(asked, &input.play(&|_| false))?);
    for at in 0..=input.calls() {
        let is_held = |number| at == input.calls() || number == at;
        let held = outcome(perform(asked, &input.play(&is_held))?);
        holds(held == without, || {
            let place =
                if at == input.calls() { "every call".to_owned() } else { format!("call {}", at.saturating_add(1)) };
            format!("held at {place}: {}, not {}", held.join(", "), without.join(", "))
        })?;
    }
    Ok(())
}
