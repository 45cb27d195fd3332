//! The three-number versions that are compared: `schema_version` and `runtime_interface_min`.

use std::fmt;

/// MAJOR.MINOR.PATCH, each at most 2^32 − 1, compared number by number.
//= LDR-NEGOTIATE-003
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InterfaceVersion {
    /// Changes with a breaking change.
    pub major: u32,
    /// Changes with an addition.
    pub minor: u32,
    /// Changes with neither.
    pub patch: u32,
}

/// Why a text is not a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VersionError {
    /// Not three decimal numbers without leading zeros, joined by dots.
    #[error("not of the form MAJOR.MINOR.PATCH")]
    Syntax,
    /// A number above 2^32 − 1.
    #[error("a number is above 4294967295")]
    Range,
}

impl InterfaceVersion {
    /// Version `major.minor.patch`.
    pub const fn new(major: u32, minor: u32, patch: u32) -> Self {
        Self { major, minor, patch }
    }

    /// Reads MAJOR.MINOR.PATCH: no leading zero, no prerelease, no build.
    ///
    /// # Errors
    /// [`VersionError::Syntax`] where the form is wrong, else [`VersionError::Range`] where a number is too large.
    pub fn parse(text: &str) -> Result<Self, VersionError> {
        let numbers: Vec<&str> = text.split('.').collect();
        let [major, minor, patch] = numbers.as_slice() else { return Err(VersionError::Syntax) };
        if ![major, minor, patch].into_iter().all(|number| is_numeric_identifier(number)) {
            return Err(VersionError::Syntax);
        }
        let number = |digits: &str| digits.parse::<u32>().map_err(|_too_large| VersionError::Range);
        Ok(Self { major: number(major)?, minor: number(minor)?, patch: number(patch)? })
    }

    /// Whether an offer of this version satisfies a demand for at least `required`: the same major, below 1.0 the same
    /// minor too, and not older.
    //= LDR-NEGOTIATE-001
    //= LDR-NEGOTIATE-002
    pub fn satisfies(self, required: Self) -> bool {
        self.major == required.major && (self.major > 0 || self.minor == required.minor) && self >= required
    }
}

/// Decimal digits without a leading zero (SemVer 2.0.0, point 2).
pub fn is_numeric_identifier(text: &str) -> bool {
    match text.as_bytes() {
        [b'0'] => true,
        [b'1'..=b'9', rest @ ..] => rest.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

impl fmt::Display for InterfaceVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_every_other_form() {
        let forms = [
            "", "1", "1.0", "1.0.0.0", "01.0.0", "1.00.0", "1.0.0-rc", "1.0.0+b", " 1.0.0", "1.0.0 ", "+1.0.0", "1..0",
            "v1.0.0", "1.0.٣",
        ];
        for form in forms {
            assert_eq!(InterfaceVersion::parse(form), Err(VersionError::Syntax), "{form}");
        }
        assert_eq!(InterfaceVersion::parse("1.0.4294967296"), Err(VersionError::Range));
        assert_eq!(InterfaceVersion::parse("1.0.4294967295"), Ok(InterfaceVersion::new(1, 0, u32::MAX)));
    }

    #[test]
    fn satisfies_only_what_is_compatible_and_not_newer() {
        let v = InterfaceVersion::new;
        let cases = [
            (v(1, 2, 3), v(1, 2, 3), true),
            (v(1, 2, 3), v(1, 2, 4), false),
            (v(1, 2, 3), v(1, 1, 9), true),
            (v(1, 2, 3), v(1, 3, 0), false),
            (v(2, 0, 0), v(1, 0, 0), false),
            (v(1, 10, 0), v(1, 9, 0), true),
            (v(0, 2, 5), v(0, 2, 4), true),
            (v(0, 3, 0), v(0, 2, 0), false),
        ];
        for (offer, required, expected) in cases {
            assert_eq!(offer.satisfies(required), expected, "{offer} for {required}");
        }
    }
}
