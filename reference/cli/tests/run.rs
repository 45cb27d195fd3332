//! `fayger run` over the example Fays: what comes out, what is refused, and what is told.
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use assert_cmd::cargo::CommandCargoExt as _;
use fayger_fays::{ALL, CLOCK, HELLO, REPORT};
use serde_json::Value as Json;

/// A directory with the example Fays, packed.
struct Scene {
    directory: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        let scene = Self { directory: tempfile::tempdir().expect("a directory") };
        for fay in ALL {
            let draft = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fays").join(fay.folder).join("buf.toml");
            let packed =
                scene.command(&["pack", draft.to_str().unwrap(), "-o"]).arg(format!("{}.buf", fay.name)).status();
            assert!(packed.expect("packed").success());
        }
        scene
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.directory.path().join(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::cargo_bin("fayger").expect("built");
        command.current_dir(self.directory.path()).args(arguments).stdin(Stdio::null());
        command
    }

    /// Runs with this on standard input.
    fn run(&self, arguments: &[&str], input: &str) -> Ran {
        let mut command = assert_cmd::Command::from_std(self.command(&["run"]));
        Ran::of(command.args(arguments).write_stdin(input).output().expect("run"))
    }
}

/// What came of a run.
#[derive(Debug, PartialEq, Eq)]
struct Ran {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Ran {
    fn of(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
        Self { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

const ENGINES: [&str; 2] = ["interpreter", "wasmi"];

/// What `wc` and `sha256sum` say of `article.txt`.
const OF_THE_ARTICLE: &str =
    "bytes  171\nlines  3\nwords  30\nsha256 862fa607a97ee0808ccbd53f5d4db0b74edfecf4c358bd7b3b1c802ce4a85bbc\n";

#[test]
fn a_section_is_read_and_a_file_written_where_that_is_granted() {
    let scene = Scene::new();
    fs::create_dir(scene.path("out")).unwrap();
    for engine in ENGINES {
        for more in [&[][..], &["--lazy"]] {
            let arguments = [&["report.buf", "--engine", engine, "--grant", "fs.write", "--dir", "out"], more].concat();
            let ran = scene.run(&arguments, "");
            assert_eq!(ran, Ran { code: Some(0), stdout: OF_THE_ARTICLE.into(), stderr: String::new() });
            assert_eq!(fs::read_to_string(scene.path("out/report.txt")).unwrap(), OF_THE_ARTICLE);
            fs::remove_file(scene.path("out/report.txt")).unwrap();
        }
    }
    assert_eq!(REPORT.name, "report");
}

#[test]
fn what_is_not_granted_is_not_there_and_the_user_is_told() {
    let scene = Scene::new();
    let ran = scene.run(&["report.buf"], "");
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), OF_THE_ARTICLE));
    assert_eq!(
        ran.stderr,
        "note: not granted, and it can do without: fs.write (`--grant fs.write --dir DIR`)\ncannot write report.txt: is fs.write granted?\n"
    );
    assert!(!scene.path("report.txt").exists());
}

#[test]
fn standard_input_goes_in_and_the_exit_status_comes_out() {
    let scene = Scene::new();
    let greeted = Ran { code: Some(0), stdout: "hello, World\n".into(), stderr: String::new() };
    // By `proc.exit`.
    let asked = Ran { code: Some(2), stdout: String::new(), stderr: "who is it\n".into() };
    for engine in ENGINES {
        assert_eq!(scene.run(&["hello.buf", "--engine", engine], "World\n"), greeted);
        assert_eq!(scene.run(&["hello.buf", "--engine", engine], " \n"), asked);
    }
    assert_eq!(HELLO.name, "hello");
}

#[test]
fn timers_send_events_and_arguments_reach_the_fay() {
    let scene = Scene::new();
    let ran = scene.run(&["clock.buf", "--", "2"], "");
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    // Two faces of five rows, with an empty line behind.
    let rows: Vec<_> = ran.stdout.lines().collect();
    assert_eq!((rows.len(), rows[5], rows[11]), (12, "", ""));
    assert_eq!(rows.iter().filter(|row| row.len() == 32).count(), 10);
    let ran = scene.run(&["clock.buf", "--", "x"], "");
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(2), "the argument is how many faces to show, from 1 up\n"));
    assert_eq!(CLOCK.name, "clock");
}

