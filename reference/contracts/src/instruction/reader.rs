//! Reading bytes from the left. It knows where it is, and nothing of what it reads.

use super::rule::{Malformed, Rule};

/// The rest of a part, and where it lies.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'a> {
    rest: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    /// Over `bytes`, whose first byte has the offset `at`.
    pub(super) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { rest: bytes, at }
    }

    /// The offset of the next byte.
    #[inline]
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// The offset after the last byte.
    #[inline]
    pub(super) fn end(&self) -> usize {
        self.at.saturating_add(self.rest.len())
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// What is left.
    #[inline]
    pub(super) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The next byte.
    #[inline]
    pub(super) fn byte(&mut self) -> Result<u8, Malformed> {
        let (&byte, rest) = self.rest.split_first().ok_or(Rule::Truncated.at(self.end()))?;
        self.advance(rest, 1);
        Ok(byte)
    }

    /// The next two bytes, little-endian.
    #[inline]
    pub(super) fn u16(&mut self) -> Result<u16, Malformed> {
        let (&bytes, rest) = self.rest.split_first_chunk().ok_or(Rule::Truncated.at(self.end()))?;
        self.advance(rest, 2);
        Ok(u16::from_le_bytes(bytes))
    }

    /// The next `length` bytes.
    #[inline]
    pub(super) fn take(&mut self, length: usize) -> Result<&'a [u8], Malformed> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(Rule::Truncated.at(self.end()))?;
        self.advance(rest, length);
        Ok(taken)
    }

    fn advance(&mut self, rest: &'a [u8], by: usize) {
        self.rest = rest;
        self.at = self.at.saturating_add(by);
    }
}
