//! `fayger pack`: a draft in TOML into an artifact.
//!
//! The top of the file is the Manifest, field by field, without what is computed. Each `[[section]]` is a section: its row, what the
//! Manifest says of it, and the file that its body is in.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use fayger_cbor::{Map, Value};
use fayger_contracts::artifact::SectionKind;
use fayger_contracts::{InterfaceVersion, Visibility};
use fayger_loader::{BufBuilder, Draft, DraftSection};
use serde::Deserialize;

use crate::{keys, output};

/// The newest schema, and the Runtime_Interface that a draft asks for if it does not say.
const VERSION_1_0: InterfaceVersion = InterfaceVersion::new(1, 0, 0);

/// The file. Everything that is not `section` is the Manifest's.
#[derive(Deserialize)]
struct DraftFile {
    #[serde(default)]
    section: Vec<SectionTable>,
    #[serde(flatten)]
    manifest: toml::Table,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SectionTable {
    id: u32,
    kind: NameOrNumber,
    file: PathBuf,
    #[serde(default)]
    visibility: Option<NameOrNumber>,
    #[serde(default)]
    constraints: toml::Table,
    name: Option<String>,
    media_type: Option<String>,
    format: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum NameOrNumber {
    Name(String),
    Number(u32),
}

pub(crate) fn run(draft: &Path, target: &Path, key: Option<&Path>) -> anyhow::Result<String> {
    let text = std::fs::read_to_string(draft).with_context(|| format!("cannot read `{}`", draft.display()))?;
    let file: DraftFile = toml::from_str(&text).with_context(|| format!("`{}` is not a draft", draft.display()))?;
    let directory = draft.parent().unwrap_or(Path::new(""));
    let warnings = warnings(&file);
    let builder = BufBuilder::new(to_draft(file, directory)?).with_context(|| format!("`{}`", draft.display()))?;
    let builder = match key {
        Some(path) => builder.sign(&keys::read_private(path)?)?,
        None => builder,
    };
    let artifact = builder.artifact()?;
    let length = output::write_artifact(target, |file| Ok(artifact.write_to(file)?))?;
    let signed = if key.is_some() { "signed" } else { "not signed" };
    for warning in warnings {
        output::complain(&format!("warning: {warning}\n"));
    }
    Ok(format!("packed  {} ({length} bytes, {signed})\n", target.display()))
}

/// What may be written and is refused by every loader that is to run it.
fn warnings(file: &DraftFile) -> Vec<String> {
    let entry = file.manifest.get("entry").and_then(|entry| entry.get("section")).and_then(toml::Value::as_integer);
    let mut warnings = Vec::new();
    for SectionTable { id, kind, format, .. } in &file.section {
        let is_code = match kind {
            NameOrNumber::Name(name) => SectionKind::CODE.name() == Some(name),
            NameOrNumber::Number(number) => *number == u32::from(SectionKind::CODE.0),
        };
        if entry == Some(i64::from(*id)) && !is_code {
            warnings.push(format!("section {id} is the entry and is not code: no loader accepts that"));
        }
        if is_code && format.is_none() {
            warnings
                .push(format!("section {id} is code without a `format`: no loader accepts it where it is selected"));
        }
    }
    warnings
}

fn to_draft(file: DraftFile, directory: &Path) -> anyhow::Result<Draft> {
    let mut manifest = table(file.manifest, "")?;
    if manifest.get("sections").is_some() {
        bail!("`sections` follows from the `[[section]]` tables; take it out");
    }
    for (key, default) in [("schema_version", VERSION_1_0), ("runtime_interface_min", VERSION_1_0)] {
        if manifest.get(key).is_none() {
            manifest.insert(key, Value::Text(default.to_string()));
        }
    }
    if manifest.get("capabilities").is_none() {
        let empty = || Value::Array(Vec::new());
        let none: Map = [("required", empty()), ("optional", empty())].into_iter().collect();
        manifest.insert("capabilities", none.into());
    }
    let declarations = file.section.iter().map(declaration).collect();
    manifest.insert("sections", Value::Array(declarations));
    let sections = file.section.into_iter().map(|section| to_section(section, directory));
    Ok(Draft { flags: 0, manifest, sections: sections.collect::<anyhow::Result<_>>()? })
}

fn declaration(section: &SectionTable) -> Value {
    let mut map: Map = [("id", Value::from(u64::from(section.id)))].into_iter().collect();
    let texts = [("name", &section.name), ("media_type", &section.media_type), ("format", &section.format)];
    for (key, text) in texts {
        if let Some(text) = text {
            map.insert(key, Value::from(text.as_str()));
        }
    }
    map.into()
}

fn to_section(section: SectionTable, directory: &Path) -> anyhow::Result<DraftSection> {
    let place = format!("section {}", section.id);
    let kind = match section.kind {
        NameOrNumber::Number(number) => number,
        NameOrNumber::Name(name) => {
            let known = [SectionKind::CODE, SectionKind::DATA, SectionKind::ASSETS];
            let kind = known.into_iter().find(|kind| kind.name() == Some(&name));
            kind.with_context(|| format!("{place}: kind `{name}` is not code, data, assets or a number"))?.0.into()
        }
    };
    let visibility = match section.visibility {
        None => Visibility::INTERNAL.0.into(),
        Some(NameOrNumber::Number(number)) => number,
        Some(NameOrNumber::Name(name)) => {
            let known = [Visibility::INTERNAL, Visibility::INSTANCE, Visibility::EXPORTED];
            let visibility = known.into_iter().find(|visibility| visibility.name() == Some(&name));
            visibility
                .with_context(|| {
                    format!("{place}: visibility `{name}` is not internal, instance, exported or a number")
                })?
                .0
                .into()
        }
    };
    let body = directory.join(section.file);
    // Named here: the serialiser knows sections, and no files.
    std::fs::File::open(&body).with_context(|| format!("{place}: cannot read `{}`", body.display()))?;
    Ok(DraftSection {
        section_id: section.id,
        kind,
        visibility,
        profile_constraints: table(section.constraints, &format!("{place}, constraints"))?.into(),
        input: Box::new(body),
    })
}

fn table(table: toml::Table, place: &str) -> anyhow::Result<Map> {
    table.into_iter().map(|(key, item)| Ok((key.clone(), value(item, &format!("{place}/{key}"))?))).collect()
}

/// A TOML value as CBOR; what the deterministic profile has no form for is refused.
fn value(item: toml::Value, place: &str) -> anyhow::Result<Value> {
    Ok(match item {
        toml::Value::String(text) => Value::Text(text),
        toml::Value::Integer(n) => {
            Value::from_integer(n.into()).with_context(|| format!("`{place}` is an integer beyond 64 bits"))?
        }
        toml::Value::Boolean(truth) => Value::Bool(truth),
        toml::Value::Array(items) => {
            let items = items.into_iter().enumerate().map(|(at, item)| value(item, &format!("{place}/{at}")));
            Value::Array(items.collect::<anyhow::Result<_>>()?)
        }
        toml::Value::Table(inner) => table(inner, place)?.into(),
        toml::Value::Float(_) => bail!("`{place}` is a floating-point number, which an artifact cannot hold"),
        toml::Value::Datetime(_) => bail!("`{place}` is a date, which an artifact cannot hold; write it as text"),
    })
}