#[test]
fn a_fay_that_may_not_use_what_it_needs_is_refused_with_a_way_out() {
    let scene = Scene::new();
    let ran = scene.run(&["clock.buf", "--grant-only", "--grant", "io.stdio"], "");
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(125), ""));
    assert_eq!(
        ran.stderr,
        "error: `clock.buf` is refused\n\
         \x20 because: RT_LOAD_REFUSED: the object cannot become an instance here\n\
         \x20 because: ADP_CAPABILITY_UNAVAILABLE: a required capability is not to be had (not_granted `time.clock`)\n\
         \x20 to allow it: `--grant time.clock`\n"
    );
}

#[test]
fn a_quota_that_is_used_up_is_told_layer_by_layer() {
    let scene = Scene::new();
    let ran = scene.run(&["clock.buf", "--fuel", "100", "--", "1"], "");
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(126), ""));
    let lines: Vec<_> = ran.stderr.lines().collect();
    assert_eq!(lines[0], "error: `clock.buf` failed in state Running");
    assert!(lines[1].starts_with("  because: RT_INSTANCE_FAILED: "), "{lines:?}");
    assert!(lines[2].starts_with("  because: RT_RESOURCE_EXHAUSTED: "), "{lines:?}");
    assert!(lines[2].contains("limit 100") && lines[2].contains("resource `fuel`"), "{lines:?}");
    assert_eq!(lines[3], "  its last instruction: proc.arguments, 5 bytes");
}

/// A draft of an artifact whose code is this.
fn draft(scene: &Scene, name: &str, entry: &str, module: &str) {
    fs::write(scene.path(&format!("{name}.wasm")), wat::parse_str(module).expect("a module")).unwrap();
    let draft = format!(
        "id = \"org.example.{name}\"\nversion = \"1.0.0\"\nentry = {{ section = 1, start = \"start\"{entry} }}\n\
         [[section]]\nid = 1\nkind = \"code\"\nformat = \"wasm-core-2\"\nfile = \"{name}.wasm\"\n"
    );
    fs::write(scene.path("buf.toml"), draft).unwrap();
    let packed = scene.command(&["pack", "buf.toml", "-o", &format!("{name}.buf")]).status();
    assert!(packed.expect("packed").success());
}

