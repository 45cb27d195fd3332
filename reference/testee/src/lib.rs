//! The reference implementation as a testee: every FCP method is a call of the public interface of a layer and a translation.
//!
//! `instruction.rs` and `bus.rs` are those of the adapter layer. `convert.rs` translates values, errors and events; `load.rs` and `draft.rs` the two requests that have parts. There is
//! no judgement here: what the reference thinks of bytes, it thinks in its own crates.

mod bus;
mod convert;
mod draft;
mod instruction;
mod load;
mod runtime;

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use fayger_contracts::{BufObject, Digest, Event, FaygerError, Observer, Reader, negotiation};
use fayger_fcp as fcp;
use fayger_fcp::{Answer, Outcome, RpcError, features};
use fayger_loader::{Change, KeyStatus, LoadedBuf, PublicKey, TrustStore};
use fayger_runtime::RuntimeRegistry;

use crate::runtime::{Ids, Stage};

/// Speaks FCP over standard input and output until the input ends.
///
/// # Errors
/// What the streams give.
pub fn serve_stdio() -> io::Result<()> {
    fcp::serve_calling(Reference::calling, io::BufReader::new(io::stdin()), io::stdout())
}

/// The reference, with what it has been asked to keep since the last `reset`.
#[derive(Default)]
pub struct Reference {
    objects: BTreeMap<String, Arc<LoadedBuf>>,
    trust: TrustStore,
    events: Arc<Events>,
    instances: BTreeMap<String, bus::Instance>,
    runner: Option<fcp::Runner>,
    /// None before the first load of a case.
    stage: Option<Stage>,
    /// What the ids of instances are made of: it goes on with every case, since none is given twice.
    ids: Arc<Ids>,
    runtimes: RuntimeRegistry,
}

impl fcp::Testee for Reference {
    fn hello(&mut self, params: fcp::HelloParams) -> Answer<fcp::HelloOk> {
        if !params.protocols.iter().any(|protocol| protocol == fcp::PROTOCOL) {
            return Ok(Outcome::Skipped(format!("speaks FCP {} alone", fcp::PROTOCOL)));
        }
        let declared = [
            features::CBOR,
            features::LOADER,
            features::LOADER_LAZY,
            features::SERIALIZER,
            features::SIGNATURE_ED25519,
            features::SIGNATURE_ECDSA_P256,
            features::SIGNATURE_RSA_PSS_SHA256,
            features::TRUST,
            features::EVENTS,
            features::INSTRUCTION,
            features::CAPABILITY,
            features::BUS,
            features::REGISTRY,
            features::RUNTIME,
            features::RUNTIME_PARK,
            features::RUNTIME_NAN_CANONICAL,
            features::RUNTIME_FUEL_EXACT,
        ];
        Ok(Outcome::Ok(fcp::HelloOk {
            protocol: fcp::PROTOCOL.into(),
            implementation: fcp::Implementation {
                name: "fayger-reference".into(),
                version: env!("CARGO_PKG_VERSION").into(),
                language: "rust".into(),
                url: None,
            },
            features: declared.map(str::to_owned).to_vec(),
            limits: BTreeMap::new(),
            notes: None,
        }))
    }

    fn reset(&mut self, _params: fcp::Empty) -> Answer<fcp::Empty> {
        *self = Self { runner: self.runner.take(), ids: Arc::clone(&self.ids), ..Self::default() };
        Ok(Outcome::Ok(fcp::Empty {}))
    }

    fn cbor_decode(&mut self, params: fcp::CborDecodeParams) -> Answer<fcp::CborDecodeOk> {
        Ok(outcome(fayger_loader::decode_cbor(&params.bytes.0), |value| fcp::CborDecodeOk {
            value: convert::value_to_wire(&value),
        }))
    }

    fn cbor_encode(&mut self, params: fcp::CborEncodeParams) -> Answer<fcp::CborEncodeOk> {
        let value = convert::value_from_wire(params.value)?;
        Ok(Outcome::Ok(fcp::CborEncodeOk { bytes: fcp::Base64(fayger_cbor::encode(&value)) }))
    }

