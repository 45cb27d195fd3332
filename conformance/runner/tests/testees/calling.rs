//! A testee that asks its host back while code runs, and does so wrongly in the manner that its argument names. It executes nothing: its one
//! instance is in the state that the requests so far would have left it in.

use std::io::{self, BufRead as _, Lines, StdinLock, Write as _};

use serde_json::{Value, json};

/// The id of its one instance.
const INSTANCE: &str = "00000000-0000-7000-8000-000000000001";

fn main() -> io::Result<()> {
    let manner = std::env::args().nth(1).unwrap_or_default();
    let mut testee = Testee { manner, lines: io::stdin().lock().lines(), state: "Loaded", calls: 0 };
    while let Some(line) = testee.lines.next() {
        let request: Value = serde_json::from_str(&line?)?;
        testee.take(&request)?;
    }
    Ok(())
}

struct Testee {
    manner: String,
    lines: Lines<StdinLock<'static>>,
    state: &'static str,
    calls: u32,
}

impl Testee {
    fn is(&self, manner: &str) -> bool {
        self.manner == manner
    }

    fn take(&mut self, request: &Value) -> io::Result<()> {
        let id = request.get("id").cloned().unwrap_or_default();
        let result = match request.get("method").and_then(Value::as_str).unwrap_or_default() {
            "hello" => json!({ "ok": {
                "protocol": "1.0", "implementation": { "name": "calling", "version": "1", "language": "rust" },
                "features": ["cbor", "runtime"], "limits": {}
            } }),
            "cbor.decode" => json!({ "ok": { "value": { "int": "0" } } }),
            "loader.load" => json!({ "ok": {
                "object": "o", "format_version": { "major": 1, "minor": 0 }, "flags": 0, "manifest": { "map": [] }, "sections": [],
                "signature": { "status": "absent" }
            } }),
            "runtime.load" => json!({ "ok": { "instance": INSTANCE } }),
            "runtime.init" => {
                self.state = "Initialized";
                if self.is("releases what lives") {
                    release(INSTANCE)?;
                }
                json!({ "ok": {} })
            }
            "runtime.run" => return self.run(&id),
            "runtime.state" => {
                if self.is("calls outside of a run") {
                    self.call()?;
                }
                json!({ "ok": { "state": self.state } })
            }
            "runtime.resolve" => {
                let version = if self.is("resolves another version") { "1.0.1" } else { "1.0.0" };
                json!({ "ok": { "name": "one", "version": version } })
            }
            "runtime.resume" => {
                let is_long = self.is("names a key too many");
                let context =
                    if is_long { json!({ "kind": "panic", "native_code": "5" }) } else { json!({ "kind": "panic" }) };
                let cause = json!({ "code": "HOST_NATIVE", "source_layer": "host", "message": "", "context": context });
                json!({ "err": {
                    "code": "RT_INSTANCE_FAILED", "source_layer": "runtime", "message": "", "context": {}, "cause": cause
                } })
            }
            _ => json!({ "ok": {} }),
        };
        say(&json!({ "jsonrpc": "2.0", "id": id, "result": result }))
    }

    /// One call, a nested request within it, the end.
    fn run(&mut self, id: &Value) -> io::Result<()> {
        self.state = "Running";
        let answer = json!({ "jsonrpc": "2.0", "id": id, "result": { "ok": { "stopped": "ended" } } });
        match self.manner.as_str() {
            "calls off the schema" => say(&json!({
                "jsonrpc": "2.0", "id": "c", "method": "host.call", "params": { "instance": INSTANCE }
            }))?,
            "calls without an id" => say(&json!({
                "jsonrpc": "2.0", "method": "host.call", "params": { "instance": INSTANCE, "instruction": "AQ==" }
            }))?,
            "calls twice at once" => {
                self.call()?;
                self.call()?;
            }
            "answers while a call is open" => {
                self.call()?;
                say(&answer)?;
            }
            "calls after the answer" => {
                say(&answer)?;
                return self.call();
            }
            _ => self.call()?,
        }
        self.wait()?;
        while self.is("calls for ever") {
            self.call()?;
            self.wait()?;
        }
        self.state = "Terminated";
        match self.manner.as_str() {
            "releases off the schema" => say(&json!({ "jsonrpc": "2.0", "method": "host.release", "params": {} }))?,
            "releases a stranger" => release("00000000-0000-7000-8000-000000000002")?,
            "releases twice" => {
                release(INSTANCE)?;
                release(INSTANCE)?;
            }
            "releases after the answer" => {
                say(&answer)?;
                return release(INSTANCE);
            }
            _ => release(INSTANCE)?,
        }
        say(&answer)
    }

    /// Takes requests until the answer to the call comes.
    fn wait(&mut self) -> io::Result<()> {
        while let Some(line) = self.lines.next() {
            let message: Value = serde_json::from_str(&line?)?;
            if message.get("method").is_none() {
                return Ok(());
            }
            if self.is("calls within a nested request") {
                self.call()?;
            }
            self.take(&message)?;
        }
        Ok(())
    }

    fn call(&mut self) -> io::Result<()> {
        self.calls += 1;
        let instance = if self.is("calls for another instance") { "another" } else { INSTANCE };
        let params = json!({ "instance": instance, "instruction": "AQ==" });
        say(&json!({ "jsonrpc": "2.0", "id": format!("call-{}", self.calls), "method": "host.call", "params": params }))
    }
}

fn release(instance: &str) -> io::Result<()> {
    say(&json!({ "jsonrpc": "2.0", "method": "host.release", "params": { "instance": instance } }))
}

fn say(message: &Value) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{message}")?;
    stdout.flush()
}
