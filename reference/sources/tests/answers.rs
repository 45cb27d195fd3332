//! One answer at a time: for each the exact bytes, or the reason why not.
#![cfg(feature = "http")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "helpers of tests fail as tests do"
)]

mod common;

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use common::{Act, Server};
use fayger_contracts::{BufSource, SourceError, SourceReason};
use fayger_sources::{HttpOptions, HttpSource, Timeouts};

/// What follows an answer's bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Then {
    /// The connection is closed.
    Close,
    /// The connection stays, for the next request.
    Keep,
    /// Nothing, for a while.
    Hang,
}

/// A server with these answers, one a request; then it closes whatever comes.
fn start(answers: Vec<(Vec<u8>, Then)>) -> Server {
    let mut answers = answers.into_iter();
    Server::new(move |_| match answers.next() {
        None => Act::SayAndClose(Vec::new()),
        Some((bytes, Then::Close)) => Act::SayAndClose(bytes),
        Some((bytes, Then::Keep)) => Act::Say(bytes),
        Some((bytes, Then::Hang)) => Act::SayAndStall(bytes),
    })
}

/// A body of `length` bytes, no two neighbours alike and no period of a power of two.
fn body(length: usize) -> Vec<u8> {
    (0..length).map(|at| u8::try_from(at % 251).expect("below 256")).collect()
}

/// `HTTP/1.1 206` with these further header lines, and a body.
fn partial(headers: &str, body: &[u8]) -> Vec<u8> {
    message("HTTP/1.1 206 Partial Content", headers, body)
}

/// A status line, header lines separated by `\n`, and a body.
fn message(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let lines: String = headers.lines().map(|line| format!("{line}\r\n")).collect();
    [format!("{status}\r\n{lines}\r\n").as_bytes(), body].concat()
}

/// The size of the artifact where a test does not say otherwise.
const SIZE: usize = 100;

fn fresh(server: &Server) -> HttpSource {
    HttpSource::new(&server.url("/a.buf"), HttpOptions::default()).expect("a URL")
}

/// The size that one answer gives, and the bytes.
fn read_whole(source: &HttpSource) -> Result<Vec<u8>, SourceError> {
    let mut bytes = vec![0; usize::try_from(source.size()?).expect("a small size")];
    source.read_at(0, &mut bytes)?;
    Ok(bytes)
}

/// What a client with one answer makes of it.
fn after(answer: Vec<u8>) -> Result<Vec<u8>, SourceError> {
    read_whole(&fresh(&start(vec![(answer, Then::Close)])))
}

fn chunked(pieces: &[&[u8]]) -> Vec<u8> {
    let chunks = pieces.iter().copied().chain([b"".as_slice()]);
    chunks.flat_map(|piece| [format!("{:x}\r\n", piece.len()).as_bytes(), piece, b"\r\n"].concat()).collect()
}