    fn loader_load(&mut self, params: fcp::LoadParams) -> Answer<fcp::LoadOk> {
        let request = match load::request(&params)? {
            Outcome::Ok(request) => request,
            Outcome::Err(error) => return Ok(Outcome::Err(error)),
            Outcome::Skipped(reason) => return Ok(Outcome::Skipped(reason)),
        };
        let source = Arc::new(fayger_loader::MemorySource::new(params.bytes.0));
        let loaded = fayger_loader::load(source, &request, self.events.as_ref());
        Ok(outcome(loaded, |object| {
            let handle = format!("object-{}", self.objects.len());
            let form = load::normal_form(handle.clone(), &object);
            self.objects.insert(handle, Arc::new(object));
            form
        }))
    }

    fn loader_read_section(&mut self, params: fcp::ReadSectionParams) -> Answer<fcp::ReadSectionOk> {
        let body = self.object(&params.object)?.body(params.section_id, reader(params.reader));
        Ok(outcome(body, |body| fcp::ReadSectionOk { bytes: body.map(|bytes| fcp::Base64(bytes.to_vec())) }))
    }

    fn serializer_serialize(&mut self, params: fcp::SerialiseParams) -> Answer<fcp::Artifact> {
        let mut bytes = Vec::new();
        let written = self.object(&params.object)?.serialise(&mut bytes);
        Ok(outcome(written, |_length| fcp::Artifact { bytes: fcp::Base64(bytes) }))
    }

    fn serializer_signing_payload(&mut self, params: fcp::SigningPayloadParams) -> Answer<fcp::Artifact> {
        let payload = draft::signing_payload(draft::draft(params.draft)?, &params.signature)?;
        Ok(outcome(payload, artifact))
    }

    fn serializer_build(&mut self, params: fcp::BuildParams) -> Answer<fcp::Artifact> {
        let built = draft::build(draft::draft(params.draft)?, params.signature.as_ref())?;
        Ok(outcome(built, artifact))
    }

    fn trust_add(&mut self, params: fcp::TrustAddParams) -> Answer<fcp::TrustChangeOk> {
        let key = match &params.key {
            fcp::KeyInput::Raw(key) => load::public_key(key),
            fcp::KeyInput::Hex(text) => PublicKey::from_hex(text),
            fcp::KeyInput::Pem(text) => PublicKey::from_pem(text),
        };
        let added = key.and_then(|key| {
            let key_id = key.key_id();
            Ok((key_id, self.trust.add(key, &params.label, self.events.as_ref())?))
        });
        Ok(outcome(added, |(key_id, change)| self.changed(key_id, change)))
    }

    fn trust_revoke(&mut self, params: fcp::TrustKeyParams) -> Answer<fcp::TrustChangeOk> {
        let key_id = draft::digest(&params.key_id)?;
        let revoked = self.trust.revoke(key_id, self.events.as_ref());
        Ok(outcome(revoked, |change| self.changed(key_id, change)))
    }

    fn trust_remove(&mut self, params: fcp::TrustKeyParams) -> Answer<fcp::TrustChangeOk> {
        let key_id = draft::digest(&params.key_id)?;
        let removed = self.trust.remove(key_id, self.events.as_ref());
        Ok(outcome(removed, |()| self.changed(key_id, Change::Made)))
    }

    fn trust_list(&mut self, _params: fcp::Empty) -> Answer<fcp::TrustListOk> {
        let roots = self.trust.roots().map(|(key_id, root)| fcp::TrustRoot {
            key_id: hex(key_id),
            algorithm: root.key.algorithm().name().to_owned(),
            label: root.label.clone(),
            status: match root.status {
                KeyStatus::Active => fcp::KeyStatus::Active,
                KeyStatus::Revoked => fcp::KeyStatus::Revoked,
            },
        });
        Ok(Outcome::Ok(fcp::TrustListOk { digest: hex(self.trust.digest()), roots: roots.collect() }))
    }

    fn instruction_decode(&mut self, params: fcp::Encoded) -> Answer<fcp::InstructionForm> {
        Ok(outcome(instruction::decode(&params.bytes.0), |form| form))
    }

    fn instruction_encode(&mut self, params: fcp::InstructionForm) -> Answer<fcp::Encoded> {
        instruction::encode(params).map(Outcome::Ok)
    }

    fn instruction_decode_event(&mut self, params: fcp::Encoded) -> Answer<fcp::EventForm> {
        Ok(outcome(instruction::decode_event(&params.bytes.0), |form| form))
    }

