//! A source that the runner plays under `loader.sources`: the bytes behind it, what goes wrong with its reads, and how many reads there may be.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use fayger_fcp::{Decimal, Given};
use fayger_forge::{Artifact, PartName};
use serde::Deserialize;

/// The name by which a case's source is told to the testee.
pub const SOURCE: &str = "artifact";

/// In an expected error's context, in place of an `offset`: that of a read that the runner let fail.
pub const OF_THE_READ: &str = "of the read";

/// A source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// What it holds, before anything is stretched.
    bytes: Vec<u8>,
    /// Zeros that nobody keeps: from this offset on, so many.
    hole: Option<(u64, u64)>,
    /// Whether it tells its size.
    knows_size: bool,
    /// The places of the parts.
    parts: BTreeMap<String, Range<u64>>,
    /// What goes wrong.
    pub faults: Vec<Fault>,
    /// How many reads `loader.load` may make.
    pub load: Vec<Bound>,
    /// Whether no byte of Header, Manifest, Section_Index and Trailer may be read twice by `loader.load`.
    pub once: bool,
}

/// What goes wrong with the reads that touch some bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The bytes.
    pub span: Range<u64>,
    /// Whether it goes wrong only once `loader.load` has been answered.
    pub is_late: bool,
    /// What the reader gets instead.
    pub gives: Gives,
}

/// What a read gets that fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gives {
    /// An error of the machine, with its number.
    Native(Option<i64>),
    /// So many bytes fewer than were asked for, or none.
    Fewer(u32),
}

