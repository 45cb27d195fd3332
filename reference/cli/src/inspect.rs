//! `fayger inspect`: what an artifact says of itself, part by part.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use fayger_cbor::Value;
use fayger_contracts::artifact::{HEADER_LEN, TRAILER_LEN};
use fayger_contracts::{FaygerError, SectionEntry};
use fayger_loader::{FileSource, Limits, Parsed, Read, Structured};
use serde_json::{Value as Json, json};

use crate::output::describe;

/// What there is to see, and whether the artifact is whole.
pub(crate) fn run(file: &Path, as_json: bool) -> anyhow::Result<(String, bool)> {
    let source = FileSource::open(file).with_context(|| format!("cannot open `{}`", file.display()))?;
    let parsed = Read::from_source(Arc::new(source), Limits::default())
        .and_then(Read::parse)
        .with_context(|| format!("`{}` cannot be shown", file.display()))?;
    let shown = Shown::of(&parsed);
    // What follows consumes the parsed artifact, so it comes last.
    let whole = parsed.verify_structural().and_then(Structured::verify_digest).map(drop);
    let mut text = if as_json { shown.json(&whole)? } else { shown.text(&whole) };
    text.push('\n');
    Ok((text, whole.is_ok()))
}

/// Everything that is shown, in the order of the file.
struct Shown {
    header: Json,
    manifest: Value,
    index: Vec<SectionEntry>,
    trailer: Json,
    parts: Vec<(String, u64, u64)>,
}

impl Shown {
    fn of(parsed: &Parsed) -> Self {
        let (header, trailer, size) = (parsed.read().header(), parsed.read().trailer(), parsed.read().size());
        let base = header.section_index_offset.saturating_add(header.section_index_length);
        let mut parts = vec![
            ("Header".to_owned(), 0, HEADER_LEN),
            ("Manifest".to_owned(), HEADER_LEN, header.section_index_offset),
            ("Section_Index".to_owned(), header.section_index_offset, base),
        ];
        parts.extend(parsed.entries().iter().map(|entry| {
            let from = base.saturating_add(entry.offset);
            (format!("section {}", entry.section_id), from, from.saturating_add(entry.length))
        }));
        parts.push(("Trailer".to_owned(), size.saturating_sub(TRAILER_LEN), size));
        Self {
            header: json!({
                "format_version": { "major": header.format_version.major, "minor": header.format_version.minor },
                "flags": header.flags,
                "manifest_offset": header.manifest_offset,
                "manifest_length": header.manifest_length,
                "section_index_offset": header.section_index_offset,
                "section_index_length": header.section_index_length,
            }),
            manifest: Value::Map(parsed.manifest().to_map()),
            index: parsed.entries().to_vec(),
            trailer: json!({
                "total_length": trailer.total_length,
                "manifest_digest": trailer.manifest_digest.to_string(),
                "crc32": format!("{:08x}", trailer.crc32),
            }),
            parts,
        }
    }

    fn json(&self, whole: &Result<(), FaygerError>) -> anyhow::Result<String> {
        let verdict = match whole {
            Ok(()) => json!({ "whole": true }),
            Err(error) => json!({
                "whole": false,
                "code": error.code.name(),
                "phase": error.phase.map(|phase| phase.name()),
                "message": error.to_string(),
            }),
        };
        let parts: Vec<_> =
            self.parts.iter().map(|(name, from, to)| json!({ "part": name, "from": from, "to": to })).collect();
        Ok(serde_json::to_string_pretty(&json!({
            "parts": parts,
            "header": self.header,
            "manifest": to_json(&self.manifest),
            "section_index": self.index.iter().map(row).collect::<Vec<_>>(),
            "trailer": self.trailer,
            "verdict": verdict,
        }))?)
    }

