//! Evaluates a program as it is written. Each instruction is paid for when it is carried out, after its operands; `block`, `loop`, `else` and `end`
//! cost nothing.

use fayger_interpreter::Trap;

use super::program::{Expression, Function, Operator, Program, Statement};
use super::{End, Outcome};

/// Calls that are open at once.
pub(crate) const FRAMES: usize = 20;

const PAGE: usize = 65_536;

/// What the host answers.
pub(crate) fn host(argument: i32) -> i32 {
    argument.wrapping_mul(3).wrapping_add(1)
}

/// Why nothing follows.
enum Stop {
    Return(i32),
    End(End),
}

struct Naive<'a> {
    program: &'a Program,
    outcome: Outcome,
    fuel: u64,
    frames: usize,
}

/// Runs function 0 with so much fuel.
pub(crate) fn run(program: &Program, argument: i32, fuel: u64) -> Outcome {
    let outcome = Outcome { end: End::OutOfFuel, fuel: 0, globals: [0; 2], calls: Vec::new(), memory: vec![0; PAGE] };
    let mut naive = Naive { program, outcome, fuel, frames: 0 };
    naive.outcome.end = match naive.call(0, argument) {
        Ok(result) => End::Returned(result),
        Err(end) => end,
    };
    naive.outcome
}

