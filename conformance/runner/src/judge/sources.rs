//! What was read of the source that the runner plays, and where an error says that a read failed.

use std::ops::Range;

use fayger_cases::{Bound, ExpectedError, OF_THE_READ, Source};
use fayger_fcp::{ContextValue, FaygerError};
use serde_json::json;

use crate::outcome::Difference;

/// Holds the reads of one request against the bounds on them.
pub(super) fn compare_reads(what: &str, source: &Source, bounds: &[Bound], reads: &[Range<u64>]) -> Vec<Difference> {
    let mut differences = Vec::new();
    for Bound { least, most, of } in bounds {
        let counts = |read: &&Range<u64>| of.is_empty() || of.iter().any(|part| source.touches(read, part));
        let counted: Vec<_> = reads.iter().filter(counts).collect();
        if counted.len() < *least || most.is_some_and(|most| counted.len() > most) {
            let parts = if of.is_empty() { "the source".to_owned() } else { of.join(", ") };
            let what = format!("{what}: reads of {parts}");
            differences.push(Difference::new(what, json!({ "least": least, "most": most }), counted));
        }
    }
    differences
}

/// Holds the reads of `loader.load` against what they have to be.
pub(super) fn compare_load(source: &Source, reads: &[Range<u64>]) -> Vec<Difference> {
    let mut differences = compare_reads("loader.load", source, &source.load, reads);
    if source.once
        && let Some(offset) = source.twice(reads)
    {
        let what = format!("loader.load: reads of the byte at {offset}, which is of no body");
        differences.push(Difference::new(what, 1, reads));
    }
    differences
}

/// The error with the offset that it has to have: of the reads that failed the one that was told, else the last.
pub(super) fn placed(expected: &ExpectedError, failed: &[u64], got: &FaygerError) -> ExpectedError {
    let mut expected = expected.clone();
    if let Some(offset) = expected.context.get_mut("offset")
        && *offset == ContextValue::Text(OF_THE_READ.to_owned())
    {
        let told = got.context.get("offset");
        let texts = failed.iter().map(|offset| ContextValue::Text(offset.to_string()));
        let mut last = None;
        for text in texts {
            let is_told = told == Some(&text);
            last = Some(text);
            if is_told {
                break;
            }
        }
        *offset = last.unwrap_or_else(|| ContextValue::Text("none: no read has failed".to_owned()));
    }
    expected
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use fayger_fcp::SourceLayer;

    use super::*;

    fn offset(failed: &[u64], told: &str) -> ContextValue {
        let expected = ExpectedError {
            code: "LDR_IO".into(),
            phase: None,
            layers: vec![SourceLayer::Loader],
            context: BTreeMap::from([("offset".into(), OF_THE_READ.into())]),
        };
        let got = json!({ "code": "LDR_IO", "source_layer": "loader", "message": "", "context": { "offset": told } });
        placed(&expected, failed, &serde_json::from_value(got).unwrap()).context.remove("offset").unwrap()
    }

    #[test]
    fn an_offset_is_that_of_a_read_that_failed() {
        assert_eq!(offset(&[3, 7, 9], "7"), "7".into());
        assert_eq!(offset(&[3, 7, 9], "8"), "9".into());
        assert_ne!(offset(&[], "8"), "8".into());
    }
}
