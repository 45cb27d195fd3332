//! One instruction and its reply.

use crate::encode::Operands;
use crate::fayger_v1;
use crate::status::Status;
use crate::values::Values;

/// Which instruction, and the capabilities that it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opcode {
    category: u8,
    number: u16,
    capabilities: u16,
}

impl Opcode {
    /// The opcode of this category and number, with the set of capabilities that the registry, or for an experimental one the adapter, gives it.
    pub const fn new(category: u8, number: u16, capabilities: u16) -> Self {
        Self { category, number, capabilities }
    }

    fn head(self) -> [u8; 5] {
        let [number_low, number_high] = self.number.to_le_bytes();
        let [capabilities_low, capabilities_high] = self.capabilities.to_le_bytes();
        [self.category, number_low, number_high, capabilities_low, capabilities_high]
    }
}

/// Why there is nothing of an instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// It was answered with another status than `ok`.
    Status(Status),
    /// It does not fit the buffer, or has more bytes than there may be; it was not emitted.
    Instruction,
    /// Its reply, of so many bytes, does not fit the buffer; it can be read by [`Exchange::last_reply`] into a larger one.
    Reply(usize),
    /// The reply has other values than those that were looked for.
    Unexpected,
}

/// Emits instructions, one after another, in one buffer: the instruction is built in it, and the reply is read into it.
#[derive(Debug)]
pub struct Exchange<'b> {
    buffer: &'b mut [u8],
}

impl<'b> Exchange<'b> {
    /// In this buffer: as large as the longest instruction, and as the longest reply.
    pub fn new(buffer: &'b mut [u8]) -> Self {
        Self { buffer }
    }

    /// Emits an instruction with the operands that `write` writes; the values of its reply, with status `ok`.
    ///
    /// # Errors
    /// Why there are none.
    pub fn call(&mut self, opcode: Opcode, write: impl FnOnce(&mut Operands<'_>)) -> Result<Values<'_>, Error> {
        let mut operands = Operands::new(self.buffer, &opcode.head());
        write(&mut operands);
        fayger_v1::emit(operands.finish().ok_or(Error::Instruction)?);
        self.last_reply()
    }

    /// The values of the last reply, once more.
    ///
    /// # Errors
    /// As [`call`](Self::call); [`Error::Unexpected`] before the first.
    pub fn last_reply(&mut self) -> Result<Values<'_>, Error> {
        let length = fayger_v1::reply_read(self.buffer);
        let length = usize::try_from(length).map_err(|_| Error::Unexpected)?;
        let reply = self.buffer.get(..length).ok_or(Error::Reply(length))?;
        let (status, values) = reply.split_first_chunk().ok_or(Error::Unexpected)?;
        match Status::new(u16::from_le_bytes(*status)) {
            Status::Ok => Ok(Values::new(values)),
            status => Err(Error::Status(status)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{io, proc, scripted, time};

    #[test]
    fn an_instruction_goes_out_with_its_capabilities_and_its_values_come_back() {
        scripted::reply(b"\0\0\x07\x04\x01\0\0\0");
        scripted::reply(b"\0\0\x01\x01\x05");
        let mut buffer = [0; 64];
        let mut exchange = Exchange::new(&mut buffer);
        let writer = io::open_write(&mut exchange, "notes", 0).unwrap();
        assert_eq!((writer, io::write(&mut exchange, writer, b"hello")), (1, Ok(5)));
        // Category io, number 32 and 33, bit 2; path and mode, handle and bytes.
        let expected = [
            b"\0\x20\0\x04\0\x04\x05notes\x01\x01\0".to_vec(),
            b"\0\x21\0\x04\0\x07\x04\x01\0\0\0\x03\x05hello".to_vec(),
        ];
        assert_eq!(scripted::emitted(), expected);
    }

    #[test]
    fn several_values_are_fields_and_lists_are_walked() {
        scripted::reply(b"\0\0\x01\x01\x01\x01\x01\x09\x02\x01\xFF");
        scripted::reply(b"\0\0\x08\x06\x04\x01a\x04\x01b");
        let mut buffer = [0; 64];
        let mut exchange = Exchange::new(&mut buffer);
        assert_eq!(io::stat(&mut exchange, "d"), Ok(io::Stat { kind: 1, size: 9, modified_ns: -1 }));
        let arguments: Vec<_> = proc::arguments(&mut exchange).unwrap().texts().collect();
        assert_eq!(arguments, ["a", "b"]);
    }

    #[test]
    fn another_status_is_told_and_so_is_one_that_is_not_known() {
        scripted::reply(b"\x04\0");
        scripted::reply(b"\x63\0");
        let mut buffer = [0; 64];
        let mut exchange = Exchange::new(&mut buffer);
        assert_eq!(time::wall_now(&mut exchange), Err(Error::Status(Status::Denied)));
        assert_eq!(time::wall_now(&mut exchange), Err(Error::Status(Status::Other(99))));
        assert_eq!(time::wall_now(&mut exchange), Err(Error::Status(Status::Unsupported)));
    }

    #[test]
    fn what_does_not_fit_is_not_emitted_and_a_long_reply_can_be_read_again() {
        scripted::reply(b"\0\0\x02\x08\x15\xCD\x5B\x07\0\0\0\x01");
        let mut small = [0; 8];
        let mut exchange = Exchange::new(&mut small);
        assert_eq!(io::stdout_write(&mut exchange, b"hello"), Err(Error::Instruction));
        assert_eq!(scripted::emitted(), Vec::<Vec<u8>>::new());
        assert_eq!(time::wall_now(&mut exchange), Err(Error::Reply(12)));
        let mut large = [0; 12];
        // 2^56 + 123456789.
        let now = Exchange::new(&mut large).last_reply().unwrap().signed();
        assert_eq!(now, Ok(72_057_594_161_384_725));
    }
}
