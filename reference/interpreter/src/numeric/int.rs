//! Integer operations (WebAssembly core 2.0, section 4.3.2). Values are unsigned; an operation that has a sign says so.

use std::ops::{BitAnd, BitOr, BitXor};

use crate::trap::Trap;

/// An integer of N bits.
pub(crate) trait Int:
    Copy + Eq + Ord + BitAnd<Output = Self> + BitOr<Output = Self> + BitXor<Output = Self>
{
    /// The same bits with a sign.
    type Signed: Ord;

    const ZERO: Self;

    fn signed(self) -> Self::Signed;
    fn wrapping_add(self, other: Self) -> Self;
    fn wrapping_sub(self, other: Self) -> Self;
    fn wrapping_mul(self, other: Self) -> Self;
    fn checked_div(self, other: Self) -> Option<Self>;
    fn checked_rem(self, other: Self) -> Option<Self>;
    /// None where the quotient is not representable.
    fn signed_div(self, other: Self) -> Option<Self>;
    fn signed_rem(self, other: Self) -> Self;
    /// Shifts and rotations take `other` modulo N.
    fn shift_left(self, other: Self) -> Self;
    fn shift_right(self, other: Self) -> Self;
    fn signed_shift_right(self, other: Self) -> Self;
    fn rotate_left(self, other: Self) -> Self;
    fn rotate_right(self, other: Self) -> Self;
    fn leading_zeros(self) -> Self;
    fn trailing_zeros(self) -> Self;
    fn ones(self) -> Self;
    /// The low 8, 16 or 32 bits, with their sign spread over the rest.
    fn extend8(self) -> Self;
    fn extend16(self) -> Self;
    fn extend32(self) -> Self;
}

impl Int for u32 {
    type Signed = i32;

    const ZERO: Self = 0;

    #[inline(always)]
    fn signed(self) -> i32 {
        self.cast_signed()
    }
    #[inline(always)]
    fn wrapping_add(self, other: Self) -> Self {
        self.wrapping_add(other)
    }
    #[inline(always)]
    fn wrapping_sub(self, other: Self) -> Self {
        self.wrapping_sub(other)
    }
    #[inline(always)]
    fn wrapping_mul(self, other: Self) -> Self {
        self.wrapping_mul(other)
    }
    #[inline(always)]
    fn checked_div(self, other: Self) -> Option<Self> {
        self.checked_div(other)
    }
    #[inline(always)]
    fn checked_rem(self, other: Self) -> Option<Self> {
        self.checked_rem(other)
    }
    #[inline(always)]
    fn signed_div(self, other: Self) -> Option<Self> {
        self.cast_signed().checked_div(other.cast_signed()).map(i32::cast_unsigned)
    }
    #[inline(always)]
    fn signed_rem(self, other: Self) -> Self {
        self.cast_signed().checked_rem(other.cast_signed()).unwrap_or_default().cast_unsigned()
    }
    #[inline(always)]
    fn shift_left(self, other: Self) -> Self {
        self.wrapping_shl(other)
    }
    #[inline(always)]
    fn shift_right(self, other: Self) -> Self {
        self.wrapping_shr(other)
    }
    #[inline(always)]
    fn signed_shift_right(self, other: Self) -> Self {
        self.cast_signed().wrapping_shr(other).cast_unsigned()
    }
    #[inline(always)]
    fn rotate_left(self, other: Self) -> Self {
        self.rotate_left(other)
    }
    #[inline(always)]
    fn rotate_right(self, other: Self) -> Self {
        self.rotate_right(other)
    }
    #[inline(always)]
    fn leading_zeros(self) -> Self {
        self.leading_zeros()
    }
    #[inline(always)]
    fn trailing_zeros(self) -> Self {
        self.trailing_zeros()
    }
    #[inline(always)]
    fn ones(self) -> Self {
        self.count_ones()
    }
    #[inline(always)]
    fn extend8(self) -> Self {
        i32::from(self as u8 as i8).cast_unsigned()
    }
    #[inline(always)]
    fn extend16(self) -> Self {
        i32::from(self as u16 as i16).cast_unsigned()
    }
    #[inline(always)]
    fn extend32(self) -> Self {
        self
    }
}

