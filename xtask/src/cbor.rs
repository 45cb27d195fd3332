//! `cbor`: all that is encoded is deterministic. Three judges: our own reader, our own writer given the same value in another order, and an
//! unrelated library.
//!
//! Judged are Manifest and Section_Index of every recipe and of every accepted artifact, the items that `cbor.decode` accepts, and what the
//! reference writes of all these. With files, [`judge_files`] is the validator of Manifests that the roadmap asks for (8.8).

mod files;
mod judges;

use anyhow::{Result, anyhow, bail};
use fayger_cases::{Prepared, Suite};
use fayger_fcp::{Answer, Base64, Given, LoadParams, Outcome as Answered, SerialiseParams, Testee as _};
use fayger_forge::{Artifact, Changes, PartName, expand};
use fayger_testee::Reference;

pub(crate) use files::judge_files;

use crate::project::Outcome;

pub(crate) fn run() -> Result<Outcome> {
    let suite = Suite::embedded()?;
    let mut judged = Judged::default();
    for (name, recipe) in suite.recipes() {
        let artifact = expand(recipe, &Changes::default()).map_err(|error| anyhow!("recipe `{name}`: {error}"))?;
        judged.parts(&format!("recipe `{name}`"), &artifact);
    }
    for case in suite.cases() {
        let name = format!("case `{}`", case.id);
        let prepared = suite.prepare(case).map_err(|problem| anyhow!("{problem}"))?;
        let mut reference = Reference::default();
        match prepared {
            Prepared::Decode { bytes, expected: Ok(_) } => judged.item(&name, &bytes),
            Prepared::Encode { expected: Ok(bytes), .. } => judged.item(&name, &bytes),
            Prepared::Load { params, source, expected: Ok(_), .. } => {
                // What comes over a source is given here as it is.
                let bytes = match (&params.artifact, source.and_then(|source| source.whole())) {
                    (Given::Bytes { bytes }, _) => bytes.0.clone(),
                    (Given::Source { .. }, Some(bytes)) => bytes,
                    (Given::Source { .. }, None) => continue,
                };
                judged.file(&name, &bytes);
                let params = LoadParams { artifact: Given::Bytes { bytes: Base64(bytes) }, ..*params };
                let object = taken(&name, reference.loader_load(params))?.object;
                match reference.serializer_serialize(SerialiseParams { object }) {
                    Ok(Answered::Ok(written)) => {
                        judged.file(&format!("what the serialiser writes of {name}"), &written.bytes.0);
                    }
                    // A body that is not selected may be damaged; nothing else may go wrong.
                    Ok(Answered::Err(error)) if error.code == "LDR_DIGEST_MISMATCH" => {}
                    other => anyhow::bail!("{name} cannot be written: {other:?}"),
                }
            }
            Prepared::Build { params, expected: Ok(bytes), .. } => {
                judged.file(&name, &bytes);
                let written = taken(&name, reference.serializer_build(*params))?;
                judged.file(&format!("what the serialiser builds of {name}"), &written.bytes.0);
            }
            Prepared::Decode { .. } | Prepared::Encode { .. } | Prepared::Load { .. } | Prepared::Build { .. } => {}
            // No CBOR is exchanged.
            Prepared::Trust { .. } | Prepared::Exchange { .. } | Prepared::Scenario(_) | Prepared::Property(_) => {}
        }
    }
    if judged.count == 0 {
        bail!("there is nothing to judge");
    }
    Ok(Outcome::of(judged.problems, format!("{} encodings are deterministic CBOR", judged.count)))
}

/// What the reference answers where the suite says that it accepts.
fn taken<T: std::fmt::Debug>(name: &str, answer: Answer<T>) -> Result<T> {
    match answer {
        Ok(Answered::Ok(ok)) => Ok(ok),
        other => bail!("{name}: the reference does not accept it: {other:?}"),
    }
}

#[derive(Default)]
struct Judged {
    count: usize,
    problems: Vec<String>,
}

impl Judged {
    fn item(&mut self, name: &str, bytes: &[u8]) {
        self.count = self.count.saturating_add(1);
        self.problems.extend(judges::judge(bytes, 0).into_iter().map(|problem| format!("{name}: {problem}")));
    }

    fn parts(&mut self, name: &str, artifact: &Artifact) {
        for part in &artifact.parts {
            if matches!(part.name, PartName::Manifest | PartName::Index) {
                let bytes = artifact.bytes.get(part.span.clone()).unwrap_or_default();
                self.item(&format!("{} of {name}", part.name), bytes);
            }
        }
    }

    fn file(&mut self, name: &str, bytes: &[u8]) {
        match files::cbor_parts(bytes) {
            Ok(parts) => parts.iter().for_each(|part| self.item(&format!("{} of {name}", part.name), part.bytes)),
            Err(problem) => self.problems.push(format!("{name}: {problem}")),
        }
    }
}
