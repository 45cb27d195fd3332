//! The host that every engine's guest sees: functions that note their call and answer from its number alone.

use crate::random::Random;
use crate::value::{Type, Value};

/// How the host answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answers {
    /// Zero and null.
    Zero,
    /// Numbers that differ from call to call.
    Mixed,
}

/// A call of the guest's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostCall {
    /// `module.name` of the import.
    pub import: String,
    /// Its arguments.
    pub arguments: Vec<Value>,
}

/// Calls that are kept one by one; of those after, only the number and the mixture.
const KEPT: usize = 50;

/// What the host has seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    answers: Answers,
    /// How many calls there were.
    pub count: u64,
    /// The first calls.
    pub first: Vec<HostCall>,
    /// All calls, mixed into a number.
    pub mixture: u64,
}

impl Host {
    /// A host that has seen nothing.
    #[must_use]
    pub const fn new(answers: Answers) -> Self {
        Self { answers, count: 0, first: Vec::new(), mixture: 0 }
    }

    /// Takes a call and answers it.
    pub fn call(&mut self, import: &str, arguments: Vec<Value>, results: &[Type]) -> Vec<Value> {
        self.count += 1;
        for value in &arguments {
            let bits = match *value {
                Value::I32(bits) | Value::F32(bits) => u64::from(bits),
                Value::I64(bits) | Value::F64(bits) => bits,
                Value::FuncRef { is_null } | Value::ExternRef { is_null } => u64::from(is_null),
            };
            self.mixture = Random::new(self.mixture ^ bits).number();
        }
        self.mixture = import.bytes().fold(self.mixture, |mixture, byte| mixture.rotate_left(7) ^ u64::from(byte));
        if self.first.len() < KEPT {
            self.first.push(HostCall { import: import.to_owned(), arguments });
        }
        let mut random = Random::new(self.count);
        results.iter().map(|of| self.answer(*of, &mut random)).collect()
    }

    fn answer(&self, of: Type, random: &mut Random) -> Value {
        let number = match self.answers {
            Answers::Zero => 0,
            // Small numbers too: they are indices and addresses that exist.
            Answers::Mixed => random.number() >> (8 * (random.number() & 7)),
        };
        #[expect(clippy::cast_possible_truncation, reason = "any bits do")]
        match of {
            Type::I32 => Value::I32(number as u32),
            Type::I64 => Value::I64(number),
            // Whole numbers, and so no NaN with bits of its own.
            Type::F32 => Value::F32((number as i16 as f32).to_bits()),
            Type::F64 => Value::F64(f64::from(number as i32).to_bits()),
            Type::FuncRef => Value::FuncRef { is_null: true },
            Type::ExternRef => Value::ExternRef { is_null: true },
        }
    }
}
