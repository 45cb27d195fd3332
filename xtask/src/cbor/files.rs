//! Files that someone gives: Manifest and Section_Index of an artifact, or one bare CBOR item.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use fayger_cbor::Limits;
use fayger_contracts::artifact::{HEADER_LEN, MAGIC};

/// One encoding in a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part<'a> {
    /// What it is.
    pub(super) name: &'static str,
    /// Bytes from the file's first byte.
    pub(super) offset: u64,
    /// It.
    pub(super) bytes: &'a [u8],
}

/// The encodings in a file: those of an artifact where it begins like one, else all of it. An artifact need not be whole behind its
/// Section_Index.
pub(super) fn cbor_parts(bytes: &[u8]) -> Result<Vec<Part<'_>>, String> {
    if !bytes.starts_with(&MAGIC) {
        return Ok(vec![Part { name: "the item", offset: 0, bytes }]);
    }
    let length = |at: usize| {
        let field = bytes.get(at..).and_then(|rest| rest.first_chunk()).copied().map(u64::from_le_bytes);
        field.ok_or_else(|| "the file ends in its Header".to_owned())
    };
    let mut parts = Vec::new();
    let mut offset = HEADER_LEN;
    for (name, length) in [("Manifest", length(24)?), ("Section_Index", length(40)?)] {
        let end = offset.checked_add(length);
        let range = end.and_then(|end| Some(usize::try_from(offset).ok()?..usize::try_from(end).ok()?));
        let bytes = range.and_then(|range| bytes.get(range)).ok_or_else(|| format!("the file ends in its {name}"))?;
        parts.push(Part { name, offset, bytes });
        offset = offset.saturating_add(length);
    }
    Ok(parts)
}

/// Judges each file, and tells what is wrong with offset and rule; whether nothing is.
pub(crate) fn judge_files(files: &[PathBuf]) -> Result<bool> {
    let mut is_good = true;
    for path in files {
        let bytes = fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))?;
        match judge_file(path, &bytes) {
            Ok(lines) => lines.iter().for_each(|line| println!("{line}")),
            Err(problem) => {
                is_good = false;
                println!("{problem}");
            }
        }
    }
    Ok(is_good)
}

fn judge_file(path: &Path, bytes: &[u8]) -> Result<Vec<String>, String> {
    let path = path.display();
    let parts = cbor_parts(bytes).map_err(|problem| format!("{path}: {problem}"))?;
    let judge = |part: &Part<'_>| match fayger_cbor::validate(part.bytes, part.offset, Limits::default()) {
        Ok(()) => {
            Ok(format!("{path}: {}: deterministic CBOR, {} bytes at {}", part.name, part.bytes.len(), part.offset))
        }
        Err(error) => {
            Err(format!("{path}: {}: {}, at offset {} ({:#x})", part.name, error.kind, error.offset, error.offset))
        }
    };
    parts.iter().map(judge).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A Header that announces these parts, and the parts.
    fn artifact(manifest: &[u8], index: &[u8]) -> Vec<u8> {
        let mut bytes = [&MAGIC[..], &[1, 0, 0, 0], &[0; 8]].concat();
        for field in [48, manifest.len() as u64, 48 + manifest.len() as u64, index.len() as u64] {
            bytes.extend(field.to_le_bytes());
        }
        [&bytes, manifest, index].concat()
    }

    fn judged(bytes: &[u8]) -> Result<Vec<String>, String> {
        judge_file(Path::new("a.buf"), bytes)
    }

    #[test]
    fn tells_offset_and_rule_of_both_parts() {
        assert_eq!(
            judged(&artifact(&[0xa0], &[0x80])),
            Ok(vec![
                "a.buf: Manifest: deterministic CBOR, 1 bytes at 48".into(),
                "a.buf: Section_Index: deterministic CBOR, 1 bytes at 49".into()
            ])
        );
        // {"a": 24 in three bytes}: the value's head is the fourth byte of the Manifest.
        let manifest = [0xa1, 0x61, 0x61, 0x19, 0x00, 0x18];
        assert_eq!(
            judged(&artifact(&manifest, &[0x80])),
            Err("a.buf: Manifest: not deterministic CBOR: rule `shortest`, at offset 51 (0x33)".into())
        );
        assert_eq!(
            judged(&artifact(&[0xa0], &[0x9f, 0xff])),
            Err("a.buf: Section_Index: not deterministic CBOR: rule `indefinite`, at offset 49 (0x31)".into())
        );
    }

    #[test]
    fn a_file_without_the_magic_is_one_item() {
        assert_eq!(judged(&[0x81, 0x00]), Ok(vec!["a.buf: the item: deterministic CBOR, 2 bytes at 0".into()]));
        assert_eq!(
            judged(&[0x00, 0x00]),
            Err("a.buf: the item: malformed CBOR: rule `trailing`, at offset 1 (0x1)".into())
        );
        assert_eq!(judged(&[]), Err("a.buf: the item: malformed CBOR: rule `truncated`, at offset 0 (0x0)".into()));
    }

    #[test]
    fn an_artifact_that_ends_too_early_is_told() {
        let bytes = artifact(&[0xa0], &[0x80]);
        assert_eq!(judged(&bytes[..40]), Err("a.buf: the file ends in its Header".into()));
        assert_eq!(judged(&bytes[..48]), Err("a.buf: the file ends in its Manifest".into()));
        assert_eq!(judged(&bytes[..49]), Err("a.buf: the file ends in its Section_Index".into()));
        let mut bytes = bytes;
        bytes[24..32].copy_from_slice(&u64::MAX.to_le_bytes());
        assert_eq!(judged(&bytes), Err("a.buf: the file ends in its Manifest".into()));
    }
}
