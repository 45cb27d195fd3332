//! The one pass over an encoding: a head at a time, every rule checked before the next head is looked at.

use crate::error::{Error, Kind, LimitField, Malformed, NotDeterministic};
use crate::head::{self, HeadKind};
use crate::limits::Limits;

/// One head that kept every rule, with the string behind it where it announces one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event<'a> {
    Unsigned(u64),
    /// The argument n of the value −1 − n.
    Negative(u64),
    Bytes(&'a [u8]),
    /// A text string; a key where the innermost open container is a map that waits for one.
    Text(&'a str),
    /// So many items follow.
    Array(u64),
    Map,
    Bool(bool),
    Null,
    /// The innermost open array or map is complete.
    End,
}

/// A reader over one item and nothing after it.
pub(crate) struct Parser<'a> {
    input: &'a [u8],
    /// What `input[0]` is called in errors.
    base: u64,
    limits: Limits,
    position: usize,
    open: Vec<Open<'a>>,
    started: bool,
}

/// An array or map whose end has not been reached.
struct Open<'a> {
    /// Items that are still to come: values of an array, pairs of a map.
    remaining: u64,
    map: Option<MapState<'a>>,
}

/// Where in a map the parser stands.
struct MapState<'a> {
    previous_key: Option<&'a str>,
    awaits_value: bool,
}

impl<'a> Parser<'a> {
    pub(crate) fn new(input: &'a [u8], base: u64, limits: Limits) -> Self {
        Self { input, base, limits, position: 0, open: Vec::new(), started: false }
    }

    /// Bytes that have been read.
    pub(crate) fn position(&self) -> usize {
        self.position
    }