#[test]
fn a_fault_is_told_with_its_cause_and_an_exit_code_of_its_own() {
    let scene = Scene::new();
    let start =
        |body: &str| format!(r#"(module (memory (export "memory") 1) (func (export "start") (result i32) {body}))"#);
    draft(&scene, "trap", "", &start("unreachable"));
    draft(&scene, "loop", "", &start("(loop (br 0)) i32.const 0"));
    draft(&scene, "exits", "", &start("i32.const 256"));
    draft(&scene, "fewer", "", r#"(module (memory (export "memory") 1))"#);
    let init = r#"(module (memory (export "memory") 1)
        (func (export "start") (result i32) i32.const 0) (func (export "init") (result i32) i32.const 7))"#;
    draft(&scene, "refuses", ", init = \"init\"", init);
    for engine in ENGINES {
        for (name, state, cause) in [
            ("trap", "Running", "RT_TRAP: the code trapped (kind `unreachable`)"),
            ("loop", "Running", "RT_RESOURCE_EXHAUSTED: a quota is used up (limit 50, resource `wall_time`)"),
            ("fewer", "Loaded", "RT_CODE_INVALID: "),
            ("refuses", "Loaded", "RT_INIT_REFUSED: "),
        ] {
            let file = format!("{name}.buf");
            let ran = scene.run(&[&file, "--engine", engine, "--wall-time", "50ms"], "");
            let lines: Vec<_> = ran.stderr.lines().collect();
            assert_eq!((ran.code, lines.len()), (Some(126), 3), "{lines:?}");
            assert_eq!(lines[0], format!("error: `{file}` failed in state {state}"));
            assert_eq!(lines[1], "  because: RT_INSTANCE_FAILED: the instance has failed");
            assert!(lines[2].starts_with(&format!("  because: {cause}")), "{lines:?}");
        }
        // An exit status that is no byte.
        assert_eq!(scene.run(&["exits.buf", "--engine", engine], "").code, Some(255));
    }
}

#[test]
fn in_init_ordinary_calls_are_answered_and_a_read_of_an_idle_stream_blocks_nobody() {
    let scene = Scene::new();
    // `init` reads standard input, says `hi`, and returns the sum of the two statuses, which is 0, or 6 where the first would block.
    let module = r#"(module
        (import "fayger_v1" "emit" (func $emit (param i32 i32) (result i32)))
        (import "fayger_v1" "reply_read" (func $reply_read (param i32 i32) (result i32)))
        (memory (export "memory") 1)
        (data (i32.const 0) "\00\01\00\01\00\01\01\05") (data (i32.const 16) "\00\02\00\01\00\03\02hi")
        (func $status (param i32 i32) (result i32)
          (drop (call $emit (local.get 0) (local.get 1))) (drop (call $reply_read (i32.const 64) (i32.const 2)))
          (i32.load16_u (i32.const 64)))
        (func (export "init") (result i32)
          (i32.add (call $status (i32.const 0) (i32.const 8)) (call $status (i32.const 16) (i32.const 9))))
        (func (export "start") (result i32) i32.const 0))"#;
    let entry = ", init = \"init\" }\ncapabilities = { required = [\"io.stdio\"], optional = []";
    draft(&scene, "early", entry, module);
    for engine in ENGINES {
        // Now and then the machine is busy with something else for longer than a moment.
        let greeted = Ran { code: Some(0), stdout: "hi".into(), stderr: String::new() };
        assert!((0..20).any(|_| scene.run(&["early.buf", "--engine", engine], "input") == greeted));
        // Nothing comes in, and nothing ends.
        let idle = || {
            let mut idle = scene.command(&["run", "early.buf", "--engine", engine]);
            let mut idle =
                idle.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("run");
            let held = idle.stdin.take();
            let ran = Ran::of(idle.wait_with_output().expect("run"));
            drop(held);
            ran
        };
        let is_refused = |ran: &Ran| ran.stderr.contains("RT_INIT_REFUSED") && ran.stderr.contains("status `6`");
        assert!((0..20).map(|_| idle()).any(|ran| (ran.code, is_refused(&ran)) == (Some(126), true)));
    }
}

#[test]
fn a_damaged_section_is_met_before_it_runs_or_under_lazy_when_it_is_read() {
    let scene = Scene::new();
    let mut bytes = fs::read(scene.path("report.buf")).unwrap();
    // The trailer has 44 bytes, and the text of section 2 stands before it.
    let last = bytes.len() - 45;
    bytes[last] ^= 1;
    fs::write(scene.path("report.buf"), bytes).unwrap();
    let ran = scene.run(&["report.buf"], "");
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(125), ""));
    assert!(ran.stderr.contains("because: LDR_DIGEST_MISMATCH in read_sections: "), "{}", ran.stderr);
    let ran = scene.run(&["report.buf", "--lazy"], "");
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(126), ""));
    let lines: Vec<_> = ran.stderr.lines().skip(1).collect();
    assert_eq!(lines[0], "error: `report.buf` failed in state Running");
    assert!(lines[2].starts_with("  because: LDR_DIGEST_MISMATCH in read_sections: "), "{lines:?}");
}

