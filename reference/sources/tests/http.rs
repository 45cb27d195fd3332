//! Servers that keep to HTTP in unusual ways, and servers that lie: exact bytes, or an error that says what was seen.
#![cfg(feature = "http")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests fail as tests do"
)]

mod common;

use std::ops::ControlFlow;
use std::time::Duration;

use common::*;
use fayger_contracts::{BufSource, SourceError, SourceReason};
use fayger_sources::{HttpOptions, HttpSource, Timeouts};

const FILE: usize = 200_000;

fn quick() -> HttpOptions {
    let second = Duration::from_millis(1500);
    HttpOptions { timeouts: Timeouts { connect: second, first_byte: second, stall: second }, ..HttpOptions::default() }
}

fn source(server: &Server) -> HttpSource {
    HttpSource::new(&server.url("/a.buf?token=secret"), quick()).unwrap()
}

/// Size, the front, something behind it, and a run, all as they should be.
fn read_all(source: &HttpSource, file: &[u8]) -> Result<(), SourceError> {
    assert_eq!(source.size()?, file.len() as u64);
    let mut front = vec![0; file.len().min(65_536)];
    source.read_at(0, &mut front)?;
    assert!(front == file[..front.len()]);
    if file.len() > 70_000 {
        let mut back = vec![0; 44];
        source.read_at(file.len() as u64 - 44, &mut back)?;
        assert!(back == file[file.len() - 44..]);
        let mut run = Vec::new();
        source.read_each(70_000, 100_000, &mut |piece| {
            run.extend_from_slice(piece);
            ControlFlow::Continue(())
        })?;
        assert!(run == file[70_000..170_000]);
    }
    Ok(())
}

/// The reason that a lie is met with, and that nobody's secret is in the text.
fn reason(server: &Server, file: &[u8]) -> SourceReason {
    let error = read_all(&source(server), file).expect_err("a lie");
    assert!(!error.message.contains("secret") && !error.message.contains("token"), "{error}");
    assert!(!error.message.is_empty());
    error.reason
}

fn chunked(body: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for chunk in body.chunks(1000) {
        bytes.extend(format!("{:x}\r\n", chunk.len()).as_bytes());
        bytes.extend(chunk);
        bytes.extend(b"\r\n");
    }
    bytes.extend(b"0\r\n\r\n");
    bytes
}

fn body_of<'a>(request: &str, file: &'a [u8]) -> (&'a [u8], String) {
    let (first, last) = asked(request);
    let last = last.min(file.len() as u64 - 1);
    (&file[first as usize..=last as usize], format!("{first}-{last}/{}", file.len()))
}

