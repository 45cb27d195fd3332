//! A server on loopback that says what a test tells it to say.
#![allow(dead_code, reason = "each test file uses its part")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a helper of tests fails as tests do"
)]

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// What a server does with a connection after it has read a request.
pub(crate) enum Act {
    /// Writes these bytes, and reads the next request.
    Say(Vec<u8>),
    /// Writes these bytes and closes.
    SayAndClose(Vec<u8>),
    /// Writes these bytes and then nothing, for a while.
    SayAndStall(Vec<u8>),
}

type Answer = Box<dyn FnMut(&str) -> Act + Send>;

/// A server that lives as long as the test's process.
pub(crate) struct Server {
    pub(crate) port: u16,
    /// The head of every request.
    pub(crate) requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub(crate) fn new(answer: impl FnMut(&str) -> Act + Send + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let requests: Arc<Mutex<Vec<String>>> = Arc::default();
        let (kept, answer): (_, Arc<Mutex<Answer>>) = (Arc::clone(&requests), Arc::new(Mutex::new(Box::new(answer))));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (kept, answer) = (Arc::clone(&kept), Arc::clone(&answer));
                thread::spawn(move || serve(stream.unwrap(), &kept, &answer));
            }
        });
        Self { port, requests }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

fn serve(stream: TcpStream, requests: &Mutex<Vec<String>>, answer: &Mutex<Answer>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut stream = stream;
    loop {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if matches!(reader.read_line(&mut head), Ok(0) | Err(_)) {
                return;
            }
        }
        requests.lock().unwrap().push(head.clone());
        let act = answer.lock().unwrap()(&head);
        // A client that has gone away has made up its mind.
        match act {
            Act::Say(bytes) => {
                if stream.write_all(&bytes).is_err() {
                    return;
                }
            }
            Act::SayAndClose(bytes) => {
                let _ = stream.write_all(&bytes);
                return;
            }
            Act::SayAndStall(bytes) => {
                let _ = stream.write_all(&bytes);
                thread::sleep(Duration::from_secs(5));
                return;
            }
        }
    }
}

/// The range that a request asks for.
pub(crate) fn asked(request: &str) -> (u64, u64) {
    let value = header(request, "range").expect("a range");
    let (first, last) = value.strip_prefix("bytes=").unwrap().split_once('-').unwrap();
    (first.parse().unwrap(), last.parse().unwrap())
}

pub(crate) fn header<'a>(request: &'a str, name: &str) -> Option<&'a str> {
    request.lines().find_map(|line| {
        let (found, value) = line.split_once(':')?;
        found.eq_ignore_ascii_case(name).then_some(value.trim())
    })
}

/// An answer: the status line's end, headers, body. `Content-Length` is the caller's.
pub(crate) fn answer(status: &str, headers: &[&str], body: &[u8]) -> Vec<u8> {
    let mut bytes = format!("HTTP/1.1 {status}\r\n").into_bytes();
    for header in headers {
        bytes.extend(header.as_bytes());
        bytes.extend(b"\r\n");
    }
    bytes.extend(b"\r\n");
    bytes.extend(body);
    bytes
}

/// What a good server says.
pub(crate) fn partial(request: &str, file: &[u8], more: &[&str]) -> Vec<u8> {
    let (first, last) = asked(request);
    let last = last.min(file.len() as u64 - 1);
    let body = &file[first as usize..=last as usize];
    let range = format!("Content-Range: bytes {first}-{last}/{}", file.len());
    let length = format!("Content-Length: {}", body.len());
    let headers: Vec<&str> = [range.as_str(), length.as_str()].into_iter().chain(more.iter().copied()).collect();
    answer("206 Partial Content", &headers, body)
}

/// `count` bytes that do not repeat soon.
pub(crate) fn noise(count: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_u32;
    (0..count)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
        .collect()
}
