//! Floating-point operations (WebAssembly core 2.0, section 4.3.3).
//!
//! Where the specification lets a NaN be any of several, the one that is produced here is the positive canonical NaN, so that every host
//! computes the same bits. `neg`, `abs` and `copysign` are operations on the sign bit alone and keep the rest.

use std::ops::{Add, Div, Mul, Sub};

use crate::value::Slot;

/// A float of N bits.
pub(crate) trait Float:
    Copy + PartialOrd + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self>
{
    /// Its bits.
    type Bits: Slot + PartialOrd;

    /// Sign 0, exponent all ones, and of the payload the most significant bit alone (section 4.3.3, canonical NaN).
    const CANONICAL_NAN: Self::Bits;
    /// Exponent all ones and no payload: without their sign, the bits of every NaN are above.
    const INFINITY: Self::Bits;

    fn bits(self) -> Self::Bits;

    fn is_nan(self) -> bool;
    fn is_negative(self) -> bool;
    fn sqrt(self) -> Self;
    fn ceil(self) -> Self;
    fn floor(self) -> Self;
    fn trunc(self) -> Self;
    fn nearest(self) -> Self;
    fn abs(self) -> Self;
    fn neg(self) -> Self;
    fn copysign(self, other: Self) -> Self;
}

impl Float for f32 {
    type Bits = u32;

    const CANONICAL_NAN: u32 = 0x7fc0_0000;
    const INFINITY: u32 = 0x7f80_0000;

    #[inline(always)]
    fn bits(self) -> u32 {
        self.to_bits()
    }
    #[inline(always)]
    fn is_nan(self) -> bool {
        self.is_nan()
    }
    #[inline(always)]
    fn is_negative(self) -> bool {
        self.is_sign_negative()
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        self.sqrt()
    }
    #[inline(always)]
    fn ceil(self) -> Self {
        self.ceil()
    }
    #[inline(always)]
    fn floor(self) -> Self {
        self.floor()
    }
    #[inline(always)]
    fn trunc(self) -> Self {
        self.trunc()
    }
    #[inline(always)]
    fn nearest(self) -> Self {
        self.round_ties_even()
    }
    #[inline(always)]
    fn abs(self) -> Self {
        Self::from_bits(self.to_bits() & !(1 << 31))
    }
    #[inline(always)]
    fn neg(self) -> Self {
        Self::from_bits(self.to_bits() ^ (1 << 31))
    }
    #[inline(always)]
    fn copysign(self, other: Self) -> Self {
        Self::from_bits((self.to_bits() & !(1 << 31)) | (other.to_bits() & (1 << 31)))
    }
}

impl Float for f64 {
    type Bits = u64;

    const CANONICAL_NAN: u64 = 0x7ff8_0000_0000_0000;
    const INFINITY: u64 = 0x7ff0_0000_0000_0000;

    #[inline(always)]
    fn bits(self) -> u64 {
        self.to_bits()
    }
    #[inline(always)]
    fn is_nan(self) -> bool {
        self.is_nan()
    }
    #[inline(always)]
    fn is_negative(self) -> bool {
        self.is_sign_negative()
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        self.sqrt()
    }
    #[inline(always)]
    fn ceil(self) -> Self {
        self.ceil()
    }
    #[inline(always)]
    fn floor(self) -> Self {
        self.floor()
    }
    #[inline(always)]
    fn trunc(self) -> Self {
        self.trunc()
    }
    #[inline(always)]
    fn nearest(self) -> Self {
        self.round_ties_even()
    }
    #[inline(always)]
    fn abs(self) -> Self {
        Self::from_bits(self.to_bits() & !(1 << 63))
    }
    #[inline(always)]
    fn neg(self) -> Self {
        Self::from_bits(self.to_bits() ^ (1 << 63))
    }
    #[inline(always)]
    fn copysign(self, other: Self) -> Self {
        Self::from_bits((self.to_bits() & !(1 << 63)) | (other.to_bits() & (1 << 63)))
    }
}

/// nans_N: what is produced where the result is a NaN.
///
/// From here on the value is bits. To the compiler one NaN is as good as another, and where it can see that a float is chosen, it may leave
/// the choice out (it does for `sqrt`).
#[inline(always)]
pub(super) fn canonical<F: Float>(value: F) -> F::Bits {
    if value.abs().bits() > F::INFINITY {
        std::hint::cold_path();
        F::CANONICAL_NAN
    } else {
        value.bits()
    }
}

/// fadd
#[inline(always)]
pub(crate) fn add<F: Float>(a: F, b: F) -> F::Bits {
    canonical(a + b)
}

/// fsub
#[inline(always)]
pub(crate) fn sub<F: Float>(a: F, b: F) -> F::Bits {
    canonical(a - b)
}

/// fmul
#[inline(always)]
pub(crate) fn mul<F: Float>(a: F, b: F) -> F::Bits {
    canonical(a * b)
}

/// fdiv
#[inline(always)]
pub(crate) fn div<F: Float>(a: F, b: F) -> F::Bits {
    canonical(a / b)
}

/// fmin: -0 is below +0.
#[inline(always)]
pub(crate) fn min<F: Float>(a: F, b: F) -> F::Bits {
    if a.is_nan() || b.is_nan() {
        F::CANONICAL_NAN
    } else if a < b || (a == b && a.is_negative()) {
        a.bits()
    } else {
        b.bits()
    }
}

/// fmax: +0 is above -0.
#[inline(always)]
pub(crate) fn max<F: Float>(a: F, b: F) -> F::Bits {
    if a.is_nan() || b.is_nan() {
        F::CANONICAL_NAN
    } else if a > b || (a == b && b.is_negative()) {
        a.bits()
    } else {
        b.bits()
    }
}

/// fcopysign
#[inline(always)]
pub(crate) fn copysign<F: Float>(a: F, b: F) -> F {
    a.copysign(b)
}

/// fabs
#[inline(always)]
pub(crate) fn abs<F: Float>(a: F) -> F {
    a.abs()
}

/// fneg
#[inline(always)]
pub(crate) fn neg<F: Float>(a: F) -> F {
    a.neg()
}

/// fsqrt
#[inline(always)]
pub(crate) fn sqrt<F: Float>(a: F) -> F::Bits {
    canonical(a.sqrt())
}

/// fceil
#[inline(always)]
pub(crate) fn ceil<F: Float>(a: F) -> F::Bits {
    canonical(a.ceil())
}

/// ffloor
#[inline(always)]
pub(crate) fn floor<F: Float>(a: F) -> F::Bits {
    canonical(a.floor())
}

/// ftrunc
#[inline(always)]
pub(crate) fn trunc<F: Float>(a: F) -> F::Bits {
    canonical(a.trunc())
}

/// fnearest: ties to even.
#[inline(always)]
pub(crate) fn nearest<F: Float>(a: F) -> F::Bits {
    canonical(a.nearest())
}

/// feq
#[inline(always)]
pub(crate) fn eq<F: Float>(a: F, b: F) -> bool {
    a == b
}

/// fne
#[inline(always)]
pub(crate) fn ne<F: Float>(a: F, b: F) -> bool {
    a != b
}

/// flt; fgt is the same with its operands exchanged.
#[inline(always)]
pub(crate) fn lt<F: Float>(a: F, b: F) -> bool {
    a < b
}

/// fle; fge is the same with its operands exchanged.
#[inline(always)]
pub(crate) fn le<F: Float>(a: F, b: F) -> bool {
    a <= b
}
