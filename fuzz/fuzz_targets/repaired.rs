//! See `fayger_fuzz::repaired`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fayger_fuzz::repaired(data));