#[test]
fn believes_every_legal_form_of_a_partial_answer() {
    let whole = body(SIZE);
    let range = "Content-Range: bytes 0-99/100";
    let length = "Content-Length: 100";
    let chunks = chunked(&[&whole[..1], &whole[1..60], &whole[60..]]);
    let mut odd_chunks = b"64;name=value\r\n".to_vec();
    odd_chunks.extend_from_slice(&whole);
    odd_chunks.extend_from_slice(b"\r\n0\r\nX-Trailer: 1\r\n\r\n");
    for (what, answer) in [
        ("plain", partial(&format!("{range}\n{length}"), &whole)),
        ("until the connection closes", partial(range, &whole)),
        ("close said", partial(&format!("{range}\n{length}\nConnection: close"), &whole)),
        ("names in lower case", partial("content-range: bytes 0-99/100\ncontent-length: 100", &whole)),
        ("names in upper case", partial("CONTENT-RANGE: bytes 0-99/100\nCONTENT-LENGTH: 100", &whole)),
        ("unit in upper case", partial("Content-Range: BYTES 0-99/100\nContent-Length: 100", &whole)),
        ("white space", partial("Content-Range: \t bytes  0-99/100 \t\nContent-Length:100", &whole)),
        ("a length twice, the same", partial(&format!("{range}\n{length}\n{length}"), &whole)),
        ("a reason phrase that is empty", message("HTTP/1.1 206 ", &format!("{range}\n{length}"), &whole)),
        ("no reason phrase", message("HTTP/1.1 206", &format!("{range}\n{length}"), &whole)),
        ("another reason phrase", message("HTTP/1.1 206 Fine", &format!("{range}\n{length}"), &whole)),
        ("HTTP/1.0", message("HTTP/1.0 206 Partial Content", &format!("{range}\n{length}"), &whole)),
        ("HTTP/1.0 until the connection closes", message("HTTP/1.0 206 Partial Content", range, &whole)),
        ("chunks", partial(&format!("{range}\nTransfer-Encoding: chunked"), &chunks)),
        ("chunks in upper case", partial(&format!("{range}\nTransfer-Encoding: CHUNKED"), &chunks)),
        ("chunks with extensions and a trailer", partial(&format!("{range}\nTransfer-Encoding: chunked"), &odd_chunks)),
        ("identity", partial(&format!("{range}\n{length}\nContent-Encoding: identity"), &whole)),
        ("an empty coding", partial(&format!("{range}\n{length}\nContent-Encoding:"), &whole)),
        ("a weak ETag", partial(&format!("{range}\n{length}\nETag: W/\"5\""), &whole)),
        ("a strong ETag", partial(&format!("{range}\n{length}\nETag: \"5-6\""), &whole)),
        ("an ETag that is none", partial(&format!("{range}\n{length}\nETag: 5"), &whole)),
        (
            "much else",
            partial(
                &format!(
                    "Server: x\nDate: Thu, 01 Jan 1970 00:00:00 GMT\n{range}\nAccept-Ranges: bytes\n{length}\nX-A:\nVary: *"
                ),
                &whole,
            ),
        ),
        (
            "100 before it",
            [b"HTTP/1.1 100 Continue\r\n\r\n".to_vec(), partial(&format!("{range}\n{length}"), &whole)].concat(),
        ),
        (
            "103 before it",
            [message("HTTP/1.1 103 Early Hints", "Link: </a>", b""), partial(&format!("{range}\n{length}"), &whole)]
                .concat(),
        ),
        (
            "more after the end of the body",
            [partial(&format!("{range}\n{length}"), &whole), b"HTTP/1.1 206 Partial".to_vec()].concat(),
        ),
    ] {
        assert_eq!(after(answer), Ok(whole.clone()), "{what}");
    }
}

#[test]
fn a_file_of_no_bytes_is_told_by_416() {
    let answer = message("HTTP/1.1 416 Range Not Satisfiable", "Content-Range: bytes */0\nContent-Length: 0", b"");
    assert_eq!(after(answer), Ok(Vec::new()));
}