    fn text(&self, whole: &Result<(), FaygerError>) -> String {
        let mut text = String::new();
        for (name, from, to) in &self.parts {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{from:>10} .. {to:<10} {name}");
        }
        let _ = write!(text, "\nHeader         {}\n\nManifest       ", self.header);
        diagnostic(&mut text, &self.manifest, 0);
        text.push_str("\n\nSection_Index\n");
        for row in &self.index {
            let _ = writeln!(
                text,
                "  {} {}, {}, {} bytes at {}, {}\n    digest {}",
                row.section_id,
                kind(row),
                visibility(row),
                row.length,
                row.offset,
                match row.profile_constraints.to_map() {
                    map if map.is_empty() => "for every profile".to_owned(),
                    map => format!("where {}", to_json(&Value::Map(map))),
                },
                row.digest,
            );
        }
        let _ = write!(text, "\nTrailer        {}\n\n", self.trailer);
        match whole {
            Ok(()) => text
                .push_str("whole          layout, digests and checksum agree; bodies and signature were not looked at"),
            Err(error) => {
                text.push_str("NOT WHOLE      ");
                describe(&mut text, error);
            }
        }
        text
    }
}

fn row(entry: &SectionEntry) -> Json {
    json!({
        "section_id": entry.section_id,
        "kind": kind(entry),
        "offset": entry.offset,
        "length": entry.length,
        "digest": entry.digest.to_string(),
        "visibility": visibility(entry),
        "profile_constraints": to_json(&Value::Map(entry.profile_constraints.to_map())),
    })
}

/// The kind's name, with its number where the name covers several, or the number alone.
fn kind(entry: &SectionEntry) -> String {
    let number = entry.kind.0;
    match entry.kind.name() {
        Some(name) if number >= 128 => format!("{name} {number}"),
        Some(name) => name.to_owned(),
        None => number.to_string(),
    }
}

fn visibility(entry: &SectionEntry) -> String {
    entry.visibility.name().map_or_else(|| entry.visibility.0.to_string(), str::to_owned)
}

/// CBOR as JSON for tools: bytes as `{"bytes": hex}`, integers beyond 64 bits as text.
fn to_json(value: &Value) -> Json {
    match value {
        Value::Unsigned(n) => json!(n),
        Value::Negative(_) => {
            let n = value.as_integer().unwrap_or_default();
            i64::try_from(n).map_or_else(|_beyond| json!(n.to_string()), |n| json!(n))
        }
        Value::Bytes(bytes) => json!({ "bytes": hex::encode(bytes) }),
        Value::Text(text) => json!(text),
        Value::Array(items) => Json::Array(items.iter().map(to_json).collect()),
        Value::Map(map) => Json::Object(map.iter().map(|(key, value)| (key.to_owned(), to_json(value))).collect()),
        Value::Bool(truth) => json!(truth),
        Value::Null => Json::Null,
    }
}

/// CBOR in diagnostic notation (RFC 8949 §8), a pair or an item a line.
fn diagnostic(text: &mut String, value: &Value, depth: usize) {
    let indent = "  ".repeat(depth.saturating_add(1));
    let end = "  ".repeat(depth);
    // Writing to a string cannot fail.
    let _ = match value {
        Value::Unsigned(_) | Value::Negative(_) => write!(text, "{}", value.as_integer().unwrap_or_default()),
        Value::Bytes(bytes) => write!(text, "h'{}'", hex::encode(bytes)),
        Value::Text(string) => write!(text, "{}", Json::from(string.as_str())),
        Value::Bool(truth) => write!(text, "{truth}"),
        Value::Null => write!(text, "null"),
        Value::Array(items) if items.is_empty() => write!(text, "[]"),
        Value::Array(items) => {
            text.push('[');
            for (position, item) in items.iter().enumerate() {
                let _ = write!(text, "{}\n{indent}", if position == 0 { "" } else { "," });
                diagnostic(text, item, depth.saturating_add(1));
            }
            write!(text, "\n{end}]")
        }
        Value::Map(map) if map.is_empty() => write!(text, "{{}}"),
        Value::Map(map) => {
            text.push('{');
            for (position, (key, item)) in map.iter().enumerate() {
                let _ = write!(text, "{}\n{indent}{}: ", if position == 0 { "" } else { "," }, Json::from(key));
                diagnostic(text, item, depth.saturating_add(1));
            }
            write!(text, "\n{end}}}")
        }
    };
}
