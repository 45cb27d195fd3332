//! A play in few words, as a counterexample is printed.

use std::fmt;

use super::{Act, Ask, Body, Part, Play};

impl fmt::Debug for Play {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in &self.parts {
            write!(out, "{part:?}, ")?;
        }
        write!(out, "then")?;
        for Act { on, ask, calls } in &self.acts {
            write!(out, " {}", self.asked(*on, *ask))?;
            for (number, call) in (1..).zip(calls) {
                write!(out, " [call {number}:")?;
                for (on, ask) in &call.meanwhile {
                    write!(out, " {},", self.asked(*on, *ask))?;
                }
                write!(out, " {:?}]", call.answer)?;
            }
            write!(out, ";")?;
        }
        Ok(())
    }
}

impl Play {
    fn asked(&self, on: u8, ask: Ask) -> String {
        let of = self.whom(on).and_then(|part| self.parts.get(part)).map_or("nobody", |part| part.name);
        format!("{of} {ask:?}")
    }
}

impl fmt::Debug for Part {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "`{}` of", self.name)?;
        let manner = &self.manner;
        for (export, body) in [("init", manner.init), ("start", Some(manner.start)), ("on_event", manner.on_event)] {
            if let Some(Body { calls, end }) = body {
                write!(out, " {export} ({calls} calls, {end:?})")?;
            }
        }
        Ok(())
    }
}