#[test]
fn meets_every_lie_with_its_reason() {
    use SourceReason::*;
    let whole = body(SIZE);
    let range = "Content-Range: bytes 0-99/100";
    let length = "Content-Length: 100";
    let with = |headers: &str| partial(&format!("{headers}\n{length}"), &whole);
    let status = |status: &str, headers: &str| message(&format!("HTTP/1.1 {status}"), headers, b"");
    let mut wrong = Vec::new();
    for (what, reason, answer) in [
        ("the whole", RangeIgnored, message("HTTP/1.1 200 OK", length, &whole)),
        ("the whole, compressed", RangeIgnored, message("HTTP/1.1 200 OK", "Content-Encoding: gzip", &whole)),
        ("no Content-Range", ContentRange, with("Accept-Ranges: bytes")),
        ("an empty Content-Range", ContentRange, with("Content-Range:")),
        ("another unit", ContentRange, with("Content-Range: items 0-99/100")),
        ("a range written as it is asked", ContentRange, with("Content-Range: bytes=0-99/100")),
        ("no total", ContentRange, with("Content-Range: bytes 0-99")),
        ("an unknown total", SizeUnknown, with("Content-Range: bytes 0-99/*")),
        ("a range that ends before it begins", ContentRange, with("Content-Range: bytes 99-0/100")),
        ("a range past the total", ContentRange, with("Content-Range: bytes 0-99/99")),
        ("a range of nothing", ContentRange, with("Content-Range: bytes */100")),
        ("a later range", ContentRange, with("Content-Range: bytes 1-100/101")),
        ("a range cut short", ContentRange, with("Content-Range: bytes 0-99/200")),
        ("numbers over 64 bits", ContentRange, with("Content-Range: bytes 0-99/18446744073709551616")),
        ("a negative number", ContentRange, with("Content-Range: bytes 0--99/100")),
        ("two Content-Ranges", ContentRange, with(&format!("{range}\nContent-Range: bytes 0-99/200"))),
        ("more than was asked for", ContentRange, partial("Content-Range: bytes 0-99999/100000", &body(100_000))),
        (
            "a total of nearly 64 bits",
            ContentRange,
            with("Content-Range: bytes 0-18446744073709551614/18446744073709551615"),
        ),
        ("gzip", ContentEncoding, with(&format!("{range}\nContent-Encoding: gzip"))),
        ("a coding in upper case", ContentEncoding, with(&format!("{range}\nContent-Encoding: BR"))),
        ("identity and gzip", ContentEncoding, with(&format!("{range}\nContent-Encoding: identity, gzip"))),
        (
            "gzip on a second line",
            ContentEncoding,
            with(&format!("{range}\nContent-Encoding: identity\nContent-Encoding: gzip")),
        ),
        (
            "gzip on the way",
            ContentEncoding,
            partial(&format!("{range}\nTransfer-Encoding: gzip, chunked"), &chunked(&[&whole])),
        ),
        (
            "chunks of chunks",
            ContentEncoding,
            partial(&format!("{range}\nTransfer-Encoding: chunked, chunked"), &chunked(&[&whole])),
        ),
        (
            "chunks in HTTP/1.0",
            ContentEncoding,
            message(
                "HTTP/1.0 206 Partial Content",
                &format!("{range}\nTransfer-Encoding: chunked"),
                &chunked(&[&whole]),
            ),
        ),
        ("parts", Multipart, with(&format!("{range}\nContent-Type: multipart/byteranges; boundary=x"))),
        ("parts alone", Multipart, with("Content-Type: Multipart/ByteRanges;boundary=x")),
        ("a body cut short", ShortRead, partial(&format!("{range}\n{length}"), &whole[..99])),
        ("no body", ShortRead, partial(&format!("{range}\n{length}"), b"")),
        ("a body cut short until the close", ShortRead, partial(range, &whole[..99])),
        ("a shorter Content-Length", ShortRead, partial(&format!("{range}\nContent-Length: 99"), &whole[..99])),
        (
            "fewer chunks",
            ShortRead,
            partial(&format!("{range}\nTransfer-Encoding: chunked"), &chunked(&[&whole[..99]])),
        ),
        (
            "chunks that break off",
            ShortRead,
            partial(&format!("{range}\nTransfer-Encoding: chunked"), &chunked(&[&whole])[..50]),
        ),
        ("a longer Content-Length", ContentRange, partial(&format!("{range}\nContent-Length: 101"), &body(101))),
        ("a longer body until the close", ContentRange, partial(range, &body(101))),
        (
            "more chunks",
            ContentRange,
            partial(&format!("{range}\nTransfer-Encoding: chunked"), &chunked(&[&body(101)])),
        ),
        (
            "chunks that contradict Content-Length",
            ShortRead,
            partial(&format!("{range}\nContent-Length: 99\nTransfer-Encoding: chunked"), &chunked(&[&whole])),
        ),
        ("two Content-Lengths", Native, partial(&format!("{range}\n{length}\nContent-Length: 99"), &whole)),
        ("a Content-Length that is no number", Native, partial(&format!("{range}\nContent-Length: ten"), &whole)),
        ("a chunk that is no number", Native, partial(&format!("{range}\nTransfer-Encoding: chunked"), b"zz\r\n")),
        (
            "416 for a file that has bytes",
            HttpStatus,
            status("416 Range Not Satisfiable", "Content-Range: bytes */100"),
        ),
        ("416 without a Content-Range", HttpStatus, status("416 Range Not Satisfiable", "Content-Length: 0")),
        ("416 with a range", HttpStatus, status("416 Range Not Satisfiable", "Content-Range: bytes 0-99/100")),
        ("412 without a condition", HttpStatus, status("412 Precondition Failed", "Content-Length: 0")),
        ("204", HttpStatus, status("204 No Content", "")),
        ("304", HttpStatus, status("304 Not Modified", "")),
        ("300", HttpStatus, status("300 Multiple Choices", "Location: /b\nContent-Length: 0")),
        ("401", HttpStatus, status("401 Unauthorized", "Content-Length: 0")),
        ("403", HttpStatus, status("403 Forbidden", "Content-Length: 0")),
        ("404", HttpStatus, status("404 Not Found", "Content-Length: 0")),
        ("500", HttpStatus, status("500 Internal Server Error", "Content-Length: 0")),
        ("503", HttpStatus, status("503 Service Unavailable", "Retry-After: 1\nContent-Length: 0")),
        ("999", HttpStatus, status("999 What", "Content-Length: 0")),
        ("101", HttpStatus, status("101 Switching Protocols", "Upgrade: x")),
        ("no answer", Native, Vec::new()),
        ("half a head", Native, b"HTTP/1.1 206 Partial Content\r\nContent-Ran".to_vec()),
        ("another protocol", Native, b"SSH-2.0-x\r\n".to_vec()),
        ("HTTP/2 in the line", Native, message("HTTP/2 206 Partial Content", range, &whole)),
        ("a status of two digits", Native, message("HTTP/1.1 20 Partial Content", range, &whole)),
        ("a header without a colon", Native, with(&format!("{range}\nnothing"))),
        ("a redirect to nowhere", Redirect, status("302 Found", "Content-Length: 0")),
    ] {
        let met = after(answer).map(|bytes| bytes.len());
        if met.as_ref().map_err(|error| error.reason) != Err(reason) {
            wrong.push(format!("{what}: {met:?}, not {}", reason.name()));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn the_first_request_learns_the_size_and_its_bytes_are_kept() {
    let whole = body(200_000);
    let answers = vec![
        (
            partial("Content-Range: bytes 0-65535/200000\nContent-Length: 65536\nETag: \"v1\"", &whole[..65_536]),
            Then::Keep,
        ),
        (
            partial("Content-Range: bytes 65536-199999/200000\nContent-Length: 134464\nETag: \"v1\"", &whole[65_536..]),
            Then::Keep,
        ),
    ];
    let server = start(answers);
    let source = fresh(&server);
    assert_eq!(source.size(), Ok(200_000));
    let mut first = vec![0; 65_536];
    assert_eq!(source.read_at(0, &mut first), Ok(()));
    assert_eq!(server.requests().len(), 1);
    let mut pieces = Vec::new();
    let read = source.read_each(1_000, 199_000, &mut |piece| {
        pieces.push(piece.to_vec());
        ControlFlow::Continue(())
    });
    assert_eq!(read, Ok(()));
    assert_eq!(pieces.concat(), whole[1_000..]);
    assert!(pieces.iter().all(|piece| piece.len() <= 65_536));
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert!(requests.iter().all(|request| request.to_lowercase().starts_with("get /a.buf http/1.1\r\n")));
    assert!(requests.iter().all(|request| request.contains("\r\naccept-encoding: identity\r\n")));
    assert!(requests[0].contains("\r\nrange: bytes=0-65535\r\n") && !requests[0].contains("if-match"));
    assert!(requests[1].contains("\r\nrange: bytes=65536-199999\r\n"));
    assert!(requests[1].contains("\r\nif-match: \"v1\"\r\n"));
}

#[test]
fn what_lies_past_the_size_is_not_asked_for() {
    let server = start(vec![(partial("Content-Range: bytes 0-99/100", &body(100)), Then::Close)]);
    let source = fresh(&server);
    for (offset, length) in [(0, 101), (100, 1), (u64::MAX, 1), (u64::MAX, 200)] {
        let error = source.read_at(offset, &mut vec![0; length]).expect_err("past the end");
        assert_eq!(error.reason, SourceReason::ShortRead);
    }
    assert_eq!(source.read_at(u64::MAX, &mut []), Ok(()));
    assert_eq!(server.requests().len(), 1);
}

/// The outcome of a second read, after a first answer of 65,536 of 70,000 bytes with these validators.
fn second_read(validators: &str, answer: impl FnOnce(&[u8]) -> Vec<u8>) -> Result<Vec<u8>, SourceError> {
    let whole = body(70_000);
    let first = format!("Content-Range: bytes 0-65535/70000\nConnection: close\n{validators}");
    let server = start(vec![(partial(&first, &whole[..65_536]), Then::Close), (answer(&whole[65_536..]), Then::Close)]);
    let source = fresh(&server);
    assert_eq!(source.size(), Ok(70_000));
    let mut rest = vec![0; 70_000 - 65_536];
    source.read_at(65_536, &mut rest)?;
    assert_eq!(rest, whole[65_536..]);
    Ok(rest)
}

#[test]
fn a_source_that_changes_between_two_reads_is_seen() {
    let modified = "Last-Modified: Thu, 01 Jan 1970 00:00:00 GMT";
    let later = "Last-Modified: Thu, 01 Jan 1970 00:00:01 GMT";
    let second = |total: u64, validators: &str| {
        let headers = format!("Content-Range: bytes 65536-69999/{total}\n{validators}");
        move |rest: &[u8]| partial(&headers, rest)
    };
    for validators in ["", "ETag: \"1\"", "ETag: W/\"1\"", modified] {
        let rest = second_read(validators, second(70_000, validators));
        assert_eq!(rest.map(|bytes| bytes.len()), Ok(4_464), "{validators}");
        let error = second_read(validators, second(70_001, validators)).expect_err("another length");
        assert_eq!(error.reason, SourceReason::SourceChanged, "{validators}");
    }
    // A strong ETag decides alone.
    let same_etag = second_read(&format!("ETag: \"1\"\n{modified}"), second(70_000, &format!("ETag: \"1\"\n{later}")));
    assert_eq!(same_etag.map(|bytes| bytes.len()), Ok(4_464));
    for (first, then) in [
        ("ETag: \"1\"", "ETag: \"2\""),
        ("ETag: \"1\"", "ETag: W/\"1\""),
        ("ETag: \"1\"", ""),
        (modified, later),
        (modified, ""),
        ("", modified),
    ] {
        let error = second_read(first, second(70_000, then)).map(|bytes| bytes.len()).expect_err("another version");
        assert_eq!(error.reason, SourceReason::SourceChanged, "{first} then {then}");
    }
    let refused = |validators: &str, answer: Vec<u8>| second_read(validators, |_| answer).expect_err("refused").reason;
    let failed = || message("HTTP/1.1 412 Precondition Failed", "Content-Length: 0", b"");
    assert_eq!(refused("ETag: \"1\"", failed()), SourceReason::SourceChanged);
    assert_eq!(refused("ETag: W/\"1\"", failed()), SourceReason::HttpStatus);
    let shrunk = message("HTTP/1.1 416 Range Not Satisfiable", "Content-Range: bytes */10\nContent-Length: 0", b"");
    assert_eq!(refused("", shrunk), SourceReason::SourceChanged);
    let same = message("HTTP/1.1 416 Range Not Satisfiable", "Content-Range: bytes */70000\nContent-Length: 0", b"");
    assert_eq!(refused("", same), SourceReason::HttpStatus);
    assert_eq!(
        refused("", message("HTTP/1.1 200 OK", "Content-Length: 4464", &body(4464))),
        SourceReason::RangeIgnored
    );
}

#[test]
fn a_kept_connection_that_was_closed_is_replaced_once() {
    let whole = body(70_000);
    let answers = vec![
        (partial("Content-Range: bytes 0-65535/70000\nContent-Length: 65536", &whole[..65_536]), Then::Keep),
        // The second request on that connection gets no answer.
        (Vec::new(), Then::Close),
        (partial("Content-Range: bytes 65536-69999/70000", &whole[65_536..]), Then::Close),
    ];
    let server = start(answers);
    let source = fresh(&server);
    assert_eq!(source.size(), Ok(70_000));
    let mut rest = vec![0; 4_464];
    assert_eq!(source.read_at(65_536, &mut rest), Ok(()));
    assert_eq!(rest, whole[65_536..]);
    assert_eq!(server.requests().len(), 3);
}

#[test]
fn a_server_that_stalls_is_left_after_a_while() {
    let short = Timeouts {
        connect: Duration::from_millis(300),
        first_byte: Duration::from_millis(300),
        stall: Duration::from_millis(300),
    };
    let range = "Content-Range: bytes 0-99/100\nContent-Length: 100";
    for (what, answer) in [
        ("no head", Vec::new()),
        ("half a head", b"HTTP/1.1 206 Partial Content\r\nContent-Ran".to_vec()),
        ("no body", partial(range, b"")),
        ("half a body", partial(range, &body(50))),
    ] {
        let server = start(vec![(answer, Then::Hang)]);
        let source = HttpSource::new(&server.url("/a.buf"), HttpOptions { timeouts: short, ..HttpOptions::default() })
            .expect("a URL");
        let begun = Instant::now();
        assert_eq!(source.size().expect_err(what).reason, SourceReason::Timeout, "{what}");
        assert!(begun.elapsed() < Duration::from_secs(10), "{what}");
    }
}

#[test]
fn a_reader_that_breaks_off_reads_no_more() {
    let whole = body(65_536);
    let first = partial("Content-Range: bytes 0-65535/1000000000\nContent-Length: 65536", &whole);
    // The rest is promised and never comes: only a client that goes away ends this.
    let second = partial("Content-Range: bytes 65536-999999999/1000000000\nContent-Length: 999934464", &whole);
    let server = start(vec![(first, Then::Keep), (second, Then::Hang)]);
    let source = fresh(&server);
    let mut pieces = 0;
    let read = source.read_each(65_536, 999_934_464, &mut |_| {
        pieces += 1;
        ControlFlow::Break(())
    });
    assert_eq!((read, pieces), (Ok(()), 1));
}

#[test]
fn threads_that_ask_at_once_share_the_first_request() {
    let server = start(vec![(partial("Content-Range: bytes 0-99/100", &body(100)), Then::Close)]);
    let source = fresh(&server);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| assert_eq!(read_whole(&source), Ok(body(100))));
        }
    });
    assert_eq!(server.requests().len(), 1);
}
