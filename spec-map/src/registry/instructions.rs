//! `instructions.toml` and `opcodes.toml`: what instructions, events and replies are made of, and which there are.

use serde::Deserialize;

use crate::error::Error;
use crate::files;

/// What instructions, events and replies are made of, and which there are.
#[derive(Clone, Debug)]
pub struct Instructions {
    /// Categories, by number.
    pub categories: Vec<Category>,
    /// Types of operands, by number.
    pub types: Vec<OperandType>,
    /// Statuses of a reply, by number.
    pub statuses: Vec<ReplyStatus>,
    /// Opcodes, by category and number.
    pub opcodes: Vec<Opcode>,
    /// Events from the host, by category and number.
    pub events: Vec<HostEvent>,
}

/// A category of instructions and events.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// Its number.
    pub number: u8,
    /// Its name.
    pub name: String,
    /// The clauses that define it.
    pub clauses: Vec<String>,
}

/// A type of operand.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OperandType {
    /// Its number.
    pub number: u8,
    /// Its name.
    pub name: String,
    /// Bytes of a value at least.
    pub min_length: Option<u64>,
    /// Bytes of a value at most.
    pub max_length: Option<u64>,
    /// The clauses that define it.
    pub clauses: Vec<String>,
}

/// A status of a reply.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplyStatus {
    /// Its number.
    pub number: u16,
    /// Its name.
    pub name: String,
    /// Whether it may answer any instruction.
    pub universal: bool,
    /// The clauses that define it.
    pub clauses: Vec<String>,
}

/// An instruction.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opcode {
    /// The name of its category.
    pub category: String,
    /// Its number within the category.
    pub number: u16,
    /// Its name within the category.
    pub name: String,
    /// What it does.
    pub summary: String,
    /// The capabilities that it needs.
    pub capabilities: Vec<String>,
    /// Its operands.
    pub operands: Vec<Field>,
    /// The values of a reply with status `ok`.
    pub reply: Vec<Field>,
    /// The statuses that it may be answered with, beside the universal ones.
    pub statuses: Vec<String>,
    /// The kind of handle that it opens.
    pub opens: Option<String>,
    /// Whether it closes its first operand.
    #[serde(default)]
    pub closes: bool,
    /// The clauses that define it.
    pub clauses: Vec<String>,
}

/// An event from the host.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HostEvent {
    /// The name of its category.
    pub category: String,
    /// Its number within the category.
    pub number: u16,
    /// Its name within the category.
    pub name: String,
    /// What it says.
    pub summary: String,
    /// The capabilities that it needs.
    pub capabilities: Vec<String>,
    /// Its values.
    pub values: Vec<Field>,
    /// The clauses that define it.
    pub clauses: Vec<String>,
}

