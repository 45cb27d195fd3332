//! The loop that makes an implementation a testee.

use std::io::{self, BufRead, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::methods::dispatch;
use crate::{
    EmitParams, HOST_CALL, HOST_RELEASE, HostCallAnswer, Instance, Line, LineReader, MAX_LINE, RpcError, SOURCE_READ,
    SourceReadAnswer, SourceReadParams, Testee,
};

/// Reads requests line by line, answers each with one line, and returns when `input` ends.
///
/// # Errors
///
/// What the streams give. A request that cannot be answered is not an error: it is answered with a JSON-RPC error.
pub fn serve(testee: &mut dyn Testee, input: impl BufRead, output: impl Write) -> io::Result<()> {
    let mut wire = Wire { lines: LineReader::new(input, MAX_LINE), output, calls: 0 };
    while let Some(line) = wire.next()? {
        wire.send(answer_line(testee, line))?;
    }
    Ok(())
}

/// Like [`serve`], for a testee that asks back: it is made with the [`Runner`] that it asks.
///
/// # Errors
///
/// What the streams give.
pub fn serve_calling<T: Testee>(
    testee: impl FnOnce(Runner) -> T,
    input: impl BufRead + Send + 'static,
    output: impl Write + Send + 'static,
) -> io::Result<()> {
    let (input, output): (Box<dyn BufRead + Send>, Box<dyn Write + Send>) = (Box::new(input), Box::new(output));
    let runner = Runner(Arc::new(Mutex::new(Wire { lines: LineReader::new(input, MAX_LINE), output, calls: 0 })));
    let mut testee = testee(runner.clone());
    loop {
        let line = runner.wire().next()?;
        let Some(line) = line else { return Ok(()) };
        let answer = answer_line(&mut testee, line);
        runner.wire().send(answer)?;
    }
}

/// The runner, seen from a testee that is at a request of its.
#[derive(Clone)]
pub struct Runner(Arc<Mutex<OwnWire>>);

impl Runner {
    //= FCP-HOST-002
    /// Asks `host.call`, and has `nested` answer what the runner asks until it answers.
    ///
    /// # Errors
    ///
    /// What the streams give, their end among it; an answer that is none.
    pub fn host_call(&self, params: &EmitParams, nested: &mut dyn Testee) -> io::Result<HostCallAnswer> {
        self.ask(HOST_CALL, params, nested)
    }

    /// Asks `source.read`. Until the answer is there the runner asks nothing.
    ///
    /// # Errors
    ///
    /// What the streams give, their end among it; an answer that is none.
    pub fn source_read(&self, params: &SourceReadParams) -> io::Result<SourceReadAnswer> {
        self.ask(SOURCE_READ, params, &mut Nobody)
    }

    fn ask<P: Serialize, A: DeserializeOwned>(
        &self,
        method: &str,
        params: &P,
        nested: &mut dyn Testee,
    ) -> io::Result<A> {
        let id = {
            let mut wire = self.wire();
            wire.calls += 1;
            let id = format!("asked-{}", wire.calls);
            let request = json!({ "jsonrpc": "2.0", "id": &id, "method": method, "params": params });
            wire.send(request.to_string())?;
            id
        };
        loop {
            let line = self.wire().next()?.ok_or(io::ErrorKind::UnexpectedEof)?;
            if let Line::Whole(bytes) = &line
                && let Ok(Value::Object(mut message)) = serde_json::from_slice(bytes)
                && message.get("id").and_then(Value::as_str) == Some(&id)
                && let Some(result) = message.remove("result")
            {
                return Ok(serde_json::from_value(result)?);
            }
            let answer = answer_line(nested, line);
            self.wire().send(answer)?;
        }
    }

    //= FCP-HOST-003
    /// Tells `host.release`.
    ///
    /// # Errors
    ///
    /// What the output gives.
    pub fn host_release(&self, instance: String) -> io::Result<()> {
        let params = Instance { instance };
        self.wire().send(json!({ "jsonrpc": "2.0", "method": HOST_RELEASE, "params": params }).to_string())
    }

    fn wire(&self) -> MutexGuard<'_, OwnWire> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Who answers nothing.
struct Nobody;

impl Testee for Nobody {}

/// Streams that nobody lent.
type OwnWire = Wire<Box<dyn BufRead + Send>, Box<dyn Write + Send>>;

/// The two streams.
struct Wire<R, W> {
    lines: LineReader<R>,
    output: W,
    calls: u64,
}

impl<R: BufRead, W: Write> Wire<R, W> {
    fn next(&mut self) -> io::Result<Option<Line>> {
        self.lines.next_line()
    }

    fn send(&mut self, mut line: String) -> io::Result<()> {
        line.push('\n');
        self.output.write_all(line.as_bytes())?;
        self.output.flush()
    }
}

fn answer_line(testee: &mut dyn Testee, line: Line) -> String {
    match line {
        Line::Whole(bytes) | Line::Unfinished(bytes) => answer(testee, &bytes),
        Line::TooLong => failure(Value::Null, RpcError::new(RpcError::PARSE_ERROR, "the line is longer than 32 MiB")),
    }
}

fn answer(testee: &mut dyn Testee, line: &[u8]) -> String {
    let message: Value = match serde_json::from_slice(line) {
        Ok(message) => message,
        Err(error) => return failure(Value::Null, RpcError::new(RpcError::PARSE_ERROR, error)),
    };
    let (id, method, params) = match request(message) {
        Ok(request) => request,
        Err((id, error)) => return failure(id, error),
    };
    match dispatch(testee, &method, params) {
        Ok(result) => {
            let answer = json!({ "jsonrpc": "2.0", "id": &id, "result": result }).to_string();
            if answer.len() > MAX_LINE {
                return failure(id, RpcError::new(RpcError::INTERNAL_ERROR, "the answer is longer than 32 MiB"));
            }
            answer
        }
        Err(error) => failure(id, error),
    }
}

/// Takes the envelope apart. Absent parameters are empty ones.
fn request(message: Value) -> Result<(Value, String, Value), (Value, RpcError)> {
    let invalid = |id: Value, reason: &str| (id, RpcError::new(RpcError::INVALID_REQUEST, reason));
    let Value::Object(mut members) = message else {
        return Err(invalid(Value::Null, "a request is an object"));
    };
    let id = match members.remove("id") {
        Some(id @ (Value::Number(_) | Value::String(_))) => id,
        _ => {
            return Err(invalid(Value::Null, "a request has an id, a number or a string"));
        }
    };
    if members.get("jsonrpc") != Some(&json!("2.0")) {
        return Err(invalid(id, "`jsonrpc` must be `2.0`"));
    }
    let Some(Value::String(method)) = members.remove("method") else {
        return Err(invalid(id, "`method` must be a string"));
    };
    match members.remove("params") {
        None => Ok((id, method, json!({}))),
        Some(params @ Value::Object(_)) => Ok((id, method, params)),
        Some(_) => Err((id, RpcError::invalid_params("`params` must be an object"))),
    }
}

fn failure(id: Value, error: RpcError) -> String {
    json!({ "jsonrpc": "2.0", "id": id, "error": error }).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Answer, Base64, CborDecodeOk, CborDecodeParams, CborValue, Empty, FaygerError, HelloOk, HelloParams,
        Implementation, Outcome, ReadSectionOk, ReadSectionParams, SourceLayer,
    };

    /// Decodes exactly the item `0x00`, skips the rest.
    struct Sample;

    impl Testee for Sample {
        fn hello(&mut self, params: HelloParams) -> Answer<HelloOk> {
            Ok(Outcome::Ok(HelloOk {
                protocol: params.protocols.first().cloned().unwrap_or_default(),
                implementation: Implementation {
                    name: "sample".into(),
                    version: "1".into(),
                    language: "rust".into(),
                    url: None,
                },
                features: vec!["cbor".into()],
                limits: [("text".to_owned(), crate::Decimal(4096))].into(),
                notes: None,
            }))
        }

        fn reset(&mut self, _: Empty) -> Answer<Empty> {
            Ok(Outcome::Ok(Empty {}))
        }

        fn cbor_decode(&mut self, params: CborDecodeParams) -> Answer<CborDecodeOk> {
            Ok(match params.bytes.0.as_slice() {
                [0] => Outcome::Ok(CborDecodeOk { value: CborValue::Int(0) }),
                [] => Outcome::Err(FaygerError {
                    code: "LDR_CBOR_MALFORMED".into(),
                    source_layer: SourceLayer::Loader,
                    phase: Some("parse".into()),
                    message: "cut".into(),
                    context: [("offset".to_owned(), "0".into())].into(),
                    cause: None,
                }),
                _ => Outcome::Skipped("not zero".into()),
            })
        }

        fn loader_read_section(&mut self, params: ReadSectionParams) -> Answer<ReadSectionOk> {
            match params.section_id {
                0 => Ok(Outcome::Ok(ReadSectionOk { bytes: None })),
                id => Ok(Outcome::Ok(ReadSectionOk { bytes: Some(Base64(vec![0; id as usize])) })),
            }
        }
    }

    fn answers(lines: &str) -> Vec<String> {
        let mut output = Vec::new();
        serve(&mut Sample, lines.as_bytes(), &mut output).unwrap();
        String::from_utf8(output).unwrap().lines().map(str::to_owned).collect()
    }

    fn code(line: &str) -> (Value, i64) {
        let answer: Value = serde_json::from_str(&answers(line)[0]).unwrap();
        (answer["id"].clone(), answer["error"]["code"].as_i64().expect("a json-rpc error"))
    }

    #[test]
    fn answers_one_line_a_request_until_the_end() {
        assert_eq!(
            answers(concat!(
                r#"{"jsonrpc":"2.0","id":1,"method":"hello","params":{"protocols":["1.0"],"suite":"0.1.0"}}"#,
                "\n",
                r#"{"jsonrpc":"2.0","id":2,"method":"reset"}"#,
                "\n",
                r#"{"jsonrpc":"2.0","id":3,"method":"cbor.decode","params":{"bytes":"AA==","later":true},"more":1}"#,
                "\n",
                r#"{"jsonrpc":"2.0","id":4,"method":"cbor.decode","params":{"bytes":""}}"#,
                "\n",
                r#"{"jsonrpc":"2.0","id":5,"method":"cbor.decode","params":{"bytes":"AQ=="}}"#,
                "\n",
                r#"{"jsonrpc":"2.0","id":"six","method":"loader.read_section","params":{"object":"o","section_id":0}}"#,
            )),
            [
                r#"{"jsonrpc":"2.0","id":1,"result":{"ok":{"protocol":"1.0","implementation":{"name":"sample","version":"1","language":"rust"},"features":["cbor"],"limits":{"text":"4096"}}}}"#,
                r#"{"jsonrpc":"2.0","id":2,"result":{"ok":{}}}"#,
                r#"{"jsonrpc":"2.0","id":3,"result":{"ok":{"value":{"int":"0"}}}}"#,
                r#"{"jsonrpc":"2.0","id":4,"result":{"err":{"code":"LDR_CBOR_MALFORMED","source_layer":"loader","phase":"parse","message":"cut","context":{"offset":"0"}}}}"#,
                r#"{"jsonrpc":"2.0","id":5,"result":{"skipped":"not zero"}}"#,
                r#"{"jsonrpc":"2.0","id":"six","result":{"ok":{"bytes":null}}}"#,
            ]
        );
    }

    #[test]
    fn a_method_that_is_not_there_is_32601() {
        assert_eq!(
            code(
                r#"{"jsonrpc":"2.0","id":9,"method":"loader.load","params":{"bytes":"","strategy":"eager","mode":"default","trust":[],"offer":{"runtime_interface":"1.0.0","runtime_capabilities":[],"formats":[]}}}"#
            ),
            (json!(9), -32601)
        );
        assert_eq!(code(r#"{"jsonrpc":"2.0","id":9,"method":"no.such"}"#), (json!(9), -32601));
    }

    #[test]
    fn bad_lines_have_the_codes_of_json_rpc() {
        assert_eq!(code("{"), (Value::Null, -32700));
        assert_eq!(code("\n"), (Value::Null, -32700));
        assert_eq!(code("[]"), (Value::Null, -32600));
        assert_eq!(code(r#"{"jsonrpc":"2.0","method":"reset"}"#), (Value::Null, -32600));
        assert_eq!(code(r#"{"jsonrpc":"1.0","id":1,"method":"reset"}"#), (json!(1), -32600));
        assert_eq!(code(r#"{"jsonrpc":"2.0","id":1,"method":7}"#), (json!(1), -32600));
        assert_eq!(code(r#"{"jsonrpc":"2.0","id":1,"method":"reset","params":[]}"#), (json!(1), -32602));
        assert_eq!(
            code(r#"{"jsonrpc":"2.0","id":1,"method":"cbor.decode","params":{"bytes":"A"}}"#),
            (json!(1), -32602)
        );
        assert_eq!(code(r#"{"jsonrpc":"2.0","id":1,"method":"cbor.decode","params":{}}"#), (json!(1), -32602));
    }

    #[test]
    fn a_line_over_the_limit_is_a_parse_error_and_the_next_is_answered() {
        let long = "x".repeat(MAX_LINE + 1);
        let answers = answers(&format!("{long}\n{}\n", r#"{"jsonrpc":"2.0","id":2,"method":"reset"}"#));
        assert!(answers[0].contains("-32700"), "{}", answers[0]);
        assert_eq!(answers[1], r#"{"jsonrpc":"2.0","id":2,"result":{"ok":{}}}"#);
    }

    #[test]
    fn an_answer_over_the_limit_is_an_internal_error() {
        // 25 MiB are more than 33 MiB of base64.
        assert_eq!(
            code(
                r#"{"jsonrpc":"2.0","id":2,"method":"loader.read_section","params":{"object":"o","section_id":26214400}}"#
            ),
            (json!(2), -32603)
        );
    }
}
