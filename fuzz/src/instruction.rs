//! Any bytes as an instruction, as an event and as a reply.

use fayger_contracts::instruction::{EventRef, InstructionRef, Malformed, ReplyRef, Unencodable};

/// What is accepted encodes to itself; a refusal's place is in the input.
pub fn instruction(data: &[u8]) {
    judge(data, InstructionRef::decode(data).map(|decoded| decoded.to_universal().encode()));
    judge(data, EventRef::decode(data).map(|decoded| decoded.to_universal().encode()));
    judge(data, ReplyRef::decode(data).map(|decoded| decoded.to_universal().encode()));
}

fn judge(data: &[u8], decoded: Result<Result<Vec<u8>, Unencodable>, Malformed>) {
    match decoded {
        Ok(encoded) => assert_eq!(encoded.as_deref(), Ok(data), "what was accepted has another encoding"),
        Err(error) => assert!(error.offset <= data.len(), "the place is outside the input: {error}"),
    }
}