/// An operand, a reply's value or an event's value.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// The name of its type.
    #[serde(rename = "type")]
    pub kind: String,
    /// Whether it, and all after it, may be absent.
    #[serde(default)]
    pub optional: bool,
    /// The smallest number, or the fewest bytes or elements.
    pub min: Option<i64>,
    /// The largest number, or the most bytes or elements.
    pub max: Option<i64>,
    /// The kind of a handle.
    pub handle: Option<String>,
    /// The name of the type of a list's elements.
    pub element: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Parts {
    category: Vec<Category>,
    #[serde(rename = "type")]
    types: Vec<OperandType>,
    status: Vec<ReplyStatus>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Opcodes {
    opcode: Vec<Opcode>,
    event: Vec<HostEvent>,
}

pub(super) fn load() -> Result<Instructions, Error> {
    let parts: Parts = super::parse("instructions", files::INSTRUCTIONS)?;
    let opcodes: Opcodes = super::parse("opcodes", files::OPCODES)?;
    Ok(Instructions {
        categories: parts.category,
        types: parts.types,
        statuses: parts.status,
        opcodes: opcodes.opcode,
        events: opcodes.event,
    })
}

impl Instructions {
    /// The opcodes of a category, by number.
    pub fn opcodes_of<'a>(&'a self, category: &'a str) -> impl Iterator<Item = &'a Opcode> {
        self.opcodes.iter().filter(move |opcode| opcode.category == category)
    }

    /// The events of a category, by number.
    pub fn events_of<'a>(&'a self, category: &'a str) -> impl Iterator<Item = &'a HostEvent> {
        self.events.iter().filter(move |event| event.category == category)
    }

    /// What does not fit together, one thing a line: names that are not known, numbers that do not ascend, optional values before others.
    pub(crate) fn problems(&self, capabilities: &[super::Capability]) -> Vec<String> {
        let mut problems = Vec::new();
        let kinds: Vec<&str> = self.opcodes.iter().filter_map(|opcode| opcode.opens.as_deref()).collect();
        let mut judge_fields = |place: &str, fields: &[Field]| {
            let mut is_optional = false;
            for field in fields {
                let what = format!("`{}` of `{place}`", field.name);
                if !self.types.iter().any(|other| other.name == field.kind && other.number < 127) {
                    problems.push(format!("{what} has the unknown type `{}`", field.kind));
                }
                if is_optional && !field.optional {
                    problems.push(format!("{what} comes after an optional one"));
                }
                is_optional |= field.optional;
                let is_handle = field.handle.as_deref().is_some_and(|kind| kinds.contains(&kind));
                if (field.kind == "handle") != is_handle || (field.kind == "list") != field.element.is_some() {
                    problems.push(format!("{what} needs a kind that is opened, or an element, or neither"));
                }
                if field.min.zip(field.max).is_some_and(|(min, max)| min > max) {
                    problems.push(format!("{what} has no value between its bounds"));
                }
            }
        };
        for opcode in &self.opcodes {
            let place = format!("{}.{}", opcode.category, opcode.name);
            judge_fields(&place, &opcode.operands);
            judge_fields(&place, &opcode.reply);
        }
        for event in &self.events {
            judge_fields(&format!("{}.{}", event.category, event.name), &event.values);
        }
        let entries =
            self.opcodes.iter().map(|opcode| ("opcode", &opcode.category, opcode.number, &opcode.capabilities));
        let entries = entries
            .chain(self.events.iter().map(|event| ("event", &event.category, event.number, &event.capabilities)));
        let mut before = None;
        for (what, category, number, needed) in entries {
            let at = self.categories.iter().position(|other| other.name == *category);
            let place = Some((what, at, number));
            if at.is_none() || number >= 0x8000 || before.is_some_and(|(kind, _, _)| kind == what) && before >= place {
                problems.push(format!("{what} {number} of `{category}` is out of place"));
            }
            before = place;
            for name in needed.iter().filter(|name| !capabilities.iter().any(|other| other.name == **name)) {
                problems.push(format!("{what} {number} of `{category}` needs the unknown capability `{name}`"));
            }
        }
        for opcode in &self.opcodes {
            let place = format!("{}.{}", opcode.category, opcode.name);
            for name in &opcode.statuses {
                if !self.statuses.iter().any(|status| status.name == *name && !status.universal) {
                    problems.push(format!("`{place}` lists the status `{name}`, which is unknown or universal"));
                }
            }
            let opened = opcode.reply.first().and_then(|field| field.handle.as_deref());
            if opcode.opens.as_deref() != opened {
                problems.push(format!("`{place}` does not open the first value of its reply"));
            }
            if opcode.closes && opcode.operands.first().is_none_or(|field| field.kind != "handle") {
                problems.push(format!("`{place}` does not close a handle"));
            }
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SpecMap;

    /// The problems of the real lists with one thing changed.
    fn changed(change: impl FnOnce(&mut Instructions)) -> Vec<String> {
        let registry = SpecMap::load().unwrap().registry;
        let mut instructions = registry.instructions;
        change(&mut instructions);
        instructions.problems(&registry.capabilities)
    }

    #[test]
    fn the_lists_fit_together() {
        assert_eq!(changed(|_| {}), Vec::<String>::new());
    }

    #[test]
    fn a_planted_fault_is_named() {
        for (what, found) in [
            (
                changed(|it| it.opcodes[0].operands[0].kind = "number".into()),
                "`max` of `io.stdin_read` has the unknown type `number`",
            ),
            (
                changed(|it| it.opcodes[0].operands[0].max = Some(0)),
                "`max` of `io.stdin_read` has no value between its bounds",
            ),
            (
                changed(|it| it.opcodes[0].operands[0].handle = Some("reader".into())),
                "`max` of `io.stdin_read` needs a kind that is opened, or an element, or neither",
            ),
            (
                changed(|it| it.opcodes[0].statuses.push("limit".into())),
                "`io.stdin_read` lists the status `limit`, which is unknown or universal",
            ),
            (
                changed(|it| it.opcodes[0].capabilities.push("teleport".into())),
                "opcode 1 of `io` needs the unknown capability `teleport`",
            ),
            (
                changed(|it| it.opcodes[0].opens = Some("reader".into())),
                "`io.stdin_read` does not open the first value of its reply",
            ),
            (changed(|it| it.opcodes[0].closes = true), "`io.stdin_read` does not close a handle"),
            (changed(|it| it.opcodes[1].number = 1), "opcode 1 of `io` is out of place"),
            (changed(|it| it.opcodes[0].category = "disk".into()), "opcode 1 of `disk` is out of place"),
        ] {
            assert!(what.iter().any(|problem| problem == found), "{found}: {what:?}");
        }
    }
}
