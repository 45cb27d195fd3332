//! `Content-Range` (RFC 9110 §14.4): which bytes an answer has, and of how many.

use fayger_contracts::{SourceError, SourceReason};

use super::shown;

/// `bytes first-last/total`, or `bytes */total`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ContentRange {
    /// The first and the last byte; none where nothing was sent.
    pub(super) range: Option<(u64, u64)>,
    /// The size of the whole.
    pub(super) total: u64,
}

impl ContentRange {
    /// Reads the header's value.
    pub(super) fn parse(value: &str) -> Result<Self, SourceError> {
        let bad = || SourceError::new(SourceReason::ContentRange, format!("the Content-Range is {}", shown(value)));
        let is_space = |c: char| c == ' ' || c == '\t';
        let value_ = value.trim_matches(is_space);
        let (unit, rest) = value_.split_once(is_space).ok_or_else(bad)?;
        // A range unit is a token, whose case does not count.
        if !unit.eq_ignore_ascii_case("bytes") {
            return Err(bad());
        }
        let (range, total) = rest.trim_matches(is_space).split_once('/').ok_or_else(bad)?;
        if total == "*" {
            return Err(SourceError::new(
                SourceReason::SizeUnknown,
                format!("the Content-Range is {}, without a size", shown(value)),
            ));
        }
        let total = number(total).ok_or_else(bad)?;
        if range == "*" {
            return Ok(Self { range: None, total });
        }
        let (first, last) = range.split_once('-').ok_or_else(bad)?;
        let (first, last) = (number(first).ok_or_else(bad)?, number(last).ok_or_else(bad)?);
        if first > last || last >= total {
            return Err(bad());
        }
        Ok(Self { range: Some((first, last)), total })
    }
}

/// Decimal digits and nothing else.
pub(super) fn number(digits: &str) -> Option<u64> {
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_rfc_allows_and_nothing_else() {
        let some = |first, last, total| Ok(ContentRange { range: Some((first, last)), total });
        let cases = [
            ("bytes 0-99/100", some(0, 99, 100)),
            ("Bytes  42-1233/1234", some(42, 1233, 1234)),
            ("bytes\t0-0/1", some(0, 0, 1)),
            (" bytes 0-0/18446744073709551615 ", some(0, 0, u64::MAX)),
            ("bytes */1234", Ok(ContentRange { range: None, total: 1234 })),
            ("bytes */0", Ok(ContentRange { range: None, total: 0 })),
            ("bytes 0-99/*", Err(SourceReason::SizeUnknown)),
            ("bytes */*", Err(SourceReason::SizeUnknown)),
        ];
        for (value, expected) in cases {
            assert_eq!(ContentRange::parse(value).map_err(|error| error.reason), expected, "{value}");
        }
        for value in [
            "",
            "bytes",
            "bytes 0-99",
            "bytes=0-99/100",
            "bytes: 0-99/100",
            "items 0-99/100",
            "bytes 99-0/100",
            "bytes 0-100/100",
            "bytes -1/100",
            "bytes 0-/100",
            "bytes +0-9/10",
            "bytes 0 - 9/10",
            "bytes 0-9/ 10",
            "bytes 0-9/18446744073709551616",
            "bytes 0x0-9/10",
            "bytes 0-9/10/10",
            "bytes 0-9,20-29/100",
        ] {
            let error = ContentRange::parse(value).unwrap_err();
            assert_eq!(error.reason, SourceReason::ContentRange, "{value}");
        }
    }
}