#[test]
fn reads_what_servers_legally_say() {
    type Way = fn(&str, &[u8]) -> Act;
    let ways: [(&str, Way); 9] = [
        ("plain", |request, file| Act::Say(partial(request, file, &["ETag: \"a\""]))),
        ("closing", |request, file| Act::SayAndClose(partial(request, file, &["Connection: close"]))),
        ("other case", |request, file| {
            let (body, range) = body_of(request, file);
            let length = format!("content-LENGTH:{}", body.len());
            let range = format!("CONTENT-range:   Bytes  {range}  ");
            Act::Say(answer("206 partial", &[&range, &length, "etag: W/\"weak\"", "X-Other: 1"], body))
        }),
        ("chunked", |request, file| {
            let (body, range) = body_of(request, file);
            let range = format!("Content-Range: bytes {range}");
            Act::Say(answer("206 Partial Content", &[&range, "Transfer-Encoding: chunked"], &chunked(body)))
        }),
        ("until the connection closes", |request, file| {
            let (body, range) = body_of(request, file);
            let range = format!("Content-Range: bytes {range}");
            Act::SayAndClose(answer("206 Partial Content", &[&range, "Connection: close"], body))
        }),
        ("identity", |request, file| {
            Act::Say(partial(
                request,
                file,
                &["Content-Encoding: Identity", "Content-Type: text/html", "Vary: Accept-Encoding"],
            ))
        }),
        ("a hint first", |request, file| {
            let hint = answer("103 Early Hints", &["Link: </a>; rel=preload"], &[]);
            Act::Say([hint, partial(request, file, &[])].concat())
        }),
        ("HTTP/1.0", |request, file| {
            let said = String::from_utf8_lossy(b"").into_owned();
            let mut bytes = partial(request, file, &[&format!("X: {said}")]);
            bytes[7] = b'0';
            Act::SayAndClose(bytes)
        }),
        ("the same header twice", |request, file| {
            let (body, range) = body_of(request, file);
            let (range, length) = (format!("Content-Range: bytes {range}"), format!("Content-Length: {}", body.len()));
            Act::Say(answer("206 Partial Content", &[&range, &range, &length], body))
        }),
    ];
    for (name, way) in ways {
        for length in [1, 44, 65_535, 65_536, 65_537, FILE] {
            let file = noise(length);
            let served = file.clone();
            let server = Server::new(move |request| way(request, &served));
            read_all(&source(&server), &file).unwrap_or_else(|error| panic!("{name}, {length} bytes: {error:?}"));
            assert!(server.requests().iter().all(|request| request.starts_with("GET /a.buf?token=secret HTTP/1.1")));
        }
    }
}

#[test]
fn asks_for_ranges_without_encodings_and_for_the_size_in_no_other_way() {
    let file = noise(FILE);
    let served = file.clone();
    let server = Server::new(move |request| Act::Say(partial(request, &served, &["ETag: \"v1\""])));
    read_all(&source(&server), &file).unwrap();
    let requests = server.requests();
    let asked: Vec<_> = requests.iter().map(|request| asked(request)).collect();
    // The front; the last 44; the run. The read of the front is served from the first answer.
    assert_eq!(asked, [(0, 65_535), (199_956, 199_999), (70_000, 169_999)]);
    assert_eq!(header(&requests[0], "if-match"), None);
    for request in &requests {
        assert_eq!(header(request, "accept-encoding"), Some("identity"));
    }
    for request in &requests[1..] {
        assert_eq!(header(request, "if-match"), Some("\"v1\""));
    }
}

#[test]
fn an_empty_thing_has_size_zero() {
    let server = Server::new(|_| {
        Act::Say(answer("416 Range Not Satisfiable", &["Content-Range: bytes */0", "Content-Length: 0"], &[]))
    });
    assert_eq!(source(&server).size(), Ok(0));
}

