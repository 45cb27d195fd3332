//! Diagnostic notation of CBOR (RFC 8949 §8, RFC 8610 appendix G), the subset that recipes are written in, with full say over the encoding.
//!
//! - integers, floats (`1.5`, `NaN`, `Infinity`, `-Infinity`), `"text"` with the escapes of JSON, `h'…'` of commented hex, `true`, `false`, `null`,
//!   `undefined`, `simple(n)`, `[…]`, `{key: value, …}`, tags `n(…)`, and strings in chunks `(_ "a", "b")`;
//! - indicators of the encoding: `7_0`, `"a"_1`, `h'00'_2`, `[_3 …]`, `{_0 …}`, `n_1(…)` for an argument of 1, 2, 4 or 8 bytes; `[_ …]` and `{_ …}`
//!   for an indefinite length;
//! - beyond the notation: `t'…'`, a text string of these bytes; `#'…'`, raw bytes that count as one item; `$digest(ID)`, `$index_digest` and
//!   `$sections`, which the expansion fills in;
//! - comments: `/ … /`, and `#` to the end of the line.
//!
//! Items stand as they are written: no key is sorted, nothing is made shorter.

mod item;
mod parse;
mod write;

pub use item::{Item, Placeholder, Width};
pub use parse::parse;
pub use write::encode;
