//! The events that a case fixes, held against those that the testee shows.

use fayger_fcp::{ContextValue, Empty, Event, EventsDrainOk, features};

use super::{Dialogue, Stop};
use crate::outcome::Difference;

/// The events since the case began, or the last drain, where the case fixes them and the testee declares to show them.
pub(super) fn compare_events(
    dialogue: &mut Dialogue<'_, '_, '_>,
    expected: Option<&[Event]>,
) -> Result<Vec<Difference>, Stop> {
    let Some(expected) = expected.filter(|_| dialogue.declares(features::EVENTS)) else {
        return Ok(Vec::new());
    };
    let got: EventsDrainOk = dialogue.call_ok("events.drain", &Empty {})?;
    let names = |events: &[Event]| events.iter().map(|event| event.name.clone()).collect::<Vec<_>>();
    if names(expected) != names(&got.events) {
        return Ok(vec![Difference::new("events", names(expected), names(&got.events))]);
    }
    let mut differences = Vec::new();
    let absent = dialogue.absent_in_events.iter().map(Vec::as_slice).chain(std::iter::repeat(&[][..]));
    for ((expected, got), absent) in expected.iter().zip(&got.events).zip(absent) {
        if expected.instance.is_some() && expected.instance != got.instance {
            let what = format!("events/{}: instance", expected.name);
            differences.push(Difference::new(what, &expected.instance, &got.instance));
        }
        for key in absent {
            if let Some(found) = got.context.get(key) {
                differences.push(Difference::new(
                    format!("events/{}/{key}", expected.name),
                    None::<ContextValue>,
                    found,
                ));
            }
        }
        for (key, value) in &expected.context {
            let found = got.context.get(key);
            if found != Some(value) {
                differences.push(Difference::new(format!("events/{}/{key}", expected.name), value, found));
            }
        }
    }
    Ok(differences)
}