#[test]
fn a_lie_in_the_first_answer_is_met_with_its_reason() {
    use SourceReason::{
        ContentEncoding, ContentRange, HttpStatus, Multipart, Native, RangeIgnored, Redirect, ShortRead, SizeUnknown,
        Timeout,
    };
    let file = noise(FILE);
    let front = &file[..65_536];
    let say = |status: &str, headers: &[&str], body: &[u8]| Act::Say(answer(status, headers, body));
    let range = "Content-Range: bytes 0-65535/200000";
    let length = "Content-Length: 65536";
    let partial = "206 Partial Content";
    let lies: Vec<(&str, SourceReason, Act)> = vec![
        ("the whole", RangeIgnored, say("200 OK", &["Content-Length: 200000"], &file)),
        ("an empty whole", RangeIgnored, say("200 OK", &["Content-Length: 0"], &[])),
        ("no content", HttpStatus, say("204 No Content", &[], &[])),
        ("not found", HttpStatus, say("404 Not Found", &["Content-Length: 3"], b"no\n")),
        ("unauthorized", HttpStatus, say("401 Unauthorized", &["Content-Length: 0"], &[])),
        ("server error", HttpStatus, say("503 Service Unavailable", &["Content-Length: 0"], &[])),
        ("not modified", HttpStatus, say("304 Not Modified", &[], &[])),
        (
            "unsatisfiable with a size",
            HttpStatus,
            say("416 Range Not Satisfiable", &["Content-Range: bytes */9", "Content-Length: 0"], &[]),
        ),
        ("unsatisfiable without", HttpStatus, say("416 Range Not Satisfiable", &["Content-Length: 0"], &[])),
        ("no range said", ContentRange, say(partial, &[length], front)),
        ("no size said", SizeUnknown, say(partial, &["Content-Range: bytes 0-65535/*", length], front)),
        ("another start", ContentRange, say(partial, &["Content-Range: bytes 1-65536/200000", length], front)),
        (
            "another end",
            ContentRange,
            say(partial, &["Content-Range: bytes 0-65534/200000", "Content-Length: 65535"], &front[1..]),
        ),
        ("an end past the size", ContentRange, say(partial, &["Content-Range: bytes 0-65535/65535", length], front)),
        ("nothing of it", ContentRange, say(partial, &["Content-Range: bytes */200000", length], front)),
        ("another unit", ContentRange, say(partial, &["Content-Range: lines 0-65535/200000", length], front)),
        (
            "a number too large",
            ContentRange,
            say(partial, &["Content-Range: bytes 0-65535/99999999999999999999", length], front),
        ),
        ("two ranges", ContentRange, say(partial, &[range, "Content-Range: bytes 0-65535/200001", length], front)),
        ("several parts", Multipart, say(partial, &["Content-Type: Multipart/ByteRanges; boundary=x", length], front)),
        ("compressed", ContentEncoding, say(partial, &[range, length, "Content-Encoding: gzip"], front)),
        ("a length below the range's", ShortRead, say(partial, &[range, "Content-Length: 65535"], &front[1..])),
        ("a length above the range's", ContentRange, say(partial, &[range, "Content-Length: 65537"], &file[..65_537])),
        ("a body cut off", ShortRead, Act::SayAndClose(answer(partial, &[range, length], &front[1..]))),
        (
            "a body cut off without a length",
            ShortRead,
            Act::SayAndClose(answer(partial, &[range, "Connection: close"], &front[1..])),
        ),
        (
            "a chunked body that is too short",
            ShortRead,
            say(partial, &[range, "Transfer-Encoding: chunked"], &chunked(&front[1..])),
        ),
        (
            "a chunked body that is too long",
            ContentRange,
            say(partial, &[range, "Transfer-Encoding: chunked"], &chunked(&file[..65_537])),
        ),
        (
            "a longer body without a length",
            ContentRange,
            Act::SayAndClose(answer(partial, &[range, "Connection: close"], &file[..65_537])),
        ),
        ("a chunk that is none", Native, say(partial, &[range, "Transfer-Encoding: chunked"], b"xyz\r\n")),
        ("a head cut off", Native, Act::SayAndClose(b"HTTP/1.1 206 Part".to_vec())),
        ("nothing at all", Native, Act::SayAndClose(Vec::new())),
        ("no HTTP", Native, Act::SayAndClose(b"220 ftp.example.org FTP server ready\r\n\r\n".to_vec())),
        ("a head that stalls", Timeout, Act::SayAndStall(b"HTTP/1.1 206 Partial".to_vec())),
        ("a body that stalls", Timeout, Act::SayAndStall(answer(partial, &[range, length], &front[1..]))),
        ("a redirect to nowhere", Redirect, say("302 Found", &["Content-Length: 0"], &[])),
        (
            "a redirect elsewhere",
            Redirect,
            say("302 Found", &["Location: http://example.invalid/?token=secret", "Content-Length: 0"], &[]),
        ),
        (
            "a redirect to a file",
            Redirect,
            say("302 Found", &["Location: file:///etc/passwd", "Content-Length: 0"], &[]),
        ),
        (
            "a redirect with credentials",
            Redirect,
            say("302 Found", &["Location: http://a:secret@127.0.0.1/", "Content-Length: 0"], &[]),
        ),
        ("a redirect in circles", Redirect, say("302 Found", &["Location: /a.buf", "Content-Length: 0"], &[])),
    ];
    for (name, expected, act) in lies {
        let mut act = Some(act);
        let again = match &act {
            Some(Act::Say(bytes)) => bytes.clone(),
            _ => Vec::new(),
        };
        let server = Server::new(move |_| act.take().unwrap_or_else(|| Act::SayAndClose(again.clone())));
        assert_eq!(reason(&server, &file), expected, "{name}");
    }
}

