//! Values of replies and events, taken from the left.

use crate::encode::kind;
use crate::exchange::Error;

/// Values that were not taken yet. The bus has seen to it that they are well formed; what is not as expected is [`Error::Unexpected`] all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Values<'a>(&'a [u8]);

impl<'a> Values<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// Whether all were taken.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes a number from 0 up.
    ///
    /// # Errors
    /// [`Error::Unexpected`] where the next value is none, as with all that follow.
    pub fn unsigned(&mut self) -> Result<u64, Error> {
        self.fixed(kind::UNSIGNED, false).map(u64::from_le_bytes)
    }

    /// Takes a number with a sign.
    ///
    /// # Errors
    /// [`Error::Unexpected`].
    pub fn signed(&mut self) -> Result<i64, Error> {
        self.fixed(kind::SIGNED, true).map(i64::from_le_bytes)
    }

    /// Takes bytes.
    ///
    /// # Errors
    /// [`Error::Unexpected`].
    pub fn bytes(&mut self) -> Result<&'a [u8], Error> {
        self.take(kind::BYTES)
    }

    /// Takes text.
    ///
    /// # Errors
    /// [`Error::Unexpected`].
    pub fn text(&mut self) -> Result<&'a str, Error> {
        core::str::from_utf8(self.take(kind::TEXT)?).map_err(|_| Error::Unexpected)
    }

    /// Takes a truth value.
    ///
    /// # Errors
    /// [`Error::Unexpected`].
    pub fn bool(&mut self) -> Result<bool, Error> {
        self.fixed(kind::BOOL, false).map(|bytes| bytes != [0; 8])
    }

    /// Takes a number with a fraction.
    ///
    /// # Errors
    /// [`Error::Unexpected`].
    pub fn f64(&mut self) -> Result<f64, Error> {
        self.fixed(kind::F64, false).map(f64::from_le_bytes)
    }

    /// Takes a handle.
    ///
    /// # Errors
    /// [`Error::Unexpected`].
    pub fn handle(&mut self) -> Result<u32, Error> {
        let [a, b, c, d, ..] = self.fixed(kind::HANDLE, false)?;
        Ok(u32::from_le_bytes([a, b, c, d]))
    }

    /// Takes a list.
    ///
    /// # Errors
    /// [`Error::Unexpected`].
    pub fn list(&mut self) -> Result<Values<'a>, Error> {
        self.take(kind::LIST).map(Values)
    }

    /// The texts that are left, up to the first value that is none.
    pub fn texts(self) -> Texts<'a> {
        Texts(self)
    }

    /// A value of up to eight bytes, with its sign or zeros behind.
    fn fixed(&mut self, kind: u8, is_signed: bool) -> Result<[u8; 8], Error> {
        let value = self.take(kind)?;
        let is_negative = is_signed && value.last().is_some_and(|last| last & 0x80 != 0);
        let mut bytes = [if is_negative { 0xFF } else { 0 }; 8];
        bytes.get_mut(..value.len()).ok_or(Error::Unexpected)?.copy_from_slice(value);
        Ok(bytes)
    }

    /// Takes the value of an operand of this type.
    fn take(&mut self, kind: u8) -> Result<&'a [u8], Error> {
        let (&first, mut rest) = self.0.split_first().ok_or(Error::Unexpected)?;
        if first != kind {
            return Err(Error::Unexpected);
        }
        let mut length = 0_usize;
        for shift in [0, 7, 14, 21] {
            let (&byte, behind) = rest.split_first().ok_or(Error::Unexpected)?;
            rest = behind;
            length |= usize::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                let (value, behind) = rest.split_at_checked(length).ok_or(Error::Unexpected)?;
                self.0 = behind;
                return Ok(value);
            }
        }
        // No reply is as long as a fifth byte would say.
        Err(Error::Unexpected)
    }
}

/// Texts of a list.
#[derive(Clone, Debug)]
pub struct Texts<'a>(Values<'a>);

impl<'a> Iterator for Texts<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        self.0.text().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_taken_in_their_order() {
        let mut values = Values::new(b"\x01\x02\0\x01\x02\x01\x80\x03\x02ab\x04\x02h!\x05\x01\x01\x07\x04\x02\x01\0\0");
        assert_eq!(values.unsigned(), Ok(256));
        assert_eq!(values.signed(), Ok(-128));
        assert_eq!(values.bytes(), Ok(b"ab".as_slice()));
        assert_eq!(values.text(), Ok("h!"));
        assert_eq!((values.bool(), values.handle()), (Ok(true), Ok(258)));
        assert!(values.is_empty());
        assert_eq!(values.bytes(), Err(Error::Unexpected));
    }

    #[test]
    fn a_value_of_another_type_stays() {
        let mut values = Values::new(b"\x06\x08\0\0\0\0\0\0\xF8\x3F");
        assert_eq!(values.unsigned(), Err(Error::Unexpected));
        assert_eq!(values.f64(), Ok(1.5));
    }

    #[test]
    fn a_list_is_values_too() {
        let mut values = Values::new(b"\x08\x07\x04\x01a\x04\x02bc\x01\x01\x05");
        let texts: Vec<_> = values.list().unwrap().texts().collect();
        assert_eq!((texts, values.unsigned()), (vec!["a", "bc"], Ok(5)));
    }

    #[test]
    fn what_is_cut_or_too_long_for_its_type_is_refused() {
        for bytes in [b"\x03".as_slice(), b"\x03\x02a", b"\x03\x80", b"\x03\x80\x80\x80\x80\x00"] {
            assert_eq!(Values::new(bytes).bytes(), Err(Error::Unexpected), "{bytes:x?}");
        }
        assert_eq!(Values::new(b"\x01\x09123456789").unsigned(), Err(Error::Unexpected));
        assert_eq!(Values::new(b"\x04\x01\xFF").text(), Err(Error::Unexpected));
    }
}