impl Int for u64 {
    type Signed = i64;

    const ZERO: Self = 0;

    #[inline(always)]
    fn signed(self) -> i64 {
        self.cast_signed()
    }
    #[inline(always)]
    fn wrapping_add(self, other: Self) -> Self {
        self.wrapping_add(other)
    }
    #[inline(always)]
    fn wrapping_sub(self, other: Self) -> Self {
        self.wrapping_sub(other)
    }
    #[inline(always)]
    fn wrapping_mul(self, other: Self) -> Self {
        self.wrapping_mul(other)
    }
    #[inline(always)]
    fn checked_div(self, other: Self) -> Option<Self> {
        self.checked_div(other)
    }
    #[inline(always)]
    fn checked_rem(self, other: Self) -> Option<Self> {
        self.checked_rem(other)
    }
    #[inline(always)]
    fn signed_div(self, other: Self) -> Option<Self> {
        self.cast_signed().checked_div(other.cast_signed()).map(i64::cast_unsigned)
    }
    #[inline(always)]
    fn signed_rem(self, other: Self) -> Self {
        self.cast_signed().checked_rem(other.cast_signed()).unwrap_or_default().cast_unsigned()
    }
    #[inline(always)]
    fn shift_left(self, other: Self) -> Self {
        self.wrapping_shl(other as u32)
    }
    #[inline(always)]
    fn shift_right(self, other: Self) -> Self {
        self.wrapping_shr(other as u32)
    }
    #[inline(always)]
    fn signed_shift_right(self, other: Self) -> Self {
        self.cast_signed().wrapping_shr(other as u32).cast_unsigned()
    }
    #[inline(always)]
    fn rotate_left(self, other: Self) -> Self {
        self.rotate_left((other & 63) as u32)
    }
    #[inline(always)]
    fn rotate_right(self, other: Self) -> Self {
        self.rotate_right((other & 63) as u32)
    }
    #[inline(always)]
    fn leading_zeros(self) -> Self {
        self.leading_zeros().into()
    }
    #[inline(always)]
    fn trailing_zeros(self) -> Self {
        self.trailing_zeros().into()
    }
    #[inline(always)]
    fn ones(self) -> Self {
        self.count_ones().into()
    }
    #[inline(always)]
    fn extend8(self) -> Self {
        i64::from(self as u8 as i8).cast_unsigned()
    }
    #[inline(always)]
    fn extend16(self) -> Self {
        i64::from(self as u16 as i16).cast_unsigned()
    }
    #[inline(always)]
    fn extend32(self) -> Self {
        i64::from(self as u32 as i32).cast_unsigned()
    }
}

/// iadd
#[inline(always)]
pub(crate) fn add<N: Int>(a: N, b: N) -> N {
    a.wrapping_add(b)
}

/// isub
#[inline(always)]
pub(crate) fn sub<N: Int>(a: N, b: N) -> N {
    a.wrapping_sub(b)
}

/// imul
#[inline(always)]
pub(crate) fn mul<N: Int>(a: N, b: N) -> N {
    a.wrapping_mul(b)
}

/// idiv_u
#[inline(always)]
pub(crate) fn div_u<N: Int>(a: N, b: N) -> Result<N, Trap> {
    a.checked_div(b).ok_or(Trap::DivideByZero)
}

/// idiv_s: towards zero; the smallest integer by -1 is 2^(N-1), which is not representable.
#[inline(always)]
pub(crate) fn div_s<N: Int>(a: N, b: N) -> Result<N, Trap> {
    if b == N::ZERO {
        return Err(Trap::DivideByZero);
    }
    a.signed_div(b).ok_or(Trap::IntegerOverflow)
}

