//! Scripts of calls on real compiled modules (`real/*.calls`), done on several engines in step and compared after each.
//!
//! A line is a verb and its words. Numbers are decimal or `0x…`; `$name` is what `-> name` kept; `a+b` is their sum.
//!
//! | verb | what it does |
//! |---|---|
//! | `package NAME@VERSION`, `file PATH`, `blob N` | where the module is: a file, or the Nth module in base64 within it |
//! | `call EXPORT WORD… [-> name]` | calls an export; keeps its first result |
//! | `global EXPORT -> name` | keeps the value of a global |
//! | `text AT …`, `utf16 AT …`, `hex AT HEX`, `random AT LENGTH SEED` | writes to the exported memory |
//! | `read32 AT -> name`, `copy AT LENGTH -> name` | keeps a number, or bytes |
//! | `expect AT HEX`, `equals WORD WORD`, `same AT name` | holds memory or numbers against what is known |
//! | `auto SEED TIMES` | calls every export so many times with arguments of a seed |
//! | `for COUNT` … `end` | repeats, with `$n` from 0 on |

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result, bail, ensure};
use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::engine::{Ending, Engine, Instance, Start};
use crate::host::Answers;
use crate::plan::{Plan, parameters_of};
use crate::random::Random;
use crate::trace::state_of;
use crate::value::{Type, Value};

/// Fuel of a call.
const FUEL: u64 = 20_000_000;
/// Fuel of a call with whatever arguments, which may well never return.
const FUEL_OF_AUTO: u64 = 200_000;

/// Where a module is.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// The npm package, `NAME@VERSION`.
    pub package: String,
    /// The file within it.
    pub file: String,
    /// Which module within that file, where it is none itself.
    pub blob: Option<usize>,
}

impl Source {
    /// Reads the first lines of a script.
    ///
    /// # Errors
    /// They name no package and file.
    pub fn of(script: &str) -> Result<Self> {
        let mut source = Self::default();
        for line in script.lines() {
            match line.split_once(' ') {
                Some(("package", name)) => name.clone_into(&mut source.package),
                Some(("file", path)) => path.clone_into(&mut source.file),
                Some(("blob", number)) => source.blob = Some(number.parse()?),
                _ => {}
            }
        }
        ensure!(!source.package.is_empty() && !source.file.is_empty(), "no package or no file");
        Ok(source)
    }

    /// The module in the file's bytes.
    ///
    /// # Errors
    /// There is none.
    pub fn module(&self, file: Vec<u8>) -> Result<Vec<u8>> {
        let Some(number) = self.blob else { return Ok(file) };
        let text = String::from_utf8(file)?;
        let mut seen = BTreeSet::new();
        // `\0asm` and the first bits of the version.
        let blobs = text.match_indices("AGFzbQ").map(|(at, _)| {
            let rest = text.get(at..).unwrap_or_default();
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '+' && c != '/').unwrap_or(rest.len());
            rest.get(..end).unwrap_or_default()
        });
        let blob = blobs.filter(|blob| blob.len() > 100 && seen.insert(*blob)).nth(number).context("no such blob")?;
        let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
        Ok(GeneralPurpose::new(&STANDARD, config.with_decode_allow_trailing_bits(true)).decode(blob)?)
    }
}

/// A thing that a script keeps.
#[derive(Clone, Debug)]
enum Kept {
    Number(u64),
    Bytes(Vec<u8>),
}

/// Done over several engines in step.
struct Player<'a> {
    plan: Plan,
    parameters: BTreeMap<String, Vec<Type>>,
    memory: Option<String>,
    instances: Vec<(&'a str, Box<dyn Instance>)>,
    kept: BTreeMap<String, Kept>,
    steps: usize,
    bytes: &'a [u8],
}

