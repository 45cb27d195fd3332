//! One answer of a server: whether it is what was asked for, and its bytes.

use std::ops::ControlFlow;

use fayger_contracts::{SourceError, SourceReason};
use ureq::Body;
use ureq::http::Response;

use super::content_range::{ContentRange, number};
use super::{PIECE, read_full, shown};
use crate::front::{FIRST, Known};

/// By what answers are told to be of the same bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Version {
    /// A strong ETag (RFC 9110 §8.8.3), with its quotes. A weak one says nothing of bytes.
    pub(super) etag: Option<String>,
    last_modified: Option<String>,
}

/// An answer that has the bytes that were asked for, as far as its head says.
pub(super) struct Answer {
    body: Body,
    length: u64,
    total: u64,
    version: Version,
    /// Whether the head says where the body ends.
    has_length: bool,
}

impl Answer {
    /// Judges the head of the answer to a request for `first..=last`. The first answer tells the size; later ones have to agree with it.
    //= LDR-SOURCE-004
    pub(super) fn judge(
        response: Response<Body>,
        first: u64,
        last: u64,
        known: Option<&Known<Version>>,
    ) -> Result<Self, SourceError> {
        match response.status().as_u16() {
            206 => {}
            416 => return Self::unsatisfiable(response, known),
            412 if known.is_some_and(|known| known.version.etag.is_some()) => {
                return Err(changed("the server says that the ETag is another (status 412)"));
            }
            200 => {
                let what = "the server answered a range with the whole (status 200)";
                return Err(SourceError::new(SourceReason::RangeIgnored, what));
            }
            status => {
                return Err(SourceError::new(
                    SourceReason::HttpStatus,
                    format!("the server answered with status {status}"),
                ));
            }
        }
        if let Some(kind) = header(&response, "content-type")?
            && kind.trim_start().get(..10).is_some_and(|kind| kind.eq_ignore_ascii_case("multipart/"))
        {
            return Err(SourceError::new(SourceReason::Multipart, format!("the Content-Type is {}", shown(kind))));
        }
        if let Some(coding) = header(&response, "content-encoding")?
            && !matches!(coding.trim().to_ascii_lowercase().as_str(), "" | "identity")
        {
            let what = format!("the Content-Encoding is {}", shown(coding));
            return Err(SourceError::new(SourceReason::ContentEncoding, what));
        }
        judge_transfer(&response)?;
        let stated = header(&response, "content-range")?
            .ok_or_else(|| SourceError::new(SourceReason::ContentRange, "status 206 comes without a Content-Range"))?;
        let ContentRange { range, total } = ContentRange::parse(stated)?;
        let version = Version::of(&response)?;
        if let Some(known) = known {
            known.version.agrees(known.size, &version, total)?;
        }
        let last = last.min(total.saturating_sub(1));
        if range != Some((first, last)) {
            let what = format!("the Content-Range is {} for bytes {first} to {last}", shown(stated));
            return Err(SourceError::new(SourceReason::ContentRange, what));
        }
        let length = last.saturating_sub(first).saturating_add(1);
        let has_length = agreed_length(&response, length)?;
        Ok(Self { body: response.into_body(), length, total, version, has_length })
    }

    /// Status 416: an empty thing at the first request; later, a thing that has become shorter.
    fn unsatisfiable(response: Response<Body>, known: Option<&Known<Version>>) -> Result<Self, SourceError> {
        let stated = header(&response, "content-range")?.map(ContentRange::parse).transpose()?;
        let total = stated.filter(|stated| stated.range.is_none()).map(|stated| stated.total);
        match (total, known) {
            (Some(0), None) => {
                let version = Version::of(&response)?;
                Ok(Self { body: response.into_body(), length: 0, total: 0, version, has_length: true })
            }
            (Some(total), Some(known)) if total != known.size => Err(changed(&resized(known.size, total))),
            _ => Err(SourceError::new(SourceReason::HttpStatus, "the server answered with status 416")),
        }
    }

    /// What a first answer tells.
    pub(super) fn known(&self) -> Known<Version> {
        Known { size: self.total, version: self.version.clone() }
    }

    /// Gives the bytes to `take`, through one buffer. More or fewer than the head says are an error.
    pub(super) fn read_each(self, take: &mut dyn FnMut(&[u8]) -> ControlFlow<()>) -> Result<(), SourceError> {
        let mut body = self.body.into_reader();
        let mut buffer = vec![0; usize::try_from(self.length.min(PIECE as u64)).unwrap_or(PIECE)];
        let mut left = self.length;
        while left > 0 {
            let wanted = usize::try_from(left).unwrap_or(PIECE).min(PIECE);
            let piece = buffer.get_mut(..wanted).unwrap_or_default();
            let count = read_full(&mut body, piece)?;
            if count < wanted {
                let had = self.length.saturating_sub(left).saturating_add(count as u64);
                let what = format!("the body ends after {had} of {} bytes", self.length);
                return Err(SourceError::new(SourceReason::ShortRead, what));
            }
            left = left.saturating_sub(count as u64);
            if take(piece).is_break() {
                return Ok(());
            }
        }
        // Where the head gives a length, the reader ends there by itself.
        if !self.has_length && self.length > 0 && matches!(read_full(&mut body, &mut [0]), Ok(1)) {
            let what = format!("the body has more than the {} bytes that its Content-Range says", self.length);
            return Err(SourceError::new(SourceReason::ContentRange, what));
        }
        Ok(())
    }
}

