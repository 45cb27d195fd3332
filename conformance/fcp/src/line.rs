//! Reading lines whose length is bounded.

use std::io::{self, BufRead};

//= FCP-LINE-001
/// The longest line of the protocol in bytes, without its line feed: 32 MiB.
pub const MAX_LINE: usize = 32 << 20;

/// One line from the other side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// A whole line, without its line feed.
    Whole(Vec<u8>),
    /// What stood behind the last line feed when the stream ended.
    Unfinished(Vec<u8>),
    /// A line with more bytes than allowed; they were not kept.
    TooLong,
}

/// Reads lines and never keeps more than the limit of one.
#[derive(Debug)]
pub struct LineReader<R> {
    input: R,
    limit: usize,
    skipping: bool,
}

impl<R: BufRead> LineReader<R> {
    /// A reader of lines of at most `limit` bytes.
    pub fn new(input: R, limit: usize) -> Self {
        Self { input, limit, skipping: false }
    }

    /// The next line; `None` at the end of the stream. A line is reported as [`Line::TooLong`] as soon as it is, before its end is seen, and
    /// the next call skips the rest of it.
    ///
    /// # Errors
    ///
    /// What the stream gives; an interrupted call is repeated.
    pub fn next_line(&mut self) -> io::Result<Option<Line>> {
        let mut line = Vec::new();
        loop {
            let available = match self.input.fill_buf() {
                Ok(bytes) => bytes,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if available.is_empty() {
                self.skipping = false;
                return Ok((!line.is_empty()).then_some(Line::Unfinished(line)));
            }
            let mut pieces = available.splitn(2, |byte| *byte == b'\n');
            let piece = pieces.next().unwrap_or_default();
            let ended = pieces.next().is_some();
            let taken = piece.len() + usize::from(ended);
            if self.skipping {
                self.skipping = !ended;
            } else if piece.len() > self.limit - line.len() {
                self.skipping = !ended;
                self.input.consume(taken);
                return Ok(Some(Line::TooLong));
            } else {
                line.extend_from_slice(piece);
                if ended {
                    self.input.consume(taken);
                    return Ok(Some(Line::Whole(line)));
                }
            }
            self.input.consume(taken);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    fn lines(input: &[u8], limit: usize, buffer: usize) -> Vec<Line> {
        let mut reader = LineReader::new(BufReader::with_capacity(buffer, input), limit);
        std::iter::from_fn(|| reader.next_line().unwrap()).collect()
    }

    #[test]
    fn lines_end_at_line_feeds_whatever_the_buffer() {
        for buffer in 1..12 {
            assert_eq!(
                lines(b"abc\n\nde", 3, buffer),
                [Line::Whole(b"abc".into()), Line::Whole(vec![]), Line::Unfinished(b"de".into())],
                "buffer of {buffer}"
            );
        }
    }

    #[test]
    fn a_line_over_the_limit_is_dropped_and_the_next_one_read() {
        for buffer in 1..12 {
            assert_eq!(
                lines(b"abcd\nabcdefgh\nabc\nabcd", 3, buffer),
                [Line::TooLong, Line::TooLong, Line::Whole(b"abc".into()), Line::TooLong],
                "buffer of {buffer}"
            );
        }
    }

    #[test]
    fn a_stream_that_never_feeds_a_line_is_not_kept() {
        let mut reader = LineReader::new(BufReader::new(io::repeat(b'x')), 1000);
        assert_eq!(reader.next_line().unwrap(), Some(Line::TooLong));
    }
}