#[test]
fn what_changes_between_two_reads_is_told() {
    use SourceReason::{HttpStatus, RangeIgnored, SourceChanged};
    type Later = fn(&str, &[u8]) -> Vec<u8>;
    let etag = "ETag: \"v1\"";
    let modified = "Last-Modified: Mon, 02 Nov 2026 10:00:00 GMT";
    let cases: [(&str, Option<SourceReason>, &str, Later); 10] = [
        ("another ETag", Some(SourceChanged), etag, |request, file| partial(request, file, &["ETag: \"v2\""])),
        ("precondition failed", Some(SourceChanged), etag, |_, _| {
            answer("412 Precondition Failed", &["Content-Length: 0"], &[])
        }),
        ("longer", Some(SourceChanged), etag, |request, file| {
            partial(request, &[file, b"x"].concat(), &["ETag: \"v1\""])
        }),
        ("shorter", Some(SourceChanged), etag, |_, _| {
            answer("416 Range Not Satisfiable", &["Content-Range: bytes */9", "Content-Length: 0"], &[])
        }),
        ("another time", Some(SourceChanged), modified, |request, file| {
            partial(request, file, &["Last-Modified: Mon, 02 Nov 2026 10:00:01 GMT"])
        }),
        ("no time any more", Some(SourceChanged), modified, |request, file| partial(request, file, &[])),
        ("the whole", Some(RangeIgnored), etag, |_, file| answer("200 OK", &["Content-Length: 200000"], file)),
        ("gone", Some(HttpStatus), etag, |_, _| answer("410 Gone", &["Content-Length: 0"], &[])),
        ("the same, without its ETag", Some(SourceChanged), etag, |request, file| partial(request, file, &[])),
        ("another weak ETag", None, "ETag: W/\"v1\"", |request, file| partial(request, file, &["ETag: W/\"v2\""])),
    ];
    for (name, expected, first, later) in cases {
        let file = noise(FILE);
        let served = file.clone();
        let mut number = 0;
        let server = Server::new(move |request| {
            number += 1;
            Act::Say(if number == 1 { partial(request, &served, &[first]) } else { later(request, &served) })
        });
        let result = read_all(&source(&server), &file);
        assert_eq!(result.map_err(|error| error.reason).err(), expected, "{name}");
    }
}

#[test]
fn follows_redirects_within_bounds_and_keeps_credentials_at_home() {
    let file = noise(FILE);
    let served = file.clone();
    let elsewhere = Server::new(move |request| Act::Say(partial(request, &served, &[])));
    let target = elsewhere.url("/b.buf?signed=yes");
    let home = Server::new(move |request| {
        let location = match request.split(' ').nth(1).unwrap() {
            "/a.buf" => "Location: next?step=2".to_owned(),
            _ => format!("Location: {target}"),
        };
        Act::Say(answer("307 Temporary Redirect", &[&location, "Content-Length: 0"], &[]))
    });
    let url = format!("http://user:p%40ss@127.0.0.1:{}/a.buf", home.port);
    let options = |origins: Vec<String>| HttpOptions {
        headers: vec![("X-Key".into(), "secret".into())],
        redirect_origins: origins,
        ..quick()
    };
    let refused = HttpSource::new(&url, options(vec![])).unwrap().size().unwrap_err();
    assert_eq!(refused.reason, SourceReason::Redirect);
    assert!(!refused.message.contains("signed"), "{refused}");

    let source = HttpSource::new(&url, options(vec![format!("http://127.0.0.1:{}", elsewhere.port)])).unwrap();
    read_all(&source, &file).unwrap();
    // user:p@ss
    assert_eq!(header(&home.requests()[0], "authorization"), Some("Basic dXNlcjpwQHNz"));
    assert_eq!(header(&home.requests()[0], "x-key"), Some("secret"));
    for request in elsewhere.requests() {
        assert_eq!((header(&request, "authorization"), header(&request, "x-key")), (None, None));
    }
    let shown = format!("{source:?} {:?}", options(vec![]));
    assert!(!shown.contains("p@ss") && !shown.contains("p%40ss") && !shown.contains("secret"), "{shown}");
}