impl Version {
    fn of(response: &Response<Body>) -> Result<Self, SourceError> {
        let is_strong = |etag: &&str| etag.len() >= 2 && etag.starts_with('"') && etag.ends_with('"');
        let etag = header(response, "etag")?.map(str::trim).filter(is_strong).map(str::to_owned);
        let last_modified = header(response, "last-modified")?.map(|value| value.trim().to_owned());
        Ok(Self { etag, last_modified })
    }

    /// Whether an answer is of the same thing: size, and the strong ETag, or where there is none the time of the last change.
    //= LDR-SOURCE-005
    fn agrees(&self, size: u64, now: &Self, total: u64) -> Result<(), SourceError> {
        if total != size {
            return Err(changed(&resized(size, total)));
        }
        match (&self.etag, &now.etag) {
            (Some(before), Some(now)) if before == now => Ok(()),
            (Some(before), now) => {
                let now = now.as_deref().map_or_else(|| "absent or weak".to_owned(), shown);
                Err(changed(&format!("the ETag was {} and is {now}", shown(before))))
            }
            (None, _) if self.last_modified != now.last_modified => {
                let text = |value: &Option<String>| value.as_deref().map_or_else(|| "absent".to_owned(), shown);
                let (before, now) = (text(&self.last_modified), text(&now.last_modified));
                Err(changed(&format!("Last-Modified was {before} and is {now}")))
            }
            (None, _) => Ok(()),
        }
    }
}

/// The one transfer coding that is undone here is `chunked`, and HTTP/1.0 has none (RFC 9112 §6.1): what else was done to the bytes would stay done.
fn judge_transfer(response: &Response<Body>) -> Result<(), SourceError> {
    let mut codings = response.headers().get_all("transfer-encoding").iter();
    let Some(coding) = codings.next() else { return Ok(()) };
    let text = coding.to_str().unwrap_or_default();
    let is_chunked = text.trim().eq_ignore_ascii_case("chunked") && codings.next().is_none();
    if is_chunked && response.version() == ureq::http::Version::HTTP_11 {
        return Ok(());
    }
    let what = format!("the Transfer-Encoding is {} in {:?}", shown(text), response.version());
    Err(SourceError::new(SourceReason::ContentEncoding, what))
}

/// Whether there is a Content-Length; one that is not the range's is an error.
fn agreed_length(response: &Response<Body>, length: u64) -> Result<bool, SourceError> {
    let Some(stated) = header(response, "content-length")? else { return Ok(false) };
    // RFC 9112 §6.3: a transfer coding decides where the body ends; a length beside it still has to be the right one.
    let is_coded = response.headers().contains_key("transfer-encoding");
    match number(stated.trim()) {
        Some(found) if found == length => Ok(!is_coded),
        found => {
            let is_short = found.is_some_and(|found| found < length);
            let reason = if is_short { SourceReason::ShortRead } else { SourceReason::ContentRange };
            Err(SourceError::new(reason, format!("the Content-Length is {} for {length} bytes", shown(stated))))
        }
    }
}

/// The value of a header that may stand once; the same value again does no harm.
pub(super) fn header<'a>(response: &'a Response<Body>, name: &str) -> Result<Option<&'a str>, SourceError> {
    let unclear = || {
        let reason = match name {
            "content-range" | "content-length" => SourceReason::ContentRange,
            "content-encoding" => SourceReason::ContentEncoding,
            "location" => SourceReason::Redirect,
            _ => SourceReason::Native,
        };
        SourceError::new(reason, format!("the answer's `{name}` is not one text"))
    };
    let mut value = None;
    for found in response.headers().get_all(name) {
        let found = found.to_str().map_err(|_not_text| unclear())?;
        if value.replace(found).is_some_and(|before| before != found) {
            return Err(unclear());
        }
    }
    Ok(value)
}

fn changed(what: &str) -> SourceError {
    SourceError::new(SourceReason::SourceChanged, what)
}

fn resized(before: u64, now: u64) -> String {
    format!("it had {before} bytes and has {now}")
}

const _: () = assert!(PIECE as u64 <= FIRST, "the first answer fits one buffer");
