//! Conversions (WebAssembly core 2.0, section 4.3.4).

use super::operation::Operation;
use crate::code::OpCode as C;
use crate::numeric::convert;

pub(super) const OPERATIONS: &[Operation] = &[
    (C::I32WrapI64, |m, s, ops| m.unary(s, ops, convert::wrap)),
    (C::I64ExtendI32S, |m, s, ops| m.unary(s, ops, convert::extend_s)),
    (C::I32TruncF32S, |m, s, ops| m.try_unary(s, ops, |a| convert::trunc_i32_s(convert::widen(a)))),
    (C::I32TruncF32U, |m, s, ops| m.try_unary(s, ops, |a| convert::trunc_i32_u(convert::widen(a)))),
    (C::I32TruncF64S, |m, s, ops| m.try_unary(s, ops, convert::trunc_i32_s)),
    (C::I32TruncF64U, |m, s, ops| m.try_unary(s, ops, convert::trunc_i32_u)),
    (C::I64TruncF32S, |m, s, ops| m.try_unary(s, ops, |a| convert::trunc_i64_s(convert::widen(a)))),
    (C::I64TruncF32U, |m, s, ops| m.try_unary(s, ops, |a| convert::trunc_i64_u(convert::widen(a)))),
    (C::I64TruncF64S, |m, s, ops| m.try_unary(s, ops, convert::trunc_i64_s)),
    (C::I64TruncF64U, |m, s, ops| m.try_unary(s, ops, convert::trunc_i64_u)),
    (C::I32TruncSatF32S, |m, s, ops| m.unary(s, ops, |a| convert::trunc_sat_i32_s(convert::widen(a)))),
    (C::I32TruncSatF32U, |m, s, ops| m.unary(s, ops, |a| convert::trunc_sat_i32_u(convert::widen(a)))),
    (C::I32TruncSatF64S, |m, s, ops| m.unary(s, ops, convert::trunc_sat_i32_s)),
    (C::I32TruncSatF64U, |m, s, ops| m.unary(s, ops, convert::trunc_sat_i32_u)),
    (C::I64TruncSatF32S, |m, s, ops| m.unary(s, ops, |a| convert::trunc_sat_i64_s(convert::widen(a)))),
    (C::I64TruncSatF32U, |m, s, ops| m.unary(s, ops, |a| convert::trunc_sat_i64_u(convert::widen(a)))),
    (C::I64TruncSatF64S, |m, s, ops| m.unary(s, ops, convert::trunc_sat_i64_s)),
    (C::I64TruncSatF64U, |m, s, ops| m.unary(s, ops, convert::trunc_sat_i64_u)),
    (C::F32ConvertI32S, |m, s, ops| m.unary(s, ops, convert::f32_convert_i32_s)),
    (C::F32ConvertI32U, |m, s, ops| m.unary(s, ops, convert::f32_convert_i32_u)),
    (C::F32ConvertI64S, |m, s, ops| m.unary(s, ops, convert::f32_convert_i64_s)),
    (C::F32ConvertI64U, |m, s, ops| m.unary(s, ops, convert::f32_convert_i64_u)),
    (C::F64ConvertI32S, |m, s, ops| m.unary(s, ops, convert::f64_convert_i32_s)),
    (C::F64ConvertI32U, |m, s, ops| m.unary(s, ops, convert::f64_convert_i32_u)),
    (C::F64ConvertI64S, |m, s, ops| m.unary(s, ops, convert::f64_convert_i64_s)),
    (C::F64ConvertI64U, |m, s, ops| m.unary(s, ops, convert::f64_convert_i64_u)),
    (C::F32DemoteF64, |m, s, ops| m.unary(s, ops, convert::demote)),
    (C::F64PromoteF32, |m, s, ops| m.unary(s, ops, convert::promote)),
];
