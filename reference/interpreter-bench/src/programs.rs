//! The eight programs: each exports `run` (i32) -> i64, and its result is known beforehand.

use anyhow::{Context as _, Result};

/// A program and one call of it.
#[derive(Clone, Copy, Debug)]
pub struct Program {
    /// Its name in reports.
    pub name: &'static str,
    /// The module: text, or a binary compiled from C (`programs/build.sh`).
    source: &'static [u8],
    /// The argument of `run`.
    pub argument: i32,
    /// What `run` returns.
    pub result: i64,
    /// The argument of a short call, for tests, and its result.
    pub short: (i32, i64),
}

impl Program {
    /// The module's bytes, the same for every engine.
    ///
    /// # Errors
    /// The text does not parse.
    pub fn bytes(&self) -> Result<Vec<u8>> {
        Ok(wat::parse_bytes(self.source).with_context(|| self.name)?.into_owned())
    }
}

/// All eight.
pub const PROGRAMS: [Program; 8] = [
    Program {
        name: "fib",
        source: include_bytes!("../programs/fib.wat"),
        argument: 30,
        result: 832_040,
        short: (10, 55),
    },
    Program {
        name: "loop",
        source: include_bytes!("../programs/loop.wat"),
        argument: 20_000_000,
        // (n - 1) n (2n - 1) / 6, modulo 2^64.
        result: 0x8F6E_6ED4_30E9_0780_u64.cast_signed(),
        short: (10, 285),
    },
    Program {
        name: "sieve",
        source: include_bytes!("../programs/sieve.wat"),
        argument: 2_000_000,
        // The primes below two million.
        result: 148_933,
        short: (100, 25),
    },
    Program {
        name: "matrix",
        source: include_bytes!("../programs/matrix.wat"),
        argument: 150,
        // n^2 * (n - 1) n (2n - 1) / 6 - n * (n (n - 1) / 2)^2.
        result: 6_327_843_750,
        // By hand: [[0 1] [1 2]] * [[0 -1] [1 0]] = [[1 0] [2 -1]].
        short: (2, 2),
    },
    Program {
        name: "sha256",
        source: include_bytes!("../programs/sha256.wasm"),
        argument: 1_000_000,
        // FIPS 180-4's example of a million letters: cdc76e5c 9914fb92 and on.
        result: 0xCDC7_6E5C_9914_FB92_u64.cast_signed(),
        // SHA-256 of nothing: e3b0c442 98fc1c14 and on.
        short: (0, 0xE3B0_C442_98FC_1C14_u64.cast_signed()),
    },
    Program {
        name: "heapsort",
        source: include_bytes!("../programs/heapsort.wasm"),
        argument: 99_999,
        // The sum of i^2 less the sum of i (n - 1 - i).
        result: 166_661_666_700_000,
        short: (4, 10),
    },
    Program {
        name: "machine",
        source: include_bytes!("../programs/machine.wat"),
        argument: 10_000,
        // The longest Collatz walk from below ten thousand: 261 steps from 6171.
        result: 6_171 << 32 | 261,
        // From 9: 28 14 7 22 11 34 17 52 26 13 40 20 10 5 16 8 4 2 1, 19 steps.
        short: (10, 9 << 32 | 19),
    },
    Program {
        name: "host calls",
        source: include_bytes!("../programs/host.wat"),
        argument: 1_000_000,
        result: 1_000_000,
        short: (10, 10),
    },
];
