//! `opcodes`: what is written from the registry of opcodes: the modules of `fayger-contracts`, one a category, and the names in the SDKs for
//! Fays in C and in Rust.

mod c;
mod sdk;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use fayger_spec_map::SpecMap;
use fayger_spec_map::registry::{Capability, Field, HostEvent, Instructions, Opcode};

use crate::generated::update;
use crate::project::{Outcome, read, root};

/// Checks that each module is what the registry says, or writes it.
pub(crate) fn run(bless: bool) -> Result<Outcome> {
    let registry = SpecMap::load()?.registry;
    let (instructions, capabilities) = (&registry.instructions, &registry.capabilities);
    let mut files = Vec::new();
    for category in instructions.categories.iter().map(|category| &category.name) {
        let contracts = module(instructions, capabilities, category)?;
        files.push((format!("reference/contracts/src/opcode/{category}.rs"), formatted(&contracts)?));
        let sdk = sdk::module(instructions, capabilities, category)?;
        files.push((format!("reference/sdk/rust/src/call/{category}.rs"), formatted(&sdk)?));
    }
    files.push(("reference/sdk/rust/src/event.rs".into(), formatted(&sdk::events(instructions)?)?));
    files.push(("reference/sdk/rust/src/status.rs".into(), formatted(&sdk::statuses(instructions)?)?));
    files.push((c::HEADER.into(), c::header(&read(&root()?.join(c::HEADER))?, instructions, capabilities)?));
    let mut problems = Vec::new();
    for (name, text) in &files {
        if update(&root()?.join(name), text, bless)? {
            problems.push(format!("`{name}` is stale; write it by `cargo xtask opcodes --bless`"));
        }
    }
    Ok(Outcome::of(problems, format!("{} files of opcodes are current", files.len())))
}

/// The text as rustfmt has it.
fn formatted(text: &str) -> Result<String> {
    let mut child = Command::new("rustfmt")
        .args(["--edition", "2024", "--config-path"])
        .arg(root()?)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start `rustfmt`")?;
    child.stdin.take().context("rustfmt takes its input")?.write_all(text.as_bytes())?;
    let output = child.wait_with_output()?;
    ensure!(output.status.success(), "`rustfmt` refuses what was generated");
    Ok(String::from_utf8(output.stdout)?)
}

/// The module of one category.
fn module(instructions: &Instructions, capabilities: &[Capability], category: &str) -> Result<String> {
    let opcodes: Vec<_> = instructions.opcodes_of(category).collect();
    let events: Vec<_> = instructions.events_of(category).collect();
    let mut text = format!(
        "//! Category `{category}`. Written by `cargo xtask opcodes --bless` from the registry; do not edit.\n\n"
    );
    let mut body = String::new();
    for clause in opcodes.iter().flat_map(|opcode| &opcode.clauses).collect::<BTreeSet<_>>() {
        write!(body, "\n//= {clause}")?;
    }
    list(&mut body, "OPCODES", "Opcode", "opcodes", opcodes.iter().map(|opcode| opcode.name.as_str()))?;
    if !events.is_empty() {
        list(&mut body, "EVENTS", "Event", "events", events.iter().map(|event| event.name.as_str()))?;
    }
    for opcode in opcodes {
        write_opcode(&mut body, opcode, capabilities)?;
    }
    for event in events {
        write_event(&mut body, event, capabilities)?;
    }
    imports(&mut text, &body)?;
    Ok(text + &body)
}

/// Imports what the body names.
fn imports(text: &mut String, body: &str) -> Result<()> {
    let uses = |name: &str| body.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(|word| word == name);
    for (path, names) in [
        (
            "super",
            ["Event", "Field", "Form", "HandleKind", "HostEvent", "Instruction", "Opcode", "Reply", "TextList"]
                .as_slice(),
        ),
        ("crate::capability", &["CapabilitySet"]),
        (
            "crate::instruction",
            &["Category", "Encoder", "OperandRef", "OperandType", "Operands", "Status", "StatusSet"],
        ),
    ] {
        let used: Vec<_> = names.iter().copied().filter(|name| uses(name)).collect();
        writeln!(text, "use {path}::{{{}}};", used.join(", "))?;
    }
    Ok(())
}

fn list<'a>(text: &mut String, name: &str, of: &str, what: &str, names: impl Iterator<Item = &'a str>) -> Result<()> {
    let names: Vec<_> = names.map(str::to_uppercase).collect();
    writeln!(text, "\n/// Its {what}, by number.\npub const {name}: &[{of}] = &[{}];", names.join(", "))?;
    Ok(())
}

