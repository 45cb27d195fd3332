//! The one maker of each error of this layer.

use fayger_contracts::{ContextValue, ErrorCode, FaygerError, InstanceId, LifecycleState};

use crate::strategy::TrapKind;

/// `RT_INSTANCE_FAILED` over what ended the instance.
pub(crate) fn instance_failed(cause: FaygerError) -> FaygerError {
    FaygerError::new(ErrorCode::RtInstanceFailed, "the instance has failed").caused_by(cause)
}

pub(crate) fn load_refused(cause: FaygerError) -> FaygerError {
    FaygerError::new(ErrorCode::RtLoadRefused, "the object cannot become an instance here").caused_by(cause)
}

//= RT-INTERFACE-002
pub(crate) fn unknown_instance(id: InstanceId) -> FaygerError {
    FaygerError::new(ErrorCode::RtUnknownInstance, "no instance has this id").with("instance", id.to_string())
}

pub(crate) fn illegal_state(state: LifecycleState) -> FaygerError {
    FaygerError::new(ErrorCode::RtIllegalState, "the instance takes no events in this state")
        .with("current_state", state.name())
}

pub(crate) fn event_unhandled() -> FaygerError {
    FaygerError::new(ErrorCode::RtEventUnhandled, "the Manifest names no `on_event`")
}

pub(crate) fn event_malformed(malformed: fayger_contracts::instruction::Malformed) -> FaygerError {
    FaygerError::new(ErrorCode::RtEventMalformed, "these bytes are no event")
        .with("offset", malformed.offset as u64)
        .with("rule", malformed.rule.name())
}

pub(crate) fn emit_rejected(reason: &'static str, state: Option<LifecycleState>) -> FaygerError {
    let error =
        FaygerError::new(ErrorCode::AdpEmitRejected, "the instance takes no instruction now").with("reason", reason);
    match state {
        Some(state) => error.with("current_state", state.name()),
        None => error,
    }
}

pub(crate) fn init_refused(status: i32) -> FaygerError {
    FaygerError::new(ErrorCode::RtInitRefused, "`init` returned another value than 0")
        .with("status", status.to_string())
}

/// `HOST_NATIVE`: no code of an artifact is to bring this about.
pub(crate) fn panicked(who: &str) -> FaygerError {
    FaygerError::new(ErrorCode::HostNative, format!("{who} panicked")).with("kind", "panic")
}

/// `RT_TRAP`.
pub fn trap(kind: TrapKind) -> FaygerError {
    FaygerError::new(ErrorCode::RtTrap, "the code trapped").with("kind", kind.name())
}

/// `RT_RESOURCE_EXHAUSTED`.
pub fn exhausted(resource: Resource, limit: u64) -> FaygerError {
    FaygerError::new(ErrorCode::RtResourceExhausted, "a quota is used up")
        .with("resource", resource.name())
        .with("limit", limit)
}

/// What an `RT_RESOURCE_EXHAUSTED` says is used up, and its limit; none of any other error.
pub(crate) fn exhausted_resource(error: &FaygerError) -> Option<(Resource, u64)> {
    let field = |name: &str| (error.code == ErrorCode::RtResourceExhausted).then(|| error.context.get(name)).flatten();
    match (field("resource"), field("limit")) {
        (Some(ContextValue::Text(name)), Some(ContextValue::Integer(limit))) => {
            let resource = Resource::ALL.into_iter().find(|resource| resource.name() == name)?;
            Some((resource, *limit))
        }
        _ => None,
    }
}

/// `RT_CODE_INVALID`.
pub fn code_invalid(subject: CodeSubject) -> FaygerError {
    FaygerError::new(ErrorCode::RtCodeInvalid, "the code section cannot be executed").with("subject", subject.name())
}

/// What has a quota.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Resource {
    /// Bytes of linear memory.
    Memory,
    /// Elements of tables.
    Table,
    /// Events that wait.
    EventQueue,
    /// Open handles.
    OpenHandles,
    /// Fuel.
    Fuel,
    /// Time of execution, in milliseconds.
    WallTime,
}

impl Resource {
    /// All of them, in the order of the registry.
    pub const ALL: [Self; 6] =
        [Self::Memory, Self::Table, Self::EventQueue, Self::OpenHandles, Self::Fuel, Self::WallTime];

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Table => "table",
            Self::EventQueue => "event_queue",
            Self::OpenHandles => "open_handles",
            Self::Fuel => "fuel",
            Self::WallTime => "wall_time",
        }
    }
}

/// What of a code section is wrong.
//= RT-CODE-001
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CodeSubject {
    /// The bytes are no module, or one that does not validate.
    Module,
    /// An import that `fayger_v1` does not have, or of another type.
    Import,
    /// An export that the entry names is absent, or of another type.
    Export,
    /// There is not exactly one memory, of the module's own, exported as `memory`.
    Memory,
    /// The module has a start section.
    Start,
}

impl CodeSubject {
    /// All of them, in the order of the registry.
    pub const ALL: [Self; 5] = [Self::Module, Self::Import, Self::Export, Self::Memory, Self::Start];

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Module => "module",
            Self::Import => "import",
            Self::Export => "export",
            Self::Memory => "memory",
            Self::Start => "start",
        }
    }
}
