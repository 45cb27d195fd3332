//! The console behind the bus: what it answers, and what it refuses.
#![expect(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail as tests do")]

use std::io::{Cursor, Read, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cap_std::ambient_authority;
use cap_std::fs::Dir;
use fayger_adapters::{AdapterRegistry, Bus, BusOptions, Session};
use fayger_console::{Console, Options};
use fayger_contracts::bus::{BusAnswer, BusSession as _, Scope, Token};
use fayger_contracts::instruction::ReplyRef;
use fayger_contracts::opcode::{Instruction, Reply, io, proc, random, time};
use fayger_contracts::{Capability, CapabilitySet, Status, SystemClock};

/// A stream that a test can look into.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<u8>>>);

impl Write for Seen {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

struct Scene {
    bus: Bus,
    session: Session,
    awake: Receiver<Token>,
    events: Receiver<Vec<u8>>,
    stdout: Seen,
    directory: tempfile::TempDir,
}

fn everything() -> CapabilitySet {
    Capability::ALL.into_iter().collect()
}

fn scope() -> Scope {
    Scope { instance: None, declared: everything(), granted: everything(), handles: 8 }
}

/// A stream that has what a test says, and is idle before and after.
struct Piped(Receiver<&'static [u8]>);

impl Read for Piped {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        // After the test there is nobody to say anything: it ends.
        self.0.recv().map_or(Ok(0), |mut data| data.read(buffer))
    }
}

impl Scene {
    /// Over `directory/root`, with a neighbour that nobody may see.
    fn new() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        std::fs::create_dir(directory.path().join("root")).unwrap();
        std::fs::write(directory.path().join("secret"), "secret").unwrap();
        let root = Dir::open_ambient_dir(directory.path().join("root"), ambient_authority()).unwrap();
        Self::over(directory, Some(root))
    }

    fn over(directory: tempfile::TempDir, root: Option<Dir>) -> Self {
        Self::reading(Box::new(Cursor::new("first line\n")), directory, root)
    }

    fn reading(stdin: Box<dyn Read + Send>, directory: tempfile::TempDir, root: Option<Dir>) -> Self {
        let (stdout, (rang, events), (wake, awake)) = (Seen::default(), channel(), channel());
        let clock = Arc::new(SystemClock::default());
        let console = Console::new(Options {
            stdin,
            stdout: Box::new(stdout.clone()),
            stderr: Box::new(Seen::default()),
            arguments: vec!["one".into(), "two words".into()],
            directory: root,
            clock: Arc::clone(&clock) as _,
            events: Box::new(move |_, event| _ = rang.send(event.to_vec())),
        });
        let mut registry = AdapterRegistry::default();
        registry.register(Arc::new(console.unwrap().on_threads())).expect("healthy");
        let options = BusOptions { clock, observer: Arc::new(()), time_out: Duration::from_secs(60) };
        let bus = Bus::new(registry, options);
        let session = bus.session(scope(), Box::new(move |token| _ = wake.send(token)));
        Self { bus, session, awake, events, stdout, directory }
    }

    /// The reply to an instruction, however long it takes.
    fn reply<'a>(&mut self, instruction: &impl Instruction<'a>) -> Vec<u8> {
        let mut bytes = Vec::new();
        instruction.encode(&mut bytes).unwrap();
        let token = match self.session.emit(&bytes).expect("an answer") {
            BusAnswer::Reply(reply) => return reply.to_vec(),
            BusAnswer::Pending(token) => token,
            BusAnswer::Exit(status) => panic!("ended with {status}"),
        };
        assert_eq!(self.awake.recv_timeout(Duration::from_secs(20)), Ok(token));
        match self.session.poll(token).expect("under way").expect("an answer") {
            BusAnswer::Reply(reply) => reply.to_vec(),
            other => panic!("{other:?}"),
        }
    }

    fn status<'a>(&mut self, instruction: &impl Instruction<'a>) -> Status {
        ReplyRef::decode(&self.reply(instruction)).unwrap().status()
    }
}

