//! Where the fuzzers begin: the suite's own inputs.

use fayger_cases::{Action, Suite, SuiteError};

/// The names of the fuzz targets.
pub const TARGETS: [&str; 4] = ["artifact", "bus", "cbor", "instruction"];

/// The inputs of the suite's cases that suit `target`, by case id; none for a target of another name.
///
/// # Errors
/// Where the built-in suite cannot be read.
pub fn seeds(target: &str) -> Result<Vec<(String, Vec<u8>)>, SuiteError> {
    let suite = Suite::embedded()?;
    let seed = |case: &fayger_cases::Case| {
        let bytes = match (target, &case.action) {
            ("cbor", Action::Decode(decode)) => decode.bytes.clone(),
            // A recipe that does not expand is for `cargo xtask vectors --check` to say.
            ("artifact", Action::Load(_)) => suite.artifact(case).ok()??.bytes,
            ("instruction", Action::Exchange(exchange)) if exchange.request.method != "bus.emit" => {
                exchange.request.bytes()?
            }
            ("bus", Action::Exchange(exchange)) if exchange.request.method == "bus.emit" => {
                let reply = exchange.request.host_reply().unwrap_or_default();
                crate::bus_seed(&exchange.request.bytes()?, &reply)
            }
            _ => return None,
        };
        Some((case.id.clone(), bytes))
    };
    Ok(suite.cases().filter_map(seed).collect())
}
