//! What an instruction costs to validate and translate, where that is out of proportion to its bytes.
//!
//! A type may have 1,000 parameters and 1,000 results, so two bytes of `call` or `block` can move 2,000 operands, and each label of a `br_table`
//! 1,000. A module that does so again and again would take minutes; it is refused once it has passed what no compiler's output comes near.

use wasmparser::{BlockType, FrameKind, FuncValidator, Operator, WasmModuleResources};

use crate::module::Parts;
use crate::types::FunctionType;

/// Operands for each byte of a module that its instructions may move.
const PER_BYTE: u64 = 64;
/// Operands that every module may move.
const FOR_ALL: u64 = 1 << 22;
/// What is left of a module's effort.
pub(crate) struct Budget(u64);

impl Budget {
    /// For a module of so many bytes.
    pub(crate) fn of(bytes: usize) -> Self {
        Self((bytes as u64).saturating_mul(PER_BYTE).saturating_add(FOR_ALL))
    }

    /// None where it is used up.
    pub(super) fn spend(&mut self, effort: u64) -> Option<()> {
        self.0 = self.0.checked_sub(effort)?;
        Some(())
    }
}

/// Operands that an instruction moves, where its type or its label says how many.
pub(super) fn of<R: WasmModuleResources>(parts: &Parts, validator: &FuncValidator<R>, operator: &Operator<'_>) -> u64 {
    let carried = |depth: u32| {
        validator.get_control_frame(depth as usize).map_or(0, |frame| match frame.kind {
            FrameKind::Loop => of_block(parts, frame.block_type).0,
            _ => of_block(parts, frame.block_type).1,
        })
    };
    let both = |(parameters, results): (u64, u64)| parameters + results;
    match operator {
        Operator::Block { blockty } | Operator::Loop { blockty } | Operator::If { blockty } => {
            both(of_block(parts, *blockty))
        }
        Operator::Call { function_index } => {
            parts.function_type(*function_index).map_or(0, |known| both(of_type(known)))
        }
        Operator::CallIndirect { type_index, .. } => {
            parts.types.get(*type_index as usize).map_or(0, |known| both(of_type(known)))
        }
        Operator::Br { relative_depth } | Operator::BrIf { relative_depth } => carried(*relative_depth),
        Operator::BrTable { targets } => u64::from(targets.len()).saturating_mul(carried(targets.default())),
        Operator::Return => {
            let outermost = validator.control_stack_height().saturating_sub(1);
            carried(outermost)
        }
        _ => 0,
    }
}

fn of_type(known: &FunctionType) -> (u64, u64) {
    (known.parameters.len() as u64, known.results.len() as u64)
}

/// Parameters and results of a block.
fn of_block(parts: &Parts, block_type: BlockType) -> (u64, u64) {
    match block_type {
        BlockType::Empty => (0, 0),
        BlockType::Type(_) => (0, 1),
        BlockType::FuncType(index) => parts.types.get(index as usize).map_or((0, 0), of_type),
    }
}
