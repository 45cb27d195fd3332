//! The curve P-256 (SEC 2 §2.4.2) by the textbook: points in Jacobian coordinates over plain big numbers. Slow and simple; the keys are public, so
//! time may tell.

use num_bigint::BigUint;

use crate::number::{number, padded};

const P: &str = "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff";
const ORDER: &str = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
const GX: &str = "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296";
const GY: &str = "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";

/// The order n of the base point.
pub(crate) fn order() -> BigUint {
    number(ORDER)
}

/// The public key of a private one: `04` ‖ x ‖ y.
pub(crate) fn public(private: &BigUint) -> Vec<u8> {
    let (x, y) = times_base(private);
    [vec![4], padded(&x, 32), padded(&y, 32)].concat()
}

/// The affine coordinates of `scalar` × G, for a scalar from 1 to n − 1.
pub(crate) fn times_base(scalar: &BigUint) -> (BigUint, BigUint) {
    let field = Field(number(P));
    let base = Point { x: number(GX), y: number(GY), z: BigUint::from(1_u8) };
    let mut sum: Option<Point> = None;
    for bit in (0..scalar.bits()).rev() {
        sum = sum.map(|point| field.double(&point));
        if scalar.bit(bit) {
            sum = Some(match sum {
                Some(point) => field.add(&point, &base),
                None => base.clone(),
            });
        }
    }
    let Point { x, y, z } = sum.unwrap_or(base);
    let inverse = z.modinv(&field.0).unwrap_or_default();
    let square = field.times(&inverse, &inverse);
    (field.times(&x, &square), field.times(&y, &field.times(&square, &inverse)))
}

/// (x/z², y/z³), never the point at infinity.
#[derive(Clone)]
struct Point {
    x: BigUint,
    y: BigUint,
    z: BigUint,
}

/// The integers modulo p.
struct Field(BigUint);

impl Field {
    fn times(&self, left: &BigUint, right: &BigUint) -> BigUint {
        left * right % &self.0
    }

    fn minus(&self, left: &BigUint, right: &BigUint) -> BigUint {
        (left + &self.0 - right % &self.0) % &self.0
    }

    /// The doubling formulas for a = −3 ("dbl-2001-b" of the Explicit-Formulas Database).
    fn double(&self, Point { x, y, z }: &Point) -> Point {
        let delta = self.times(z, z);
        let gamma = self.times(y, y);
        let beta = self.times(x, &gamma);
        let alpha = self.times(&(3_u8 * self.minus(x, &delta)), &(x + &delta));
        let new_x = self.minus(&self.times(&alpha, &alpha), &(8_u8 * &beta));
        let sum = y + z;
        let new_z = self.minus(&self.times(&sum, &sum), &(&gamma + &delta));
        let turned = self.times(&alpha, &self.minus(&(4_u8 * &beta), &new_x));
        let new_y = self.minus(&turned, &(8_u8 * self.times(&gamma, &gamma)));
        Point { x: new_x, y: new_y, z: new_z }
    }

    /// The sum of two points that are neither equal nor opposite, as those on the way to a multiple below the order are not.
    fn add(&self, left: &Point, right: &Point) -> Point {
        let (left_square, right_square) = (self.times(&left.z, &left.z), self.times(&right.z, &right.z));
        let u1 = self.times(&left.x, &right_square);
        let u2 = self.times(&right.x, &left_square);
        let s1 = self.times(&left.y, &self.times(&right_square, &right.z));
        let s2 = self.times(&right.y, &self.times(&left_square, &left.z));
        let (h, r) = (self.minus(&u2, &u1), self.minus(&s2, &s1));
        let h_square = self.times(&h, &h);
        let h_cube = self.times(&h_square, &h);
        let v = self.times(&u1, &h_square);
        let x = self.minus(&self.times(&r, &r), &(&h_cube + 2_u8 * &v));
        let y = self.minus(&self.times(&r, &self.minus(&v, &x)), &self.times(&s1, &h_cube));
        Point { x, y, z: self.times(&h, &self.times(&left.z, &right.z)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6979 A.2.5, and RFC 7515 A.3.
    #[test]
    fn public_keys_are_those_of_the_standards() {
        for (private, public_key) in [
            (
                "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721",
                "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6\
                 7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299",
            ),
            (
                "8e9b109e719098bf980487df1f5d77e9cb29606ebed2263b5f57c213df84f4b2",
                "047fcdce2770f6c45d4183cbee6fdb4b7b580733357be9ef13bacf6e3c7bd15445\
                 c7f144cd1bbd9b7e872cdfedb9eeb9f4b3695d6ea90b24ad8a4623288588e5ad",
            ),
        ] {
            assert_eq!(hex::encode(public(&number(private))), public_key);
        }
    }

    /// Every step of the ladder at its longest: (n − 1) G is −G.
    #[test]
    fn the_last_multiple_is_the_opposite_of_the_base() {
        let (x, y) = times_base(&(order() - 1_u8));
        assert_eq!((x, y + number(GY)), (number(GX), number(P)));
    }
}
