//! Where the fuzzers begin: the suite's own inputs.

use arbitrary::{Arbitrary, Unstructured};
use fayger_cases::{Action, Suite, SuiteError};

use crate::{
    DraftInput, artifact, bus, bus_seed, cbor, draft, header, index, instruction, interpreter, manifest, repaired,
};

/// The names of the fuzz targets.
pub const TARGETS: [&str; 10] =
    ["artifact", "bus", "cbor", "draft", "header", "index", "instruction", "interpreter", "manifest", "repaired"];

/// What a target runs, over bytes; `draft` takes what `arbitrary` makes of them. `None` for a target of another name.
pub fn body(target: &str) -> Option<fn(&[u8])> {
    Some(match target {
        "artifact" => artifact,
        "bus" => bus,
        "cbor" => cbor,
        "draft" => |data| {
            if let Ok(input) = DraftInput::arbitrary(&mut Unstructured::new(data)) {
                draft(&input);
            }
        },
        "header" => header,
        "index" => index,
        "instruction" => instruction,
        "interpreter" => interpreter,
        "manifest" => manifest,
        "repaired" => repaired,
        _ => return None,
    })
}

/// The inputs of the suite's cases that suit `target`, by case id. `draft` has its own notion of an input, and begins from nothing.
///
/// # Errors
/// Where the built-in suite cannot be read.
pub fn seeds(target: &str) -> Result<Vec<(String, Vec<u8>)>, SuiteError> {
    if target == "interpreter" {
        return Ok(modules());
    }
    let suite = Suite::embedded()?;
    let seed = |case: &fayger_cases::Case| {
        let bytes = match &case.action {
            Action::Decode(decode) if target == "cbor" => decode.bytes.clone(),
            // A recipe that does not expand is for `cargo xtask vectors --check` to say.
            Action::Load(_) => part(target, suite.artifact(case).ok()??.bytes)?,
            Action::Exchange(exchange) => match (target, exchange.request.method) {
                ("bus", "bus.emit") => {
                    bus_seed(&exchange.request.bytes()?, &exchange.request.host_reply().unwrap_or_default())
                }
                ("bus", _) | (_, "bus.emit") => return None,
                ("instruction", _) => exchange.request.bytes()?,
                _ => return None,
            },
            _ => return None,
        };
        Some((case.id.clone(), bytes))
    };
    Ok(suite.cases().filter_map(seed).collect())
}

/// Modules that have something of each chapter, for the fuzzer to change.
fn modules() -> Vec<(String, Vec<u8>)> {
    let texts = [
        ("empty", "(module)"),
        ("control", include_str!("../seeds/control.wat")),
        ("numeric", include_str!("../seeds/numeric.wat")),
        ("storage", include_str!("../seeds/storage.wat")),
    ];
    texts.iter().filter_map(|(name, text)| Some(((*name).to_owned(), wat::parse_str(text).ok()?))).collect()
}

/// The part of an artifact that a target takes.
fn part(target: &str, bytes: Vec<u8>) -> Option<Vec<u8>> {
    let field = |at: usize| {
        let field = bytes.get(at..at.checked_add(8)?)?.try_into().ok()?;
        usize::try_from(u64::from_le_bytes(field)).ok()
    };
    let range = match target {
        "artifact" | "repaired" => return Some(bytes),
        "header" => 0..48,
        "manifest" => 48..field(24)?.checked_add(48)?,
        "index" => field(32)?..field(32)?.checked_add(field(40)?)?,
        _ => return None,
    };
    bytes.get(range).map(<[u8]>::to_vec)
}
