//! Commented hex: bytes as pairs of digits, `#` or `;` to the end of the line, and `61*4096` for one byte many times.

use crate::HexError;

/// The most bytes that one repetition may stand for: 16 MiB, more than any limit that a vector probes.
const MOST_REPEATED: usize = 1 << 24;

/// Reads commented hex.
///
/// Digits come in words separated by white space; a word is an even number of digits, or one pair followed by `*` and a count.
///
/// # Errors
/// The line of the first word that is neither.
pub fn parse_hex(text: &str) -> Result<Vec<u8>, HexError> {
    let mut bytes = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let code = line.split(['#', ';']).next().unwrap_or_default();
        for word in code.split_whitespace() {
            let fault = |what: String| HexError { line: number + 1, what };
            match word.split_once('*') {
                None => bytes.extend(hex::decode(word).map_err(|error| fault(format!("`{word}`: {error}")))?),
                Some((pair, count)) => {
                    let [byte] = hex::decode(pair)
                        .map_err(|error| fault(format!("`{pair}`: {error}")))?
                        .try_into()
                        .map_err(|_: Vec<u8>| fault(format!("`{word}` repeats more than one byte")))?;
                    let count = count
                        .parse::<usize>()
                        .ok()
                        .filter(|count| *count <= MOST_REPEATED)
                        .ok_or_else(|| fault(format!("`{count}` is not a count up to {MOST_REPEATED}")))?;
                    bytes.resize(bytes.len() + count, byte);
                }
            }
        }
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_pairs_comments_and_repetitions() {
        let text = "42 5546 00 # magic\n; a line of its own\n 61*3 00*0 ff";
        assert_eq!(parse_hex(text).unwrap(), b"BUF\0aaa\xff");
    }

    #[test]
    fn names_the_line_of_a_bad_word() {
        for (text, line) in [("00\n0", 2), ("0g", 1), ("\n\n0000*2", 3), ("00*x", 1), ("00*99999999", 1)] {
            assert_eq!(parse_hex(text).unwrap_err().line, line, "{text}");
        }
    }
}
