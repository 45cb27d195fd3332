//! Conversions (WebAssembly core 2.0, section 4.3.4).

use super::float::canonical;
use crate::trap::Trap;

/// wrap
#[inline(always)]
pub(crate) fn wrap(a: u64) -> u32 {
    (a & u64::from(u32::MAX)) as u32
}

/// extend_s
#[inline(always)]
pub(crate) fn extend_s(a: u32) -> u64 {
    i64::from(a.cast_signed()).cast_unsigned()
}

/// trunc_s to 32 bits. The bounds are the first integers outside, which `f64` can represent; an `f32` is widened first, exactly.
#[inline(always)]
pub(crate) fn trunc_i32_s(a: f64) -> Result<u32, Trap> {
    within(a, -2_147_483_649.0, 2_147_483_648.0)?;
    Ok((a as i32).cast_unsigned())
}

/// trunc_u to 32 bits
#[inline(always)]
pub(crate) fn trunc_i32_u(a: f64) -> Result<u32, Trap> {
    within(a, -1.0, 4_294_967_296.0)?;
    Ok(a as u32)
}

/// trunc_s to 64 bits. -2^63 - 1 is no `f64`: the next below -2^63 is 2,048 away.
#[inline(always)]
pub(crate) fn trunc_i64_s(a: f64) -> Result<u64, Trap> {
    within(a, -9_223_372_036_854_777_856.0, 9_223_372_036_854_775_808.0)?;
    Ok((a as i64).cast_unsigned())
}

/// trunc_u to 64 bits
#[inline(always)]
pub(crate) fn trunc_i64_u(a: f64) -> Result<u64, Trap> {
    within(a, -1.0, 18_446_744_073_709_551_616.0)?;
    Ok(a as u64)
}

/// Whether `below` < a < `above`: then what is left of `a` without its fraction is representable.
#[inline(always)]
fn within(a: f64, below: f64, above: f64) -> Result<(), Trap> {
    if a.is_nan() {
        Err(Trap::InvalidConversion)
    } else if a > below && a < above {
        Ok(())
    } else {
        Err(Trap::IntegerOverflow)
    }
}

/// trunc_sat_s to 32 bits
#[inline(always)]
pub(crate) fn trunc_sat_i32_s(a: f64) -> u32 {
    (a as i32).cast_unsigned()
}

/// trunc_sat_u to 32 bits
#[inline(always)]
pub(crate) fn trunc_sat_i32_u(a: f64) -> u32 {
    a as u32
}

/// trunc_sat_s to 64 bits
#[inline(always)]
pub(crate) fn trunc_sat_i64_s(a: f64) -> u64 {
    (a as i64).cast_unsigned()
}

/// trunc_sat_u to 64 bits
#[inline(always)]
pub(crate) fn trunc_sat_i64_u(a: f64) -> u64 {
    a as u64
}

/// promote, for a value that goes on as an integer: the NaN does not matter.
#[inline(always)]
pub(crate) fn widen(a: f32) -> f64 {
    f64::from(a)
}

/// promote
#[inline(always)]
pub(crate) fn promote(a: f32) -> u64 {
    canonical(f64::from(a))
}

/// demote
#[inline(always)]
pub(crate) fn demote(a: f64) -> u32 {
    canonical(a as f32)
}

/// convert_s from 32 bits to `f32`
#[inline(always)]
pub(crate) fn f32_convert_i32_s(a: u32) -> f32 {
    a.cast_signed() as f32
}

/// convert_u from 32 bits to `f32`
#[inline(always)]
pub(crate) fn f32_convert_i32_u(a: u32) -> f32 {
    a as f32
}

/// convert_s from 64 bits to `f32`
#[inline(always)]
pub(crate) fn f32_convert_i64_s(a: u64) -> f32 {
    a.cast_signed() as f32
}

/// convert_u from 64 bits to `f32`
#[inline(always)]
pub(crate) fn f32_convert_i64_u(a: u64) -> f32 {
    a as f32
}

/// convert_s from 32 bits to `f64`
#[inline(always)]
pub(crate) fn f64_convert_i32_s(a: u32) -> f64 {
    f64::from(a.cast_signed())
}

/// convert_u from 32 bits to `f64`
#[inline(always)]
pub(crate) fn f64_convert_i32_u(a: u32) -> f64 {
    f64::from(a)
}

/// convert_s from 64 bits to `f64`
#[inline(always)]
pub(crate) fn f64_convert_i64_s(a: u64) -> f64 {
    a.cast_signed() as f64
}

/// convert_u from 64 bits to `f64`
#[inline(always)]
pub(crate) fn f64_convert_i64_u(a: u64) -> f64 {
    a as f64
}
