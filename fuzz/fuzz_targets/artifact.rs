//! See `fayger_fuzz::artifact`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fayger_fuzz::artifact(data));
