//! See `fayger_fuzz::instruction`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fayger_fuzz::instruction(data));