#[test]
fn initial_memory_beyond_its_quota_is_refused() {
    let scene = Scene::new();
    let ran = scene.run(&["hello.buf", "--memory", "65535"], "World\n");
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(126), ""));
    assert!(
        ran.stderr.contains("failed in state Loaded") && ran.stderr.contains("resource `memory`"),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_trace_has_a_line_for_everything_in_order() {
    let scene = Scene::new();
    let ran = scene.run(&["hello.buf", "--trace=trace.ndjson"], "Ann");
    assert_eq!(ran, Ran { code: Some(0), stdout: "hello, Ann\n".into(), stderr: String::new() });
    let text = fs::read_to_string(scene.path("trace.ndjson")).unwrap();
    let lines: Vec<Json> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines.iter().enumerate().all(|(at, line)| line["seq"] == at + 1));
    let told: Vec<_> = lines
        .iter()
        .filter(|line| line["event"] != "resource.threshold")
        .map(|line| {
            let detail = ["name", "status", "to"].iter().find_map(|key| line[key].as_str()).unwrap_or_default();
            format!("{} {detail}", line["event"].as_str().unwrap())
        })
        .collect();
    assert_eq!(
        told,
        [
            "artifact.signature_absent ",
            "instance.loaded ",
            "instance.state_changed Initialized",
            "instance.state_changed Running",
            "instruction.emitted io.stdin_read",
            "instruction.answered ok",
            "instruction.emitted io.stdout_write",
            "instruction.answered ok",
            "instance.state_changed Terminated",
            "instance.terminated 0",
        ]
    );
    // The id of the instance, without hyphens, is the trace.
    let instance = lines[1]["instance"].as_str().unwrap().replace('-', "");
    assert_eq!(lines[1]["trace"], format!("00-{instance}-{}-01", &instance[16..]));
    // Category io, number 1, capability io.stdio; a number of one byte, 64.
    let emitted = lines.iter().find(|line| line["event"] == "instruction.emitted").unwrap();
    assert_eq!(emitted["bytes"], "0001000100010140");
    // Without a file the lines go to standard error.
    assert!(scene.run(&["hello.buf", "--trace"], "Ann").stderr.starts_with("{\"seq\":1,"));
}

#[test]
fn what_is_trusted_is_asked_as_verify_asks_it() {
    let scene = Scene::new();
    let ran = scene.run(&["hello.buf", "--enforce"], "Ann");
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(125), ""));
    assert!(ran.stderr.contains("LDR_SIGNATURE_FAIL in verify_signature: "), "{}", ran.stderr);
    assert!(scene.command(&["keygen", "alice"]).status().unwrap().success());
    assert!(scene.command(&["sign", "hello.buf", "--key", "alice.pem"]).status().unwrap().success());
    let ran = scene.run(&["hello.buf", "--enforce", "--trust", "alice.pub.pem"], "Ann");
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), "hello, Ann\n"));
}

#[test]
fn files_need_a_directory_and_a_directory_a_grant() {
    let scene = Scene::new();
    let ran = scene.run(&["report.buf", "--grant", "fs.write"], "");
    assert_eq!(
        (ran.code, ran.stderr.as_str()),
        (Some(125), "error: fs.read and fs.write need a directory: give one by `--dir`\n")
    );
    let ran = scene.run(&["report.buf", "--dir", "."], "");
    assert_eq!(ran.code, Some(125));
    assert!(ran.stderr.contains("is of no use without"), "{}", ran.stderr);
    // A wrong command line.
    assert_eq!(scene.run(&["report.buf", "--grant", "fs.everything"], "").code, Some(2));
    assert_eq!(scene.run(&["report.buf", "--memory", "much"], "").code, Some(2));
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_a_fay_that_waits() {
    let scene = Scene::new();
    let mut child = scene.command(&["run", "clock.buf", "--", "1000"]).stdout(Stdio::piped()).spawn().expect("run");
    let mut rows = BufReader::new(child.stdout.take().unwrap()).lines();
    // It has begun.
    assert_eq!(rows.next().unwrap().unwrap().len(), 32);
    let interrupted = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(interrupted.expect("kill").success());
    let ended = (0..100).find_map(|_| {
        std::thread::sleep(Duration::from_millis(50));
        child.try_wait().expect("a child")
    });
    if ended.is_none() {
        child.kill().expect("killed");
    }
    assert_eq!(ended.map(|status| status.code()), Some(Some(130)));
}
