//! From the instructions of a function to its code: once, in one pass, beside the validator.

mod compare;
mod control;
mod effort;
mod emit;
mod frame;
mod fuse;
mod memory;
mod numeric;
mod operands;
mod shorten;
mod slots;
mod table;

use wasmparser::{FuncValidator, FunctionBody, Operator, OperatorsReader, WasmModuleResources};

use self::control::Control;
pub(crate) use self::effort::Budget;
use self::emit::Emitter;
use self::frame::Frame;
pub(crate) use self::operands::Room;
use self::operands::{Operand, Operands};
use crate::code::{Code, Move, Op, OpCode};
use crate::error::ModuleError;
use crate::module::Parts;
use crate::value::Slot as _;

/// Operands of a function at once: no execution with the default limits has room for more.
const HIGHEST: usize = 1 << 20;

/// A function whose code has more than 2^32 of something. wasmparser's limit on the size of a function is far below.
#[derive(Debug)]
struct TooLarge;

/// A number of something in one function, of which there are never more than the function has bytes.
fn index(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Validates and translates the body of a function.
pub(crate) fn translate<R: WasmModuleResources>(
    parts: &Parts,
    function: u32,
    body: &FunctionBody<'_>,
    validator: &mut FuncValidator<R>,
    room: &mut Room,
    budget: &mut Budget,
) -> Result<Code, ModuleError> {
    let mut reader = body.get_binary_reader();
    validator.read_locals(&mut reader)?;
    let locals = validator.len_locals() as usize;
    let mut translator = Translator::new(parts, function, locals, std::mem::take(room));
    let mut operators = OperatorsReader::new(reader);
    while !operators.eof() {
        let (operator, offset) = operators.read_with_offset()?;
        budget.spend(effort::of(parts, validator, &operator)).ok_or_else(|| beyond(offset))?;
        validator.op(offset, &operator)?;
        translator
            .operator(&operator)
            .filter(|()| translator.operands.height() <= HIGHEST)
            .ok_or_else(|| beyond(offset))?;
    }
    operators.finish()?;
    *room = translator.operands.give_back();
    translator.finish().map_err(|TooLarge| beyond(body.range().start))
}

fn beyond(offset: u64) -> ModuleError {
    ModuleError { offset, message: "a function that is beyond what can be translated".to_owned() }
}

/// A function under way.
///
/// Its methods give `None` where the stack has not what the validator has just seen there; there is no such case.
struct Translator<'a> {
    parts: &'a Parts,
    /// The number of the function's code.
    number: u32,
    emitter: Emitter,
    frame: Frame,
    operands: Operands,
    controls: Vec<Control>,
    /// Blocks that were opened in code that is never reached.
    dead_blocks: usize,
    is_reachable: bool,
    parameters: usize,
    results: usize,
}

impl<'a> Translator<'a> {
    fn new(parts: &'a Parts, function: u32, locals: usize, room: Room) -> Self {
        let (parameters, results) =
            parts.function_type(function).map_or((0, 0), |known| (known.parameters.len(), known.results.len()));
        let mut translator = Self {
            parts,
            number: index(parts.codes.len()),
            emitter: Emitter::default(),
            frame: Frame::new(locals),
            operands: Operands::new(locals, room),
            controls: Vec::new(),
            dead_blocks: 0,
            is_reachable: true,
            parameters,
            results,
        };
        translator.place_locals();
        translator.enter_function();
        translator
    }

    /// Parameters come in one piece; those that are far are brought there. The other locals begin as zero.
    fn place_locals(&mut self) {
        let Frame { locals, near_locals } = self.frame;
        self.zero(self.parameters, near_locals.saturating_sub(self.parameters));
        let far_parameters = self.parameters.saturating_sub(near_locals);
        if far_parameters > 0 {
            self.move_slots(Move { from: near_locals, to: frame::FAR, count: far_parameters });
        }
        self.zero(frame::FAR + far_parameters, (locals - near_locals).saturating_sub(far_parameters));
    }

    /// Sets slots of locals to zero. There are 50,000 locals at most (wasmparser's limit), so the first slot's number fits.
    fn zero(&mut self, first: usize, count: usize) {
        if count > 0
            && let Some(op) = Op::new(OpCode::Zero).with_wide(first)
        {
            self.emitter.emit(Op { imm: index(count), ..op });
        }
    }

    fn operator(&mut self, operator: &Operator<'_>) -> Option<()> {
        use Operator as O;
        if !self.is_reachable {
            return self.skip(operator);
        }
        if !matches!(operator, O::Block { .. } | O::Loop { .. } | O::Else | O::End | O::Nop) {
            self.emitter.count();
        }
        match *operator {
            O::Nop => Some(()),
            O::Unreachable => self.unreachable(),
            O::Block { blockty } => self.block(blockty),
            O::Loop { blockty } => self.enter_loop(blockty),
            O::If { blockty } => self.enter_if(blockty),
            O::Else => self.enter_else(),
            O::End => self.end(),
            O::Br { relative_depth } => self.branch(relative_depth),
            O::BrIf { relative_depth } => self.branch_if(relative_depth),
            O::BrTable { ref targets } => self.branch_table(targets),
            O::Return => self.leave(),
            O::Call { function_index } => self.call(function_index),
            O::CallIndirect { type_index, table_index } => self.call_indirect(type_index, table_index),

            O::Drop => self.operands.pop().map(drop),
            O::Select | O::TypedSelect { .. } => self.select(),
            O::LocalGet { local_index } => {
                self.operands.push(Operand::Local(local_index as usize));
                Some(())
            }
            O::LocalSet { local_index } => self.local_set(local_index),
            O::LocalTee { local_index } => {
                self.local_set(local_index)?;
                self.operands.push(Operand::Local(local_index as usize));
                Some(())
            }
            O::GlobalGet { global_index } => self.produce(Op::new(OpCode::GlobalGet).with(0, 0, 0, global_index)),
            O::GlobalSet { global_index } => {
                let value = self.pop_slot(frame::Scratch::First)?;
                self.emitter.emit(Op::new(OpCode::GlobalSet).with(0, value, 0, global_index));
                Some(())
            }
            O::I32Const { value } => self.constant(value.cast_unsigned().to_slot()),
            O::I64Const { value } => self.constant(value.cast_unsigned()),
            O::F32Const { value } => self.constant(value.bits().to_slot()),
            O::F64Const { value } => self.constant(value.bits()),
            O::RefNull { .. } => self.constant(0),
            O::RefIsNull => self.compare_with_zero(compare::Width::W64),
            O::RefFunc { function_index } => self.produce(Op::new(OpCode::RefFunc).with(0, 0, 0, function_index)),

            _ => self.numeric(operator).or_else(|| self.memory(operator)).or_else(|| self.table(operator)),
        }
    }