fn write_opcode(text: &mut String, opcode: &Opcode, capabilities: &[Capability]) -> Result<()> {
    let (category, name) = (&opcode.category, &opcode.name);
    let statuses: Vec<_> = opcode.statuses.iter().map(|status| format!("Status::{}", camel(status))).collect();
    let statuses = if statuses.is_empty() {
        "StatusSet::NONE".to_owned()
    } else {
        format!("StatusSet::UNIVERSAL.with(&[{}])", statuses.join(", "))
    };
    let opens = opcode.opens.as_ref().map_or("None".to_owned(), |kind| format!("Some(HandleKind::{})", camel(kind)));
    write!(
        text,
        "\n/// `{category}.{name}`: {}.\npub const {}: Opcode = Opcode {{ category: Category::{}, number: {}, name: \"{category}.{name}\", \
         capabilities: {}, operands: &[{}], reply: &[{}], statuses: {statuses}, opens: {opens}, closes: {} }};\n",
        opcode.summary,
        name.to_uppercase(),
        category.to_uppercase(),
        opcode.number,
        set(&opcode.capabilities, capabilities)?,
        fields(&opcode.operands)?,
        fields(&opcode.reply)?,
        opcode.closes,
    )?;
    let about = format!("`{category}.{name}`: {}.", opcode.summary);
    let constant = format!("const OPCODE: Opcode = {};", name.to_uppercase());
    write_type(text, "Instruction", &camel(name), &about, &constant, &opcode.operands)?;
    if !opcode.reply.is_empty() {
        let about = format!("What `{category}.{name}` gives.");
        write_type(text, "Reply", &format!("{}Reply", camel(name)), &about, &constant, &opcode.reply)?;
    }
    Ok(())
}

fn write_event(text: &mut String, event: &HostEvent, capabilities: &[Capability]) -> Result<()> {
    let (category, name) = (&event.category, &event.name);
    let about = format!("`{category}.{name}`: {}.", event.summary);
    write!(
        text,
        "\n/// {about}\npub const {}: Event = Event {{ category: Category::{}, number: {}, name: \"{category}.{name}\", capabilities: {}, \
         values: &[{}] }};\n",
        name.to_uppercase(),
        category.to_uppercase(),
        event.number,
        set(&event.capabilities, capabilities)?,
        fields(&event.values)?,
    )?;
    let constant = format!("const EVENT: Event = {};", name.to_uppercase());
    write_type(text, "HostEvent", &format!("{}Event", camel(name)), &about, &constant, &event.values)
}

/// A struct with a field for each value, and its trait.
fn write_type(text: &mut String, of: &str, name: &str, about: &str, constant: &str, values: &[Field]) -> Result<()> {
    let lifetime =
        if values.iter().any(|field| matches!(field.kind.as_str(), "bytes" | "text" | "list")) { "<'a>" } else { "" };
    writeln!(text, "\n/// {about}\n#[derive(Clone, Copy, Debug, PartialEq, Eq)]")?;
    if values.is_empty() {
        writeln!(text, "pub struct {name};")?;
    } else {
        writeln!(text, "pub struct {name}{lifetime} {{")?;
        for field in values {
            let kind = rust_type(field);
            let kind = if field.optional { format!("Option<{kind}>") } else { kind.to_owned() };
            writeln!(text, "/// {}\npub {}: {kind},", described(field), field.name)?;
        }
        writeln!(text, "}}")?;
    }
    writeln!(text, "\nimpl<'a> {of}<'a> for {name}{lifetime} {{\n{constant}\n")?;
    let (encoder, operands) = if values.is_empty() { ("_encoder", "_values") } else { ("encoder", "values") };
    writeln!(text, "fn write(&self, {encoder}: &mut Encoder<'_>) {{")?;
    for field in values {
        let (method, name) = (writer(field), &field.name);
        match (field.kind.as_str(), field.optional) {
            ("list", false) => writeln!(text, "self.{name}.write(encoder);")?,
            ("list", true) => writeln!(text, "if let Some({name}) = self.{name} {{ {name}.write(encoder); }}")?,
            (_, false) => writeln!(text, "encoder.{method}(self.{name});")?,
            (_, true) => writeln!(text, "if let Some({name}) = self.{name} {{ encoder.{method}({name}); }}")?,
        }
    }
    writeln!(text, "}}\n\nfn read({operands}: Operands<'a>) -> Option<Self> {{")?;
    if values.is_empty() {
        writeln!(text, "Some(Self)\n}}\n}}")?;
        return Ok(());
    }
    writeln!(text, "let mut values = values.iter();")?;
    for field in values {
        let (variant, name) = (camel(&field.kind), &field.name);
        let value = if field.kind == "list" { format!("TextList::decoded({name})") } else { name.clone() };
        if field.optional {
            writeln!(
                text,
                "let {name} = match values.next() {{ Some(OperandRef::{variant}({name})) => Some({value}), _ => None }};"
            )?;
        } else {
            writeln!(text, "let Some(OperandRef::{variant}({name})) = values.next() else {{ return None }};")?;
            if field.kind == "list" {
                writeln!(text, "let {name} = {value};")?;
            }
        }
    }
    let names: Vec<_> = values.iter().map(|field| field.name.as_str()).collect();
    writeln!(text, "Some(Self {{ {} }})\n}}\n}}", names.join(", "))?;
    Ok(())
}

