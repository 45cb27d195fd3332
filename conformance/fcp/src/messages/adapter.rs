//! Instructions, events and replies on their own; negotiation; the bus; descriptors. A set of capabilities is an array of names, in the order of
//! their numbers: the sixteen by name, and `#16` to `#271` for those that have none.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Base64, Decimal};

/// One operand, reply value or event value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Operand {
    /// Type 1.
    Unsigned(Decimal),
    /// Type 2: an integer of 64 bits in decimal.
    Signed(#[schemars(regex(pattern = r"^(0|-?[1-9][0-9]{0,18})$"))] String),
    /// Type 3.
    Bytes(Base64),
    /// Type 4.
    Text(String),
    /// Type 5.
    Bool(bool),
    /// Type 6: its 64 bits as 16 hex digits, the sign first.
    F64(#[schemars(regex(pattern = "^[0-9a-f]{16}$"))] String),
    /// Type 7.
    Handle(u32),
    /// Type 8.
    List(Vec<Operand>),
}

/// An instruction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InstructionForm {
    /// The number of its category.
    #[schemars(range(max = 15))]
    pub category: u8,
    /// Its opcode.
    pub opcode: u16,
    /// The capabilities that it names, those of the extension segment among them.
    pub capabilities: Vec<String>,
    /// Its operands.
    pub operands: Vec<Operand>,
}

/// An event from the host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EventForm {
    /// The number of its category.
    #[schemars(range(max = 15))]
    pub category: u8,
    /// Its number within the category.
    pub opcode: u16,
    /// Its values.
    pub values: Vec<Operand>,
}

/// A reply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReplyForm {
    /// The number of its status.
    #[schemars(range(max = 12))]
    pub status: u16,
    /// Its values.
    pub values: Vec<Operand>,
}

/// The encoding of an instruction, event or reply: the parameters of the methods that decode and the result of those that encode.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Encoded {
    /// All its bytes.
    pub bytes: Base64,
}

/// The parameters of `capability.negotiate`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NegotiateParams {
    /// What the object cannot do without.
    pub required: Vec<String>,
    /// What it would use.
    pub optional: Vec<String>,
    /// What the operator allows.
    pub granted: Vec<String>,
    /// What the host can do.
    pub supported: Vec<String>,
}

/// The result of `capability.negotiate`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NegotiateOk {
    /// What the object may use.
    pub effective: Vec<String>,
}

/// The parameters of `bus.open`: an instance at the bus of a host that the runner plays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BusOpenParams {
    /// What the runner calls the instance until the next `reset`.
    pub instance: String,
    /// Required and optional capabilities of its object.
    pub declared: Vec<String>,
    /// What the operator allows.
    pub granted: Vec<String>,
    /// What the host supports: every instruction of the registry that needs no more, and those of `experimental`.
    pub supported: Vec<String>,
    /// Open handles at most.
    pub handles: u32,
    /// The experimental instructions that the host's descriptor lists.
    #[serde(default)]
    pub experimental: Vec<DescribedInstruction>,
}

/// The parameters of `bus.emit`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BusEmitParams {
    /// Who emits.
    pub instance: String,
    /// The instruction, encoded, right or wrong.
    pub instruction: Base64,
    /// What the host answers if it is asked; absent where it must not be asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<HostAnswer>,
}

/// What the host answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum HostAnswer {
    /// A reply, encoded, right or wrong.
    Reply(Base64),
    /// No reply.
    Error(HostError),
}

/// Why the host has no reply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HostError {
    /// What kind of error it is.
    pub kind: HostErrorKind,
    /// The machine's own number for it, in decimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = r"^(0|-?[1-9][0-9]{0,18})$"))]
    pub code: Option<String>,
}

/// A kind of host error that the runner can play.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum HostErrorKind {
    /// An error of the machine that no status stands for.
    Native,
    /// The adapter panics, throws or aborts, as the testee's language has it.
    Panic,
    /// The adapter does not answer until the bus's time-out has passed, by a clock that the testee turns.
    Timeout,
}

/// The result of `bus.emit`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BusEmitOk {
    /// The reply; absent where the instance ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<Base64>,
    /// The exit status, where the instance ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit: Option<i32>,
    /// The instruction that the host was asked; absent where it was not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host_call: Option<Base64>,
}

/// The parameters of `registry.check`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CheckDescriptorParams {
    /// What an adapter says of itself.
    pub descriptor: Descriptor,
    /// The instructions whose self-test fails.
    #[serde(default)]
    pub failing: Vec<DescribedInstruction>,
}

/// What an adapter says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Descriptor {
    /// Its name.
    pub name: String,
    /// The kind of host that it is for: `desktop`, `server`, `browser` or `in-app`.
    pub host: String,
    /// The capabilities that it claims.
    pub supported_capabilities: Vec<String>,
    /// The instructions that it claims.
    pub supported_instructions: Vec<DescribedInstruction>,
}

/// An instruction that a descriptor lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DescribedInstruction {
    /// The number of its category.
    #[schemars(range(max = 15))]
    pub category: u8,
    /// Its opcode.
    pub opcode: u16,
    /// The capabilities that it needs, for an experimental one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capabilities: Option<Vec<String>>,
}