#[test]
fn five_redirects_are_followed_and_what_moved_for_good_is_remembered() {
    let run = |hops: u32| {
        let file = noise(100);
        let served = file.clone();
        let server = Server::new(move |request| {
            let at: u32 = request.split(' ').nth(1).unwrap().trim_start_matches('/').parse().unwrap();
            if at == hops {
                return Act::Say(partial(request, &served, &[]));
            }
            let location = format!("Location: /{}", at + 1);
            Act::Say(answer("301 Moved Permanently", &[&location, "Content-Length: 0"], &[]))
        });
        let result = HttpSource::new(&server.url("/0"), quick()).unwrap().size();
        (result.map_err(|error| error.reason), server.requests().len())
    };
    assert_eq!(run(5), (Ok(100), 6));
    assert_eq!(run(6), (Err(SourceReason::Redirect), 6));
}

#[test]
fn refuses_to_read_past_the_end_without_asking() {
    let file = noise(FILE);
    let served = file.clone();
    let server = Server::new(move |request| Act::Say(partial(request, &served, &[])));
    let source = source(&server);
    for offset in [FILE as u64 - 43, FILE as u64, u64::MAX] {
        let error = source.read_at(offset, &mut [0; 44]).unwrap_err();
        assert_eq!(error.reason, SourceReason::ShortRead);
    }
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn what_is_no_place_to_read_from_is_refused_at_once() {
    for url in ["", "a.buf", "ftp://example.org/a", "http://", "http://exa mple/"] {
        assert_eq!(HttpSource::new(url, quick()).unwrap_err().reason, SourceReason::Native, "{url}");
    }
    let options = HttpOptions { redirect_origins: vec!["https://example.org/path".into()], ..quick() };
    assert!(HttpSource::new("https://example.org", options).is_err());
    for name in ["Range", "If-Match", "Accept-Encoding", "Host", "a b", ""] {
        let options = HttpOptions { headers: vec![(name.into(), "x".into())], ..quick() };
        assert_eq!(HttpSource::new("https://example.org", options).unwrap_err().reason, SourceReason::Native, "{name}");
    }
    // Nobody listens: the port was given back.
    let port = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let error = HttpSource::new(&format!("http://127.0.0.1:{port}/"), quick()).unwrap().size().unwrap_err();
    assert_eq!(error.reason, SourceReason::Native);
}

#[test]
fn what_a_server_echoes_of_a_secret_is_not_shown() {
    let server = Server::new(|request| {
        let echoed = |name: &str| header(request, name).unwrap_or_default().to_owned();
        let range = format!("Content-Range: items {} {} token=hidden", echoed("x-key"), echoed("authorization"));
        Act::Say(answer("206 Partial Content", &[&range, "Content-Length: 0"], &[]))
    });
    let url = format!("http://user:p%40ss@127.0.0.1:{}/a.buf?token=hidden", server.port);
    let options = HttpOptions { headers: vec![("X-Key".into(), "s3cret".into())], ..quick() };
    let error = HttpSource::new(&url, options).unwrap().size().unwrap_err();
    assert_eq!(error.reason, SourceReason::ContentRange);
    for secret in ["s3cret", "dXNlcjpwQHNz", "p@ss", "hidden"] {
        assert!(!error.message.contains(secret), "{error}");
    }
}