impl Naive<'_> {
    fn pay(&mut self) -> Result<(), Stop> {
        if self.outcome.fuel == self.fuel {
            return Err(Stop::End(End::OutOfFuel));
        }
        self.outcome.fuel += 1;
        Ok(())
    }

    fn call(&mut self, function: usize, argument: i32) -> Result<i32, End> {
        if self.frames == FRAMES {
            return Err(End::Trapped(Trap::StackOverflow));
        }
        self.frames += 1;
        let Function { body, gives } = self.program.0.get(function).expect("one of three");
        let mut locals = [argument, 0, 0];
        let result = self.all(body, &mut locals).and_then(|()| self.value(gives, &mut locals));
        self.frames -= 1;
        match result {
            Ok(value) | Err(Stop::Return(value)) => Ok(value),
            Err(Stop::End(end)) => Err(end),
        }
    }

    fn all(&mut self, statements: &[Statement], locals: &mut [i32; 3]) -> Result<(), Stop> {
        statements.iter().try_for_each(|statement| self.statement(statement, locals))
    }

    fn statement(&mut self, statement: &Statement, locals: &mut [i32; 3]) -> Result<(), Stop> {
        match statement {
            Statement::SetLocal(local, value) => {
                let value = self.value(value, locals)?;
                self.pay()?;
                *at(locals, *local) = value;
            }
            Statement::SetGlobal(global, value) => {
                let value = self.value(value, locals)?;
                self.pay()?;
                *at(&mut self.outcome.globals, *global) = value;
            }
            Statement::Store([address, value]) => {
                let (address, value) = (self.value(address, locals)?, self.value(value, locals)?);
                self.pay()?;
                *self.bytes(address)? = value.to_le_bytes();
            }
            Statement::Drop(value) => {
                self.value(value, locals)?;
                self.pay()?;
            }
            Statement::If(condition, [then, other]) => {
                let condition = self.value(condition, locals)?;
                self.pay()?;
                self.all(if condition == 0 { other } else { then }, locals)?;
            }
            Statement::While(condition, body) => loop {
                let condition = self.value(condition, locals)?;
                // `i32.eqz`, and `br_if`.
                self.pay()?;
                self.pay()?;
                if condition == 0 {
                    break;
                }
                self.all(body, locals)?;
                self.pay()?;
            },
            Statement::Until(condition, body) => loop {
                let condition = self.value(condition, locals)?;
                self.pay()?;
                if condition != 0 {
                    break;
                }
                self.all(body, locals)?;
                self.pay()?;
            },
            Statement::Repeat(body, condition) => loop {
                self.all(body, locals)?;
                let condition = self.value(condition, locals)?;
                self.pay()?;
                if condition == 0 {
                    break;
                }
            },
            Statement::Skip(condition, [first, second]) => {
                self.all(first, locals)?;
                let condition = self.value(condition, locals)?;
                self.pay()?;
                if condition == 0 {
                    self.all(second, locals)?;
                }
            }
            Statement::Switch(number, [first, second]) => {
                let number = self.value(number, locals)?;
                self.pay()?;
                if number == 0 {
                    self.all(first, locals)?;
                    // `br`
                    self.pay()?;
                } else {
                    self.all(second, locals)?;
                }
            }
            Statement::Return(value) => {
                let value = self.value(value, locals)?;
                self.pay()?;
                return Err(Stop::Return(value));
            }
        }
        Ok(())
    }

    fn value(&mut self, expression: &Expression, locals: &mut [i32; 3]) -> Result<i32, Stop> {
        Ok(match expression {
            Expression::Constant(number) => {
                self.pay()?;
                *number
            }
            Expression::Local(local) => {
                self.pay()?;
                *at(locals, *local)
            }
            Expression::Global(global) => {
                self.pay()?;
                *at(&mut self.outcome.globals, *global)
            }
            Expression::Load(address) => {
                let address = self.value(address, locals)?;
                self.pay()?;
                i32::from_le_bytes(*self.bytes(address)?)
            }
            Expression::Eqz(value) => {
                let value = self.value(value, locals)?;
                self.pay()?;
                i32::from(value == 0)
            }
            Expression::Binary(operator, operands) => {
                let [a, b] = self.values(operands, locals)?;
                self.pay()?;
                operator.of(a, b).map_err(trap)?
            }
            Expression::Tee(local, value) => {
                let value = self.value(value, locals)?;
                self.pay()?;
                *at(locals, *local) = value;
                value
            }
            Expression::Select(operands) => {
                let [a, b, condition] = self.values(operands, locals)?;
                self.pay()?;
                if condition == 0 { b } else { a }
            }
            Expression::If(parts) => {
                let [condition, then, other] = parts.as_ref();
                let condition = self.value(condition, locals)?;
                self.pay()?;
                self.value(if condition == 0 { other } else { then }, locals)?
            }
            Expression::Call(function, argument) => {
                let argument = self.value(argument, locals)?;
                self.pay()?;
                self.call((*function).into(), argument).map_err(Stop::End)?
            }
            Expression::Indirect(operands) => {
                let [argument, element] = self.values(operands, locals)?;
                self.pay()?;
                match element {
                    0..=2 => self.call(element as usize, argument).map_err(Stop::End)?,
                    3 => return Err(trap(Trap::IndirectTypeMismatch)),
                    4 => return Err(trap(Trap::NullElement)),
                    _ => return Err(trap(Trap::TableOutOfBounds)),
                }
            }
            Expression::Host(argument) => {
                let argument = self.value(argument, locals)?;
                self.pay()?;
                self.outcome.calls.push((argument, self.outcome.fuel));
                host(argument)
            }
        })
    }

    fn values<const N: usize>(
        &mut self,
        expressions: &[Expression; N],
        locals: &mut [i32; 3],
    ) -> Result<[i32; N], Stop> {
        let mut values = [0; N];
        for (value, expression) in values.iter_mut().zip(expressions) {
            *value = self.value(expression, locals)?;
        }
        Ok(values)
    }

    /// The four bytes at an address, which has no sign.
    fn bytes(&mut self, address: i32) -> Result<&mut [u8; 4], Stop> {
        let rest = self.outcome.memory.get_mut(address.cast_unsigned() as usize..);
        rest.and_then(|rest| rest.first_chunk_mut()).ok_or(trap(Trap::MemoryOutOfBounds))
    }
}

fn at(variables: &mut [i32], number: u8) -> &mut i32 {
    variables.get_mut(usize::from(number)).expect("one of them")
}

fn trap(trap: Trap) -> Stop {
    Stop::End(End::Trapped(trap))
}

impl Operator {
    fn of(self, a: i32, b: i32) -> Result<i32, Trap> {
        Ok(match self {
            Self::Add => a.wrapping_add(b),
            Self::Sub => a.wrapping_sub(b),
            Self::And => a & b,
            Self::Shl => a.wrapping_shl(b.cast_unsigned()),
            Self::DivS if b == 0 => return Err(Trap::DivideByZero),
            Self::DivS => a.checked_div(b).ok_or(Trap::IntegerOverflow)?,
            Self::Eq => (a == b).into(),
            Self::LtS => (a < b).into(),
            Self::LtU => (a.cast_unsigned() < b.cast_unsigned()).into(),
            Self::GeU => (a.cast_unsigned() >= b.cast_unsigned()).into(),
        })
    }
}
