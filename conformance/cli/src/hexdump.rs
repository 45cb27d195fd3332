//! Bytes for people, part by part; the fixed parts field by field.

use std::io::{self, Write};
use std::ops::Range;

use fayger_forge::{Part, PartName};

/// How many bytes of one part are shown.
const SHOWN: usize = 1024;
/// How many bytes stand in a line.
const WIDTH: usize = 16;

/// The fields of the Header and their lengths in bytes.
const HEADER: &[(&str, usize)] = &[
    ("magic", 4),
    ("format_version major", 2),
    ("format_version minor", 2),
    ("flags", 4),
    ("reserved", 4),
    ("manifest_offset", 8),
    ("manifest_length", 8),
    ("section_index_offset", 8),
    ("section_index_length", 8),
];

/// The fields of the Trailer and their lengths in bytes.
const TRAILER: &[(&str, usize)] = &[("total_length", 8), ("manifest_digest", 32), ("crc32", 4)];

/// Writes a file part by part. A part that damage has cut off is named without bytes; bytes of no part stand at the end.
pub(crate) fn write_parts(out: &mut dyn Write, bytes: &[u8], parts: &[Part]) -> io::Result<()> {
    let mut end = 0;
    for part in parts {
        let span = part.span.start.min(bytes.len())..part.span.end.min(bytes.len());
        if !span.is_empty() {
            end = end.max(span.end);
        }
        writeln!(out, "{} ({} bytes)", part.name, part.span.len())?;
        match part.name {
            PartName::Header => write_fields(out, bytes, span, HEADER)?,
            PartName::Trailer => write_fields(out, bytes, span, TRAILER)?,
            _ => write_bytes(out, bytes, span)?,
        }
    }
    if end < bytes.len() {
        writeln!(out, "behind the parts ({} bytes)", bytes.len() - end)?;
        write_bytes(out, bytes, end..bytes.len())?;
    }
    Ok(())
}

/// Writes bytes with offset and text, up to a bound.
pub(crate) fn write_bytes(out: &mut dyn Write, bytes: &[u8], span: Range<usize>) -> io::Result<()> {
    let part = bytes.get(span.clone()).unwrap_or_default();
    let shown = part.get(..SHOWN).unwrap_or(part);
    for (line, chunk) in shown.chunks(WIDTH).enumerate() {
        let hex: Vec<String> = chunk.iter().map(|byte| format!("{byte:02x}")).collect();
        let text: String = chunk
            .iter()
            .map(|byte| if byte.is_ascii_graphic() || *byte == b' ' { char::from(*byte) } else { '.' })
            .collect();
        writeln!(out, "  {:08x}  {:47}  {text}", span.start + line * WIDTH, hex.join(" "))?;
    }
    if shown.len() < part.len() {
        writeln!(out, "  … {} bytes more", part.len() - shown.len())?;
    }
    Ok(())
}

fn write_fields(out: &mut dyn Write, bytes: &[u8], span: Range<usize>, fields: &[(&str, usize)]) -> io::Result<()> {
    let mut start = span.start;
    for (name, length) in fields {
        let field = bytes.get(start..(start + length).min(span.end)).unwrap_or_default();
        if field.is_empty() {
            break;
        }
        let hex: String = field.iter().map(|byte| format!("{byte:02x}")).collect();
        // Every number of the fixed parts is little-endian; digests and the magic are no numbers.
        let number = match (*name, *length) {
            ("magic" | "crc32", _) | (_, 32) => String::new(),
            _ => format!(" = {}", field.iter().rev().fold(0_u64, |number, byte| number << 8 | u64::from(*byte))),
        };
        writeln!(out, "  {start:08x}  {hex}  # {name}{number}")?;
        start += length;
    }
    write_bytes(out, bytes, start.min(span.end)..span.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8], parts: &[Part]) -> String {
        let mut out = Vec::new();
        write_parts(&mut out, bytes, parts).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_header_is_shown_field_by_field() {
        let mut header = b"BUF\0\x01\0\0\0\0\0\0\0\0\0\0\0".to_vec();
        header.extend([48, 0, 0, 0, 0, 0, 0, 0].repeat(4));
        let dump = text(&header, &[Part { name: PartName::Header, span: 0..48 }]);
        assert!(
            dump.starts_with(
                "header (48 bytes)\n  00000000  42554600  # magic\n  00000004  0100  # format_version major = 1\n"
            ),
            "{dump}"
        );
        assert!(dump.ends_with("  00000028  3000000000000000  # section_index_length = 48\n"), "{dump}");
    }

    #[test]
    fn a_cut_file_and_bytes_behind_the_parts_are_shown() {
        let dump = text(
            b"BUF",
            &[Part { name: PartName::Manifest, span: 1..2 }, Part { name: PartName::Trailer, span: 50..94 }],
        );
        assert!(dump.contains("manifest (1 bytes)\n  00000001  55"), "{dump}");
        assert!(dump.contains("behind the parts (1 bytes)\n  00000002  46"), "{dump}");
    }

    #[test]
    fn long_parts_are_cut_short() {
        let dump = text(&vec![b'a'; 5000], &[Part { name: PartName::Body(1), span: 0..5000 }]);
        assert!(dump.starts_with("body:1 (5000 bytes)\n  00000000  61 61"), "{dump}");
        assert!(dump.ends_with("aaaaaaaaaaaaaaaa\n  … 3976 bytes more\n"), "{dump}");
    }
}
