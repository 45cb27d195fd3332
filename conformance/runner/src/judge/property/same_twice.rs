//! One play gives one trace: after a reset, after a play that went wrong, and in a fresh process.

use super::play::{Act, Answer, Ask, Body, Call, End, Line, Manner, Part, Play, Watch, perform};
use super::{Asked, Broken, holds};

/// A play after which things are left as they should not be: one instance failed with events in its queue, one is suspended within a call, one has
/// exited, and nothing is tidied up.
fn gone_wrong() -> Play {
    let body = |calls, end| Body { calls, end };
    let manner = |end| Manner { init: None, start: body(2, End::Return(0)), on_event: Some(body(1, end)) };
    let part = |name, end| Part { name, manner: manner(end), is_narrow: true };
    let parts = vec![part("a", End::Trap), part("b", End::Loop), part("c", End::Exit(9))];
    let mut acts = Vec::new();
    for on in 0..3 {
        acts.extend([Ask::Init, Ask::Event, Ask::LastEvent, Ask::Event, Ask::Start].map(|ask| Act::plain(on, ask)));
    }
    let suspended = Call { meanwhile: vec![(1, Ask::Suspend), (0, Ask::BadEvent)], answer: Answer::Reply(5) };
    acts.push(Act { on: 1, ask: Ask::Run(None), calls: vec![suspended] });
    acts.push(Act::plain(0, Ask::Run(None)));
    acts.push(Act::plain(2, Ask::Run(Some(3))));
    acts.push(Act { on: 2, ask: Ask::Emit(3), calls: vec![Call { meanwhile: Vec::new(), answer: Answer::Panic }] });
    Play { parts, acts, watch: Watch { states: true, events: true } }
}

/// The lines are the same however often the play is performed, and wherever.
pub(super) fn is_the_same(asked: &Asked<'_, '_, '_, '_>, play: &Play) -> Result<(), Broken> {
    let play = Play { watch: Watch { states: true, events: true }, ..play.clone() };
    let first = perform(asked, &play)?;
    same(&first, &perform(asked, &play)?, "after a reset")?;
    perform(asked, &gone_wrong())?;
    same(&first, &perform(asked, &play)?, "after a play that went wrong")?;
    same(&first, &asked.elsewhere(|there| perform(there, &play))?, "in a fresh process")
}

fn same(first: &[Line], other: &[Line], when: &str) -> Result<(), Broken> {
    let at = first.iter().zip(other).take_while(|(left, right)| left == right).count();
    holds(first == other, || {
        let line = |lines: &[Line]| match lines.get(at) {
            Some(Line { act, of, text, .. }) => format!("act {act}: `{of}` {text}"),
            None => "nothing more".to_owned(),
        };
        format!("{when}: {}, where at first it was {}", line(other), line(first))
    })
}
