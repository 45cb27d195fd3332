//! See `fayger_fuzz::header`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fayger_fuzz::header(data));
