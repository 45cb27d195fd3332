//! See `fayger_fuzz::draft`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: fayger_fuzz::DraftInput| fayger_fuzz::draft(&input));
