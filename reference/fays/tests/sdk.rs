//! What the SDK writes is what the contracts read, and the other way round: the two share no code, only the registry.
#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use fayger_contracts::instruction::InstructionRef;
use fayger_contracts::opcode::{self, HostEvent, Instruction as _, Reply, TextList};
use fayger_sdk::{Event, Exchange, crypto, host, io, net, proc, read_event, scripted, time, ui};

/// Queues a reply that the contracts wrote.
fn answer<'a>(reply: &impl Reply<'a>) {
    let mut bytes = Vec::new();
    reply.encode(&mut bytes).expect("written");
    scripted::reply(&bytes);
}

/// The instruction that was emitted, with its capabilities checked.
fn emitted(of: &opcode::Opcode) -> Vec<u8> {
    let bytes = scripted::emitted().pop().expect("an instruction");
    let instruction = InstructionRef::decode(&bytes).expect("well formed");
    assert_eq!(*instruction.capabilities(), of.capabilities, "{}", of.name);
    bytes
}

#[test]
fn instructions_are_read_as_they_were_meant_and_replies_too() {
    let mut buffer = vec![0; 4096];
    let mut exchange = Exchange::new(&mut buffer);

    answer(&opcode::io::ListDirReply { names: TextList::from(&["a", "", "ü"]) });
    let names = io::list_dir(&mut exchange, "d", 4096, Some("0")).expect("names");
    assert_eq!(names.texts().collect::<Vec<_>>(), ["a", "", "ü"]);
    let bytes = emitted(&opcode::io::LIST_DIR);
    let read = opcode::io::ListDir::view(&InstructionRef::decode(&bytes).expect("well formed"));
    assert_eq!(read, Some(opcode::io::ListDir { path: "d", max: 4096, after: Some("0") }));

    let headers = ["accept", "*/*"];
    answer(&opcode::net::HttpRequestReply { response: 7, status: 599, headers: TextList::from(&headers) });
    let request = net::http_request(&mut exchange, "GET", "http://a/", &headers, &[0; 200], None).expect("a response");
    assert_eq!((request.response, request.status), (7, 599));
    let bytes = emitted(&opcode::net::HTTP_REQUEST);
    let expected = opcode::net::HttpRequest {
        method: "GET",
        url: "http://a/",
        headers: TextList::from(&headers),
        body: &[0; 200],
        timeout_ms: None,
    };
    assert_eq!(opcode::net::HttpRequest::view(&InstructionRef::decode(&bytes).expect("well formed")), Some(expected));

    answer(&opcode::crypto::Ed25519VerifyReply { valid: true });
    assert_eq!(crypto::ed25519_verify(&mut exchange, &[1; 32], b"m", &[2; 64]), Ok(true));
    let bytes = emitted(&opcode::crypto::ED25519_VERIFY);
    let expected = opcode::crypto::Ed25519Verify { public: &[1; 32], message: b"m", signature: &[2; 64] };
    assert_eq!(
        opcode::crypto::Ed25519Verify::view(&InstructionRef::decode(&bytes).expect("well formed")),
        Some(expected)
    );

    for status in [0, -1, 127, -128, 128, i64::MIN] {
        answer(&opcode::proc::WaitReply { status });
        assert_eq!(proc::wait(&mut exchange, u32::MAX, Some(86_400_000)), Ok(status));
        let bytes = emitted(&opcode::proc::WAIT);
        let read = opcode::proc::Wait::view(&InstructionRef::decode(&bytes).expect("well formed"));
        assert_eq!(read, Some(opcode::proc::Wait { process: u32::MAX, timeout_ms: Some(86_400_000) }));
    }

    for duration_ns in [0, 255, 256, 1 << 56, u64::MAX] {
        scripted::reply(b"\0\0");
        assert_eq!(time::sleep(&mut exchange, duration_ns), Ok(()));
        let bytes = emitted(&opcode::time::SLEEP);
        let read = opcode::time::Sleep::view(&InstructionRef::decode(&bytes).expect("well formed"));
        assert_eq!(read, Some(opcode::time::Sleep { duration_ns }));
    }

    answer(&opcode::host::CallReply { data: &[] });
    assert_eq!(host::call(&mut exchange, "name", b"data"), Ok([].as_slice()));
    emitted(&opcode::host::CALL);
    answer(&opcode::ui::SizeReply { columns: 80, rows: 25 });
    assert_eq!(ui::size(&mut exchange), Ok(ui::Size { columns: 80, rows: 25 }));
    emitted(&opcode::ui::SIZE);
}

#[test]
fn events_are_read_as_they_were_meant() {
    fn told<'a, 'b>(event: &impl HostEvent<'a>, buffer: &'b mut [u8]) -> Event<'b> {
        let mut bytes = Vec::new();
        event.encode(&mut bytes).expect("written");
        scripted::event(Some(&bytes));
        read_event(buffer).expect("an event")
    }
    let mut buffer = [0; 128];
    let told_of_key = told(&opcode::ui::KeyEvent { key: "ß", modifiers: 15 }, &mut buffer);
    assert_eq!(told_of_key, Event::UiKey { key: "ß", modifiers: 15 });
    let told_of_pointer = told(&opcode::ui::PointerEvent { column: 1, row: 65_535, buttons: 7 }, &mut buffer);
    assert_eq!(told_of_pointer, Event::UiPointer { column: 1, row: 65_535, buttons: 7 });
    let told_of_timer = told(&opcode::time::TimerEvent { timer: 9, count: u64::MAX }, &mut buffer);
    assert_eq!(told_of_timer, Event::TimeTimer { timer: 9, count: u64::MAX });
    let told_of_message = told(&opcode::host::MessageEvent { name: "n", data: &[0, 255] }, &mut buffer);
    assert_eq!(told_of_message, Event::HostMessage { name: "n", data: &[0, 255] });
}
