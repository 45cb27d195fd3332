//! Choosing cases by their ids.

/// Whether a filter lets an id through: with `*` (any text) or `?` (one character) in it, it has to fit the whole id; without, it has to be
/// a part of it.
#[must_use]
pub fn selects(filter: &str, id: &str) -> bool {
    if filter.contains(['*', '?']) { fits(filter.as_bytes(), id.as_bytes()) } else { id.contains(filter) }
}

/// Goes back to the last star alone, so the time is bounded by the product of the lengths.
fn fits(pattern: &[u8], text: &[u8]) -> bool {
    let (mut at, mut from) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while let Some(byte) = text.get(from) {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at + 1, from));
                at += 1;
            }
            Some(expected) if expected == byte || *expected == b'?' => {
                at += 1;
                from += 1;
            }
            _ => match star {
                Some((after, covered)) => {
                    star = Some((after, covered + 1));
                    (at, from) = (after, covered + 1);
                }
                None => return false,
            },
        }
    }
    pattern.get(at..).unwrap_or_default().iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_filter_is_a_part_of_the_id() {
        assert!(selects("header", "loader.header.refuses-it"));
        assert!(selects("", "loader.header.refuses-it"));
        assert!(!selects("trailer", "loader.header.refuses-it"));
    }

    #[test]
    fn a_pattern_fits_the_whole_id() {
        for (pattern, fits) in [
            ("loader.*", true),
            ("*.header.*", true),
            ("*refuses*it", true),
            ("loader.header.refuses-i?", true),
            ("loader.header.refuses-it*", true),
            ("header.*", false),
            ("loader.header.refuses-?", false),
            ("*.refuses-its", false),
            ("*a*a*a*a*b", false),
        ] {
            assert_eq!(selects(pattern, "loader.header.refuses-it"), fits, "{pattern}");
        }
    }
}
