//! `fayger verify`: the loading chain, a line a phase, and what stopped it.

use std::fmt::Write as _;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context;
use fayger_contracts::{
    BufObject, Event, FaygerError, InterfaceVersion, LoadStrategy, Observer, Phase, RuntimeOffer, SignatureStatus,
};
use fayger_loader::{FileSource, LoadRequest, LoadedBuf, load};

use crate::load::LoadArguments;
use crate::output;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The artifact.
    file: PathBuf,
    #[command(flatten)]
    load: LoadArguments,
    /// The Runtime_Interface to verify for.
    #[arg(long, default_value = "1.0.0", value_parser = InterfaceVersion::parse)]
    runtime_interface: InterfaceVersion,
    /// A capability of the runtime; may be given more than once.
    #[arg(long, value_name = "NAME")]
    runtime_capability: Vec<String>,
    /// A code format that the runtime executes; may be given more than once.
    #[arg(long, value_name = "NAME", default_value = "wasm-core-2")]
    format: Vec<String>,
    /// Leave bodies that the profile does not select unread.
    #[arg(long)]
    selected_only: bool,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<String> {
    let file = &arguments.file;
    let source = FileSource::open(file).with_context(|| format!("cannot open `{}`", file.display()))?;
    let notes = Notes::default();
    let loaded = load(Arc::new(source), &request(arguments)?, &notes);
    let verdict = loaded.and_then(|object| {
        if !arguments.selected_only {
            // Writing the object out reads and verifies every body that is not in memory yet.
            object.serialise(&mut io::sink())?;
        }
        Ok(object)
    });
    match verdict {
        Ok(object) => Ok(accepted(&object, &notes, arguments)),
        Err(error) => {
            output::complain(&phases(Some(&error)));
            Err(anyhow::Error::new(error).context(format!("`{}` is refused", file.display())))
        }
    }
}

fn request(arguments: &Arguments) -> anyhow::Result<LoadRequest> {
    let offer = RuntimeOffer {
        runtime_interface: arguments.runtime_interface,
        runtime_capabilities: arguments.runtime_capability.clone(),
        formats: arguments.format.clone(),
    };
    arguments.load.request(LoadStrategy::Eager, offer)
}

fn accepted(object: &LoadedBuf, notes: &Notes, arguments: &Arguments) -> String {
    let manifest = object.manifest();
    let mut text = phases(None);
    // Writing to a string cannot fail.
    let _ = writeln!(text, "\n{} {}", manifest.id, manifest.version);
    for entry in object.sections() {
        let state = match (object.is_selected(entry.section_id), arguments.selected_only) {
            (true, _) => "selected, verified",
            (false, false) => "not selected, verified",
            (false, true) => "not selected, not read",
        };
        let _ = writeln!(text, "  section {:<10} {:>12} bytes  {state}", entry.section_id, entry.length);
    }
    let _ = match object.signature() {
        SignatureStatus::Absent => writeln!(text, "signature  none: anyone may have written this"),
        SignatureStatus::Verified { algorithm, key_id } => {
            writeln!(text, "signature  {algorithm}, verified with trusted key {key_id}")
        }
    };
    for event in notes.0.lock().unwrap_or_else(PoisonError::into_inner).iter() {
        if let Event::ArtifactDeprecated { notice, .. } = event {
            let _ = writeln!(text, "deprecated {}", notice.escape_debug());
        }
    }
    text
}

/// A line a phase, up to the one that failed.
fn phases(failure: Option<&FaygerError>) -> String {
    let mut text = String::new();
    for phase in Phase::ALL {
        // Writing to a string cannot fail.
        let _ = write!(text, "{:<18}", phase.name());
        match failure {
            Some(error) if error.phase == Some(phase) => {
                text.push_str("FAILED\n");
                break;
            }
            _ => text.push_str("ok\n"),
        }
    }
    text
}

#[derive(Default)]
struct Notes(Mutex<Vec<Event>>);

impl Observer for Notes {
    fn observe(&self, event: Event) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(event);
    }
}
