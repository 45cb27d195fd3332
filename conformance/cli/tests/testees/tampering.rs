//! Stands between the runner and a testee, and replaces one value in the answers to one method.
//!
//! Arguments: the method, a JSON Pointer into the answer, the new value as JSON, and the command of the testee behind.

use std::collections::HashMap;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};

use serde_json::Value;

fn main() -> io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().ok_or_else(|| io::Error::other("an argument is missing"));
    let (method, pointer, value, program) = (next()?, next()?, next()?, next()?);
    let value: Value = serde_json::from_str(&value)?;
    let mut child = Command::new(program).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let missing = || io::Error::other("a pipe is missing");
    let mut requests = child.stdin.take().ok_or_else(missing)?;
    let mut answers = BufReader::new(child.stdout.take().ok_or_else(missing)?).lines();
    let mut stdout = io::stdout().lock();
    // The method of each request by its id: between a request and its answer the testee may ask back, a line for a line.
    let mut asked = HashMap::new();
    for request in io::stdin().lock().lines() {
        let request = request?;
        writeln!(requests, "{request}")?;
        let mut answer: Value = serde_json::from_str(&answers.next().ok_or_else(missing)??)?;
        let request: Value = serde_json::from_str(&request)?;
        let id = |message: &Value| message.get("id").map(Value::to_string).unwrap_or_default();
        if let Some(method) = request.get("method").and_then(Value::as_str) {
            asked.insert(id(&request), method.to_owned());
        }
        if answer.get("method").is_none()
            && asked.get(&id(&answer)) == Some(&method)
            && let Some(place) = answer.pointer_mut(&pointer)
        {
            *place = value.clone();
        }
        writeln!(stdout, "{answer}")?;
        stdout.flush()?;
    }
    drop(requests);
    child.wait()?;
    Ok(())
}
