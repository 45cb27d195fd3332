//! See `fayger_fuzz::manifest`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fayger_fuzz::manifest(data));
