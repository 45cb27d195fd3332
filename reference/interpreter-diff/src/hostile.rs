//! Modules that would hurt an engine that is careless about stacks, memory or quadratic work. Each says how it may end.

use anyhow::{Result, ensure};
use wasm_encoder::{
    CodeSection, ConstExpr, DataSection, DataSegment, DataSegmentMode, ElementMode, ElementSection, ElementSegment,
    Elements, ExportKind, ExportSection, Function, FunctionSection, Instruction, MemorySection, MemoryType, Module,
    RefType, TableSection, TableType, TypeSection, ValType,
};

use crate::engine::{Ending, Trap};
use crate::engines::OURS;
use crate::value::Value;

/// How a hostile module may end.
#[derive(Clone, Copy, Debug)]
pub enum Expected {
    /// Refused, at load or instantiation.
    Refused,
    /// Refused, or `run` returns this.
    RefusedOrReturns(u32),
    /// `run` returns this.
    Returns(u32),
    /// `run` traps.
    Traps(Trap),
    /// `run` never ends by itself: its fuel does.
    EndsWithItsFuel,
    /// Ours refuses the module, as its few bytes move more operands than it translates; on another engine its fuel ends `run`.
    RefusedByOurs,
    /// Growth ends at a limit: of what the instance may have, or of the host's making.
    ReturnsAnything,
}

impl Expected {
    /// Holds an ending on an engine against the expectation; `None` stands for a refusal.
    ///
    /// # Errors
    /// It is not the one expected.
    pub fn check(self, engine: &str, ending: Option<&Ending>) -> Result<()> {
        let returned = |number: u32| ending == Some(&Ending::Returned(vec![Value::I32(number)]));
        let is_right = match self {
            Self::Refused => ending.is_none(),
            Self::RefusedOrReturns(number) => ending.is_none() || returned(number),
            Self::Returns(number) => returned(number),
            Self::Traps(trap) => ending == Some(&Ending::Trapped(trap)),
            Self::EndsWithItsFuel => ending == Some(&Ending::OutOfFuel),
            Self::RefusedByOurs if OURS.contains(&engine) => ending.is_none(),
            Self::RefusedByOurs => ending == Some(&Ending::OutOfFuel),
            Self::ReturnsAnything => matches!(ending, Some(Ending::Returned(_))),
        };
        ensure!(is_right, "{self:?} is expected, and it ends with {ending:?}");
        Ok(())
    }
}

/// A hostile module; it exports `run` () -> i32.
#[derive(Clone, Copy)]
pub struct Hostile {
    /// Its name.
    pub name: &'static str,
    /// What it is after.
    pub hunts: &'static str,
    /// Makes it.
    pub make: fn() -> Result<Vec<u8>>,
    /// How it may end.
    pub expected: Expected,
}

const fn hostile(
    name: &'static str,
    hunts: &'static str,
    make: fn() -> Result<Vec<u8>>,
    expected: Expected,
) -> Hostile {
    Hostile { name, hunts, make, expected }
}