/// irem_u
#[inline(always)]
pub(crate) fn rem_u<N: Int>(a: N, b: N) -> Result<N, Trap> {
    a.checked_rem(b).ok_or(Trap::DivideByZero)
}

/// irem_s: with the sign of the dividend; the smallest integer by -1 leaves 0.
#[inline(always)]
pub(crate) fn rem_s<N: Int>(a: N, b: N) -> Result<N, Trap> {
    if b == N::ZERO {
        return Err(Trap::DivideByZero);
    }
    Ok(a.signed_rem(b))
}

/// iand
#[inline(always)]
pub(crate) fn and<N: Int>(a: N, b: N) -> N {
    a & b
}

/// ior
#[inline(always)]
pub(crate) fn or<N: Int>(a: N, b: N) -> N {
    a | b
}

/// ixor
#[inline(always)]
pub(crate) fn xor<N: Int>(a: N, b: N) -> N {
    a ^ b
}

/// ishl
#[inline(always)]
pub(crate) fn shl<N: Int>(a: N, b: N) -> N {
    a.shift_left(b)
}

/// ishr_u
#[inline(always)]
pub(crate) fn shr_u<N: Int>(a: N, b: N) -> N {
    a.shift_right(b)
}

/// ishr_s
#[inline(always)]
pub(crate) fn shr_s<N: Int>(a: N, b: N) -> N {
    a.signed_shift_right(b)
}

/// irotl
#[inline(always)]
pub(crate) fn rotl<N: Int>(a: N, b: N) -> N {
    a.rotate_left(b)
}

/// irotr
#[inline(always)]
pub(crate) fn rotr<N: Int>(a: N, b: N) -> N {
    a.rotate_right(b)
}

/// iclz
#[inline(always)]
pub(crate) fn clz<N: Int>(a: N) -> N {
    a.leading_zeros()
}

/// ictz
#[inline(always)]
pub(crate) fn ctz<N: Int>(a: N) -> N {
    a.trailing_zeros()
}

/// ipopcnt
#[inline(always)]
pub(crate) fn popcnt<N: Int>(a: N) -> N {
    a.ones()
}

/// iextend8_s
#[inline(always)]
pub(crate) fn extend8_s<N: Int>(a: N) -> N {
    a.extend8()
}

/// iextend16_s
#[inline(always)]
pub(crate) fn extend16_s<N: Int>(a: N) -> N {
    a.extend16()
}

/// iextend32_s
#[inline(always)]
pub(crate) fn extend32_s<N: Int>(a: N) -> N {
    a.extend32()
}

/// ieq; ieqz is the same with 0.
#[inline(always)]
pub(crate) fn eq<N: Int>(a: N, b: N) -> bool {
    a == b
}

/// ine
#[inline(always)]
pub(crate) fn ne<N: Int>(a: N, b: N) -> bool {
    a != b
}

/// ilt_u; igt_u is the same with its operands exchanged.
#[inline(always)]
pub(crate) fn lt_u<N: Int>(a: N, b: N) -> bool {
    a < b
}

/// ilt_s
#[inline(always)]
pub(crate) fn lt_s<N: Int>(a: N, b: N) -> bool {
    a.signed() < b.signed()
}

/// ile_u; ige_u is the same with its operands exchanged.
#[inline(always)]
pub(crate) fn le_u<N: Int>(a: N, b: N) -> bool {
    a <= b
}

/// ile_s
#[inline(always)]
pub(crate) fn le_s<N: Int>(a: N, b: N) -> bool {
    a.signed() <= b.signed()
}

/// igt_u, where the second operand is a constant.
#[inline(always)]
pub(crate) fn gt_u<N: Int>(a: N, b: N) -> bool {
    a > b
}

/// igt_s, where the second operand is a constant.
#[inline(always)]
pub(crate) fn gt_s<N: Int>(a: N, b: N) -> bool {
    a.signed() > b.signed()
}
