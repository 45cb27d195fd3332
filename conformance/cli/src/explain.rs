//! `explain`: everything about one case, without running it.

use std::io::{self, Write};

use anyhow::{Result, anyhow};
use fayger_cases::{Case, Expect, ExpectedError, Gets, Prepared, PreparedStep, Read, Source, TrustCall};
use fayger_fcp::{CborValue, Event, Given, LoadParams};
use fayger_runner::abbreviate;
use serde::Serialize;

use crate::args;
use crate::hexdump::{write_bytes, write_parts};
use crate::output::Output;
use crate::suite::Suite;

pub(crate) fn explain(args: &args::Explain) -> Result<u8> {
    let suite = Suite::load()?;
    let case = suite.case(&args.id)?;
    let prepared = suite.cases().prepare(case).map_err(|problem| anyhow!("{problem}"))?;
    let mut out = Output::new();
    write_about(&mut out, &suite, case)?;
    writeln!(out, "\nsent")?;
    write_sent(&mut out, &prepared)?;
    if let Some(artifact) = suite.cases().artifact(case).map_err(|problem| anyhow!("{problem}"))? {
        writeln!(out)?;
        let bytes = match &prepared {
            Prepared::Load { params, .. } => params.artifact.bytes().unwrap_or(&artifact.bytes),
            _ => &artifact.bytes,
        };
        write_parts(&mut out, bytes, &artifact.parts)?;
    }
    writeln!(out, "\nexpected")?;
    write_expected(&mut out, case, &prepared)?;
    Ok(0)
}

fn write_about(out: &mut dyn Write, suite: &Suite, case: &Case) -> io::Result<()> {
    writeln!(out, "{} ({})", case.id, case.level.name())?;
    for clause in &case.clauses {
        writeln!(out, "  {clause}  {}", suite.clause_text(clause).unwrap_or_default())?;
    }
    writeln!(out, "\n{}", case.note.trim())?;
    for (name, values) in [("features", &case.features), ("hunts", &case.flags), ("presumes limits", &case.limits)] {
        if !values.is_empty() {
            writeln!(out, "{name}: {}", values.join(", "))?;
        }
    }
    match &case.nearest {
        Some(nearest) => writeln!(out, "nearest accepted: {nearest}"),
        None => Ok(()),
    }
}

fn write_sent(out: &mut dyn Write, prepared: &Prepared) -> io::Result<()> {
    match prepared {
        Prepared::Decode { bytes, .. } => {
            writeln!(out, "  cbor.decode of {} bytes", bytes.len())?;
            write_bytes(out, bytes, 0..bytes.len())
        }
        Prepared::Encode { value, .. } => writeln!(out, "  cbor.encode of {}", json(value)),
        Prepared::Load { params, source, .. } => write_load(out, params, source.as_deref()),
        Prepared::Build { params, payload, .. } => {
            if payload.is_some() {
                writeln!(out, "  serializer.signing_payload, then")?;
            }
            writeln!(out, "  serializer.build of {}", json(params))
        }
        Prepared::Trust { steps, .. } => steps.iter().try_for_each(|step| write_step(out, step)),
        Prepared::Scenario(scenario) => {
            write_load(out, &scenario.load, scenario.source.as_ref())?;
            for step in &scenario.steps {
                writeln!(out, "  {} of `{}` with {}", step.method, step.instance, json(&step.params))?;
            }
            Ok(())
        }
        Prepared::Property(property) => {
            writeln!(out, "  {} inputs made from seed {}, for the law `{}`", property.runs, property.seed, property.law)
        }
        Prepared::Exchange { exchange, .. } => {
            for request in exchange.before.iter().chain([&exchange.request]) {
                writeln!(out, "  {} of {}", request.method, json(&request.params))?;
            }
            Ok(())
        }
    }
}

fn write_step(out: &mut dyn Write, step: &PreparedStep) -> io::Result<()> {
    match &step.call {
        TrustCall::Add(params) => writeln!(out, "  trust.add of {}", json(params))?,
        TrustCall::Revoke(params) => writeln!(out, "  trust.revoke of {}", json(params))?,
        TrustCall::Remove(params) => writeln!(out, "  trust.remove of {}", json(params))?,
        TrustCall::List => writeln!(out, "  trust.list")?,
    }
    match &step.err {
        Some(error) => writeln!(out, "    which is refused as {} with {}", error.code, json(&error.context)),
        None => Ok(()),
    }
}

