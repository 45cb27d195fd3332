//! Where a request goes: redirects, and what of a URL may be shown.

use fayger_contracts::{SourceError, SourceReason};
use ureq::Body;
use ureq::http::Response;
use url::Url;

use super::answer::header;

/// Takes `user:password` out of the URL, decoded.
pub(super) fn take_userinfo(url: &mut Url) -> Option<String> {
    if url.username().is_empty() && url.password().is_none() {
        return None;
    }
    let decoded = |text: &str| percent_decode(text);
    let userinfo = format!("{}:{}", decoded(url.username()), decoded(url.password().unwrap_or_default()));
    // It can be set: the URL has a host.
    let _ = (url.set_username(""), url.set_password(None));
    Some(userinfo)
}

/// RFC 3986 §2.1, as UTF-8; what is no escape stays.
fn percent_decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, others)) = rest.split_first() {
        let digit = |at: usize| others.get(at).and_then(|&byte| (byte as char).to_digit(16));
        match (first, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push(u8::try_from(high << 4 | low).unwrap_or(first));
                rest = others.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(first);
                rest = others;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A URL as it may be shown: without credentials, query and fragment.
pub(super) fn public(url: &Url) -> String {
    format!("{}{}", url.origin().ascii_serialization(), url.path())
}

//= LDR-SOURCE-006
/// Where a redirect leads, if the reader goes there: to the origin that it began with, or to one that the caller named; never from https to
/// http, and never with credentials of the server's choice.
pub(super) fn follow(
    from: &Url,
    response: &Response<Body>,
    home: &Url,
    allowed: &[String],
) -> Result<Url, SourceError> {
    let refused = |what: String| SourceError::new(SourceReason::Redirect, what);
    let status = response.status().as_u16();
    let location =
        header(response, "location")?.ok_or_else(|| refused(format!("status {status} comes without a Location")))?;
    let mut to = from.join(location).map_err(|_shown_nowhere| refused("the Location is not a URL".to_owned()))?;
    let shown = public(&to);
    if !matches!(to.scheme(), "http" | "https") {
        return Err(refused("the Location is neither http nor https".to_owned()));
    }
    if from.scheme() == "https" && to.scheme() == "http" {
        return Err(refused(format!("the redirect leads from https to `{shown}`")));
    }
    if to.origin() != home.origin() && !allowed.contains(&to.origin().ascii_serialization()) {
        return Err(refused(format!("the redirect leads to another origin, `{shown}`")));
    }
    if take_userinfo(&mut to).is_some() {
        return Err(refused(format!("the redirect leads to `{shown}` with credentials")));
    }
    to.set_fragment(None);
    Ok(to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_leave_the_url_and_no_query_is_shown() {
        let mut url = Url::parse("https://us%65r:p%40ss@example.org:8443/a/b?token=secret#part").unwrap();
        assert_eq!(take_userinfo(&mut url).as_deref(), Some("user:p@ss"));
        assert_eq!(url.as_str(), "https://example.org:8443/a/b?token=secret#part");
        assert_eq!(public(&url), "https://example.org:8443/a/b");
        assert_eq!(take_userinfo(&mut url), None);
    }
}
