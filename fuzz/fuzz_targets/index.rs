//! See `fayger_fuzz::index`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fayger_fuzz::index(data));
