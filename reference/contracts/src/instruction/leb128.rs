//! Lengths: unsigned LEB128, minimal, at most five bytes and 2^32 − 1.

use super::reader::Reader;
use super::rule::{Malformed, Rule};

/// Reads a length. Each byte is there, then belongs to a number of 32 bits; the whole is minimal.
#[inline]
pub(super) fn read(reader: &mut Reader<'_>) -> Result<u32, Malformed> {
    // Nearly every length is one byte.
    match reader.rest().first() {
        Some(&byte @ ..0x80) => reader.byte().map(|_| byte.into()),
        _ => read_long(reader),
    }
}

fn read_long(reader: &mut Reader<'_>) -> Result<u32, Malformed> {
    let at = reader.at();
    let mut length = 0_u32;
    for shift in [0, 7, 14, 21, 28] {
        let byte = reader.byte()?;
        // Four bits are left for the fifth byte, and none for a sixth.
        if shift == 28 && byte > 0x0F {
            return Err(Rule::LengthOverflow.at(at));
        }
        length |= u32::from(byte & 0x7F) << shift;
        if byte & 0x80 == 0 {
            return if byte == 0 && shift > 0 { Err(Rule::LengthMinimal.at(at)) } else { Ok(length) };
        }
    }
    // The fifth byte has no continuation bit, so the loop has ended.
    Err(Rule::LengthOverflow.at(at))
}

/// Writes a length into `buffer`, and gives the bytes used.
pub(super) fn write(mut length: u32, buffer: &mut [u8; 5]) -> &[u8] {
    let mut used = 0_usize;
    for byte in buffer.iter_mut() {
        used = used.saturating_add(1);
        let low = (length & 0x7F) as u8;
        length >>= 7;
        *byte = if length == 0 { low } else { low | 0x80 };
        if length == 0 {
            break;
        }
    }
    buffer.get(..used).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8]) -> Result<u32, (Rule, usize)> {
        let mut reader = Reader::new(bytes, 0);
        let length = read(&mut reader).map_err(|error| (error.rule, error.offset))?;
        assert!(reader.is_empty(), "{bytes:02x?} is read whole");
        Ok(length)
    }

    /// DWARF 4, figure 22, and the edges of each number of bytes.
    #[test]
    fn reads_and_writes_the_examples_of_dwarf_and_the_edges() {
        for (length, bytes) in [
            (2, &[0x02][..]),
            (127, &[0x7f]),
            (128, &[0x80, 0x01]),
            (129, &[0x81, 0x01]),
            (130, &[0x82, 0x01]),
            (12857, &[0xb9, 0x64]),
            (0, &[0x00]),
            (16_383, &[0xff, 0x7f]),
            (16_384, &[0x80, 0x80, 0x01]),
            (624_485, &[0xe5, 0x8e, 0x26]),
            (2_097_151, &[0xff, 0xff, 0x7f]),
            (2_097_152, &[0x80, 0x80, 0x80, 0x01]),
            (268_435_455, &[0xff, 0xff, 0xff, 0x7f]),
            (268_435_456, &[0x80, 0x80, 0x80, 0x80, 0x01]),
            (u32::MAX, &[0xff, 0xff, 0xff, 0xff, 0x0f]),
        ] {
            assert_eq!(decoded(bytes), Ok(length));
            assert_eq!(write(length, &mut [0; 5]), bytes);
        }
    }

    /// WebAssembly core 2.0, 5.2.2, for u32: at most five bytes, and no unused bit of the fifth set. What it accepts with trailing zeros is not
    /// minimal here.
    #[test]
    fn refuses_what_webassembly_refuses_and_its_padded_forms() {
        for bytes in [
            &[0x82, 0x80, 0x80, 0x80, 0x80, 0x00][..],
            &[0x80, 0x80, 0x80, 0x80, 0x80, 0x00],
            &[0x82, 0x80, 0x80, 0x80, 0x70],
            &[0x82, 0x80, 0x80, 0x80, 0x40],
            &[0x80, 0x80, 0x80, 0x80, 0x10],
            &[0x80, 0x80, 0x80, 0x80, 0x1f],
            &[0xff, 0xff, 0xff, 0xff, 0x7f],
            &[0xff, 0xff, 0xff, 0xff, 0xff],
            &[0xff, 0xff, 0xff, 0xff, 0x8f, 0x00],
        ] {
            assert_eq!(decoded(bytes), Err((Rule::LengthOverflow, 0)), "{bytes:02x?}");
        }
        for bytes in [
            &[0x80, 0x00][..],
            &[0x82, 0x00],
            &[0x8e, 0x80, 0x00],
            &[0x82, 0x80, 0x80, 0x80, 0x00],
            &[0xff, 0x80, 0x00],
            &[0x80, 0x80, 0x80, 0x80, 0x00],
        ] {
            assert_eq!(decoded(bytes), Err((Rule::LengthMinimal, 0)), "{bytes:02x?}");
        }
        for bytes in [&[][..], &[0x80], &[0xff, 0xff], &[0x80, 0x80, 0x80, 0x80]] {
            assert_eq!(decoded(bytes), Err((Rule::Truncated, bytes.len())), "{bytes:02x?}");
        }
    }
}
