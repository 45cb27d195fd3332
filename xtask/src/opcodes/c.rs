//! The names and numbers in the header of the SDK for C.

use std::fmt::Write as _;

use anyhow::{Context as _, Result};
use fayger_spec_map::registry::{Capability, Field, Instructions};

use super::described;

/// The header, of which one part is written here.
pub(super) const HEADER: &str = "reference/sdk/c/fayger.h";

/// The lines around that part.
const BEGIN: &str = "/* <registry> */\n";
const END: &str = "/* </registry> */\n";

/// The header with that part as the registry has it.
pub(super) fn header(before: &str, instructions: &Instructions, capabilities: &[Capability]) -> Result<String> {
    let (head, rest) = before.split_once(BEGIN).with_context(|| format!("`{HEADER}` has no `{}`", BEGIN.trim()))?;
    let (_, tail) = rest.split_once(END).with_context(|| format!("`{HEADER}` has no `{}`", END.trim()))?;
    Ok(format!("{head}{BEGIN}{}{END}{tail}", names(instructions, capabilities)?))
}

fn names(instructions: &Instructions, capabilities: &[Capability]) -> Result<String> {
    let mut text = String::from("/* Written by `cargo xtask opcodes --bless`; do not edit. */\n");
    heading(&mut text, "Types of operands and values.")?;
    for kind in &instructions.types {
        define(&mut text, &["TYPE", &kind.name], &kind.number.to_string())?;
    }
    heading(&mut text, "Statuses of replies.")?;
    for status in &instructions.statuses {
        define(&mut text, &["STATUS", &status.name], &status.number.to_string())?;
    }
    heading(&mut text, "Capabilities.")?;
    for capability in capabilities {
        define(&mut text, &["CAP", &capability.name], &format!("0x{:04X}", 1_u32 << capability.bit))?;
    }
    for category in &instructions.categories {
        heading(&mut text, &format!("Category {}.", category.name))?;
        for opcode in instructions.opcodes_of(&category.name) {
            let needed: Vec<_> = opcode.capabilities.iter().map(|name| constant(&["CAP", name])).collect();
            let needed = if needed.is_empty() { "0".to_owned() } else { needed.join(" | ") };
            writeln!(text, "\n/* {}.{}: {}.", category.name, opcode.name, opcode.summary)?;
            values(&mut text, "takes", &opcode.operands)?;
            values(&mut text, "gives", &opcode.reply)?;
            writeln!(text, " */")?;
            let value = format!("FAYGER_OPCODE({}, {}, {needed})", category.number, opcode.number);
            define(&mut text, &[&category.name, &opcode.name], &value)?;
        }
        for event in instructions.events_of(&category.name) {
            writeln!(text, "\n/* Event {}.{}: {}.", category.name, event.name, event.summary)?;
            values(&mut text, "has", &event.values)?;
            writeln!(text, " */")?;
            let value = format!("FAYGER_EVENT_KIND({}, {})", category.number, event.number);
            define(&mut text, &["EVENT", &category.name, &event.name], &value)?;
        }
    }
    text.push('\n');
    Ok(text)
}

fn heading(text: &mut String, what: &str) -> Result<()> {
    Ok(writeln!(text, "\n/* {what} */")?)
}

/// A line for each value.
fn values(text: &mut String, verb: &str, fields: &[Field]) -> Result<()> {
    for field in fields {
        let may = if field.optional { " May be left out." } else { "" };
        writeln!(text, " * {verb} {}: {}{may}", field.name, described(field))?;
    }
    Ok(())
}

fn define(text: &mut String, parts: &[&str], value: &str) -> Result<()> {
    Ok(writeln!(text, "#define {} {value}", constant(parts))?)
}

/// `["CAP", "io.stdio"]` as `FAYGER_CAP_IO_STDIO`.
fn constant(parts: &[&str]) -> String {
    format!("FAYGER_{}", parts.join("_")).replace('.', "_").to_uppercase()
}

#[cfg(test)]
mod tests {
    use fayger_spec_map::SpecMap;

    use super::*;

    #[test]
    fn what_stands_around_the_names_stays() {
        let registry = SpecMap::load().unwrap().registry;
        let before = format!("above\n{BEGIN}STALE\n{END}below\n");
        let text = header(&before, &registry.instructions, &registry.capabilities).unwrap();
        assert!(
            text.starts_with("above\n/* <registry> */\n/* Written") && text.ends_with("/* </registry> */\nbelow\n")
        );
        assert!(!text.contains("STALE"));
        assert!(
            text.contains("\n#define FAYGER_IO_COPY FAYGER_OPCODE(0, 42, FAYGER_CAP_FS_READ | FAYGER_CAP_FS_WRITE)\n")
        );
        assert!(text.contains("\n#define FAYGER_PROC_EXIT FAYGER_OPCODE(6, 48, 0)\n"));
        assert!(text.contains("\n#define FAYGER_EVENT_TIME_TIMER FAYGER_EVENT_KIND(3, 1)\n"));
        let error = header("nothing", &registry.instructions, &registry.capabilities).unwrap_err();
        assert_eq!(error.to_string(), "`reference/sdk/c/fayger.h` has no `/* <registry> */`");
    }
}
