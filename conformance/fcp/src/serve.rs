//! The loop that makes an implementation a testee.

use std::io::{self, BufRead, Write};

use serde_json::{Value, json};

use crate::methods::dispatch;
use crate::{Line, LineReader, MAX_LINE, RpcError, Testee};

/// Reads requests line by line, answers each with one line, and returns when `input` ends.
///
/// # Errors
///
/// What the streams give. A request that cannot be answered is not an error: it is answered with a JSON-RPC error.
pub fn serve(testee: &mut dyn Testee, input: impl BufRead, mut output: impl Write) -> io::Result<()> {
    let mut lines = LineReader::new(input, MAX_LINE);
    while let Some(line) = lines.next_line()? {
        let mut answer = match line {
            Line::Whole(bytes) | Line::Unfinished(bytes) => answer(testee, &bytes),
            Line::TooLong => {
                failure(Value::Null, RpcError::new(RpcError::PARSE_ERROR, "the line is longer than 32 MiB"))
            }
        };
        answer.push('\n');
        output.write_all(answer.as_bytes())?;
        output.flush()?;
    }
    Ok(())
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