fn write_load(out: &mut dyn Write, params: &LoadParams, source: Option<&Source>) -> io::Result<()> {
    match (&params.artifact, source) {
        (Given::Bytes { bytes }, _) => writeln!(out, "  loader.load of {} bytes", bytes.0.len())?,
        (Given::Source { .. }, None) => writeln!(out, "  loader.load of a source")?,
        (Given::Source { size, .. }, Some(source)) => {
            let told = if size.is_some() { "tells" } else { "does not tell" };
            writeln!(out, "  loader.load of a source of {} bytes that {told} its size", source.size())?;
            for fault in &source.faults {
                let when = if fault.is_late { "once it is loaded, " } else { "" };
                writeln!(out, "  {when}a read of bytes {:?} gives {:?}", fault.span, fault.gives)?;
            }
        }
    }
    writeln!(out, "  strategy {}, mode {}", json(&params.strategy), json(&params.mode))?;
    match &params.profile {
        Some(profile) => writeln!(out, "  profile {}", json(profile))?,
        None => writeln!(out, "  the default profile")?,
    }
    for entry in &params.trust {
        writeln!(out, "  trusts {}", json(entry))?;
    }
    writeln!(out, "  offers {}", json(&params.offer))?;
    if let Some(id) = &params.expect_id {
        writeln!(out, "  expects id `{id}`")?;
    }
    if !params.limits.is_empty() {
        writeln!(out, "  limits {}", json(&params.limits))?;
    }
    Ok(())
}

fn write_expected(out: &mut dyn Write, case: &Case, prepared: &Prepared) -> io::Result<()> {
    if let Expect::Err(error) = &case.expect {
        write_error(out, error)?;
        return match prepared {
            Prepared::Exchange { exchange, .. } => exchange.cause.iter().try_for_each(|cause| write_error(out, cause)),
            Prepared::Load { cause, .. } => cause.iter().try_for_each(|cause| write_error(out, cause)),
            _ => Ok(()),
        };
    }
    match prepared {
        Prepared::Decode { expected: Ok(value), .. } => writeln!(out, "  the value {}", json::<CborValue>(value)),
        Prepared::Encode { expected: Ok(bytes), .. } => {
            writeln!(out, "  {} bytes", bytes.len())?;
            write_bytes(out, bytes, 0..bytes.len())
        }
        Prepared::Load { expected: Ok(object), .. } => {
            let selected: Vec<String> = object
                .normal_form
                .sections
                .iter()
                .filter(|section| section.selected)
                .map(|section| section.section_id.to_string())
                .collect();
            writeln!(out, "  an object that says what the artifact says, with the bodies as built")?;
            writeln!(out, "  selected sections: {}", selected.join(", "))?;
            writeln!(out, "  signature: {}", json(&object.normal_form.signature))?;
            if object.artifact.is_some() {
                writeln!(out, "  with feature `serializer`: it serialises to the same bytes")?;
            }
            object.reads.iter().try_for_each(|read| write_read(out, read))?;
            write_events(out, object.events.as_deref())
        }
        Prepared::Trust { expected: Ok(trust), .. } => {
            if let Some((key_id, changed)) = &trust.change {
                writeln!(
                    out,
                    "  the key {}, the store {}",
                    json(key_id),
                    if *changed { "changed" } else { "as before" }
                )?;
            }
            for root in trust.roots.iter().flatten() {
                writeln!(out, "  the root {}", json(root))?;
            }
            writeln!(out, "  the store's digest {}", json(&trust.digest))?;
            write_events(out, trust.events.as_deref())
        }
        Prepared::Property(property) => writeln!(out, "  `{}` holds for each", property.law),
        Prepared::Exchange { exchange, expected: Ok(answer) } => {
            writeln!(out, "  the result {}", json(answer))?;
            for event in exchange.events.iter().flatten() {
                writeln!(out, "  with feature `events`: {}", json(event))?;
            }
            Ok(())
        }
        Prepared::Build { expected: Ok(bytes), .. } => writeln!(out, "  exactly the {} bytes above", bytes.len()),
        // The expectation of an error was written above.
        _ => Ok(()),
    }
}

fn write_read(out: &mut dyn Write, read: &Read) -> io::Result<()> {
    let gets = match &read.gets {
        Gets::Body => "the body as built".to_owned(),
        Gets::Nothing => "nothing".to_owned(),
        Gets::Err(error) => format!("{} with {}", error.code, json(&error.context)),
    };
    writeln!(out, "  section {}, asked for by the {}: {gets}", read.section, json(&read.reader))
}

fn write_events(out: &mut dyn Write, events: Option<&[Event]>) -> io::Result<()> {
    events.into_iter().flatten().try_for_each(|event| writeln!(out, "  with feature `events`: {}", json(event)))
}

fn write_error(out: &mut dyn Write, error: &ExpectedError) -> io::Result<()> {
    writeln!(out, "  code {}", error.code)?;
    writeln!(out, "  phase {}", error.phase.as_deref().unwrap_or("none"))?;
    let layers: Vec<&str> = error.layers.iter().map(|layer| layer.name()).collect();
    writeln!(out, "  layers {}", layers.join(", "))?;
    for (key, value) in &error.context {
        writeln!(out, "  {key} = {}", json(value))?;
    }
    Ok(())
}

fn json<T: Serialize + ?Sized>(value: &T) -> String {
    // What the kit itself prepared can always be written.
    abbreviate(&serde_json::to_vec(value).unwrap_or_default())
}