    fn constant(&mut self, slot: u64) -> Option<()> {
        self.operands.push(Operand::Constant(slot));
        Some(())
    }

    fn finish(self) -> Result<Code, TooLarge> {
        let highest = self.operands.highest();
        let slots = self
            .frame
            .operand(highest)
            .max(frame::FAR + self.frame.far_locals())
            .max(self.parameters)
            .max(self.results);
        self.emitter.finish(self.number, slots)
    }
}

#[cfg(test)]
mod tests {
    use super::{Op, OpCode};
    use crate::Module;

    fn translated(text: &str) -> (Vec<Op>, Vec<u32>) {
        let bytes = wat::parse_str(text).expect("a module");
        let module = Module::new(&bytes).expect("a valid module");
        let code = module.parts.codes.first().expect("a function");
        (code.ops.clone(), code.rest.clone())
    }

    /// The example of the crate's page, by hand. The branch goes to operation 1 and passes over 1 - 13 = -12.
    #[test]
    fn the_example_of_the_page_is_true() {
        let (ops, rest) = translated(
            "(module (func (param $n i32) (result i64) (local $i i32) (local $sum i64)
                (loop $again
                    (local.set $sum (i64.add (local.get $sum) (i64.extend_i32_u (local.get $i))))
                    (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
                (local.get $sum)))",
        );
        let expected = [
            Op::new(OpCode::Zero).with(1, 0, 0, 2),
            Op::new(OpCode::I64Add).with(2, 2, 1, 0),
            Op::new(OpCode::StepI32LtU).with(1, 1, 0, (-12_i32 << 16).cast_unsigned() | 1),
            Op::new(OpCode::ReturnOne).with(0, 2, 0, 0),
        ];
        assert_eq!(ops, expected);
        assert_eq!(rest, [13, 13, 9, 1, 0]);
    }

    /// The test of `br_if` and the branch back become one test at the end, `i < n` with the step before it, which goes to behind the first test and
    /// costs both: `i32.add` and its three, `br`, and four of the test.
    #[test]
    fn a_loop_that_tests_at_its_beginning_tests_at_its_end() {
        let (ops, rest) = translated(
            "(module (func (param $n i32) (param $i i32)
                (block $done
                    (loop $next
                        (br_if $done (i32.ge_u (local.get $i) (local.get $n)))
                        (local.set $i (i32.add (local.get $i) (i32.const 1)))
                        (br $next)))))",
        );
        let expected = [
            Op::new(OpCode::BranchI32LeU).with(0, 0, 1, 9 << 16 | 2),
            Op::new(OpCode::StepI32LtU).with(1, 1, 0, (-9_i32 << 16).cast_unsigned() | 1),
            Op::new(OpCode::Return),
        ];
        assert_eq!(ops, expected);
        assert_eq!(rest, [13, 9, 0, 0]);
    }

    /// Each of the two ways gives its value from where it is.
    #[test]
    fn a_value_is_returned_from_where_it_is() {
        let (ops, rest) = translated(
            "(module (func (param i32 i32) (result i32)
                (if (result i32) (local.get 0) (then (local.get 1)) (else (i32.const 7)))))",
        );
        let expected = [
            Op::new(OpCode::BranchI32Zero).with(0, 0, 0, 1 << 16 | 3),
            Op::new(OpCode::ReturnOne).with(0, 1, 0, 1),
            Op::new(OpCode::ReturnOne).with(0, 2, 0, 1),
            Op::new(OpCode::Constant).with(2, 0, 0, 7),
            Op::new(OpCode::ReturnOne).with(0, 2, 0, 0),
        ];
        assert_eq!(ops, expected);
        assert_eq!(rest, [4, 2, 1, 1, 0, 0]);
    }

    /// `local.get 0`, then `local.set 0`: the operand keeps the old value, in its own slot.
    #[test]
    fn an_operand_outlives_the_local_that_it_was() {
        let (ops, _) = translated(
            "(module (func (param i32) (result i32) (local.get 0) (local.set 0 (i32.const 7)) (i32.add (local.get 0))))",
        );
        let expected = [
            Op::new(OpCode::Copy).with(1, 0, 0, 0),
            Op::new(OpCode::Constant).with(0, 0, 0, 7),
            Op::new(OpCode::I32Add).with(0, 1, 0, 0),
            Op::new(OpCode::Return),
        ];
        assert_eq!(ops, expected);
    }
}
