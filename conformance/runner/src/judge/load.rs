//! `loader.load`, and what must hold of every loaded object: its normal form, its bodies, the bytes that it serialises to, its events.

use fayger_cases::{ExpectedError, ExpectedObject, Gets, Read, Source};
use fayger_fcp::{
    Artifact, FaygerError, LoadOk, LoadParams, ReadSectionOk, ReadSectionParams, Reader, SerialiseParams, features,
};

use super::events::compare_events;
use super::sources::{compare_load, compare_reads, placed};
use super::{Dialogue, Stop, errors};
use crate::outcome::Difference;
use crate::played::Played;

pub(super) fn load(
    dialogue: &mut Dialogue<'_, '_, '_>,
    params: &LoadParams,
    source: Option<&Source>,
    (expected, cause): (&Result<Box<ExpectedObject>, ExpectedError>, Option<&ExpectedError>),
) -> Result<Vec<Difference>, Stop> {
    dialogue.session.play(source.cloned().map(Played::new));
    let got: Result<LoadOk, FaygerError> = dialogue.call("loader.load", params)?;
    let failed = dialogue.failed();
    let placed = match (expected, &got) {
        (Err(expected), Err(got)) => &Err(placed(expected, &failed, got)),
        _ => expected,
    };
    let mut differences = dialogue.compare_results(placed, &got, |expected, got| compare_normal_forms(expected, got));
    if let (Some(cause), Err(got)) = (cause, &got)
        && let Some(found) = got.cause.as_deref()
    {
        let found = errors::compare(cause, dialogue.keys, found);
        differences.extend(found.into_iter().map(|it| Difference { what: format!("cause/{}", it.what), ..it }));
    }
    let reads = dialogue.take_reads();
    differences.extend(source.iter().flat_map(|source| compare_load(source, &reads)));
    if let Some(played) = dialogue.session.source() {
        played.loaded();
    }
    // What differs already is not lost to a later call that is refused or skipped.
    if let (Ok(expected), Ok(got), true) = (expected, &got, differences.is_empty()) {
        differences.extend(compare_events(dialogue, expected.events.as_deref())?);
        for read in &expected.reads {
            differences.extend(compare_read(dialogue, expected, &got.object, read)?);
            let (reads, what) = (dialogue.take_reads(), format!("read of section {}", read.section));
            differences.extend(source.iter().flat_map(|source| compare_reads(&what, source, &read.source, &reads)));
        }
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

/// One body, as one reader gets it.
fn compare_read(
    dialogue: &mut Dialogue<'_, '_, '_>,
    expected: &ExpectedObject,
    object: &str,
    read: &Read,
) -> Result<Vec<Difference>, Stop> {
    let Read { section, reader, gets, .. } = read;
    let wanted = match gets {
        Gets::Err(error) => Err(error),
        Gets::Nothing => Ok(None),
        Gets::Body => {
            let rows = &expected.normal_form.sections;
            let position = rows.iter().position(|row| row.section_id == *section);
            Ok(position.and_then(|position| expected.bodies.get(position)).map(Vec::as_slice))
        }
    };
    let params = ReadSectionParams { object: object.to_owned(), section_id: *section, reader: *reader };
    let got: Result<ReadSectionOk, FaygerError> = dialogue.call("loader.read_section", &params)?;
    let what = match reader {
        Reader::Runtime => format!("body of section {section}"),
        Reader::Instance => format!("body of section {section} for the instance"),
        Reader::Application => format!("body of section {section} for the application"),
    };
    Ok(match (wanted, got) {
        (Ok(Some(body)), Ok(ReadSectionOk { bytes: Some(got) })) => {
            Difference::bytes(&what, body, &got.0).into_iter().collect()
        }
        (Ok(None), Ok(ReadSectionOk { bytes: None })) => Vec::new(),
        (Err(expected), Err(got)) => errors::compare(&placed(expected, &dialogue.failed(), &got), dialogue.keys, &got),
        (wanted, got) => {
            let word = |present: bool| if present { "bytes" } else { "null" };
            let wanted = wanted.map_or_else(|error| error.code.as_str(), |body| word(body.is_some()));
            let got = got.map_or_else(|error| error.code, |got| word(got.bytes.is_some()).to_owned());
            vec![Difference::new(what, wanted, got)]
        }
    })
}

/// Every selected body is as built, but for those that were found bad; a section that is not selected, or does not exist, has none.
fn compare_bodies(
    dialogue: &mut Dialogue<'_, '_, '_>,
    expected: &ExpectedObject,
    object: &str,
) -> Result<Vec<Difference>, Stop> {
    let mut differences = Vec::new();
    let mut read = |section: u32, gets: Gets| -> Result<(), Stop> {
        let read = Read { section, reader: Reader::Runtime, gets, source: Vec::new() };
        differences.extend(compare_read(dialogue, expected, object, &read)?);
        Ok(())
    };
    let is_bad = |id: u32| expected.reads.iter().any(|read| read.section == id && matches!(read.gets, Gets::Err(_)));
    let rows = &expected.normal_form.sections;
    for row in rows.iter().filter(|row| !is_bad(row.section_id)) {
        read(row.section_id, if row.selected { Gets::Body } else { Gets::Nothing })?;
    }
    let absent = rows.last().map_or(Some(0), |row| row.section_id.checked_add(1));
    if let Some(absent) = absent {
        read(absent, Gets::Nothing)?;
    }
    Ok(differences)
}