    fn instruction_encode_event(&mut self, params: fcp::EventForm) -> Answer<fcp::Encoded> {
        instruction::encode_event(params).map(Outcome::Ok)
    }

    fn instruction_decode_reply(&mut self, params: fcp::Encoded) -> Answer<fcp::ReplyForm> {
        Ok(outcome(instruction::decode_reply(&params.bytes.0), |form| form))
    }

    fn instruction_encode_reply(&mut self, params: fcp::ReplyForm) -> Answer<fcp::Encoded> {
        instruction::encode_reply(params).map(Outcome::Ok)
    }

    fn capability_negotiate(&mut self, params: fcp::NegotiateParams) -> Answer<fcp::NegotiateOk> {
        let offer = instruction::offer(&params)?;
        let negotiated = negotiation::negotiate(&offer).map_err(|missing| missing.to_error());
        Ok(outcome(negotiated, |effective| fcp::NegotiateOk { effective: effective.names() }))
    }

    fn bus_open(&mut self, params: fcp::BusOpenParams) -> Answer<fcp::Empty> {
        let name = params.instance.clone();
        let opened = match bus::open(&params, Arc::clone(&self.events) as _)? {
            Ok(instance) => instance,
            Err(error) => return Ok(Outcome::Err(convert::error_to_wire(&error))),
        };
        self.instances.insert(name, opened);
        Ok(Outcome::Ok(fcp::Empty {}))
    }

    fn bus_emit(&mut self, params: fcp::BusEmitParams) -> Answer<fcp::BusEmitOk> {
        let instance = self.instances.get_mut(&params.instance);
        let instance =
            instance.ok_or_else(|| RpcError::invalid_params(format!("no instance `{}`", params.instance)))?;
        Ok(outcome(instance.emit(&params)?, |answer| answer))
    }

    fn registry_check(&mut self, params: fcp::CheckDescriptorParams) -> Answer<fcp::Empty> {
        Ok(outcome(bus::check_descriptor(&params)?, |()| fcp::Empty {}))
    }

    fn runtime_init(&mut self, params: fcp::Instance) -> Answer<fcp::Empty> {
        self.stage()?.init(&params)
    }

    fn runtime_start(&mut self, params: fcp::Instance) -> Answer<fcp::Empty> {
        self.stage()?.start(&params)
    }

    fn runtime_emit(&mut self, params: fcp::EmitParams) -> Answer<fcp::EmitOk> {
        self.stage()?.emit(&params)
    }

    fn runtime_run(&mut self, params: fcp::RunParams) -> Answer<fcp::RunOk> {
        self.stage()?.run(&params)
    }

    fn runtime_suspend(&mut self, params: fcp::Instance) -> Answer<fcp::Empty> {
        self.stage()?.nested().runtime_suspend(params)
    }

    fn runtime_resume(&mut self, params: fcp::Instance) -> Answer<fcp::Empty> {
        self.stage()?.nested().runtime_resume(params)
    }

    fn runtime_terminate(&mut self, params: fcp::Instance) -> Answer<fcp::Empty> {
        self.stage()?.nested().runtime_terminate(params)
    }

    fn runtime_state(&mut self, params: fcp::Instance) -> Answer<fcp::StateOk> {
        self.stage()?.nested().runtime_state(params)
    }

    fn runtime_failure_info(&mut self, params: fcp::Instance) -> Answer<fcp::FailureInfoOk> {
        self.stage()?.nested().runtime_failure_info(params)
    }

    fn runtime_on_event(&mut self, params: fcp::OnEventParams) -> Answer<fcp::Empty> {
        self.stage()?.nested().runtime_on_event(params)
    }

    fn clock_advance(&mut self, params: fcp::ClockAdvanceParams) -> Answer<fcp::Empty> {
        let fcp::Decimal(nanoseconds) = params.nanoseconds;
        self.stage()?.advance(Duration::from_nanos(nanoseconds));
        Ok(Outcome::Ok(fcp::Empty {}))
    }

    fn host_complete(&mut self, params: fcp::HostCompleteParams) -> Answer<fcp::Empty> {
        self.stage()?.complete(params)
    }

