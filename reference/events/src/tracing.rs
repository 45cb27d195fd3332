//! The bridge to the `tracing` crate.

use fayger_contracts::Event;
use tracing::Level;

use crate::record::Record;

/// Passes records on, each as an event of target `fayger` with the name of the event as its message. A subscriber may take its time, so this is
/// called by a listener and never by a layer.
pub fn forward(records: impl IntoIterator<Item = Record>) {
    for record in records {
        let Record { sequence, at, trace, event } = &record;
        let (name, millis) = (event.name(), at.millis());
        let instance = event.instance().map(tracing::field::display);
        let trace = trace.as_ref().map(tracing::field::display);
        let context = context(event);
        macro_rules! tell {
            ($level:expr) => {
                tracing::event!(target: "fayger", $level, sequence, millis, trace, instance, context, "{name}")
            };
        }
        // The level of an event is fixed where it is written.
        match event {
            Event::InstanceFailed { .. } => tell!(Level::ERROR),
            Event::ArtifactDeprecated { .. }
            | Event::InstructionInvisible { .. }
            | Event::EventDropped { .. }
            | Event::ResourceThreshold { .. }
            | Event::ResourceExhausted { .. } => tell!(Level::WARN),
            Event::InstanceStateChanged { .. } => tell!(Level::DEBUG),
            _ => tell!(Level::INFO),
        }
    }
}

/// `key value, …`.
fn context(event: &Event) -> String {
    let fields = event.fields();
    fields.iter().map(|(key, value)| format!("{key} {value}")).collect::<Vec<_>>().join(", ")
}
