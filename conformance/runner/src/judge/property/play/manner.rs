//! What a module does, and its text.

use std::fmt::Write as _;

use fayger_cases::Fay;

/// What a module does in its exports. Each call's operand is the byte of the reply before, so that a lost reply is seen in what is called next; the
/// first has a mark of its export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Manner {
    /// `init`, where the entry names it.
    pub(in super::super) init: Option<Body>,
    pub(in super::super) start: Body,
    /// `on_event`, where the entry names it. It comes to its end for the last event; for others it makes its calls and returns 0.
    pub(in super::super) on_event: Option<Body>,
}

/// What an export does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Body {
    /// The calls that it makes.
    pub(in super::super) calls: u8,
    pub(in super::super) end: End,
}

/// How an export ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum End {
    /// It returns this.
    Return(i8),
    /// It returns the byte of the last reply; the mark of the export where there was none.
    Reply,
    /// `unreachable`.
    Trap,
    /// `proc.exit` with this.
    Exit(u8),
    /// A loop without end.
    Loop,
    /// A recursion without end.
    Recursion,
    /// It takes all the memory that it gets, and returns 1.
    Grow,
    /// It emits bytes that are no instruction.
    Malformed,
    /// It reads the damaged section.
    Damaged,
}

/// The operand of the first call in each export.
pub(in super::super) const INIT_MARK: u8 = 201;
pub(in super::super) const START_MARK: u8 = 202;
pub(in super::super) const EVENT_MARK: u8 = 203;

/// The section of a Fay whose module reads one.
const DAMAGED: u32 = 2;

/// `random.bytes` at 0, its operand at 7; `proc.exit` at 16, its status at 23. Replies go to 64, their byte to 68.
const DATA: &str = r#"(data (i32.const 0) "\04\01\00\00\02\01\01\01") (data (i32.const 16) "\06\30\00\00\00\02\01\00")
    (func $deep (param i32) (result i32) local.get 0 i32.const 1 i32.add call $deep i32.const 1 i32.add)"#;
const CALL: &str = "i32.const 0 i32.const 8 call $emit drop i32.const 64 i32.const 16 call $reply_read drop \
                    i32.const 7 i32.const 68 i32.load8_u i32.store8";

impl Manner {
    pub(in super::super) fn fay(&self) -> Fay {
        let mut fields = DATA.to_owned();
        let mut add = |text: String| fields.push_str(&text);
        if let Some(init) = &self.init {
            let (calls, end) = (init.calls(INIT_MARK), init.end.text());
            add(format!(r#" (func (export "init") (result i32) {calls} {end})"#));
        }
        let (calls, end) = (self.start.calls(START_MARK), self.start.end.text());
        add(format!(r#" (func (export "start") (result i32) {calls} {end})"#));
        if let Some(on_event) = &self.on_event {
            let (calls, end) = (on_event.calls(EVENT_MARK), on_event.end.text());
            add(format!(
                r#" (func (export "on_event") (param i32) (result i32) {calls}
                    local.get 0 i32.const 6 i32.lt_u if (result i32) i32.const 0 else {end} end)"#
            ));
        }
        let bodies = [self.init, Some(self.start), self.on_event];
        let is_damaged = bodies.iter().flatten().any(|body| body.end == End::Damaged);
        Fay {
            fields,
            has_init: self.init.is_some(),
            has_on_event: self.on_event.is_some(),
            damaged: is_damaged.then_some(DAMAGED),
        }
    }
}

impl Body {
    fn calls(&self, mark: u8) -> String {
        let mut text = format!("i32.const 7 i32.const {mark} i32.store8");
        for _ in 0..self.calls {
            // Writing to a text cannot fail.
            let _ = write!(text, " {CALL}");
        }
        text
    }
}

impl End {
    fn text(self) -> String {
        match self {
            Self::Return(value) => format!("i32.const {value}"),
            Self::Reply => "i32.const 7 i32.load8_u".to_owned(),
            Self::Trap => "unreachable".to_owned(),
            Self::Exit(status) => {
                format!("i32.const 23 i32.const {status} i32.store8 i32.const 16 i32.const 8 call $emit unreachable")
            }
            Self::Loop => "(loop br 0) unreachable".to_owned(),
            Self::Recursion => "i32.const 0 call $deep".to_owned(),
            Self::Grow => "(loop i32.const 1 memory.grow i32.const -1 i32.ne br_if 0) i32.const 1".to_owned(),
            Self::Malformed => "i32.const 0 i32.const 2 call $emit".to_owned(),
            Self::Damaged => format!("i32.const {DAMAGED} i64.const 0 i32.const 128 i32.const 6 call $section_read"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_manner_is_a_module() {
        for end in [
            End::Return(-1),
            End::Reply,
            End::Trap,
            End::Exit(7),
            End::Loop,
            End::Recursion,
            End::Grow,
            End::Malformed,
            End::Damaged,
        ] {
            let body = Body { calls: 2, end };
            let manner = Manner { init: Some(body), start: body, on_event: Some(body) };
            assert!(manner.fay().load().is_ok(), "{end:?}: {:?}", manner.fay().load());
        }
    }
}
