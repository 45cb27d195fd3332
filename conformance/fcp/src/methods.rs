//! The one table of methods. The [`Testee`] trait, the dispatch of requests and the JSON Schema all come from it.

use schemars::{Schema, SchemaGenerator};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::messages::{
    Artifact, BuildParams, CborDecodeOk, CborDecodeParams, CborEncodeOk, CborEncodeParams, Empty, EventsDrainOk,
    HelloOk, HelloParams, LoadOk, LoadParams, ReadSectionOk, ReadSectionParams, SerialiseParams, SigningPayloadParams,
    TrustAddParams, TrustChangeOk, TrustKeyParams, TrustListOk,
};
use crate::messages::{
    BusEmitOk, BusEmitParams, BusOpenParams, CheckDescriptorParams, Encoded, EventForm, InstructionForm, NegotiateOk,
    NegotiateParams, ReplyForm,
};
use crate::messages::{
    ClockAdvanceParams, EmitOk, EmitParams, FailureInfoOk, HostCallAnswer, HostCompleteParams, Instance, OnEventParams,
    ResolveOk, ResolveParams, RtVersionOk, RunOk, RunParams, RuntimeCapabilitiesOk, RuntimeDescriptor,
    RuntimeLoadParams, SourceReadAnswer, SourceReadParams, StateOk,
};
use crate::{Answer, Outcome, RpcError, features};

/// A method of the protocol.
#[derive(Clone, Copy, Debug)]
pub struct Method {
    /// Its name on the wire.
    pub name: &'static str,
    /// The feature that brings it; `None` for what every testee has.
    pub feature: Option<&'static str>,
    pub(crate) params: fn(&mut SchemaGenerator) -> Schema,
    pub(crate) result: fn(&mut SchemaGenerator) -> Schema,
}

/// What a testee asks the runner while one of the requests [`MAY_HOST_CALL`] is open, strictly nested: `host.call`, answered with a [`HostCallAnswer`] under
/// `result`. Meanwhile the runner sends [`WHILE_HOST_CALL`] alone.
pub const HOST_CALL: &str = "host.call";

/// What a testee asks of the source of an object, under `loader.sources`: strictly nested within any request but `hello` and `reset`, also within
/// one that is nested itself. Until it is answered, with a [`SourceReadAnswer`] under `result`, the runner sends nothing.
pub const SOURCE_READ: &str = "source.read";

/// What a testee tells the runner, once, when an instance has ended and its host has to release what it holds: a notification, before the answer
/// to the request that it ended in, or to `reset`. A testee that says nothing leaves cases that look for it red; one that says it of an instance that
/// there is not, that lives, twice or late breaks the protocol.
pub const HOST_RELEASE: &str = "host.release";

/// The requests within which a testee may ask `host.call`: those that run code, or the bus in its place.
pub const MAY_HOST_CALL: [&str; 3] = ["runtime.init", "runtime.run", "runtime.emit"];

/// The methods that the runner may call while a `host.call` is open.
pub const WHILE_HOST_CALL: [&str; 6] = [
    "runtime.state",
    "runtime.failure_info",
    "runtime.suspend",
    "runtime.resume",
    "runtime.terminate",
    "runtime.on_event",
];

/// The schemas of the parameters and of the answer of `host.call`.
pub(crate) fn host_call(generator: &mut SchemaGenerator) -> (Schema, Schema) {
    (generator.subschema_for::<EmitParams>(), generator.subschema_for::<HostCallAnswer>())
}

/// The schemas of the parameters and of the answer of `source.read`.
pub(crate) fn source_read(generator: &mut SchemaGenerator) -> (Schema, Schema) {
    (generator.subschema_for::<SourceReadParams>(), generator.subschema_for::<SourceReadAnswer>())
}

/// The schema of the parameters of `host.release`.
pub(crate) fn host_release(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<Instance>()
}

