//! Long values in texts for people.

/// How many characters of a value are shown.
const SHOWN: usize = 160;

/// The beginning of a text, with what is not UTF-8 or not printable replaced, and the number of bytes where some are left out.
#[must_use]
pub fn abbreviate(bytes: &[u8]) -> String {
    // Four bytes are the longest character.
    let head = bytes.get(..SHOWN * 4).unwrap_or(bytes);
    let text = String::from_utf8_lossy(head);
    let mut shown: String =
        text.chars().take(SHOWN).map(|character| if character.is_control() { '\u{fffd}' } else { character }).collect();
    if head.len() < bytes.len() || text.chars().count() > SHOWN {
        shown.push_str(&format!("… ({} bytes)", bytes.len()));
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_texts_stay_and_long_ones_say_their_length() {
        assert_eq!(abbreviate("ké\u{7}y".as_bytes()), "ké\u{fffd}y");
        assert_eq!(abbreviate(&[b'a'; SHOWN]), "a".repeat(SHOWN));
        assert_eq!(abbreviate(&vec![b'a'; 1 << 20]), format!("{}… (1048576 bytes)", "a".repeat(SHOWN)));
    }
}
