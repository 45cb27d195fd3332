//! Operands to bytes, into a buffer of the caller's.

use crate::INSTRUCTION_LEN;

/// Types of operands.
pub(crate) mod kind {
    pub(crate) const UNSIGNED: u8 = 1;
    pub(crate) const SIGNED: u8 = 2;
    pub(crate) const BYTES: u8 = 3;
    pub(crate) const TEXT: u8 = 4;
    pub(crate) const BOOL: u8 = 5;
    pub(crate) const F64: u8 = 6;
    pub(crate) const HANDLE: u8 = 7;
    pub(crate) const LIST: u8 = 8;
}

/// Takes the operands of an instruction, in their order. What does not fit is told when the instruction is emitted, which then is not.
#[derive(Debug)]
pub struct Operands<'b> {
    buffer: &'b mut [u8],
    used: usize,
    is_cut: bool,
}

impl<'b> Operands<'b> {
    /// Begins with these bytes.
    pub(crate) fn new(buffer: &'b mut [u8], head: &[u8]) -> Self {
        let mut operands = Self { buffer, used: 0, is_cut: false };
        operands.push(head);
        operands
    }

    /// What was written, where it all fit.
    pub(crate) fn finish(self) -> Option<&'b [u8]> {
        let Self { buffer, used, is_cut } = self;
        let buffer: &'b [u8] = buffer;
        if is_cut { None } else { buffer.get(..used) }
    }

    /// A number from 0 up.
    pub fn unsigned(&mut self, number: u64) -> &mut Self {
        let bytes = number.to_le_bytes();
        let used = bytes.iter().rposition(|&byte| byte != 0).map_or(1, |last| last.saturating_add(1));
        self.operand(kind::UNSIGNED, bytes.get(..used).unwrap_or_default())
    }

    /// A number with a sign.
    pub fn signed(&mut self, number: i64) -> &mut Self {
        let bytes = number.to_le_bytes();
        // The fewest bytes from which the sign goes on as the number has it.
        let fits = |&bits: &u32| matches!(number >> bits.saturating_sub(1), 0 | -1);
        let bits = (8..=64).step_by(8).find(fits).unwrap_or(64);
        self.operand(kind::SIGNED, bytes.get(..bits as usize / 8).unwrap_or_default())
    }

    /// Bytes.
    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.operand(kind::BYTES, bytes)
    }

    /// Text.
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.operand(kind::TEXT, text.as_bytes())
    }

    /// A truth value.
    pub fn bool(&mut self, truth: bool) -> &mut Self {
        self.operand(kind::BOOL, &[u8::from(truth)])
    }

    /// A number with a fraction; every NaN is written as the one that there is.
    pub fn f64(&mut self, number: f64) -> &mut Self {
        let bits = if number.is_nan() { 0x7FF8_0000_0000_0000 } else { number.to_bits() };
        self.operand(kind::F64, &bits.to_le_bytes())
    }

    /// A handle.
    pub fn handle(&mut self, handle: u32) -> &mut Self {
        self.operand(kind::HANDLE, &handle.to_le_bytes())
    }

    /// A list of texts.
    pub fn texts(&mut self, texts: &[&str]) -> &mut Self {
        let begin = self.used;
        for text in texts {
            self.text(text);
        }
        // The length of what is listed is known only now: its head goes in before it.
        let length = self.used.saturating_sub(begin);
        let (head, count) = head(kind::LIST, length);
        let head = head.get(..count).unwrap_or_default();
        self.push(head);
        if !self.is_cut
            && let Some(list) = self.buffer.get_mut(begin..self.used)
        {
            list.copy_within(..length, count);
            list.iter_mut().zip(head).for_each(|(to, byte)| *to = *byte);
        }
        self
    }

    fn operand(&mut self, kind: u8, value: &[u8]) -> &mut Self {
        let (head, count) = head(kind, value.len());
        self.push(head.get(..count).unwrap_or_default());
        self.push(value);
        self
    }

    fn push(&mut self, bytes: &[u8]) {
        let end = self.used.saturating_add(bytes.len());
        match self.buffer.get_mut(self.used..end) {
            Some(to) if !self.is_cut && end <= INSTRUCTION_LEN => {
                to.copy_from_slice(bytes);
                self.used = end;
            }
            _ => self.is_cut = true,
        }
    }
}

/// Type and length of an operand, and how many bytes they take.
fn head(kind: u8, length: usize) -> ([u8; 6], usize) {
    let mut bytes = [kind, 0, 0, 0, 0, 0];
    let (mut rest, mut count) = (length, 1);
    for byte in bytes.iter_mut().skip(1) {
        count += 1;
        *byte = (rest & 0x7F) as u8;
        rest >>= 7;
        if rest == 0 {
            break;
        }
        *byte |= 0x80;
    }
    (bytes, count)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Operands<'_>)) -> Vec<u8> {
        let mut buffer = [0; 512];
        let mut operands = Operands::new(&mut buffer, &[]);
        write(&mut operands);
        operands.finish().unwrap().to_vec()
    }

    #[test]
    fn a_number_has_as_few_bytes_as_hold_it() {
        assert_eq!(
            written(|to| _ = to.unsigned(0).unsigned(255).unsigned(256)),
            *b"\x01\x01\0\x01\x01\xFF\x01\x02\0\x01"
        );
        assert_eq!(written(|to| _ = to.unsigned(u64::MAX)), *b"\x01\x08\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF");
        assert_eq!(written(|to| _ = to.signed(0).signed(127).signed(128)), *b"\x02\x01\0\x02\x01\x7F\x02\x02\x80\0");
        assert_eq!(
            written(|to| _ = to.signed(-1).signed(-128).signed(-129)),
            *b"\x02\x01\xFF\x02\x01\x80\x02\x02\x7F\xFF"
        );
        assert_eq!(written(|to| _ = to.signed(i64::MIN)), *b"\x02\x08\0\0\0\0\0\0\0\x80");
    }

    #[test]
    fn the_other_types_are_written_as_the_specification_has_them() {
        assert_eq!(written(|to| _ = to.text("hé").bytes(&[]).bool(true)), *b"\x04\x03h\xC3\xA9\x03\0\x05\x01\x01");
        assert_eq!(written(|to| _ = to.f64(-f64::NAN)), *b"\x06\x08\0\0\0\0\0\0\xF8\x7F");
        assert_eq!(written(|to| _ = to.handle(258)), *b"\x07\x04\x02\x01\0\0");
    }

    #[test]
    fn a_length_from_128_on_takes_two_bytes() {
        let bytes = written(|to| _ = to.bytes(&[7; 300]));
        assert_eq!((bytes.len(), &bytes[..4]), (303, b"\x03\xAC\x02\x07".as_slice()));
    }

    #[test]
    fn a_list_is_led_by_the_length_of_what_is_in_it() {
        assert_eq!(written(|to| _ = to.texts(&[]).texts(&["a", "bc"])), *b"\x08\0\x08\x07\x04\x01a\x04\x02bc");
        let long = "x".repeat(130);
        let bytes = written(|to| _ = to.texts(&[&long]));
        // 133 = 5 + 128.
        assert_eq!((&bytes[..6], bytes.len()), (b"\x08\x85\x01\x04\x82\x01".as_slice(), 136));
    }

    #[test]
    fn what_does_not_fit_is_not_finished() {
        let mut buffer = [0; 4];
        let mut operands = Operands::new(&mut buffer, &[]);
        operands.bytes(&[1, 2]);
        operands.bytes(&[]);
        assert_eq!(operands.finish(), None);
    }
}
