//! The lifecycle against the model, in plays of any commands, runs, events and emits from outside.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::model::Model;
use super::play::{Act, Answer, Ask, Body, Call, End, Manner, NOBODY, Part, Play, Watch, perform};
use super::{Asked, Broken, holds};

/// The names of the parts.
const NAMES: [&str; 3] = ["a", "b", "c"];

/// One to three instances and up to 24 acts. Each instance may be made ready or let run first, so that plays are seldom nothing but refusals.
pub(super) fn play() -> impl Strategy<Value = Play> {
    (vec((manner(), 0..3_u8), 1..=3), vec(act(), 0..24)).prop_map(|(parts, acts)| {
        let ready = (0_u8..).zip(&parts).flat_map(|(on, (_, ready))| {
            [Ask::Init, Ask::Start].into_iter().take(usize::from(*ready)).map(move |ask| Act::plain(on, ask))
        });
        let acts = ready.chain(acts).collect();
        let part = |((manner, _), name)| Part { name, manner, is_narrow: false };
        let parts = parts.into_iter().zip(NAMES).map(part).collect();
        Play { parts, acts, watch: Watch { states: true, events: false } }
    })
}

fn manner() -> impl Strategy<Value = Manner> {
    (option::weighted(0.4, body()), body(), option::weighted(0.8, body())).prop_map(|(init, start, on_event)| Manner {
        init,
        start,
        on_event,
    })
}

fn body() -> impl Strategy<Value = Body> {
    let end = prop_oneof![
        6 => Just(End::Return(0)),
        1 => (-3..4_i8).prop_map(End::Return),
        1 => Just(End::Reply),
        1 => Just(End::Trap),
        1 => (0..4_u8).prop_map(End::Exit),
    ];
    (0..3_u8, end).prop_map(|(calls, end)| Body { calls, end })
}

fn act() -> impl Strategy<Value = Act> {
    let ask = prop_oneof![
        2 => Just(Ask::Init),
        2 => Just(Ask::Start),
        2 => Just(Ask::Emit(9)),
        6 => option::weighted(0.3, 1..4_u8).prop_map(Ask::Run),
        6 => small_ask(),
    ];
    (on(), ask, vec(call(), 0..4)).prop_map(|(on, ask, calls)| {
        // A run is no method of Runtime_Interface, and what it says of nobody is not fixed.
        let on = if matches!(ask, Ask::Run(_)) && on == NOBODY { 0 } else { on };
        Act { on, ask, calls }
    })
}

fn on() -> impl Strategy<Value = u8> {
    prop_oneof![20 => 0..3_u8, 1 => Just(NOBODY)]
}

/// What may be asked within a host call.
fn small_ask() -> impl Strategy<Value = Ask> {
    prop_oneof![
        3 => Just(Ask::Suspend),
        4 => Just(Ask::Resume),
        1 => Just(Ask::Terminate),
        1 => Just(Ask::State),
        1 => Just(Ask::FailureInfo),
        4 => Just(Ask::Event),
        1 => Just(Ask::LastEvent),
        1 => Just(Ask::BadEvent),
    ]
}

fn call() -> impl Strategy<Value = Call> {
    let answer = prop_oneof![
        12 => (1..200_u8).prop_map(Answer::Reply),
        1 => option::of(any::<i8>()).prop_map(Answer::Native),
        1 => Just(Answer::Panic),
        1 => Just(Answer::Breach),
    ];
    (vec((on(), small_ask()), 0..3), answer).prop_map(|(meanwhile, answer)| Call { meanwhile, answer })
}

/// Each answer, state and failure is what the model says, and each instance that ended is released once.
pub(super) fn as_the_model_says(model: &Model, asked: &Asked<'_, '_, '_, '_>, play: &Play) -> Result<(), Broken> {
    let lines = perform(asked, play)?;
    let difference = Model::differs(&model.foretell(play), &lines);
    holds(difference.is_none(), || difference.unwrap_or_default())
}
