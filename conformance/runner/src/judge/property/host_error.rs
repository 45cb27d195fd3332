//! An error of the host at every call: exactly so many calls come, and the failure is the whole chain.

use proptest::prelude::*;

use super::model::Model;
use super::play::{Act, Answer, Ask, Body, Call, End, Manner, Part, Play, Watch, perform};
use super::{Asked, Broken, holds};

/// Where the calls are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Init,
    Start,
    OnEvent,
    Outside,
}

/// So many calls, and what the host answers in the place of a reply.
#[derive(Clone, Copy, Debug)]
pub(super) struct Input {
    calls: u8,
    place: Place,
    answer: Answer,
}

/// A time-out is an error of code that can be parked.
pub(super) fn inputs() -> impl Strategy<Value = Input> {
    let place = prop_oneof![Just(Place::Start), Just(Place::OnEvent), Just(Place::Init), Just(Place::Outside)];
    let answer = prop_oneof![
        Just(Answer::Native(None)),
        any::<i8>().prop_map(|code| Answer::Native(Some(code))),
        Just(Answer::Panic),
        Just(Answer::Breach),
        Just(Answer::Timeout),
    ];
    (1..=8_u8, place, answer).prop_map(|(calls, place, answer)| {
        let cannot_wait = matches!(place, Place::Init | Place::Outside) && answer == Answer::Timeout;
        Input { calls, place, answer: if cannot_wait { Answer::Breach } else { answer } }
    })
}

impl Input {
    /// The play in which the call of this number, from 0, is the one that goes wrong.
    fn play(self, at: u8) -> Play {
        let body = |place| Body { calls: if self.place == place { self.calls } else { 0 }, end: End::Return(0) };
        let manner = Manner {
            init: (self.place == Place::Init).then(|| body(Place::Init)),
            start: body(Place::Start),
            on_event: Some(body(Place::OnEvent)),
        };
        let call = |number: u8| match number == at {
            true => Call { meanwhile: Vec::new(), answer: self.answer },
            false => Call::reply(number.saturating_add(1)),
        };
        let calls: Vec<_> = (0..self.calls).map(call).collect();
        let hosted =
            |ask, place| Act { on: 0, ask, calls: if self.place == place { calls.clone() } else { Vec::new() } };
        let mut acts =
            vec![hosted(Ask::Init, Place::Init), Act::plain(0, Ask::Start), hosted(Ask::Run(None), Place::Start)];
        acts.extend([Act::plain(0, Ask::Event), hosted(Ask::Run(None), Place::OnEvent)]);
        if self.place == Place::Outside {
            acts.extend((0..self.calls).map(|number| Act {
                on: 0,
                ask: Ask::Emit(number.saturating_add(1)),
                calls: vec![call(number)],
            }));
        }
        acts.extend([Act::plain(0, Ask::Run(None)), Act::plain(0, Ask::Terminate)]);
        let parts = vec![Part { name: "a", manner, is_narrow: false }];
        Play { parts, acts, watch: Watch { states: true, events: false } }
    }
}

/// At every call the calls before it come, itself, and none after it; from outside the instance is unharmed, and all come.
pub(super) fn ends_there(model: &Model, asked: &Asked<'_, '_, '_, '_>, input: &Input) -> Result<(), Broken> {
    for at in 0..input.calls {
        let play = input.play(at);
        let difference = Model::differs(&model.foretell(&play), &perform(asked, &play)?);
        holds(difference.is_none(), || {
            let number = at.saturating_add(1);
            format!("with the error at call {number} of {}: {}", input.calls, difference.unwrap_or_default())
        })?;
    }
    Ok(())
}