/// The method of this name.
#[must_use]
pub fn method(name: &str) -> Option<&'static Method> {
    METHODS.iter().find(|method| method.name == name)
}

macro_rules! methods {
    ($( $(#[$doc:meta])* $wire:literal, $feature:expr, $name:ident($params:ty) -> $ok:ty; )*) => {
        /// Every method, in the order of the documentation.
        pub const METHODS: &[Method] = &[$(
            Method {
                name: $wire,
                feature: $feature,
                params: |generator| generator.subschema_for::<$params>(),
                result: |generator| generator.subschema_for::<Outcome<$ok>>(),
            },
        )*];

        /// An implementation under test. A method that is not overridden is answered with JSON-RPC's -32601, as methods of features that
        /// were not declared in `hello` are.
        pub trait Testee {
            $(
                $(#[$doc])*
                ///
                /// # Errors
                ///
                /// A JSON-RPC error: a fault of the protocol, never the outcome of a case.
                fn $name(&mut self, params: $params) -> Answer<$ok> {
                    let _ = params;
                    Err(RpcError::method_not_found($wire))
                }
            )*
        }

        /// Calls the method of this name.
        pub(crate) fn dispatch(testee: &mut dyn Testee, method: &str, params: Value) -> Result<Value, RpcError> {
            match method {
                $( $wire => call(params, |params| testee.$name(params)), )*
                other => Err(RpcError::method_not_found(other)),
            }
        }
    };
}

fn call<P: DeserializeOwned, T: Serialize>(params: Value, run: impl FnOnce(P) -> Answer<T>) -> Result<Value, RpcError> {
    let params = serde_json::from_value(params).map_err(RpcError::invalid_params)?;
    serde_json::to_value(run(params)?).map_err(|error| RpcError::new(RpcError::INTERNAL_ERROR, error))
}

methods! {
    /// The first request: names the testee, its features and its limits.
    "hello", None, hello(HelloParams) -> HelloOk;
    /// Drops objects, trust and events; comes before every case.
    "reset", None, reset(Empty) -> Empty;
    /// Decodes one item of deterministic CBOR.
    "cbor.decode", Some(features::CBOR), cbor_decode(CborDecodeParams) -> CborDecodeOk;
    /// Encodes one item.
    "cbor.encode", Some(features::CBOR), cbor_encode(CborEncodeParams) -> CborEncodeOk;
    /// Runs the whole loading chain over an artifact.
    "loader.load", Some(features::LOADER), loader_load(LoadParams) -> LoadOk;
    /// Reads one section's body of a loaded object.
    "loader.read_section", Some(features::LOADER), loader_read_section(ReadSectionParams) -> ReadSectionOk;
    /// Writes a loaded object as an artifact.
    "serializer.serialize", Some(features::SERIALIZER), serializer_serialize(SerialiseParams) -> Artifact;
    /// Gives the bytes that a signature of this draft covers.
    "serializer.signing_payload", Some(features::SERIALIZER), serializer_signing_payload(SigningPayloadParams) -> Artifact;
    /// Builds an artifact.
    "serializer.build", Some(features::SERIALIZER), serializer_build(BuildParams) -> Artifact;
    /// Trusts a key.
    "trust.add", Some(features::TRUST), trust_add(TrustAddParams) -> TrustChangeOk;
    /// Revokes a key.
    "trust.revoke", Some(features::TRUST), trust_revoke(TrustKeyParams) -> TrustChangeOk;
    /// Forgets a key.
    "trust.remove", Some(features::TRUST), trust_remove(TrustKeyParams) -> TrustChangeOk;
    /// Gives every root and the store's digest.
    "trust.list", Some(features::TRUST), trust_list(Empty) -> TrustListOk;
    /// Decodes an instruction.
    "instruction.decode", Some(features::INSTRUCTION), instruction_decode(Encoded) -> InstructionForm;
    /// Encodes an instruction.
    "instruction.encode", Some(features::INSTRUCTION), instruction_encode(InstructionForm) -> Encoded;
    /// Decodes an event from the host.
    "instruction.decode_event", Some(features::INSTRUCTION), instruction_decode_event(Encoded) -> EventForm;
    /// Encodes an event from the host.
    "instruction.encode_event", Some(features::INSTRUCTION), instruction_encode_event(EventForm) -> Encoded;
    /// Decodes a reply.
    "instruction.decode_reply", Some(features::INSTRUCTION), instruction_decode_reply(Encoded) -> ReplyForm;
    /// Encodes a reply.
    "instruction.encode_reply", Some(features::INSTRUCTION), instruction_encode_reply(ReplyForm) -> Encoded;
    /// Works out what an object may use.
    "capability.negotiate", Some(features::CAPABILITY), capability_negotiate(NegotiateParams) -> NegotiateOk;
    /// Puts an instance at the bus.
    "bus.open", Some(features::BUS), bus_open(BusOpenParams) -> Empty;
    /// Hands an instruction of an instance to the bus.
    "bus.emit", Some(features::BUS), bus_emit(BusEmitParams) -> BusEmitOk;
    /// Checks what an adapter says of itself.
    "registry.check", Some(features::REGISTRY), registry_check(CheckDescriptorParams) -> Empty;
    /// Registers a runtime implementation that has no code behind it.
    "runtime.register", Some(features::RUNTIME), runtime_register(RuntimeDescriptor) -> Empty;
    /// Finds the registered implementation for an object.
    "runtime.resolve", Some(features::RUNTIME), runtime_resolve(ResolveParams) -> ResolveOk;
    /// Tells the version of Runtime_Interface.
    "runtime.rt_version", Some(features::RUNTIME), runtime_rt_version(Empty) -> RtVersionOk;
    /// Tells the runtime capabilities.
    "runtime.capabilities", Some(features::RUNTIME), runtime_capabilities(Empty) -> RuntimeCapabilitiesOk;
    /// Makes an instance of an object.
    "runtime.load", Some(features::RUNTIME), runtime_load(RuntimeLoadParams) -> Instance;
    /// Makes an instance ready.
    "runtime.init", Some(features::RUNTIME), runtime_init(Instance) -> Empty;
    /// Lets it run.
    "runtime.start", Some(features::RUNTIME), runtime_start(Instance) -> Empty;
    /// Holds it where it is.
    "runtime.suspend", Some(features::RUNTIME), runtime_suspend(Instance) -> Empty;
    /// Lets it go on.
    "runtime.resume", Some(features::RUNTIME), runtime_resume(Instance) -> Empty;
    /// Ends it for good.
    "runtime.terminate", Some(features::RUNTIME), runtime_terminate(Instance) -> Empty;
    /// Tells where it is in its life.
    "runtime.state", Some(features::RUNTIME), runtime_state(Instance) -> StateOk;
    /// Tells what is known of its failure.
    "runtime.failure_info", Some(features::RUNTIME), runtime_failure_info(Instance) -> FailureInfoOk;
    /// Sends an instruction on its behalf.
    "runtime.emit", Some(features::RUNTIME), runtime_emit(EmitParams) -> EmitOk;
    /// Queues an event for it.
    "runtime.on_event", Some(features::RUNTIME), runtime_on_event(OnEventParams) -> Empty;
    /// Runs its code as far as it gets. Between runs no code is executed.
    "runtime.run", Some(features::RUNTIME), runtime_run(RunParams) -> RunOk;
    /// Moves the clock that the bus and the runtime go by. It stands still otherwise.
    "clock.advance", Some(features::RUNTIME), clock_advance(ClockAdvanceParams) -> Empty;
    /// Answers a host call that was left pending.
    "host.complete", Some(features::RUNTIME_PARK), host_complete(HostCompleteParams) -> Empty;
    /// Gives the events since the last drain or reset, and forgets them.
    "events.drain", Some(features::EVENTS), events_drain(Empty) -> EventsDrainOk;
}
