//! An array taken apart without being decoded, so that its reader can count before it allocates.

use crate::limits::Limits;
use crate::parse::{Event, Parser};

/// The elements of the array that `input` is, each as its bytes; `None` where it is not an array.
///
/// For input that [`validate`](crate::validate) accepts: the walk ends early in any other.
pub fn array_elements(input: &[u8]) -> Option<Elements<'_>> {
    let mut parser = Parser::new(input, 0, Limits { text: u64::MAX, depth: u8::MAX });
    match parser.next() {
        Ok(Some(Event::Array(count))) => Some(Elements { input, parser, remaining: count }),
        _ => None,
    }
}

/// See [`array_elements`].
pub struct Elements<'a> {
    input: &'a [u8],
    parser: Parser<'a>,
    remaining: u64,
}

impl Elements<'_> {
    /// How many elements are still to come.
    pub fn remaining(&self) -> u64 {
        self.remaining
    }
}

impl<'a> Iterator for Elements<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        self.remaining = self.remaining.checked_sub(1)?;
        let start = self.parser.position();
        let mut open = 0_usize;
        loop {
            match self.parser.next().ok()?? {
                Event::Array(_) | Event::Map => open = open.saturating_add(1),
                Event::End => open = open.saturating_sub(1),
                _ => {}
            }
            if open == 0 {
                return self.input.get(start..self.parser.position());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_each_element_whole() {
        // [1, [2, []], {"a": [3]}, "b"]
        let input = [0x84, 0x01, 0x82, 0x02, 0x80, 0xa1, 0x61, b'a', 0x81, 0x03, 0x61, b'b'];
        let elements = array_elements(&input).expect("an array");
        assert_eq!(elements.remaining(), 4);
        let elements: Vec<_> = elements.collect();
        assert_eq!(elements, [&input[1..2], &input[2..5], &input[5..10], &input[10..]]);
        assert_eq!(array_elements(&[0x80]).expect("an array").count(), 0);
        assert!(array_elements(&[0xa0]).is_none());
    }
}
