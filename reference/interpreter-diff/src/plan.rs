//! What is done with a module: which exports are called with which arguments, and which are looked at.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use wasmparser::{CompositeInnerType, ExternalKind, FuncType, Parser, Payload, TypeRef};

use crate::host::Answers;
use crate::random::Random;
use crate::value::{Type, Value};

/// A call.
#[derive(Clone, Debug)]
pub struct Call {
    /// The export.
    pub export: String,
    /// Its arguments.
    pub arguments: Vec<Value>,
    /// Whether the export is an import that is exported again.
    pub is_import: bool,
}

/// What is done with a module.
#[derive(Clone, Debug)]
pub struct Plan {
    /// How the host answers.
    pub answers: Answers,
    /// The calls, in order.
    pub calls: Vec<Call>,
    /// Fuel of instantiation and of each call.
    pub fuel: u64,
    /// Exported memories.
    pub memories: Vec<String>,
    /// Exported globals.
    pub globals: Vec<String>,
    /// Exported tables.
    pub tables: Vec<String>,
    /// Whether the module has a start function.
    pub has_start: bool,
}

impl Plan {
    /// Calls every exported function so many times, with arguments that a seed gives.
    ///
    /// # Errors
    /// The module cannot be parsed, or exports a function with types beyond this crate's.
    pub fn of(bytes: &[u8], seed: u64, times: usize, fuel: u64, answers: Answers) -> Result<Self> {
        let exports = Exports::of(bytes)?;
        let mut random = Random::new(seed);
        let mut calls = Vec::new();
        for _ in 0..times {
            for (export, parameters, is_import) in &exports.functions {
                let arguments = parameters.iter().map(|of| argument(*of, &mut random)).collect();
                calls.push(Call { export: export.clone(), arguments, is_import: *is_import });
            }
        }
        let Exports { memories, globals, tables, has_start, .. } = exports;
        Ok(Self { answers, calls, fuel, memories, globals, tables, has_start })
    }
}

/// The parameters of each exported function.
///
/// # Errors
/// As [`Plan::of`].
pub fn parameters_of(bytes: &[u8]) -> Result<BTreeMap<String, Vec<Type>>> {
    Ok(Exports::of(bytes)?.functions.into_iter().map(|(name, parameters, _)| (name, parameters)).collect())
}

/// What a module exports.
#[derive(Default)]
struct Exports {
    functions: Vec<(String, Vec<Type>, bool)>,
    memories: Vec<String>,
    globals: Vec<String>,
    tables: Vec<String>,
    has_start: bool,
}

impl Exports {
    fn of(bytes: &[u8]) -> Result<Self> {
        let mut exports = Self::default();
        let (mut types, mut functions, mut imported) = (Vec::<Option<FuncType>>::new(), Vec::<u32>::new(), 0);
        for payload in Parser::new(0).parse_all(bytes) {
            match payload? {
                Payload::TypeSection(section) => {
                    for group in section {
                        types.extend(group?.into_types().map(|of| match of.composite_type.inner {
                            CompositeInnerType::Func(of) => Some(of),
                            _ => None,
                        }));
                    }
                }
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        if let TypeRef::Func(of) = import?.ty {
                            functions.push(of);
                            imported += 1;
                        }
                    }
                }
                Payload::FunctionSection(section) => {
                    for of in section {
                        functions.push(of?);
                    }
                }
                Payload::StartSection { .. } => exports.has_start = true,
                Payload::ExportSection(section) => {
                    for export in section {
                        let export = export?;
                        let name = export.name.to_owned();
                        match export.kind {
                            ExternalKind::Func => {
                                let of = functions.get(export.index as usize).and_then(|of| types.get(*of as usize));
                                let Some(Some(of)) = of else { bail!("`{name}` has no function type") };
                                let Some(parameters) = of.params().iter().map(|of| Type::of(*of)).collect() else {
                                    bail!("`{name}` takes what this crate cannot give")
                                };
                                exports.functions.push((name, parameters, export.index < imported));
                            }
                            ExternalKind::Memory => exports.memories.push(name),
                            ExternalKind::Global => exports.globals.push(name),
                            ExternalKind::Table => exports.tables.push(name),
                            _ => bail!("`{name}` is of a kind beyond core 2.0"),
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(exports)
    }
}

/// Values at which instructions change their mind.
const INTEGERS: [u64; 12] = [
    0,
    1,
    2,
    0x7F,
    0x80,
    0xFFFF,
    0x1_0000,
    0x7FFF_FFFF,
    0x8000_0000,
    0xFFFF_FFFF,
    0x7FFF_FFFF_FFFF_FFFF,
    0x8000_0000_0000_0000,
];

/// Floats likewise: zeros, infinities, the canonical NaN, the ends of the integers' ranges, a subnormal.
const FLOATS: [f64; 14] = [
    0.0,
    -0.0,
    0.5,
    -1.5,
    2.5,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NAN,
    2_147_483_648.0,
    -2_147_483_649.0,
    4_294_967_296.0,
    9_223_372_036_854_775_808.0,
    18_446_744_073_709_551_616.0,
    1e-40,
];

fn argument(of: Type, random: &mut Random) -> Value {
    let is_special = random.below(2) == 0;
    let number = random.number();
    #[expect(clippy::cast_possible_truncation, reason = "any bits do")]
    let (integer, float) = (INTEGERS[(number % 12) as usize], FLOATS[(number % 14) as usize]);
    #[expect(clippy::cast_possible_truncation, reason = "any bits do")]
    match (of, is_special) {
        (Type::I32, true) => Value::I32(integer as u32),
        (Type::I32, false) => Value::I32(number as u32),
        (Type::I64, true) => Value::I64(integer),
        (Type::I64, false) => Value::I64(number),
        (Type::F32, true) => Value::F32((float as f32).to_bits()),
        (Type::F32, false) => Value::F32(number as u32),
        (Type::F64, true) => Value::F64(float.to_bits()),
        (Type::F64, false) => Value::F64(number),
        (Type::FuncRef, _) => Value::FuncRef { is_null: true },
        (Type::ExternRef, _) => Value::ExternRef { is_null: true },
    }
}
