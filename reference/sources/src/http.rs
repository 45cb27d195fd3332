//! HTTP(S) ranges (RFC 9110 §14). A server is not believed: what an answer says of itself has to be what was asked for, or the read fails and says
//! what was seen.
//!
//! There is no HEAD: the first request asks for the first 64 KiB, and its answer tells the size. Credentials go to the origin that they were given
//! for, and neither they nor a query string are ever shown.

mod answer;
mod content_range;
mod place;

use std::fmt;
use std::io::Read;
use std::ops::ControlFlow;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use fayger_contracts::{BufSource, SourceError, SourceReason};
use url::Url;

use crate::front::{FIRST, Front, Known};
use answer::{Answer, Version};

/// Bytes of one piece.
const PIECE: usize = 64 << 10;
/// Bytes of the heads of an answer at most, interim ones and what comes with them counted.
const HEAD_LEN: usize = 256 << 10;
/// Redirects that are followed for one read.
const MOST_REDIRECTS: u32 = 5;

/// A source over one URL. It can be read from several threads at once.
pub struct HttpSource {
    agent: ureq::Agent,
    url: Url,
    options: HttpOptions,
    /// Basic credentials that were in the URL.
    userinfo: Option<String>,
    /// Where the URL has moved for good.
    moved: Mutex<Option<Url>>,
    front: Front<Version>,
}

/// How a URL is read.
#[derive(Clone, Default)]
pub struct HttpOptions {
    /// Sent to the URL's own origin and to no other: an `Authorization`, say.
    pub headers: Vec<(String, String)>,
    /// Other origins that a redirect may lead to, such as `https://cdn.example.org`.
    pub redirect_origins: Vec<String>,
    /// How long to wait.
    pub timeouts: Timeouts,
}

/// How long a server may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// Until there is a connection.
    pub connect: Duration,
    /// From the request until the head of the answer is there.
    pub first_byte: Duration,
    /// Between two pieces.
    pub stall: Duration,
}

impl Default for Timeouts {
    /// 10 s, 30 s, 30 s.
    fn default() -> Self {
        Self { connect: Duration::from_secs(10), first_byte: Duration::from_secs(30), stall: Duration::from_secs(30) }
    }
}