    fn runtime_load(&mut self, params: fcp::RuntimeLoadParams) -> Answer<fcp::Instance> {
        let object = Arc::clone(self.object(&params.object)?);
        let stage = match self.stage.as_ref() {
            Some(stage) if stage.supports(&params.supported) => stage.clone(),
            Some(_) => return Err(RpcError::invalid_params("`supported` is the same in every load of a case")),
            None => match self.new_stage(&params.supported)? {
                Ok(stage) => self.stage.insert(stage).clone(),
                Err(error) => return Ok(Outcome::Err(convert::error_to_wire(&error))),
            },
        };
        stage.load(object, &params)
    }

    fn runtime_register(&mut self, params: fcp::RuntimeDescriptor) -> Answer<fcp::Empty> {
        let stage = self.empty_stage()?;
        runtime::register(&mut self.runtimes, &stage, params)
    }

    fn runtime_resolve(&mut self, params: fcp::ResolveParams) -> Answer<fcp::ResolveOk> {
        let object = Arc::clone(self.object(&params.object)?);
        Ok(outcome(self.runtimes.resolve(object.manifest()), |found| fcp::ResolveOk {
            name: found.descriptor.name.clone(),
            version: found.descriptor.version.to_string(),
        }))
    }

    fn events_drain(&mut self, _params: fcp::Empty) -> Answer<fcp::EventsDrainOk> {
        let events = self.events.drain().iter().map(convert::event_to_wire).collect();
        Ok(Outcome::Ok(fcp::EventsDrainOk { events }))
    }
}

impl Reference {
    /// The reference with a runner to ask back.
    pub fn calling(runner: fcp::Runner) -> Self {
        Self { runner: Some(runner), ..Self::default() }
    }

    /// The runtime of this case; one without instances, where none was loaded into.
    fn stage(&self) -> Result<Stage, RpcError> {
        self.stage.as_ref().map_or_else(|| self.empty_stage(), |stage| Ok(stage.clone()))
    }

    /// A runtime that is used for nothing more than to be there: what its host supports is not asked.
    fn empty_stage(&self) -> Result<Stage, RpcError> {
        self.new_stage(&[])?.map_err(|error| RpcError::new(RpcError::INTERNAL_ERROR, error))
    }

    fn new_stage(&self, supported: &[String]) -> Result<Result<Stage, FaygerError>, RpcError> {
        Stage::new(supported, self.runner.clone(), Arc::clone(&self.ids), Arc::clone(&self.events) as _)
    }

    fn changed(&self, key_id: Digest, change: Change) -> fcp::TrustChangeOk {
        let changed = change == Change::Made;
        fcp::TrustChangeOk { key_id: hex(key_id), changed, digest: hex(self.trust.digest()) }
    }

    fn object(&self, handle: &str) -> Result<&Arc<LoadedBuf>, RpcError> {
        self.objects.get(handle).ok_or_else(|| RpcError::invalid_params(format!("no object `{handle}`")))
    }
}

fn hex(digest: Digest) -> fcp::Hex {
    fcp::Hex(digest.0.to_vec())
}

fn reader(reader: fcp::Reader) -> Reader {
    match reader {
        fcp::Reader::Runtime => Reader::Runtime,
        fcp::Reader::Instance => Reader::Instance,
        fcp::Reader::Application => Reader::Application,
    }
}

fn artifact(bytes: Vec<u8>) -> fcp::Artifact {
    fcp::Artifact { bytes: fcp::Base64(bytes) }
}

fn outcome<T, U>(result: Result<T, FaygerError>, form: impl FnOnce(T) -> U) -> Outcome<U> {
    match result {
        Ok(value) => Outcome::Ok(form(value)),
        Err(error) => Outcome::Err(convert::error_to_wire(&error)),
    }
}

/// What was observed since the last `reset` or `events.drain`.
#[derive(Default)]
struct Events(Mutex<Vec<Event>>);

impl Events {
    fn drain(&self) -> Vec<Event> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Observer for Events {
    fn observe(&self, event: Event) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(event);
    }
}

#[cfg(test)]
mod tests {
    use fayger_fcp::Testee as _;

    use super::*;

    #[test]
    fn a_token_that_no_call_was_left_pending_with_is_refused() {
        let params = fcp::HostCompleteParams { token: "p".into(), reply: Some(fcp::Base64(vec![0, 0])), error: None };
        let refused = Reference::default().host_complete(params);
        assert!(matches!(refused, Err(error) if error.code == RpcError::INVALID_PARAMS), "an unknown token");
    }
}
