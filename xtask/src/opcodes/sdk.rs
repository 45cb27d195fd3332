//! The modules of the SDK for Rust: a function for each opcode, the events, the statuses.

use std::fmt::Write as _;

use anyhow::{Result, ensure};
use fayger_spec_map::registry::{Capability, Field, Instructions, Opcode};

use super::{bits, camel, described};

const WRITTEN: &str = "Written by `cargo xtask opcodes --bless` from the registry; do not edit.";

/// The module of one category.
pub(super) fn module(instructions: &Instructions, capabilities: &[Capability], category: &str) -> Result<String> {
    let number = instructions.categories.iter().find(|other| other.name == category).map_or(0, |found| found.number);
    let mut body = String::new();
    for opcode in instructions.opcodes_of(category) {
        let name = &opcode.name;
        writeln!(body, "\n/// `{category}.{name}`: {}.", opcode.summary)?;
        writeln!(
            body,
            "pub const {}: Opcode = Opcode::new({number}, {}, 0x{:04X});",
            name.to_uppercase(),
            opcode.number,
            bits(&opcode.capabilities, capabilities)?
        )?;
        // What has no status never answers: there is nothing to call for.
        if !opcode.statuses.is_empty() {
            function(&mut body, category, opcode)?;
        }
    }
    let names: Vec<_> =
        ["Error", "Exchange", "Opcode", "Values"].into_iter().filter(|name| uses(&body, name)).collect();
    Ok(format!("//! Category `{category}`. {WRITTEN}\n\nuse crate::{{{}}};\n{body}", names.join(", ")))
}

fn uses(body: &str, name: &str) -> bool {
    body.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(|word| word == name)
}

/// A function that emits one instruction and gives what came of it.
fn function(text: &mut String, category: &str, opcode: &Opcode) -> Result<()> {
    let name = &opcode.name;
    let result = match opcode.reply.as_slice() {
        [] => "()".to_owned(),
        [one] => of_value(one, "'x")?.to_owned(),
        [..] => {
            let lifetime = if borrows(&opcode.reply) { "<'x>" } else { "" };
            writeln!(text, "\n/// What `{category}.{name}` gives.")?;
            writeln!(text, "#[derive(Clone, Copy, Debug, PartialEq, Eq)]\npub struct {}{lifetime} {{", camel(name))?;
            for field in &opcode.reply {
                writeln!(text, "/// {}\npub {}: {},", described(field), field.name, of_value(field, "'x")?)?;
            }
            writeln!(text, "}}")?;
            format!("{}{lifetime}", camel(name))
        }
    };
    writeln!(text, "\n/// `{category}.{name}`: {}.\n///", opcode.summary)?;
    for field in &opcode.operands {
        let may = if field.optional { " May be left out." } else { "" };
        writeln!(text, "/// - `{}`: {}{may}", field.name, described(field))?;
    }
    if !opcode.operands.is_empty() {
        writeln!(text, "///")?;
    }
    let statuses: Vec<_> =
        opcode.statuses.iter().filter(|status| *status != "ok").map(|name| format!("`{name}`")).collect();
    let own = if statuses.is_empty() { String::new() } else { format!(": {}", statuses.join(", ")) };
    writeln!(text, "/// # Errors\n/// A status{own}{} a universal one.", if own.is_empty() { ":" } else { ", or" })?;
    let (lifetime, exchange) = if result.contains("'x") { ("<'x>", "&'x mut") } else { ("", "&mut") };
    write!(text, "pub fn {name}{lifetime}(exchange: {exchange} Exchange<'_>")?;
    for field in &opcode.operands {
        let kind = of_operand(field)?;
        write!(text, ", {}: {}", field.name, if field.optional { format!("Option<{kind}>") } else { kind.into() })?;
    }
    writeln!(text, ") -> Result<{result}, Error> {{")?;
    let call = call(opcode)?;
    match opcode.reply.as_slice() {
        [] => writeln!(text, "{call}?;\nOk(())\n}}")?,
        [one] => writeln!(text, "{call}?.{}()\n}}", one.kind)?,
        several => {
            writeln!(text, "let mut values = {call}?;\nOk({} {{", camel(name))?;
            for field in several {
                writeln!(text, "{}: values.{}()?,", field.name, field.kind)?;
            }
            writeln!(text, "}})\n}}")?;
        }
    }
    Ok(())
}

fn call(opcode: &Opcode) -> Result<String> {
    let constant = opcode.name.to_uppercase();
    if opcode.operands.is_empty() {
        return Ok(format!("exchange.call({constant}, |_| {{}})"));
    }
    let mut operands = String::new();
    for field in &opcode.operands {
        let (name, method) = (&field.name, if field.kind == "list" { "texts" } else { &field.kind });
        if field.optional {
            write!(operands, "if let Some({name}) = {name} {{ operands.{method}({name}); }}")?;
        } else {
            write!(operands, "operands.{method}({name});")?;
        }
    }
    Ok(format!("exchange.call({constant}, |operands| {{ {operands} }})"))
}

