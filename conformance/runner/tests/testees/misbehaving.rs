//! A testee that decodes one-byte integers and, at the byte 1 or where its argument says otherwise, misbehaves in the manner that its
//! argument names. Every manner is a fault that implementations were seen to have.

use std::io::{self, BufRead as _, Write as _};
use std::process::{Command, Stdio, exit};
use std::thread::sleep;
use std::time::Duration;

use serde_json::{Value, json};

const FOREVER: Duration = Duration::from_secs(600);

fn main() -> io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let manner = arguments.next().unwrap_or_default();
    let pid_file = arguments.next();
    match manner.as_str() {
        "exits at once" => exit(7),
        "reads nothing" => sleep(FOREVER),
        "answers unasked at start" => say("{}")?,
        _ => {}
    }
    for line in io::stdin().lock().lines() {
        let request: Value = serde_json::from_str(&line?)?;
        let id = request.get("id").cloned().unwrap_or_default();
        match request.get("method").and_then(Value::as_str).unwrap_or_default() {
            "hello" => hello(&manner, &id)?,
            "reset" => reset(&manner, &id)?,
            _ => {
                let number = request.pointer("/params/bytes").and_then(Value::as_str).unwrap_or_default();
                // "AQ==" is the byte 1.
                if number == "AQ==" || manner == "exits at every case" {
                    misbehave(&manner, &id, pid_file.as_deref())?;
                } else {
                    say_result(&id, &good(if number == "AA==" { "0" } else { "2" }))?;
                }
            }
        }
    }
    match manner.as_str() {
        "exits with 9 at the end" => exit(9),
        "ignores the end of stdin" => sleep(FOREVER),
        "ignores the end of stdin and TERM" => become_shell("trap '' TERM; while :; do sleep 1; done")?,
        _ => {}
    }
    Ok(())
}

fn hello(manner: &str, id: &Value) -> io::Result<()> {
    let version = if manner == "changes its hello" { std::process::id().to_string() } else { "1".to_owned() };
    let protocol = if manner == "speaks another protocol" { "2.0" } else { "1.0" };
    let implementation = json!({ "name": "misbehaving", "version": version, "language": "rust" });
    match manner {
        "never says hello" => sleep(FOREVER),
        "skips hello" => return say_result(id, &json!({ "skipped": "not today" })),
        _ => {}
    }
    say_result(
        id,
        &json!({ "ok": { "protocol": protocol, "implementation": implementation, "features": ["cbor"], "limits": {} } }),
    )
}

fn reset(manner: &str, id: &Value) -> io::Result<()> {
    if manner == "skips reset" {
        return say_result(id, &json!({ "skipped": "nothing to do" }));
    }
    say_result(id, &json!({ "ok": {} }))
}

fn misbehave(manner: &str, id: &Value, pid_file: Option<&str>) -> io::Result<()> {
    let good = good("1");
    match manner {
        "exits mid-run" | "exits at every case" | "changes its hello" => {
            eprintln!("last words");
            exit(3)
        }
        "aborts" => std::process::abort(),
        "hangs" => sleep(FOREVER),
        "floods stderr" => {
            for _ in 0..8 << 10 {
                io::stderr().write_all(&[b'x'; 1024])?;
            }
            say_result(id, &good)?;
        }
        "floods stderr and fails" => {
            for _ in 0..8 << 10 {
                io::stderr().write_all(&[b'x'; 1024])?;
            }
            eprintln!("the end");
            say_result(id, &json!({ "ok": { "value": null } }))?;
        }
        "floods stdout" => loop {
            say_result(id, &good)?;
        },
        "answers twice" => {
            say_result(id, &good)?;
            say_result(id, &good)?;
        }
        "answers twice, late" => {
            say_result(id, &good)?;
            sleep(Duration::from_millis(100));
            say_result(id, &good)?;
        }
        "answers with a wrong id" => say_result(&json!(999_999), &good)?,
        "prints garbage" => say("debug: decoding \u{7}")?,
        "prints what is not UTF-8" => {
            io::stdout().write_all(b"\xff\xfe\n")?;
            io::stdout().flush()?;
        }
        "prints a blank line" => say("")?,
        "answers off the schema" => say_result(id, &json!({ "ok": { "value": { "int": 1 } } }))?,
        "answers beside the result" => {
            say(&json!({ "jsonrpc": "2.0", "id": id, "result": good, "time": 1 }).to_string())?
        }
        "answers ok and err" => {
            let error = json!({ "code": "LDR_IO", "source_layer": "loader", "message": "", "context": {} });
            say_result(id, &json!({ "ok": { "value": { "int": "1" } }, "err": error }))?;
        }
        "has no such method" => say_error(id, -32601)?,
        "calls the parameters bad" => say_error(id, -32602)?,
        "closes stdout but lives" => become_shell("exec >&-; exec sleep 600")?,
        "writes half a line and exits" => {
            io::stdout().write_all(b"{\"jsonrpc\"")?;
            io::stdout().flush()?;
            exit(3)
        }
        "writes a line of 40 MiB" => {
            let piece = vec![b'x'; 1 << 20];
            for _ in 0..40 {
                io::stdout().write_all(&piece)?;
            }
            say("")?;
        }
        "leaves a grandchild and exits" | "leaves a grandchild and goes on" => {
            // The grandchild holds stdout and stderr open.
            let grandchild = Command::new("sleep").arg("600").stdin(Stdio::null()).spawn()?;
            if let Some(path) = pid_file {
                std::fs::write(path, grandchild.id().to_string())?;
            }
            if manner == "leaves a grandchild and exits" {
                exit(3)
            }
            say_result(id, &good)?;
        }
        "reads a source that there is not" => {
            ask("source.read", &json!({ "source": "s", "offset": "0", "length": 1 }))?
        }
        "reads nothing of a source" => ask("source.read", &json!({ "source": "s", "offset": "0", "length": 0 }))?,
        "asks for what there is not" => ask("host.ask", &json!({}))?,
        "skips" => say_result(id, &json!({ "skipped": "no decoder" }))?,
        "answers slowly" => {
            sleep(Duration::from_millis(300));
            say_result(id, &good)?;
        }
        _ => say_result(id, &good)?,
    }
    Ok(())
}

fn good(number: &str) -> Value {
    json!({ "ok": { "value": { "int": number } } })
}

fn say_result(id: &Value, result: &Value) -> io::Result<()> {
    say(&json!({ "jsonrpc": "2.0", "id": id, "result": result }).to_string())
}

fn ask(method: &str, params: &Value) -> io::Result<()> {
    say(&json!({ "jsonrpc": "2.0", "id": "mine", "method": method, "params": params }).to_string())
}

fn say_error(id: &Value, code: i64) -> io::Result<()> {
    say(&json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": "cannot" } }).to_string())
}

fn say(line: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(line.as_bytes())?;
    stdout.write_all(b"\n")?;
    stdout.flush()
}

/// Replaces this process: what std cannot do without unsafe code, close stdout or ignore a signal, a shell can.
#[cfg(unix)]
fn become_shell(script: &str) -> io::Result<()> {
    Err(std::os::unix::process::CommandExt::exec(Command::new("sh").args(["-c", script])))
}

#[cfg(not(unix))]
fn become_shell(_: &str) -> io::Result<()> {
    Ok(())
}
