//! Items to bytes, exactly as they say (RFC 8949 §3).

use super::{Item, Placeholder, Width};

const BREAK: u8 = 0xff;

/// Encodes an item as it says, over-long, unsorted or not well-formed as it may be. Placeholders that are still open come out as zeros of the
/// size that they will have; an open `$sections` as an empty array.
#[must_use]
pub fn encode(item: &Item) -> Vec<u8> {
    let mut out = Vec::new();
    write(&mut out, item);
    out
}

fn write(out: &mut Vec<u8>, item: &Item) {
    match item {
        Item::Int { value, width } => match u64::try_from(*value) {
            Ok(argument) => head(out, 0, argument, *width),
            // A negative integer n is carried as −1 − n.
            Err(_) => head(out, 1, u64::try_from(-1 - value).unwrap_or(u64::MAX), *width),
        },
        Item::Bytes { bytes, width } => string(out, 2, bytes, *width),
        Item::Text { bytes, width } => string(out, 3, bytes, *width),
        Item::Chunks { chunks, text } => {
            head(out, if *text { 3 } else { 2 }, 0, Width::Indefinite);
            chunks.iter().for_each(|chunk| write(out, chunk));
            out.push(BREAK);
        }
        Item::Array { items, width } => {
            head(out, 4, items.len() as u64, *width);
            items.iter().for_each(|item| write(out, item));
            close(out, *width);
        }
        Item::Map { pairs, width } => {
            head(out, 5, pairs.len() as u64, *width);
            for (key, value) in pairs {
                write(out, key);
                write(out, value);
            }
            close(out, *width);
        }
        Item::Tag { number, width, content } => {
            head(out, 6, *number, *width);
            write(out, content);
        }
        Item::Simple { number, width } => head(out, 7, u64::from(*number), *width),
        Item::Float { value, width } => float(out, *value, *width),
        Item::Raw(bytes) => out.extend_from_slice(bytes),
        Item::Placeholder(Placeholder::Digest(_) | Placeholder::IndexDigest) => {
            string(out, 2, &[0; 32], Width::Shortest);
        }
        Item::Placeholder(Placeholder::SignatureValue(length)) => {
            string(out, 2, &vec![0; *length], Width::Shortest);
        }
        Item::Placeholder(Placeholder::Sections) => head(out, 4, 0, Width::Shortest),
    }
}

fn string(out: &mut Vec<u8>, major: u8, bytes: &[u8], width: Width) {
    head(out, major, bytes.len() as u64, width);
    out.extend_from_slice(bytes);
    close(out, width);
}

fn close(out: &mut Vec<u8>, width: Width) {
    if width == Width::Indefinite {
        out.push(BREAK);
    }
}

fn head(out: &mut Vec<u8>, major: u8, argument: u64, width: Width) {
    let size = match width {
        Width::Indefinite => {
            out.push(major << 5 | 31);
            return;
        }
        Width::Bytes(size) => usize::from(size),
        Width::Shortest => match argument {
            0..24 => {
                out.push(major << 5 | argument.to_le_bytes()[0]);
                return;
            }
            24..=0xff => 1,
            0x100..=0xffff => 2,
            0x1_0000..=0xffff_ffff => 4,
            _ => 8,
        },
    };
    let info = match size {
        1 => 24,
        2 => 25,
        4 => 26,
        _ => 27,
    };
    out.push(major << 5 | info);
    out.extend(argument.to_be_bytes().iter().skip(8_usize.saturating_sub(size)));
}

fn float(out: &mut Vec<u8>, value: f64, width: Width) {
    let narrow = value as f32;
    let half = half_of(narrow);
    let fits_single = f64::from(narrow) == value || value.is_nan();
    match (width, half) {
        (Width::Bytes(2), _) | (Width::Shortest, Some(_)) if fits_single => {
            out.push(0xf9);
            out.extend(half.unwrap_or_default().to_be_bytes());
        }
        (Width::Bytes(4), _) => {
            out.push(0xfa);
            out.extend(narrow.to_be_bytes());
        }
        (Width::Shortest, None) if fits_single => {
            out.push(0xfa);
            out.extend(narrow.to_be_bytes());
        }
        _ => {
            out.push(0xfb);
            out.extend(value.to_be_bytes());
        }
    }
}

/// The half-precision bits of a number that half precision holds exactly.
pub(super) fn half_of(value: f32) -> Option<u16> {
    let bits = value.to_bits();
    let sign = u16::try_from(bits >> 16 & 0x8000).ok()?;
    let exponent = i32::try_from(bits >> 23 & 0xff).ok()? - 127;
    let fraction = bits & 0x7f_ffff;
    if value.is_nan() {
        return Some(0x7e00);
    }
    if value.is_infinite() {
        return Some(sign | 0x7c00);
    }
    if value == 0.0 {
        return Some(sign);
    }
    let (stored, dropped) = match exponent {
        -14..=15 => (u32::try_from(exponent + 15).ok()? << 10 | fraction >> 13, fraction & 0x1fff),
        // Subnormal: the leading one moves into the fraction.
        -24..=-15 => {
            let shift = u32::try_from(-exponent - 1).ok()?;
            let whole = fraction | 0x80_0000;
            (whole >> shift, whole & ((1 << shift) - 1))
        }
        _ => return None,
    };
    (dropped == 0).then_some(sign | u16::try_from(stored).ok()?)
}