fn borrows(fields: &[Field]) -> bool {
    fields.iter().any(|field| matches!(field.kind.as_str(), "bytes" | "text" | "list"))
}

fn of_operand(field: &Field) -> Result<&'static str> {
    of_type(field, ["&[u8]", "&str", "&[&str]"])
}

fn of_value(field: &Field, lifetime: &str) -> Result<&'static str> {
    of_type(
        field,
        if lifetime == "'a" { ["&'a [u8]", "&'a str", "Values<'a>"] } else { ["&'x [u8]", "&'x str", "Values<'x>"] },
    )
}

fn of_type(field: &Field, [bytes, text, list]: [&'static str; 3]) -> Result<&'static str> {
    Ok(match field.kind.as_str() {
        "unsigned" => "u64",
        "signed" => "i64",
        "bytes" => bytes,
        "text" => text,
        "bool" => "bool",
        "f64" => "f64",
        "handle" => "u32",
        "list" => {
            ensure!(field.element.as_deref() == Some("text"), "a list of {:?} has no type in Rust yet", field.element);
            list
        }
        other => anyhow::bail!("`{other}` is no type"),
    })
}

/// The module of the events, of all categories.
pub(super) fn events(instructions: &Instructions) -> Result<String> {
    let mut text = format!(
        "//! Events from the host. {WRITTEN}\n\nuse crate::Values;\n\n/// Something that happened on the host.\n\
         #[derive(Clone, Copy, Debug, PartialEq, Eq)]\n#[non_exhaustive]\npub enum Event<'a> {{\n"
    );
    let mut arms = String::new();
    for category in &instructions.categories {
        for event in instructions.events_of(&category.name) {
            let variant = camel(&category.name) + &camel(&event.name);
            writeln!(text, "/// `{}.{}`: {}.\n{variant} {{", category.name, event.name, event.summary)?;
            writeln!(arms, "({}, {}) => Self::{variant} {{", category.number, event.number)?;
            for field in &event.values {
                ensure!(!field.optional, "an optional value of an event has no type in Rust yet");
                writeln!(text, "/// {}\n{}: {},", described(field), field.name, of_value(field, "'a")?)?;
                writeln!(arms, "{}: values.{}().ok()?,", field.name, field.kind)?;
            }
            writeln!(text, "}},")?;
            writeln!(arms, "}},")?;
        }
    }
    write!(
        text,
        "/// One that this version does not know.\nOther {{\n/// Its category.\ncategory: u8,\n/// Its number.\nnumber: u16,\n\
         /// Its values.\nvalues: Values<'a>,\n}},\n}}\n\nimpl<'a> Event<'a> {{\n\
         /// The event of this kind with these values; none where they are others.\n\
         pub(crate) fn new(category: u8, number: u16, mut values: Values<'a>) -> Option<Self> {{\n\
         Some(match (category, number) {{\n{arms}\n_ => Self::Other {{ category, number, values }},\n}})\n}}\n}}\n"
    )?;
    Ok(text)
}

/// The module of the statuses.
pub(super) fn statuses(instructions: &Instructions) -> Result<String> {
    let mut text = format!(
        "//! Statuses of replies. {WRITTEN}\n\n/// How an instruction went.\n#[derive(Clone, Copy, Debug, PartialEq, Eq)]\n\
         #[non_exhaustive]\npub enum Status {{\n"
    );
    let mut arms = String::new();
    for status in &instructions.statuses {
        let variant = camel(&status.name);
        writeln!(text, "/// `{}`, {}.\n{variant},", status.name, status.number)?;
        writeln!(arms, "{} => Self::{variant},", status.number)?;
    }
    write!(
        text,
        "/// One that this version does not know.\nOther(u16),\n}}\n\nimpl Status {{\n/// The status of this number.\n\
         pub(crate) fn new(number: u16) -> Self {{\nmatch number {{\n{arms}\nother => Self::Other(other),\n}}\n}}\n}}\n"
    )?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use fayger_spec_map::SpecMap;

    use super::*;

    #[test]
    fn a_function_takes_the_operands_and_gives_the_values() {
        let registry = SpecMap::load().unwrap().registry;
        let text = module(&registry.instructions, &registry.capabilities, "io").unwrap();
        assert!(text.contains("pub const COPY: Opcode = Opcode::new(0, 42, 0x0006);\n"), "{text}");
        assert!(text.contains(
            "pub fn read<'x>(exchange: &'x mut Exchange<'_>, reader: u32, max: u64) -> Result<&'x [u8], Error> {\n\
             exchange.call(READ, |operands| { operands.handle(reader);operands.unsigned(max); })?.bytes()\n}\n"
        ));
        let text = module(&registry.instructions, &registry.capabilities, "proc").unwrap();
        assert!(text.contains("pub const EXIT: Opcode = Opcode::new(6, 48, 0x0000);\n") && !text.contains("fn exit"));
    }
}
