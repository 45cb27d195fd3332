//! Float instructions (WebAssembly core 2.0, section 4.3.3).

use super::operation::Operation;
use crate::code::OpCode as C;
use crate::numeric::float;

pub(super) const OPERATIONS: &[Operation] = &[
    (C::F32Abs, |m, s, ops| m.unary(s, ops, float::abs::<f32>)),
    (C::F32Neg, |m, s, ops| m.unary(s, ops, float::neg::<f32>)),
    (C::F32Ceil, |m, s, ops| m.unary(s, ops, float::ceil::<f32>)),
    (C::F32Floor, |m, s, ops| m.unary(s, ops, float::floor::<f32>)),
    (C::F32Trunc, |m, s, ops| m.unary(s, ops, float::trunc::<f32>)),
    (C::F32Nearest, |m, s, ops| m.unary(s, ops, float::nearest::<f32>)),
    (C::F32Sqrt, |m, s, ops| m.unary(s, ops, float::sqrt::<f32>)),
    (C::F32Add, |m, s, ops| m.binary(s, ops, float::add::<f32>)),
    (C::F32Sub, |m, s, ops| m.binary(s, ops, float::sub::<f32>)),
    (C::F32Mul, |m, s, ops| m.binary(s, ops, float::mul::<f32>)),
    (C::F32Div, |m, s, ops| m.binary(s, ops, float::div::<f32>)),
    (C::F32Min, |m, s, ops| m.binary(s, ops, float::min::<f32>)),
    (C::F32Max, |m, s, ops| m.binary(s, ops, float::max::<f32>)),
    (C::F32Copysign, |m, s, ops| m.binary(s, ops, float::copysign::<f32>)),
    (C::F32Eq, |m, s, ops| m.binary(s, ops, float::eq::<f32>)),
    (C::F32Ne, |m, s, ops| m.binary(s, ops, float::ne::<f32>)),
    (C::F32Lt, |m, s, ops| m.binary(s, ops, float::lt::<f32>)),
    (C::F32Le, |m, s, ops| m.binary(s, ops, float::le::<f32>)),
    (C::F64Abs, |m, s, ops| m.unary(s, ops, float::abs::<f64>)),
    (C::F64Neg, |m, s, ops| m.unary(s, ops, float::neg::<f64>)),
    (C::F64Ceil, |m, s, ops| m.unary(s, ops, float::ceil::<f64>)),
    (C::F64Floor, |m, s, ops| m.unary(s, ops, float::floor::<f64>)),
    (C::F64Trunc, |m, s, ops| m.unary(s, ops, float::trunc::<f64>)),
    (C::F64Nearest, |m, s, ops| m.unary(s, ops, float::nearest::<f64>)),
    (C::F64Sqrt, |m, s, ops| m.unary(s, ops, float::sqrt::<f64>)),
    (C::F64Add, |m, s, ops| m.binary(s, ops, float::add::<f64>)),
    (C::F64Sub, |m, s, ops| m.binary(s, ops, float::sub::<f64>)),
    (C::F64Mul, |m, s, ops| m.binary(s, ops, float::mul::<f64>)),
    (C::F64Div, |m, s, ops| m.binary(s, ops, float::div::<f64>)),
    (C::F64Min, |m, s, ops| m.binary(s, ops, float::min::<f64>)),
    (C::F64Max, |m, s, ops| m.binary(s, ops, float::max::<f64>)),
    (C::F64Copysign, |m, s, ops| m.binary(s, ops, float::copysign::<f64>)),
    (C::F64Eq, |m, s, ops| m.binary(s, ops, float::eq::<f64>)),
    (C::F64Ne, |m, s, ops| m.binary(s, ops, float::ne::<f64>)),
    (C::F64Lt, |m, s, ops| m.binary(s, ops, float::lt::<f64>)),
    (C::F64Le, |m, s, ops| m.binary(s, ops, float::le::<f64>)),
];