/// The values of a reply with status `ok`.
fn values<'a, R: Reply<'a>>(reply: &'a [u8]) -> R {
    R::view(&ReplyRef::decode(reply).unwrap()).expect("values")
}

#[test]
fn files_are_written_and_read_where_they_are() {
    let mut scene = Scene::new();
    let reply = scene.reply(&io::OpenWrite { path: "notes", mode: 0 });
    let writer = values::<io::OpenWriteReply>(&reply).writer;
    let reply = scene.reply(&io::Write { writer, data: b"hello world" });
    assert_eq!(values::<io::WriteReply>(&reply).written, 11);
    let reply = scene.reply(&io::WriteAt { writer, offset: 6, data: b"W" });
    assert_eq!(values::<io::WriteAtReply>(&reply).written, 1);
    // What is written at a place does not move the next write.
    scene.reply(&io::Write { writer, data: b"!" });
    assert_eq!(scene.status(&io::Truncate { writer, length: 12 }), Status::Ok);
    assert_eq!(scene.status(&io::Sync { writer }), Status::Ok);
    assert_eq!(scene.status(&io::CloseWrite { writer }), Status::Ok);
    assert_eq!(scene.status(&io::Write { writer, data: b"?" }), Status::BadHandle);
    assert_eq!(std::fs::read(scene.directory.path().join("root/notes")).unwrap(), b"hello World!");

    let reply = scene.reply(&io::OpenRead { path: "notes" });
    let reader = values::<io::OpenReadReply>(&reply).reader;
    assert_eq!(values::<io::ReadReply<'_>>(&scene.reply(&io::Read { reader, max: 5 })).data, b"hello");
    assert_eq!(values::<io::ReadAtReply<'_>>(&scene.reply(&io::ReadAt { reader, offset: 11, max: 9 })).data, b"!");
    assert_eq!(values::<io::ReadReply<'_>>(&scene.reply(&io::Read { reader, max: 90 })).data, b" World!");
    assert_eq!(values::<io::ReadReply<'_>>(&scene.reply(&io::Read { reader, max: 90 })).data, b"");
    assert_eq!(scene.status(&io::CloseRead { reader }), Status::Ok);
}

#[test]
fn a_file_is_made_anew_or_continued_as_the_mode_says() {
    let mut scene = Scene::new();
    for (mode, data, expected) in [(1, "ab", "ab"), (2, "cd", "abcd"), (0, "e", "e")] {
        let writer = values::<io::OpenWriteReply>(&scene.reply(&io::OpenWrite { path: "f", mode })).writer;
        scene.reply(&io::Write { writer, data: data.as_bytes() });
        scene.reply(&io::CloseWrite { writer });
        assert_eq!(std::fs::read_to_string(scene.directory.path().join("root/f")).unwrap(), expected);
    }
    assert_eq!(scene.status(&io::OpenWrite { path: "f", mode: 1 }), Status::Exists);
}

#[test]
fn directories_are_made_listed_and_removed() {
    let mut scene = Scene::new();
    assert_eq!(scene.status(&io::CreateDir { path: "d" }), Status::Ok);
    assert_eq!(scene.status(&io::CreateDir { path: "d" }), Status::Exists);
    for name in ["d/b", "d/a", "d/c"] {
        std::fs::write(scene.directory.path().join("root").join(name), "12345").unwrap();
    }
    let reply = scene.reply(&io::ListDir { path: "d", max: 2, after: None });
    assert_eq!(values::<io::ListDirReply<'_>>(&reply).names.iter().collect::<Vec<_>>(), ["a", "b"]);
    let reply = scene.reply(&io::ListDir { path: "d", max: 2, after: Some("b") });
    assert_eq!(values::<io::ListDirReply<'_>>(&reply).names.iter().collect::<Vec<_>>(), ["c"]);
    let of_file = values::<io::StatReply>(&scene.reply(&io::Stat { path: "d/a" }));
    assert_eq!((of_file.kind, of_file.size), (0, 5));
    assert_eq!(values::<io::StatReply>(&scene.reply(&io::Stat { path: "d" })).kind, 1);
    assert_eq!(values::<io::CopyReply>(&scene.reply(&io::Copy { from: "d/a", to: "d/e" })).size, 5);
    assert_eq!(scene.status(&io::Rename { from: "d/e", to: "d/a" }), Status::Ok);
    assert_eq!(scene.status(&io::RemoveDir { path: "d" }), Status::Exists);
    for path in ["d/a", "d/b", "d/c"] {
        assert_eq!(scene.status(&io::RemoveFile { path }), Status::Ok);
    }
    assert_eq!(scene.status(&io::RemoveDir { path: "d" }), Status::Ok);
    assert_eq!(scene.status(&io::Stat { path: "d" }), Status::NotFound);
}

#[test]
fn no_path_leads_out_of_the_directory() {
    let mut scene = Scene::new();
    let root = scene.directory.path().join("root");
    let absolute = scene.directory.path().join("secret").to_str().unwrap().to_owned();
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("../secret", root.join("link")).unwrap();
        std::os::unix::fs::symlink(&absolute, root.join("far")).unwrap();
        std::os::unix::fs::symlink("..", root.join("up")).unwrap();
    }
    let mut paths = vec!["../secret", absolute.as_str(), "./../secret", "x/../../secret"];
    if Path::new("/").is_absolute() {
        paths.extend(["link", "far", "up/secret"]);
    }
    std::fs::create_dir(root.join("x")).unwrap();
    for path in paths {
        assert_eq!(scene.status(&io::OpenRead { path }), Status::Denied, "{path}");
        assert_eq!(scene.status(&io::OpenWrite { path, mode: 0 }), Status::Denied, "{path}");
        assert_eq!(scene.status(&io::Stat { path }), Status::Denied, "{path}");
        assert_eq!(scene.status(&io::Copy { from: path, to: "stolen" }), Status::Denied, "{path}");
    }
    assert_eq!(scene.status(&io::Rename { from: "../secret", to: "stolen" }), Status::Denied);
    assert_eq!(scene.status(&io::RemoveFile { path: "../secret" }), Status::Denied);
    assert_eq!(std::fs::read_to_string(scene.directory.path().join("secret")).unwrap(), "secret");
    assert!(!root.join("stolen").exists());
}

#[test]
fn without_a_directory_there_are_no_files() {
    let mut scene = Scene::over(tempfile::tempdir().unwrap(), None);
    assert_eq!(scene.status(&io::OpenRead { path: "notes" }), Status::Unsupported);
    // No environment either: of proc.info the arguments alone are offered.
    assert_eq!(scene.status(&proc::Environment { name: "HOME" }), Status::Unsupported);
    let reply = scene.reply(&proc::Arguments);
    assert_eq!(values::<proc::ArgumentsReply<'_>>(&reply).arguments.iter().collect::<Vec<_>>(), ["one", "two words"]);
}

#[test]
fn streams_are_read_and_written() {
    let mut scene = Scene::new();
    assert_eq!(values::<io::StdinReadReply<'_>>(&scene.reply(&io::StdinRead { max: 5 })).data, b"first");
    assert_eq!(values::<io::StdinReadReply<'_>>(&scene.reply(&io::StdinRead { max: 1_048_000 })).data, b" line\n");
    assert_eq!(values::<io::StdinReadReply<'_>>(&scene.reply(&io::StdinRead { max: 5 })).data, b"");
    let reply = scene.reply(&io::StdoutWrite { data: b"shown" });
    assert_eq!(values::<io::StdoutWriteReply>(&reply).written, 5);
    assert_eq!(*scene.stdout.0.lock().unwrap(), b"shown");
}

#[test]
fn whoever_waits_for_an_idle_stream_keeps_nobody_else_from_the_host() {
    let (write, read) = channel();
    let mut scene = Scene::reading(Box::new(Piped(read)), tempfile::tempdir().unwrap(), None);
    let mut bytes = Vec::new();
    io::StdinRead { max: 5 }.encode(&mut bytes).unwrap();
    // More than there are threads, and each is given up, as during `init`.
    let mut other = scene.bus.session(scope(), Box::new(|_| ()));
    for _ in 0..70 {
        let Ok(BusAnswer::Pending(token)) = other.emit(&bytes) else { panic!("a stream that is idle") };
        other.cancel(token);
    }
    let reply = scene.reply(&io::StdoutWrite { data: b"shown" });
    assert_eq!(values::<io::StdoutWriteReply>(&reply).written, 5);
    // What comes now was read for one who gave up, and is the next one's.
    write.send(b"first").unwrap();
    assert_eq!(values::<io::StdinReadReply<'_>>(&scene.reply(&io::StdinRead { max: 2 })).data, b"fi");
    assert_eq!(values::<io::StdinReadReply<'_>>(&scene.reply(&io::StdinRead { max: 9 })).data, b"rst");
    drop(write);
    assert_eq!(values::<io::StdinReadReply<'_>>(&scene.reply(&io::StdinRead { max: 9 })).data, b"");
}

#[test]
fn ordinary_calls_of_files_and_streams_are_answered_at_once() {
    // As `init` needs it. Now and then the machine is busy with something else.
    let mut scene = Scene::new();
    let mut bytes = Vec::new();
    io::StdoutWrite { data: b"shown" }.encode(&mut bytes).unwrap();
    let mut at_once = |bytes: &[u8]| {
        (0..100).any(|_| match scene.session.emit(bytes) {
            Ok(BusAnswer::Reply(reply)) => ReplyRef::decode(reply).unwrap().status() == Status::Ok,
            _ => false,
        })
    };
    assert!(at_once(&bytes));
    bytes.clear();
    io::StdinRead { max: 1 }.encode(&mut bytes).unwrap();
    assert!(at_once(&bytes));
    bytes.clear();
    io::Stat { path: "." }.encode(&mut bytes).unwrap();
    assert!(at_once(&bytes));
}

#[test]
fn chance_and_time_are_the_machines() {
    let mut scene = Scene::new();
    let [one, other] = [(); 2].map(|()| scene.reply(&random::Bytes { count: 32 }));
    assert_eq!(values::<random::BytesReply<'_>>(&one).data.len(), 32);
    assert_ne!(one, other);
    let before = values::<time::MonotonicNowReply>(&scene.reply(&time::MonotonicNow)).now_ns;
    assert_eq!(scene.status(&time::Sleep { duration_ns: 20_000_000 }), Status::Ok);
    let after = values::<time::MonotonicNowReply>(&scene.reply(&time::MonotonicNow)).now_ns;
    assert!(after >= before + 20_000_000, "{before} {after}");
}

#[test]
fn a_timer_sends_its_events_until_it_is_cancelled() {
    let mut scene = Scene::new();
    let reply = scene.reply(&time::TimerPeriodic { delay_ns: 1_000_000, period_ns: 1_000_000 });
    let timer = values::<time::TimerPeriodicReply>(&reply).timer;
    // Category time, number 1; handle 1; a count.
    let first = scene.events.recv_timeout(Duration::from_secs(20)).expect("an event");
    assert_eq!(first[..11], *b"\x03\x01\0\x07\x04\x01\0\0\0\x01\x01");
    scene.events.recv_timeout(Duration::from_secs(20)).expect("another");
    assert_eq!(scene.status(&time::TimerCancel { timer }), Status::Ok);
    // What was on its way may come; then nothing does.
    std::thread::sleep(Duration::from_millis(20));
    while scene.events.try_recv().is_ok() {}
    assert_eq!(scene.events.recv_timeout(Duration::from_millis(50)).ok(), None);
}
