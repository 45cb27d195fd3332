//! Example Fays, each in a folder with its source, the module that a compiler made of it (committed, with its SHA-256), the recipe, and the draft that
//! `fayger pack` makes an artifact of. What runs them is not known here.

/// An example Fay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fay {
    /// Its name, which its files bear.
    pub name: &'static str,
    /// Its folder, below this package's.
    pub folder: &'static str,
    /// The module.
    pub module: &'static [u8],
}

/// C: measures a section, writes a report to a file.
pub const REPORT: Fay = Fay { name: "report", folder: "c/report", module: include_bytes!("../c/report/report.wasm") };

/// Rust: asks the time, and answers the events of a timer.
pub const CLOCK: Fay = Fay { name: "clock", folder: "rust/clock", module: include_bytes!("../rust/clock/clock.wasm") };

/// WAT: reads a name and greets it; ends by `proc.exit` where there is none.
pub const HELLO: Fay = Fay { name: "hello", folder: "wat/hello", module: include_bytes!("../wat/hello/hello.wasm") };

/// All of them.
pub const ALL: [Fay; 3] = [REPORT, CLOCK, HELLO];
