//! Arithmetic modulo L = 2^252 + 27742317777372353535851937790883648493, the order of Ed25519's base point: just enough to make signature values
//! that a lax verifier takes. Slow and simple; the keys are public, so time may tell.

/// A number below 2^256, its least significant word first.
type Words = [u64; 4];

const L: Words = [0x5812_631a_5cf5_d3ed, 0x14de_f9de_a2f7_9cd6, 0, 0x1000_0000_0000_0000];

/// `scalar` + L as 32 bytes, least significant first, for a scalar below L.
pub(crate) fn plus_order(scalar: [u8; 32]) -> [u8; 32] {
    bytes(add(words(&scalar), L))
}

/// `wide` × `factor` mod L, all with the least significant byte first.
pub(crate) fn multiply(wide: &[u8; 64], factor: &[u8; 32]) -> [u8; 32] {
    let reduced = from_bits(wide, |twice, bit| if bit { add_mod(twice, [1, 0, 0, 0]) } else { twice });
    bytes(from_bits(factor, |twice, bit| if bit { add_mod(twice, reduced) } else { twice }))
}

/// Horner's rule over the bits, the most significant first.
fn from_bits(number: &[u8], step: impl Fn(Words, bool) -> Words) -> Words {
    number
        .iter()
        .rev()
        .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1 == 1))
        .fold([0; 4], |sum, bit| step(add_mod(sum, sum), bit))
}

fn words(number: &[u8; 32]) -> Words {
    let mut words = [0; 4];
    for (word, chunk) in words.iter_mut().zip(number.chunks_exact(8)) {
        *word = chunk.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
    }
    words
}

fn bytes(words: Words) -> [u8; 32] {
    let mut out = [0; 32];
    for (to, from) in out.iter_mut().zip(words.iter().flat_map(|word| word.to_le_bytes())) {
        *to = from;
    }
    out
}

/// The sum, for summands whose sum is below 2^256.
fn add(left: Words, right: Words) -> Words {
    let mut carry = 0;
    let mut sum = [0; 4];
    for ((to, left), right) in sum.iter_mut().zip(left).zip(right) {
        let wide = u128::from(left) + u128::from(right) + carry;
        *to = wide as u64;
        carry = wide >> 64;
    }
    sum
}

/// The sum mod L of two numbers below L.
fn add_mod(left: Words, right: Words) -> Words {
    let sum = add(left, right);
    let below = sum.iter().rev().lt(L.iter().rev());
    if below { sum } else { subtract_order(sum) }
}

fn subtract_order(from: Words) -> Words {
    let mut borrow = false;
    let mut difference = [0; 4];
    for ((to, left), right) in difference.iter_mut().zip(from).zip(L) {
        let (first, under_first) = left.overflowing_sub(right);
        let (second, under_second) = first.overflowing_sub(u64::from(borrow));
        *to = second;
        borrow = under_first || under_second;
    }
    difference
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_is_reduced() {
        // (2^252) × 16 = 2^256 = 16 L − 16 × 27742317777372353535851937790883648493, so the result is L − 16 × that: worked out in Python as
        // hex(pow(2, 256, 2**252 + 27742317777372353535851937790883648493)).
        let mut wide = [0; 64];
        wide[31] = 0x10;
        let mut sixteen = [0; 32];
        sixteen[0] = 16;
        let expected = "1d95988d7431ecd670cf7d73f45befc6feffffffffffffffffffffffffffff0f";
        assert_eq!(hex::encode(multiply(&wide, &sixteen)), expected);
    }

    #[test]
    fn the_order_is_added_with_carries() {
        let mut scalar = [0xff; 32];
        scalar[31] = 0x0f;
        // 2^252 − 1 + L, by hand: L's low half less one, its high half plus 2^252.
        let expected = "ecd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000020";
        assert_eq!(hex::encode(plus_order(scalar)), expected);
    }
}