    /// The next event; `None` once the item is complete and nothing follows it.
    pub(crate) fn next(&mut self) -> Result<Option<Event<'a>>, Error> {
        if self.started {
            match self.open.last() {
                Some(Open { remaining: 0, map }) if map.as_ref().is_none_or(|m| !m.awaits_value) => {
                    self.open.pop();
                    return Ok(Some(Event::End));
                }
                Some(_) => {}
                None => return self.finish(),
            }
        }
        self.started = true;
        self.item().map(Some)
    }

    /// The end of the outermost item.
    fn finish(&self) -> Result<Option<Event<'a>>, Error> {
        if self.position < self.input.len() {
            //= LDR-CBOR-006
            return Err(self.malformed(Malformed::Trailing));
        }
        Ok(None)
    }

    /// One item's head. The order of these checks is part of the format: well-formed, allowed type, shortest, limits, bytes
    /// remaining, UTF-8, order of keys.
    //= LDR-CBOR-002
    fn item(&mut self) -> Result<Event<'a>, Error> {
        let rest = self.input.get(self.position..).unwrap_or_default();
        let head = head::pull(rest).map_err(|rule| match rule {
            Malformed::Truncated => self.truncated(),
            rule => self.malformed(rule),
        })?;
        let is_key = self.turn();
        let kind = self.allowed(head.kind, is_key)?;
        //= LDR-CBOR-012
        if head.len > head::shortest(kind.argument()) {
            return Err(self.barred(NotDeterministic::Shortest));
        }
        self.check_limits(kind)?;
        let body = rest.get(head.len..).unwrap_or_default();
        let (event, taken) = match kind {
            Allowed::Unsigned(n) => (Event::Unsigned(n), 0),
            Allowed::Negative(n) => (Event::Negative(n), 0),
            Allowed::Bytes(n) => (Event::Bytes(self.string(body, n)?), n),
            Allowed::Text(n) => {
                let bytes = self.string(body, n)?;
                //= LDR-CBOR-014
                let text = std::str::from_utf8(bytes).map_err(|_invalid| self.barred(NotDeterministic::Utf8))?;
                if is_key {
                    self.check_order(text)?;
                }
                (Event::Text(text), n)
            }
            Allowed::Array(n) => (self.opens(n, None), 0),
            Allowed::Map(n) => (self.opens(n, Some(MapState { previous_key: None, awaits_value: false })), 0),
            Allowed::Bool(b) => (Event::Bool(b), 0),
            Allowed::Null => (Event::Null, 0),
        };
        // `string` has found `taken` bytes in memory, so it fits a usize and the sum is at most the input's length.
        self.position = self.position.saturating_add(head.len).saturating_add(taken as usize);
        Ok(event)
    }

    /// Counts the item in the innermost open container, and says whether it is a map key.
    fn turn(&mut self) -> bool {
        let Some(open) = self.open.last_mut() else { return false };
        match &mut open.map {
            Some(map) if map.awaits_value => {
                map.awaits_value = false;
                false
            }
            map => {
                open.remaining = open.remaining.saturating_sub(1);
                if let Some(map) = map {
                    map.awaits_value = true;
                }
                map.is_some()
            }
        }
    }

    /// The rules on types and on indefinite lengths.
    fn allowed(&self, kind: HeadKind, is_key: bool) -> Result<Allowed, Error> {
        let rule = match kind {
            //= LDR-CBOR-008
            HeadKind::Float => NotDeterministic::Float,
            //= LDR-CBOR-009
            HeadKind::Tag => NotDeterministic::Tag,
            //= LDR-CBOR-010
            HeadKind::Simple(n) if !(20..=22).contains(&n) => NotDeterministic::Simple,
            HeadKind::Text(Some(n)) => return Ok(Allowed::Text(n)),
            HeadKind::Text(None) => NotDeterministic::Indefinite,
            //= LDR-CBOR-011
            _ if is_key => NotDeterministic::KeyType,
            HeadKind::Unsigned(n) => return Ok(Allowed::Unsigned(n)),
            HeadKind::Negative(n) => return Ok(Allowed::Negative(n)),
            HeadKind::Bytes(Some(n)) => return Ok(Allowed::Bytes(n)),
            HeadKind::Array(Some(n)) => return Ok(Allowed::Array(n)),
            HeadKind::Map(Some(n)) => return Ok(Allowed::Map(n)),
            //= LDR-CBOR-013
            HeadKind::Bytes(None) | HeadKind::Array(None) | HeadKind::Map(None) => NotDeterministic::Indefinite,
            HeadKind::Simple(20) => return Ok(Allowed::Bool(false)),
            HeadKind::Simple(21) => return Ok(Allowed::Bool(true)),
            HeadKind::Simple(_) => return Ok(Allowed::Null),
        };
        Err(self.barred(rule))
    }

    fn check_limits(&self, kind: Allowed) -> Result<(), Error> {
        let (field, limit, actual) = match kind {
            //= LDR-CBOR-017
            Allowed::Text(n) => (LimitField::Text, self.limits.text, n),
            //= LDR-CBOR-018
            Allowed::Array(_) | Allowed::Map(_) => {
                let depth = (self.open.len() as u64).saturating_add(1);
                (LimitField::Depth, u64::from(self.limits.depth), depth)
            }
            _ => return Ok(()),
        };
        if actual > limit {
            return Err(self.error(Kind::Limit { field, limit, actual }));
        }
        Ok(())
    }

    /// The `n` bytes of a string.
    fn string(&self, body: &'a [u8], n: u64) -> Result<&'a [u8], Error> {
        usize::try_from(n).ok().and_then(|n| body.get(..n)).ok_or_else(|| self.truncated())
    }

    //= LDR-CBOR-016
    fn opens(&mut self, count: u64, map: Option<MapState<'a>>) -> Event<'a> {
        let event = if map.is_some() { Event::Map } else { Event::Array(count) };
        self.open.push(Open { remaining: count, map });
        event
    }

    /// The key against the one in front of it.
    fn check_order(&mut self, key: &'a str) -> Result<(), Error> {
        let Some(map) = self.open.last_mut().and_then(|open| open.map.as_mut()) else { return Ok(()) };
        let previous = map.previous_key.replace(key);
        match previous.map(|previous| crate::key_order(previous, key)) {
            None | Some(std::cmp::Ordering::Less) => Ok(()),
            //= LDR-CBOR-007
            Some(std::cmp::Ordering::Equal) => Err(self.barred(NotDeterministic::DuplicateKey)),
            //= LDR-CBOR-005
            Some(std::cmp::Ordering::Greater) => Err(self.barred(NotDeterministic::Order)),
        }
    }

    fn barred(&self, rule: NotDeterministic) -> Error {
        self.error(Kind::NotDeterministic(rule))
    }

    fn malformed(&self, rule: Malformed) -> Error {
        self.error(Kind::Malformed(rule))
    }

    /// An error at the head where the parser stands.
    //= LDR-CBOR-015
    fn error(&self, kind: Kind) -> Error {
        Error { offset: self.base.saturating_add(self.position as u64), kind }
    }

    fn truncated(&self) -> Error {
        Error { offset: self.base.saturating_add(self.input.len() as u64), kind: Kind::Malformed(Malformed::Truncated) }
    }
}

/// A head of a type that the profile allows.
#[derive(Clone, Copy)]
enum Allowed {
    Unsigned(u64),
    Negative(u64),
    Bytes(u64),
    Text(u64),
    Array(u64),
    Map(u64),
    Bool(bool),
    Null,
}

impl Allowed {
    /// The number in the head.
    fn argument(self) -> u64 {
        match self {
            Self::Unsigned(n) | Self::Negative(n) => n,
            Self::Bytes(n) | Self::Text(n) | Self::Array(n) | Self::Map(n) => n,
            Self::Bool(_) | Self::Null => 0,
        }
    }
}