impl HttpSource {
    /// A source over `url`. Nothing is asked for yet.
    ///
    /// # Errors
    /// `native`, where it is no URL of `http` or `https`, or an option cannot be sent or is no origin.
    pub fn new(url: &str, options: HttpOptions) -> Result<Self, SourceError> {
        let native = |what: &str| SourceError::new(SourceReason::Native, what);
        let mut url = Url::parse(url).map_err(|_shown_nowhere| native("this is not a URL"))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(native("the URL is neither http nor https"));
        }
        for (name, value) in &options.headers {
            let is_sendable = ureq::http::HeaderName::from_bytes(name.as_bytes()).is_ok()
                && ureq::http::HeaderValue::from_str(value).is_ok();
            if !is_sendable {
                return Err(native("a header cannot be sent"));
            }
            if ["range", "if-match", "accept-encoding", "host"].iter().any(|own| name.eq_ignore_ascii_case(own)) {
                return Err(native("a header that the source sends itself cannot be given"));
            }
        }
        for origin in &options.redirect_origins {
            if !Url::parse(origin).is_ok_and(|parsed| parsed.origin().ascii_serialization() == *origin) {
                return Err(native("what redirects may lead to is not an origin"));
            }
        }
        let userinfo = place::take_userinfo(&mut url);
        url.set_fragment(None);
        let Timeouts { connect, first_byte, stall } = options.timeouts;
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .accept_encoding("identity")
            .user_agent(concat!("fayger/", env!("CARGO_PKG_VERSION")))
            .proxy(None)
            .max_response_header_size(HEAD_LEN)
            .timeout_connect(Some(connect))
            .timeout_recv_response(Some(first_byte))
            .timeout_per_read(Some(stall))
            .build()
            .into();
        Ok(Self { agent, url, options, userinfo, moved: Mutex::default(), front: Front::default() })
    }

    /// One exchange. A connection that was kept from an earlier one may have been closed meanwhile: then there is a second try, on a new one.
    fn answer(
        &self,
        url: &Url,
        first: u64,
        last: u64,
        known: Option<&Known<Version>>,
        is_first: bool,
    ) -> Result<ureq::http::Response<ureq::Body>, SourceError> {
        match self.request(url, first, last, known).call() {
            Err(error) if !is_first && was_closed(&error) => self.request(url, first, last, known).call(),
            other => other,
        }
        .map_err(|error| failure(&error))
    }

    /// Asks for `first..=last`, following redirects, and judges the answer. Without `known` it is the first request.
    fn ask(&self, first: u64, last: u64, known: Option<&Known<Version>>) -> Result<Answer, SourceError> {
        self.follow(first, last, known).map_err(|error| self.without_secrets(error))
    }

    /// The same error, where a server echoes what it was sent.
    fn without_secrets(&self, mut error: SourceError) -> SourceError {
        let own = self.options.headers.iter().map(|(_, value)| value.as_str());
        let password = self.userinfo.as_deref().and_then(|userinfo| Some(userinfo.split_once(':')?.1));
        let encoded = self.userinfo.as_deref().map(|userinfo| BASE64_STANDARD.encode(userinfo));
        let secrets = own.chain(password).chain(encoded.as_deref()).chain(self.url.query());
        for secret in secrets.filter(|secret| !secret.is_empty()) {
            let escaped: String = secret.escape_debug().collect();
            error.message = error.message.replace(&escaped, "…");
        }
        error
    }

    fn follow(&self, first: u64, last: u64, known: Option<&Known<Version>>) -> Result<Answer, SourceError> {
        let mut url =
            self.moved.lock().unwrap_or_else(PoisonError::into_inner).clone().unwrap_or_else(|| self.url.clone());
        let mut is_for_good = true;
        for hop in 0..=MOST_REDIRECTS {
            let response = self.answer(&url, first, last, known, known.is_none() && hop == 0)?;
            let status = response.status().as_u16();
            if !matches!(status, 301 | 302 | 303 | 307 | 308) {
                return Answer::judge(response, first, last, known);
            }
            url = place::follow(&url, &response, &self.url, &self.options.redirect_origins)?;
            // RFC 9110 §15.4: the other redirects hold for one request.
            is_for_good &= matches!(status, 301 | 308);
            if is_for_good {
                *self.moved.lock().unwrap_or_else(PoisonError::into_inner) = Some(url.clone());
            }
        }
        Err(SourceError::new(SourceReason::Redirect, format!("there are more than {MOST_REDIRECTS} redirects")))
    }

    fn request(
        &self,
        url: &Url,
        first: u64,
        last: u64,
        known: Option<&Known<Version>>,
    ) -> ureq::RequestBuilder<ureq::typestate::WithoutBody> {
        let mut request = self.agent.get(url.as_str()).header("Range", format!("bytes={first}-{last}"));
        if let Some(etag) = known.and_then(|known| known.version.etag.as_deref()) {
            request = request.header("If-Match", etag);
        }
        if url.origin() == self.url.origin() {
            if let Some(userinfo) = &self.userinfo {
                request = request.header("Authorization", format!("Basic {}", BASE64_STANDARD.encode(userinfo)));
            }
            for (name, value) in &self.options.headers {
                request = request.header(name, value);
            }
        }
        request
    }

    /// What the first answer says, asked for at most once.
    fn known(&self) -> Result<Known<Version>, SourceError> {
        self.front.known(|| {
            let answer = self.ask(0, FIRST.saturating_sub(1), None)?;
            let known = answer.known();
            let mut bytes = Vec::new();
            answer.read_each(&mut |piece| {
                bytes.extend_from_slice(piece);
                ControlFlow::Continue(())
            })?;
            Ok((known, bytes))
        })
    }

    /// Delivers a range, which is there, through one request.
    fn deliver(
        &self,
        known: &Known<Version>,
        offset: u64,
        length: u64,
        take: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
    ) -> Result<(), SourceError> {
        let Some(last) = length.checked_sub(1) else { return Ok(()) };
        self.ask(offset, offset.saturating_add(last), Some(known))?.read_each(take)
    }
}

