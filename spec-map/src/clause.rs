//! One clause: what its heading says, and its text.

use serde::Deserialize;
use std::fmt;

use sha2::{Digest as _, Sha256};

/// One normative sentence, with what belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// The permanent id, such as `LDR-READ-003`.
    pub id: String,
    /// How binding it is.
    pub level: Level,
    /// Where it comes from.
    pub provenance: Provenance,
    /// The chapter that it stands in, such as `loader`.
    pub chapter: String,
    /// The heading that it stands under.
    pub heading: String,
    /// The text, as Markdown.
    pub text: String,
    /// The line of its heading in the chapter's file, counted from 1.
    pub line: usize,
}

/// How binding a clause is (RFC 2119).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub enum Level {
    /// MUST.
    #[serde(rename = "MUST")]
    Must,
    /// MUST NOT.
    #[serde(rename = "MUST NOT")]
    MustNot,
    /// SHOULD.
    #[serde(rename = "SHOULD")]
    Should,
    /// MAY.
    #[serde(rename = "MAY")]
    May,
}

/// Where a clause comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Provenance {
    /// A section of the roadmap that came with the mission, such as `8.1`.
    Seed(String),
    /// A chapter of the blueprint, 1 to 7.
    Blueprint(String),
    /// A decision of this project, and its reason.
    Kit(String),
}

impl Clause {
    /// SHA-256 of the text with every run of white space as one space, so that a new line break is no edit.
    #[must_use]
    pub fn sha256(&self) -> [u8; 32] {
        let words: Vec<&str> = self.text.split_whitespace().collect();
        Sha256::digest(words.join(" ")).into()
    }

    /// The first 12 hexadecimal digits of [`Clause::sha256`].
    #[must_use]
    pub fn short_hash(&self) -> String {
        self.sha256().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
    }

    /// Whether the text has `name` between backticks.
    #[must_use]
    pub fn names(&self, name: &str) -> bool {
        code_spans(&self.text).any(|span| span == name)
    }
}

impl Level {
    /// All of them, the most binding first.
    pub const ALL: [Self; 4] = [Self::Must, Self::MustNot, Self::Should, Self::May];

    /// The word of RFC 2119.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Must => "MUST",
            Self::MustNot => "MUST NOT",
            Self::Should => "SHOULD",
            Self::May => "MAY",
        }
    }

    /// Whether something that does not do as the clause says does not conform.
    #[must_use]
    pub fn is_required(self) -> bool {
        matches!(self, Self::Must | Self::MustNot)
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.name() == name)
    }
}

impl Provenance {
    /// Reads `seed 8.1`, `blueprint 3` or `kit: reason`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if let Some(reason) = text.strip_prefix("kit: ") {
            return (!reason.trim().is_empty()).then(|| Self::Kit(reason.to_owned()));
        }
        let is_number = |number: &str| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        if let Some(section) = text.strip_prefix("seed ") {
            let (chapter, rest) = section.split_once('.')?;
            return (chapter == "8" && rest.split('.').all(is_number)).then(|| Self::Seed(section.to_owned()));
        }
        let chapter = text.strip_prefix("blueprint ")?;
        matches!(chapter, "1" | "2" | "3" | "4" | "5" | "6" | "7").then(|| Self::Blueprint(chapter.to_owned()))
    }
}

impl fmt::Display for Level {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

impl fmt::Display for Provenance {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Seed(section) => write!(formatter, "seed {section}"),
            Self::Blueprint(chapter) => write!(formatter, "blueprint {chapter}"),
            Self::Kit(reason) => write!(formatter, "kit: {reason}"),
        }
    }
}

/// Whether `text` has the form of a clause's id: two or three capitals, an area, three digits, such as `LDR-READ-003`.
#[must_use]
pub fn is_clause_id(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [prefix, area, number] = parts.as_slice() else { return false };
    let capitals = |part: &str| part.bytes().all(|byte| byte.is_ascii_uppercase());
    matches!(prefix.len(), 2 | 3)
        && capitals(prefix)
        && !area.is_empty()
        && capitals(area)
        && number.len() == 3
        && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// What stands between single backticks.
pub(crate) fn code_spans(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_three_parts_of_fixed_form() {
        assert!(is_clause_id("LDR-READ-003") && is_clause_id("RT-TRAP-001"));
        for text in [
            "LDR-READ-3",
            "ldr-READ-003",
            "LDRX-READ-003",
            "L-READ-003",
            "LDR--003",
            "LDR-READ-0030",
            "LDR-READ",
            "LDR-READ-003-1",
        ] {
            assert!(!is_clause_id(text), "{text}");
        }
    }

    #[test]
    fn the_provenance_is_one_of_three() {
        assert_eq!(Provenance::parse("seed 8.1"), Some(Provenance::Seed("8.1".into())));
        assert_eq!(Provenance::parse("seed 8.4.1"), Some(Provenance::Seed("8.4.1".into())));
        assert_eq!(Provenance::parse("blueprint 3"), Some(Provenance::Blueprint("3".into())));
        assert_eq!(Provenance::parse("kit: one order"), Some(Provenance::Kit("one order".into())));
        for text in ["", "seed", "seed 9.1", "seed 8.", "blueprint 8", "blueprint", "kit", "kit:", "kit:  ", "own: why"]
        {
            assert_eq!(Provenance::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_new_line_break_is_no_edit_and_a_new_word_is() {
        let clause = |text: &str| Clause {
            id: "LDR-READ-003".into(),
            level: Level::Must,
            provenance: Provenance::Seed("8.1".into()),
            chapter: "loader".into(),
            heading: String::new(),
            text: text.into(),
            line: 1,
        };
        assert_eq!(clause("it MUST be\nrefused").sha256(), clause("it  MUST be refused").sha256());
        assert_ne!(clause("it MUST be refused").sha256(), clause("it MUST be accepted").sha256());
        // SHA-256 of `abc`, FIPS 180-4, example B.1.
        assert_eq!(clause(" abc\n").short_hash(), "ba7816bf8f01");
    }

    #[test]
    fn a_name_counts_between_backticks_alone() {
        let spans: Vec<_> = code_spans("with `rule` `order`, not order").collect();
        assert_eq!(spans, ["rule", "order"]);
    }
}
