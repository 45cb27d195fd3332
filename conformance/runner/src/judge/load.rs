//! `loader.load`, and what must hold of every loaded object: its normal form, its bodies, the bytes that it serialises to, its events.

use fayger_cases::{ExpectedError, ExpectedObject};
use fayger_fcp::{
    Artifact, Empty, Event, EventsDrainOk, FaygerError, LoadOk, LoadParams, ReadSectionOk, ReadSectionParams,
    SerialiseParams, features,
};

use super::{Dialogue, Stop};
use crate::outcome::Difference;

pub(super) fn load(
    dialogue: &mut Dialogue<'_, '_, '_>,
    params: &LoadParams,
    expected: &Result<Box<ExpectedObject>, ExpectedError>,
) -> Result<Vec<Difference>, Stop> {
    let got: Result<LoadOk, FaygerError> = dialogue.call("loader.load", params)?;
    let mut differences = dialogue.compare_results(expected, &got, |expected, got| compare_normal_forms(expected, got));
    // What differs already is not lost to a later call that is refused or skipped.
    if let (Ok(expected), Ok(got), true) = (expected, &got, differences.is_empty()) {
        differences.extend(compare_events(dialogue, expected)?);
        differences.extend(compare_bodies(dialogue, expected, &got.object)?);
        if let Some(bytes) = expected.artifact.as_ref().filter(|_| dialogue.declares(features::SERIALIZER)) {
            let artifact: Artifact =
                dialogue.call_ok("serializer.serialize", &SerialiseParams { object: got.object.clone() })?;
            differences.extend(Difference::bytes("serialised artifact", bytes, &artifact.bytes.0));
        }
    }
    Ok(differences)
}

fn compare_normal_forms(expected: &ExpectedObject, got: &LoadOk) -> Vec<Difference> {
    let expected = &expected.normal_form;
    let mut differences = Vec::new();
    if expected.format_version != got.format_version {
        differences.push(Difference::new("format_version", expected.format_version, got.format_version));
    }
    if expected.flags != got.flags {
        differences.push(Difference::new("flags", expected.flags, got.flags));
    }
    differences.extend(Difference::value("manifest", &expected.manifest, &got.manifest));
    if expected.sections.len() != got.sections.len() {
        differences.push(Difference::new("number of sections", expected.sections.len(), got.sections.len()));
    }
    for (row, (expected, got)) in expected.sections.iter().zip(&got.sections).enumerate() {
        if expected != got {
            differences.push(Difference::new(format!("sections/{row}"), expected, got));
        }
    }
    if expected.signature != got.signature {
        differences.push(Difference::new("signature", &expected.signature, &got.signature));
    }
    differences
}

/// Every selected body is as built; a section that is not selected, or does not exist, has none.
fn compare_bodies(
    dialogue: &mut Dialogue<'_, '_, '_>,
    expected: &ExpectedObject,
    object: &str,
) -> Result<Vec<Difference>, Stop> {
    let mut differences = Vec::new();
    let mut read = |section_id: u32, body: Option<&[u8]>| -> Result<(), Stop> {
        let got: ReadSectionOk =
            dialogue.call_ok("loader.read_section", &ReadSectionParams { object: object.to_owned(), section_id })?;
        match (body, got.bytes) {
            (Some(body), Some(got)) => {
                differences.extend(Difference::bytes(&format!("body of section {section_id}"), body, &got.0))
            }
            (None, None) => {}
            (body, got) => {
                let word = |present: bool| if present { "bytes" } else { "null" };
                let what = format!("body of section {section_id}");
                differences.push(Difference::new(what, word(body.is_some()), word(got.is_some())));
            }
        }
        Ok(())
    };
    let rows = &expected.normal_form.sections;
    for (row, body) in rows.iter().zip(&expected.bodies) {
        read(row.section_id, row.selected.then_some(body.as_slice()))?;
    }
    let absent = rows.last().map_or(Some(0), |row| row.section_id.checked_add(1));
    if let Some(absent) = absent {
        read(absent, None)?;
    }
    Ok(differences)
}

fn compare_events(dialogue: &mut Dialogue<'_, '_, '_>, expected: &ExpectedObject) -> Result<Vec<Difference>, Stop> {
    compare_drained(dialogue, expected.events.as_ref())
}

/// The events since the last reset, where the case fixes them and the testee can show them.
pub(super) fn compare_drained(
    dialogue: &mut Dialogue<'_, '_, '_>,
    expected: Option<&Vec<Event>>,
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
    for (expected, got) in expected.iter().zip(&got.events) {
        for (key, value) in &expected.context {
            let found = got.context.get(key);
            if found != Some(value) {
                differences.push(Difference::new(format!("events/{}/{key}", expected.name), value, found));
            }
        }
    }
    Ok(differences)
}