/// What a field's documentation says: its type, its bounds.
fn described(field: &Field) -> String {
    let unit = match field.kind.as_str() {
        "bytes" | "text" => " bytes",
        "list" => " elements",
        _ => "",
    };
    let kind = match (&field.handle, &field.element) {
        (Some(kind), _) => format!("A handle: {kind}"),
        (_, Some(element)) => format!("A list of {element}"),
        _ => match field.kind.as_str() {
            "unsigned" => "An unsigned number".to_owned(),
            "signed" => "A signed number".to_owned(),
            "bool" => "A truth value".to_owned(),
            "text" => "Text".to_owned(),
            "bytes" => "Bytes".to_owned(),
            other => other.to_owned(),
        },
    };
    match (field.min, field.max) {
        (None, None) => format!("{kind}."),
        (Some(min), None) => format!("{kind}, {min}{unit} or more."),
        (None, Some(max)) => format!("{kind}, up to {max}{unit}."),
        (Some(min), Some(max)) if min == max => format!("{kind}, {min}{unit}."),
        (Some(min), Some(max)) => format!("{kind}, {min} to {max}{unit}."),
    }
}

fn rust_type(field: &Field) -> &'static str {
    match field.kind.as_str() {
        "unsigned" => "u64",
        "signed" => "i64",
        "bytes" => "&'a [u8]",
        "text" => "&'a str",
        "bool" => "bool",
        "f64" => "crate::instruction::F64",
        "handle" => "u32",
        _ => "TextList<'a>",
    }
}

fn writer(field: &Field) -> &str {
    &field.kind
}

/// The schema of values.
fn fields(values: &[Field]) -> Result<String> {
    let mut text = String::new();
    for field in values {
        let form = form(field)?;
        write!(text, "Field {{ name: \"{}\", form: {form}, optional: {} }},", field.name, field.optional)?;
    }
    Ok(text)
}

fn form(field: &Field) -> Result<String> {
    let number = |value: Option<i64>, otherwise: &str| value.map_or(otherwise.to_owned(), grouped);
    let bounds = |smallest: &str, largest: &str| {
        format!("{{ min: {}, max: {} }}", number(field.min, smallest), number(field.max, largest))
    };
    Ok(match field.kind.as_str() {
        "unsigned" => format!("Form::Unsigned {}", bounds("0", "u64::MAX")),
        "signed" => format!("Form::Signed {}", bounds("i64::MIN", "i64::MAX")),
        "bytes" => format!("Form::Bytes {}", bounds("0", "usize::MAX")),
        "text" => format!("Form::Text {}", bounds("0", "usize::MAX")),
        "bool" => "Form::Bool".to_owned(),
        "f64" => "Form::F64".to_owned(),
        "handle" => format!("Form::Handle(HandleKind::{})", camel(field.handle.as_ref().context("a kind of handle")?)),
        "list" => {
            let element = field.element.as_deref();
            ensure!(element == Some("text"), "a list of {element:?} has no type in Rust yet");
            format!("Form::List {{ element: OperandType::Text, max: {} }}", number(field.max, "usize::MAX"))
        }
        other => anyhow::bail!("`{other}` is no type"),
    })
}

/// A set of capabilities, by its bits.
fn set(names: &[String], capabilities: &[Capability]) -> Result<String> {
    if names.is_empty() {
        return Ok("CapabilitySet::EMPTY".to_owned());
    }
    Ok(format!("CapabilitySet::from_bits(0x{:04X})", bits(names, capabilities)?))
}

/// A set of capabilities as a number.
fn bits(names: &[String], capabilities: &[Capability]) -> Result<u16> {
    let mut bits = 0;
    for name in names {
        let capability = capabilities.iter().find(|other| other.name == *name);
        bits |= 1 << capability.with_context(|| format!("`{name}` is no capability"))?.bit;
    }
    Ok(bits)
}

/// `open_read` as `OpenRead`.
fn camel(name: &str) -> String {
    name.split('_')
        .map(|part| {
            let mut letters = part.chars();
            letters.next().map_or(String::new(), |first| first.to_ascii_uppercase().to_string() + letters.as_str())
        })
        .collect()
}

/// `65535` as `65_535`.
fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && digits.len().saturating_sub(at).is_multiple_of(3) {
            text.push('_');
        }
        text.push(digit);
    }
    if number < 0 { format!("-{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_are_written_as_rust_writes_them() {
        assert_eq!((camel("open_read"), camel("hmac_sha256")), ("OpenRead".into(), "HmacSha256".into()));
        assert_eq!([grouped(7), grouped(1000), grouped(-2_147_483_648)], ["7", "1_000", "-2_147_483_648"]);
    }

    #[test]
    fn a_stale_module_would_be_told() {
        let registry = SpecMap::load().unwrap().registry;
        let before = module(&registry.instructions, &registry.capabilities, "io").unwrap();
        let mut changed = registry.instructions.clone();
        changed.opcodes[0].capabilities = vec!["fs.read".into()];
        assert_ne!(module(&changed, &registry.capabilities, "io").unwrap(), before);
        changed.opcodes[0].capabilities = vec!["teleport".into()];
        let error = module(&changed, &registry.capabilities, "io").unwrap_err();
        assert_eq!(error.to_string(), "`teleport` is no capability");
    }
}