/// Does a script; the number of steps compared.
///
/// # Errors
/// Engines differ, something known does not hold, or the script is wrong.
pub fn play(engines: &[Box<dyn Engine>], bytes: &[u8], script: &str) -> Result<usize> {
    let plan = Plan::of(bytes, 0, 0, FUEL, Answers::Zero)?;
    let mut instances = Vec::new();
    for engine in engines {
        match engine.instantiate(bytes, FUEL, Answers::Zero) {
            Start::Ready(instance) => instances.push((engine.name(), instance)),
            Start::Ended(ending) => bail!("{}: instantiation ends with {ending:?}", engine.name()),
            Start::Refused(why) => bail!("{} refuses it: {why}", engine.name()),
        }
    }
    let memory = plan.memories.first().cloned();
    let parameters = parameters_of(bytes)?;
    let kept = BTreeMap::new();
    let mut player = Player { plan, parameters, memory, instances, kept, steps: 0, bytes };
    player.compare("instantiation")?;
    let lines: Vec<&str> = script.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).collect();
    player.lines(&lines)?;
    Ok(player.steps)
}

impl Player<'_> {
    /// Does lines; false where an engine has come to an end of its own.
    fn lines(&mut self, lines: &[&str]) -> Result<bool> {
        let mut rest = lines;
        while let Some((line, after)) = rest.split_first() {
            rest = after;
            if let Some(count) = line.strip_prefix("for ") {
                let end = rest.iter().position(|line| *line == "end").context("`for` without `end`")?;
                let (body, after) = rest.split_at(end);
                rest = after.get(1..).unwrap_or_default();
                for number in 0..count.parse()? {
                    self.kept.insert("n".to_owned(), Kept::Number(number));
                    if !self.lines(body)? {
                        return Ok(false);
                    }
                }
            } else if !self.line(line).with_context(|| format!("step {}, `{line}`", self.steps))? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn line(&mut self, line: &str) -> Result<bool> {
        let (line, name) = line.split_once(" -> ").map_or((line, None), |(line, name)| (line, Some(name)));
        let (verb, words) = line.split_once(' ').unwrap_or((line, ""));
        let list: Vec<&str> = words.split_whitespace().collect();
        match (verb, &*list, name) {
            ("package" | "file" | "blob", ..) => {}
            ("call", [export, arguments @ ..], _) => {
                let types = self.parameters.get(*export).cloned().with_context(|| format!("no function `{export}`"))?;
                ensure!(types.len() == arguments.len(), "`{export}` takes {} arguments", types.len());
                let mut values = Vec::new();
                for (of, word) in types.iter().zip(arguments) {
                    values.push(value(*of, self.number(word)?));
                }
                return self.call(export, &values, name, FUEL);
            }
            ("global", [export], Some(name)) => {
                let (_, first) = self.instances.first_mut().context("no engine")?;
                let number = number_of(first.global(export).context("no such global")?);
                self.kept.insert(name.to_owned(), Kept::Number(number));
            }
            ("text", [at, ..], _) => {
                let text = words.split_once(' ').context("no text")?.1;
                self.write(at, text.as_bytes())?;
            }
            ("utf16", [at, ..], _) => {
                let text = words.split_once(' ').context("no text")?.1;
                self.write(at, &text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>())?;
            }
            ("hex", [at, digits], _) => self.write(at, &hex::decode(digits)?)?,
            ("random", [at, length, seed], _) => {
                let bytes = Random::new(self.number(seed)?).bytes(usize::try_from(self.number(length)?)?);
                self.write(at, &bytes)?;
            }
            ("read32", [at], Some(name)) => {
                let bytes = self.read(at, 4)?;
                let number = bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte));
                self.kept.insert(name.to_owned(), Kept::Number(number));
            }
            ("copy", [at, length], Some(name)) => {
                let bytes = self.read(at, usize::try_from(self.number(length)?)?)?;
                self.kept.insert(name.to_owned(), Kept::Bytes(bytes));
            }
            ("expect", [at, digits], _) => {
                let bytes = hex::encode(self.read(at, digits.len() / 2)?);
                ensure!(bytes == *digits, "it is {bytes}");
            }
            ("equals", [left, right], _) => {
                let (left, right) = (self.number(left)?, self.number(right)?);
                ensure!(left == right, "{left:#x} is not {right:#x}");
            }
            ("same", [at, name], _) => {
                let Some(Kept::Bytes(bytes)) = self.kept.get(*name).cloned() else { bail!("no bytes `{name}`") };
                ensure!(self.read(at, bytes.len())? == bytes, "the bytes differ");
            }
            ("auto", [seed, times], _) => {
                let (seed, times) = (self.number(seed)?, usize::try_from(self.number(times)?)?);
                for call in Plan::of(self.bytes, seed, times, FUEL, Answers::Zero)?.calls {
                    if !self.call(&call.export, &call.arguments, None, FUEL_OF_AUTO)? {
                        return Ok(false);
                    }
                }
            }
            _ => bail!("no such verb, or the wrong words"),
        }
        Ok(true)
    }

    fn call(&mut self, export: &str, arguments: &[Value], name: Option<&str>, fuel: u64) -> Result<bool> {
        let mut endings: Vec<(&str, Ending, Option<u64>)> = Vec::new();
        for (engine, instance) in &mut self.instances {
            endings.push((engine, instance.call(export, arguments, fuel), instance.executed()));
        }
        if endings.iter().any(|(_, ending, _)| ending.is_own()) {
            return Ok(false);
        }
        let (_, first, _) = endings.first().context("no engine")?;
        let counts: BTreeSet<u64> = endings.iter().filter_map(|(_, _, count)| *count).collect();
        if endings.iter().any(|(_, ending, _)| ending != first) || counts.len() > 1 {
            bail!("`{export}` {arguments:?} ends differently: {endings:?}");
        }
        match (name, first) {
            (Some(name), Ending::Returned(results)) => {
                let result = number_of(*results.first().context("no result")?);
                self.kept.insert(name.to_owned(), Kept::Number(result));
            }
            (Some(_), ending) => bail!("`{export}` ends with {ending:?}"),
            (None, _) => {}
        }
        self.compare(export)?;
        Ok(true)
    }

    /// Holds everything that the instances show against each other.
    fn compare(&mut self, what: &str) -> Result<()> {
        self.steps += 1;
        let mut states = Vec::new();
        for (name, instance) in &mut self.instances {
            states.push((*name, state_of(&mut **instance, &self.plan)));
        }
        let (_, first) = states.first().context("no engine")?;
        ensure!(states.iter().all(|(_, state)| state == first), "after {what} the states differ: {states:#?}");
        Ok(())
    }

    fn number(&self, word: &str) -> Result<u64> {
        word.split('+').try_fold(0_u64, |sum, word| {
            let number = match (word.strip_prefix('$'), word.strip_prefix("0x")) {
                (Some(name), _) => match self.kept.get(name) {
                    Some(Kept::Number(number)) => *number,
                    _ => bail!("no number `{name}`"),
                },
                (None, Some(digits)) => u64::from_str_radix(digits, 16)?,
                (None, None) => word.parse::<i128>()? as u64,
            };
            Ok(sum.wrapping_add(number))
        })
    }

    fn write(&mut self, at: &str, bytes: &[u8]) -> Result<()> {
        let at = usize::try_from(self.number(at)? & 0xFFFF_FFFF)?;
        let name = self.memory.as_deref().context("no memory")?;
        for (_, instance) in &mut self.instances {
            let memory = instance.memory(name).context("no memory")?;
            memory.get_mut(at..at + bytes.len()).context("past the memory")?.copy_from_slice(bytes);
        }
        Ok(())
    }

    /// From the first engine: the others have the same, or would not be here.
    fn read(&mut self, at: &str, length: usize) -> Result<Vec<u8>> {
        let at = usize::try_from(self.number(at)? & 0xFFFF_FFFF)?;
        let name = self.memory.as_deref().context("no memory")?;
        let (_, first) = self.instances.first_mut().context("no engine")?;
        let memory = first.memory(name).context("no memory")?;
        Ok(memory.get(at..at + length).context("past the memory")?.to_vec())
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a script's numbers are taken modulo 2^32")]
const fn value(of: Type, number: u64) -> Value {
    match of {
        Type::I32 => Value::I32(number as u32),
        Type::I64 => Value::I64(number),
        Type::F32 => Value::F32((number.cast_signed() as f32).to_bits()),
        Type::F64 => Value::F64((number.cast_signed() as f64).to_bits()),
        Type::FuncRef => Value::FuncRef { is_null: true },
        Type::ExternRef => Value::ExternRef { is_null: true },
    }
}

const fn number_of(value: Value) -> u64 {
    match value {
        Value::I32(bits) | Value::F32(bits) => bits as u64,
        Value::I64(bits) | Value::F64(bits) => bits,
        Value::FuncRef { is_null } | Value::ExternRef { is_null } => is_null as u64,
    }
}