impl BufSource for HttpSource {
    fn size(&self) -> Result<u64, SourceError> {
        Ok(self.known()?.size)
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
        let (length, mut filled) = (buffer.len() as u64, 0_usize);
        self.read_each(offset, length, &mut |piece| {
            let end = filled.saturating_add(piece.len());
            if let Some(place) = buffer.get_mut(filled..end) {
                place.copy_from_slice(piece);
            }
            filled = end;
            ControlFlow::Continue(())
        })
    }

    fn read_each(
        &self,
        offset: u64,
        length: u64,
        take: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
    ) -> Result<(), SourceError> {
        let known = self.known()?;
        if offset.checked_add(length).is_none_or(|end| end > known.size) && length > 0 {
            let message = format!("{length} bytes at {offset} were asked of {}", known.size);
            return Err(SourceError::new(SourceReason::ShortRead, message));
        }
        // What lies in the first answer is not asked for again.
        let held = self.front.bytes(offset, length);
        if !held.is_empty() && take(&held).is_break() {
            return Ok(());
        }
        let held = held.len() as u64;
        self.deliver(&known, offset.saturating_add(held), length.saturating_sub(held), take)
    }
}

impl fmt::Debug for HttpSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpSource").field("url", &place::public(&self.url)).finish_non_exhaustive()
    }
}

impl fmt::Debug for HttpOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("HttpOptions")
            .field("headers", &names)
            .field("redirect_origins", &self.redirect_origins)
            .field("timeouts", &self.timeouts)
            .finish()
    }
}

/// Whether the connection ended before there was an answer.
fn was_closed(error: &ureq::Error) -> bool {
    use std::io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    matches!(error, ureq::Error::Io(error) if matches!(error.kind(), UnexpectedEof | ConnectionReset | ConnectionAborted | BrokenPipe))
}

/// What went wrong below HTTP. Nothing of the request is in the text: it may hold a query.
fn failure(error: &ureq::Error) -> SourceError {
    let (reason, message) = match error {
        ureq::Error::Timeout(which) => (SourceReason::Timeout, format!("the server took too long: {which}")),
        ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::TimedOut => {
            (SourceReason::Timeout, "the server took too long".to_owned())
        }
        ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            (SourceReason::Native, "the server closed the connection before it had answered".to_owned())
        }
        ureq::Error::Io(error) => (SourceReason::Native, format!("the connection failed: {}", error.kind())),
        ureq::Error::HostNotFound => (SourceReason::Native, "the host is not found".to_owned()),
        ureq::Error::ConnectionFailed => (SourceReason::Native, "there is no connection".to_owned()),
        ureq::Error::Protocol(_) => (SourceReason::Native, "the answer is not HTTP".to_owned()),
        ureq::Error::LargeResponseHeader(..) => {
            (SourceReason::Native, "the head of the answer is too large".to_owned())
        }
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) => {
            (SourceReason::Native, "the server is not the one that it has to be, or speaks TLS wrongly".to_owned())
        }
        _ => (SourceReason::Native, "the request failed".to_owned()),
    };
    SourceError::new(reason, message)
}

/// Reads until the buffer is full or the body ends: how much there was.
fn read_full(body: &mut dyn Read, buffer: &mut [u8]) -> Result<usize, SourceError> {
    let mut filled = 0_usize;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match body.read(rest) {
            Ok(0) => break,
            Ok(count) => filled = filled.saturating_add(count),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            // The body ends where it must not: the caller counts.
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => break,
            Err(error) => return Err(failure(&ureq::Error::from(error))),
        }
    }
    Ok(filled)
}

/// What a server said, for people: in backticks, escaped, and not all of it where it is long.
fn shown(text: &str) -> String {
    const MOST: usize = 80;
    let mut shown: String = text.chars().take(MOST).flat_map(char::escape_debug).collect();
    if text.chars().nth(MOST).is_some() {
        shown.push('…');
    }
    format!("`{shown}`")
}