/// How many reads a request may make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// At least so many.
    pub least: usize,
    /// At most so many; any number where there is none.
    pub most: Option<usize>,
    /// The parts of which a read has to touch one to count; where there are none, every read counts.
    pub of: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawSource {
    #[serde(default = "yes")]
    knows_size: bool,
    #[serde(default)]
    fault: Vec<RawFault>,
    /// Zeros behind the last byte of a part, `by` of them.
    stretch: Option<RawStretch>,
    #[serde(default)]
    load: Vec<RawBound>,
    #[serde(default)]
    once: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFault {
    at: String,
    #[serde(default)]
    late: bool,
    native: Option<i64>,
    fewer: Option<u32>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStretch {
    at: String,
    by: u64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawBound {
    exactly: Option<usize>,
    least: Option<usize>,
    most: Option<usize>,
    #[serde(default)]
    of: Vec<String>,
}

fn yes() -> bool {
    true
}

impl RawSource {
    /// Whether some of its reads go wrong.
    pub(crate) fn is_faulty(&self) -> bool {
        !self.fault.is_empty()
    }

    /// The source of an artifact. Parts are where they were before any damage, which may therefore move no bytes.
    pub(crate) fn source(&self, artifact: &Artifact) -> Result<Source, String> {
        let mut parts = BTreeMap::new();
        for part in &artifact.parts {
            let name = part.name.to_string();
            parts.insert(name, wide(part.span.start)..wide(part.span.end));
        }
        parts.insert(PartName::File.to_string(), 0..wide(artifact.bytes.len()));
        let mut hole = None;
        if let Some(RawStretch { at, by }) = &self.stretch {
            let end = span(&parts, at)?.end;
            hole = Some((end, *by));
            for (name, part) in &mut parts {
                // What ends with it grows, and so does the file; what begins behind it moves.
                let is_grown = name == at || part.start < end;
                if !is_grown {
                    part.start = part.start.saturating_add(*by);
                }
                if name == at || part.end > end {
                    part.end = part.end.saturating_add(*by);
                }
            }
        }
        let faults = self.fault.iter().map(|raw| raw.fault(&parts)).collect::<Result<_, _>>()?;
        let load = self.load.iter().map(RawBound::bound).collect::<Result<_, _>>()?;
        let knows_size = self.knows_size;
        let source = Source { bytes: artifact.bytes.clone(), hole, knows_size, parts, faults, load, once: self.once };
        source.knows(&source.load)?;
        Ok(source)
    }
}

impl RawFault {
    fn fault(&self, parts: &BTreeMap<String, Range<u64>>) -> Result<Fault, String> {
        let gives = match (self.native, self.fewer) {
            (Some(code), None) => Gives::Native(Some(code)),
            (None, Some(fewer)) if fewer > 0 => Gives::Fewer(fewer),
            (None, None) => Gives::Native(None),
            _ => return Err("a fault is `native` with its code, or `fewer` by at least a byte".to_owned()),
        };
        Ok(Fault { span: span(parts, &self.at)?, is_late: self.late, gives })
    }
}

impl RawBound {
    pub(crate) fn bound(&self) -> Result<Bound, String> {
        let of = self.of.clone();
        match (self.exactly, self.least, self.most) {
            (Some(count), None, None) => Ok(Bound { least: count, most: Some(count), of }),
            (None, None, None) => Err("a bound on reads is `exactly`, or `least` or `most`".to_owned()),
            (None, least, most) => Ok(Bound { least: least.unwrap_or_default(), most, of }),
            _ => Err("a bound on reads is `exactly`, or `least` and `most`".to_owned()),
        }
    }
}

fn wide(offset: usize) -> u64 {
    u64::try_from(offset).unwrap_or(u64::MAX)
}

fn span(parts: &BTreeMap<String, Range<u64>>, name: &str) -> Result<Range<u64>, String> {
    parts.get(name).cloned().ok_or_else(|| format!("the artifact has no part `{name}`"))
}

impl Source {
    /// How the testee is told of it.
    #[must_use]
    pub fn given(&self) -> Given {
        let size = self.knows_size.then(|| Decimal(self.size()));
        Given::Source { source: SOURCE.to_owned(), size }
    }

    /// All bytes, where none of them are zeros that nobody keeps.
    #[must_use]
    pub fn whole(&self) -> Option<Vec<u8>> {
        self.hole.is_none().then(|| self.bytes.clone())
    }

    /// The number of its bytes, whether it tells it or not.
    #[must_use]
    pub fn size(&self) -> u64 {
        wide(self.bytes.len()).saturating_add(self.hole.map_or(0, |(_, length)| length))
    }

    /// The bytes from an offset on, at most so many as there are.
    #[must_use]
    pub fn read(&self, offset: u64, length: u32) -> Vec<u8> {
        let end = offset.saturating_add(length.into()).min(self.size());
        (offset..end).map_while(|at| self.byte(at)).collect()
    }

    fn byte(&self, at: u64) -> Option<u8> {
        let kept = match self.hole {
            Some((from, length)) if at >= from => match at.checked_sub(from.saturating_add(length)) {
                Some(behind) => from.saturating_add(behind),
                None => return Some(0),
            },
            _ => at,
        };
        self.bytes.get(usize::try_from(kept).ok()?).copied()
    }

    /// Whether a read touches a part of this name.
    #[must_use]
    pub fn touches(&self, read: &Range<u64>, part: &str) -> bool {
        self.parts.get(part).is_some_and(|part| overlap(read, part))
    }

    /// The bytes that are read twice, though they are not of bodies: the first of them.
    #[must_use]
    pub fn twice(&self, reads: &[Range<u64>]) -> Option<u64> {
        let fronts = ["header", "manifest", "index", "trailer"].into_iter().filter_map(|part| self.parts.get(part));
        let within = |read: &Range<u64>, part: &Range<u64>| read.start.max(part.start)..read.end.min(part.end);
        let mut found = BTreeSet::new();
        for part in fronts {
            for (at, read) in reads.iter().enumerate() {
                let here = within(read, part);
                let others = reads.iter().skip(at.saturating_add(1)).map(|other| within(other, &here));
                found.extend(others.filter(|both| both.start < both.end).map(|both| both.start));
            }
        }
        found.into_iter().next()
    }

    /// That every part that a bound names is one.
    pub(crate) fn knows(&self, bounds: &[Bound]) -> Result<(), String> {
        bounds.iter().flat_map(|bound| &bound.of).try_for_each(|part| span(&self.parts, part).map(drop))
    }
}

impl Fault {
    /// Whether it strikes a read.
    #[must_use]
    pub fn strikes(&self, read: &Range<u64>, is_loaded: bool) -> bool {
        overlap(read, &self.span) && (is_loaded || !self.is_late)
    }
}

fn overlap(left: &Range<u64>, right: &Range<u64>) -> bool {
    left.start < right.end && right.start < left.end
}

#[cfg(test)]
mod tests {
    use fayger_forge::Part;

    use super::*;

    fn source(text: &str) -> Result<Source, String> {
        let part = |name, span| Part { name, span };
        let parts = vec![part(PartName::Header, 0..2), part(PartName::Body(1), 2..4), part(PartName::Trailer, 4..6)];
        let artifact = Artifact { bytes: b"HHbbTT".to_vec(), parts, model: None, draft: None, signed: None };
        toml::from_str::<RawSource>(text).map_err(|error| error.to_string())?.source(&artifact)
    }

    #[test]
    fn a_stretched_part_moves_what_is_behind_it() {
        let stretched = source("stretch = { at = 'body:1', by = 3 }").unwrap();
        assert_eq!((stretched.size(), stretched.read(1, 100)), (9, b"Hbb\0\0\0TT".to_vec()));
        assert!(stretched.touches(&(6..7), "body:1") && !stretched.touches(&(6..7), "trailer"));
        assert!(stretched.touches(&(7..8), "trailer") && stretched.touches(&(8..9), "file"));
        assert_eq!(stretched.whole(), None);
    }

    #[test]
    fn a_fault_strikes_what_touches_its_part_and_from_its_time_on() {
        let faulty = source("fault = [{ at = 'body:1', late = true, native = 5 }]").unwrap();
        let [fault] = faulty.faults.as_slice() else { panic!("one fault") };
        assert_eq!(fault.gives, Gives::Native(Some(5)));
        assert!(fault.strikes(&(0..3), true) && !fault.strikes(&(0..3), false) && !fault.strikes(&(0..2), true));
    }

    #[test]
    fn bytes_that_are_read_twice_are_found_but_in_bodies() {
        let plain = source("").unwrap();
        assert_eq!(plain.twice(&[0..4, 2..6]), None);
        assert_eq!(plain.twice(&[0..6, 5..6]), Some(5));
    }

    #[test]
    fn what_is_no_part_or_no_bound_is_refused() {
        for (text, what) in [
            ("fault = [{ at = 'body:2' }]", "no part `body:2`"),
            ("fault = [{ at = 'body:1', native = 1, fewer = 1 }]", "a fault is"),
            ("load = [{ of = ['index'], most = 1 }]", "no part `index`"),
            ("load = [{ exactly = 1, most = 1 }]", "a bound on reads"),
            ("load = [{}]", "a bound on reads"),
            ("sice = 1", "unknown field"),
        ] {
            let error = source(text).unwrap_err();
            assert!(error.contains(what), "{text}: {error}");
        }
    }
}