/// All of them.
pub const ALL: &[Hostile] = &[
    hostile(
        "recursion",
        "the host's stack",
        || wat(r#"(module (func $f (export "run") (result i32) (i32.add (call $f) (i32.const 1))))"#),
        Expected::Traps(Trap::StackOverflow),
    ),
    hostile(
        "recursion-wide",
        "memory: 5,000 locals in each frame",
        recursion_wide,
        Expected::Traps(Trap::StackOverflow),
    ),
    hostile(
        "recursion-indirect",
        "the host's stack, by way of a table",
        || {
            wat(r#"(module (type $t (func (result i32))) (table funcref (elem $f))
                (func $f (export "run") (type $t) (i32.add (call_indirect (type $t) (i32.const 0)) (i32.const 1))))"#)
        },
        Expected::Traps(Trap::StackOverflow),
    ),
    hostile(
        "recursion-many-results",
        "copies of a thousand values at each return",
        recursion_many_results,
        Expected::Traps(Trap::StackOverflow),
    ),
    hostile(
        "loop-endless",
        "time",
        || wat(r#"(module (func (export "run") (result i32) (loop (br 0)) (unreachable)))"#),
        Expected::EndsWithItsFuel,
    ),
    hostile(
        "loop-endless-empty-calls",
        "time, by calls of an empty function",
        || wat(r#"(module (func $f) (func (export "run") (result i32) (loop (call $f) (br 0)) (unreachable)))"#),
        Expected::EndsWithItsFuel,
    ),
    hostile(
        "memory-grow",
        "memory, a page at a time",
        || {
            wat(r#"(module (memory 0) (func (export "run") (result i32)
                (loop (br_if 0 (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))) (memory.size)))"#)
        },
        Expected::ReturnsAnything,
    ),
    hostile(
        "memory-grow-at-once",
        "memory, all at once",
        || wat(r#"(module (memory 0) (func (export "run") (result i32) (memory.grow (i32.const 65536))))"#),
        Expected::ReturnsAnything,
    ),
    hostile(
        "memory-grow-overflow",
        "pages that wrap 2^32",
        || wat(r#"(module (memory 1) (func (export "run") (result i32) (memory.grow (i32.const -1))))"#),
        Expected::Returns(u32::MAX),
    ),
    hostile(
        "memory-initial",
        "memory before any fuel is charged",
        || wat(r#"(module (memory 65536) (func (export "run") (result i32) (i32.const 1)))"#),
        Expected::RefusedOrReturns(1),
    ),
    hostile(
        "table-grow",
        "memory, by tables",
        || {
            wat(r#"(module (table 0 externref) (func (export "run") (result i32)
                (loop (br_if 0 (i32.ne (table.grow 0 (ref.null extern) (i32.const 100000)) (i32.const -1)))) (table.size 0)))"#)
        },
        Expected::ReturnsAnything,
    ),
    hostile(
        "table-initial",
        "memory, by a table's type",
        || wat(r#"(module (table 4294967295 externref) (func (export "run") (result i32) (i32.const 1)))"#),
        Expected::Refused,
    ),
    hostile(
        "nest-blocks",
        "recursion over 100,000 blocks",
        || Ok(nest(0x02, 0x0B, 100_000)),
        Expected::RefusedOrReturns(1),
    ),
    hostile(
        "nest-loops",
        "recursion over 100,000 loops",
        || Ok(nest(0x03, 0x0B, 100_000)),
        Expected::RefusedOrReturns(1),
    ),
    hostile("nest-ifs", "recursion over 100,000 ifs", nest_ifs, Expected::RefusedOrReturns(1)),
    hostile(
        "nest-branches",
        "a branch from each of 100,000 blocks to the outermost",
        nest_branches,
        Expected::RefusedOrReturns(1),
    ),
    hostile("function-10-mib", "a function past what wasmparser admits", || Ok(long(10 << 20)), Expected::Refused),
    hostile("function-7-mib", "a function just below it", || Ok(long(7 << 20)), Expected::RefusedOrReturns(1)),
    hostile("locals-50000", "as many locals as wasmparser admits", locals, Expected::RefusedOrReturns(1)),
    hostile("operands-1000000", "a million operands on the stack", operands, Expected::RefusedOrReturns(1)),
    hostile(
        "operands-and-sets",
        "quadratic time: each `local.set` looks through all operands for copies of the local",
        operands_and_sets,
        Expected::RefusedOrReturns(1),
    ),
    hostile(
        "copies-of-a-local",
        "quadratic time or code: 50,000 copies of a local stand on the stack each time that it is set",
        copies_of_a_local,
        Expected::RefusedOrReturns(1),
    ),
    hostile(
        "br-table-100000",
        "a table of 100,000 targets",
        || Ok(br_table(100_000, 1)),
        Expected::RefusedOrReturns(1),
    ),
    hostile(
        "br-table-7000000",
        "a table of seven million targets",
        || Ok(br_table(7_000_000, 1)),
        Expected::RefusedOrReturns(1),
    ),
    hostile(
        "br-table-wide",
        "code that grows as targets times values: 100,000 targets that carry 1,000 values each",
        || Ok(br_table(100_000, 1_000)),
        Expected::RefusedOrReturns(1),
    ),
    hostile(
        "br-if-wide",
        "code that grows as branches times values: a million branches that carry 1,000 values each",
        br_if_wide,
        Expected::RefusedOrReturns(1),
    ),
    hostile(
        "call-wide",
        "300,000 calls of a function that takes and gives 1,000 values",
        call_wide,
        // 300,000 times 1,000 instructions are more than its fuel. 300,000 times 2,000 operands are 600,000,000, and 64 for each of its 607,000 bytes
        // and 4,194,304 are 43,000,000.
        Expected::RefusedByOurs,
    ),
    hostile("functions-1000000", "a million functions", functions, Expected::RefusedOrReturns(1)),
    hostile("data-segments", "100,000 active data segments", data_segments, Expected::RefusedOrReturns(1)),
    hostile("data-segments-declared", "a count of segments with nothing behind it", data_declared, Expected::Refused),
    hostile("element-segments", "100,000 element segments", element_segments, Expected::RefusedOrReturns(1)),
];

/// Without names, which would be most of some modules.
fn wat(text: &str) -> Result<Vec<u8>> {
    Ok(wat::parse_str(text)?)
}

fn types(of: &[(usize, usize)]) -> TypeSection {
    let mut types = TypeSection::new();
    for (parameters, results) in of {
        types.ty().function(vec![ValType::I32; *parameters], vec![ValType::I32; *results]);
    }
    types
}

/// A module of functions (type, locals, body without its last `end`), the first of which is `run`.
fn module(types_of: &[(usize, usize)], functions: Vec<(u32, u32, Vec<u8>)>) -> Vec<u8> {
    let (mut section, mut code, mut exports) = (FunctionSection::new(), CodeSection::new(), ExportSection::new());
    exports.export("run", ExportKind::Func, 0);
    for (of, locals, body) in functions {
        section.function(of);
        let mut function = Function::new((locals > 0).then_some((locals, ValType::I32)));
        function.raw(body);
        function.instruction(&Instruction::End);
        code.function(&function);
    }
    let mut module = Module::new();
    module.section(&types(types_of)).section(&section).section(&exports).section(&code);
    module.finish()
}

fn bytes(instructions: &[Instruction<'_>]) -> Vec<u8> {
    use wasm_encoder::Encode as _;
    let mut bytes = Vec::new();
    instructions.iter().for_each(|instruction| instruction.encode(&mut bytes));
    bytes
}

/// `i32.const 1`.
const ONE: [u8; 2] = [0x41, 1];
const DROP: u8 = 0x1A;
const END: u8 = 0x0B;
/// The empty block type.
const EMPTY: u8 = 0x40;

fn recursion_wide() -> Result<Vec<u8>> {
    let mut body = Vec::new();
    // Each local is written, and so is none that could be left out.
    for local in 0..5_000 {
        body.extend(bytes(&[Instruction::I32Const(1), Instruction::LocalSet(local)]));
    }
    body.extend(bytes(&[Instruction::Call(0), Instruction::LocalGet(4_999), Instruction::I32Add]));
    Ok(module(&[(0, 1)], vec![(0, 5_000, body)]))
}

fn recursion_many_results() -> Result<Vec<u8>> {
    let mut run = bytes(&[Instruction::Call(1)]);
    run.extend([DROP].repeat(999));
    Ok(module(&[(0, 1), (0, 1_000)], vec![(0, 0, run), (1, 0, bytes(&[Instruction::Call(1)]))]))
}

fn nest(open: u8, close: u8, depth: usize) -> Vec<u8> {
    let body = [[open, EMPTY].repeat(depth), vec![close; depth], ONE.to_vec()].concat();
    module(&[(0, 1)], vec![(0, 0, body)])
}

fn nest_ifs() -> Result<Vec<u8>> {
    let body = [[0x41, 1, 0x04, EMPTY].repeat(100_000), vec![END; 100_000], ONE.to_vec()].concat();
    Ok(module(&[(0, 1)], vec![(0, 0, body)]))
}

fn nest_branches() -> Result<Vec<u8>> {
    let mut body = Vec::new();
    for depth in 0..100_000 {
        body.extend([0x02, EMPTY, 0x41, 0]);
        body.extend(bytes(&[Instruction::BrIf(depth)]));
    }
    body.extend([END].repeat(100_000));
    body.extend(ONE);
    Ok(module(&[(0, 1)], vec![(0, 0, body)]))
}

fn long(length: usize) -> Vec<u8> {
    let body = [[ONE[0], ONE[1], DROP].repeat(length / 3), ONE.to_vec()].concat();
    module(&[(0, 1)], vec![(0, 0, body)])
}

fn locals() -> Result<Vec<u8>> {
    let body = bytes(&[Instruction::I32Const(1), Instruction::LocalSet(49_999), Instruction::LocalGet(49_999)]);
    Ok(module(&[(0, 1)], vec![(0, 50_000, body)]))
}

fn operands() -> Result<Vec<u8>> {
    let body = [ONE.repeat(1_000_000), [DROP].repeat(999_999)].concat();
    Ok(module(&[(0, 1)], vec![(0, 0, body)]))
}

fn operands_and_sets() -> Result<Vec<u8>> {
    let set = bytes(&[Instruction::I32Const(1), Instruction::LocalSet(0)]);
    let body = [ONE.repeat(500_000), set.repeat(500_000), [DROP].repeat(499_999)].concat();
    Ok(module(&[(0, 1)], vec![(0, 1, body)]))
}

fn copies_of_a_local() -> Result<Vec<u8>> {
    let get = bytes(&[Instruction::LocalGet(0)]);
    let set = bytes(&[Instruction::I32Const(1), Instruction::LocalSet(0)]);
    let round = [get.repeat(50_000), set].concat();
    let body = [round.repeat(30), [DROP].repeat(50_000 * 30), ONE.to_vec()].concat();
    Ok(module(&[(0, 1)], vec![(0, 1, body)]))
}

/// A `br_table` whose every target is a block that takes so many values.
fn br_table(targets: u32, values: usize) -> Vec<u8> {
    let inner = Instruction::Block(wasm_encoder::BlockType::FunctionType(1));
    let depths: Vec<u32> = (0..targets).map(|target| target & 1).collect();
    let mut body = bytes(&[inner.clone(), inner]);
    body.extend(ONE.repeat(values));
    body.extend(bytes(&[
        Instruction::I32Const(3),
        Instruction::BrTable(depths.into(), 0),
        Instruction::End,
        Instruction::End,
    ]));
    body.extend([DROP].repeat(values - 1));
    module(&[(0, 1), (0, values)], vec![(0, 0, body)])
}

fn br_if_wide() -> Result<Vec<u8>> {
    let mut body = bytes(&[Instruction::Block(wasm_encoder::BlockType::FunctionType(1))]);
    // One operand below, so that the values have to move where the branch is taken.
    body.extend(ONE.repeat(1_001));
    let branch = bytes(&[Instruction::I32Const(0), Instruction::BrIf(0)]);
    body.extend(branch.repeat(1_000_000));
    body.extend(bytes(&[Instruction::Br(0), Instruction::End]));
    body.extend([DROP].repeat(999));
    Ok(module(&[(0, 1), (0, 1_000)], vec![(0, 0, body)]))
}

fn call_wide() -> Result<Vec<u8>> {
    let mut run = ONE.repeat(1_000);
    run.extend(bytes(&[Instruction::Call(1)]).repeat(300_000));
    run.extend([DROP].repeat(999));
    let gets: Vec<u8> = (0..1_000).flat_map(|local| bytes(&[Instruction::LocalGet(local)])).collect();
    Ok(module(&[(0, 1), (1_000, 1_000)], vec![(0, 0, run), (1, 0, gets)]))
}

fn functions() -> Result<Vec<u8>> {
    Ok(module(&[(0, 1)], vec![(0, 0, ONE.to_vec()); 1_000_000]))
}

fn data_segments() -> Result<Vec<u8>> {
    let mut data = DataSection::new();
    for number in 0..100_000 {
        let offset = ConstExpr::i32_const(number % 65_536);
        let mode = DataSegmentMode::Active { memory_index: 0, offset: &offset };
        data.segment(DataSegment { mode, data: [1_u8] });
    }
    Ok(with_sections(Some(&data), None))
}

fn element_segments() -> Result<Vec<u8>> {
    let mut elements = ElementSection::new();
    for number in 0..100_000 {
        let offset = ConstExpr::i32_const(number % 10);
        let mode = ElementMode::Active { table: None, offset: &offset };
        elements.segment(ElementSegment { mode, elements: Elements::Functions((&[0_u32]).into()) });
    }
    Ok(with_sections(None, Some(&elements)))
}

fn with_sections(data: Option<&DataSection>, elements: Option<&ElementSection>) -> Vec<u8> {
    let (mut functions, mut code, mut exports) = (FunctionSection::new(), CodeSection::new(), ExportSection::new());
    let (mut memories, mut tables) = (MemorySection::new(), TableSection::new());
    functions.function(0);
    exports.export("run", ExportKind::Func, 0);
    let mut function = Function::new([]);
    function.instruction(&Instruction::I32Const(1)).instruction(&Instruction::End);
    code.function(&function);
    memories.memory(MemoryType { minimum: 1, maximum: None, memory64: false, shared: false, page_size_log2: None });
    let element_type = RefType::FUNCREF;
    tables.table(TableType { element_type, table64: false, minimum: 10, maximum: None, shared: false });
    let mut module = Module::new();
    module.section(&types(&[(0, 1)])).section(&functions).section(&tables).section(&memories).section(&exports);
    if let Some(elements) = elements {
        module.section(elements);
    }
    module.section(&code);
    if let Some(data) = data {
        module.section(data);
    }
    module.finish()
}

/// Four thousand million data segments announced, in a section of six bytes.
fn data_declared() -> Result<Vec<u8>> {
    let mut bytes = with_sections(None, None);
    bytes.extend([11, 5, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F]);
    Ok(bytes)
}
