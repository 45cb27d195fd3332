//! The tables in the code are those of the registry.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::collections::BTreeSet;

use fayger_contracts::artifact::{
    CRITICAL_FLAGS, FORMAT_MAJOR, HEADER_LEN, MAGIC, SectionKind, TRAILER_LEN, Visibility,
};
use fayger_contracts::{Capability, ErrorCode, LifecycleState, Phase};
use fayger_spec_map::registry::{Named, Part};
use fayger_spec_map::{Registry, SpecMap};

fn registry() -> Registry {
    SpecMap::load().unwrap().registry
}

#[test]
fn error_codes_and_their_layers() {
    let registry = registry();
    let listed: Vec<_> = registry.errors.iter().map(|error| (error.code.as_str(), error.layer.as_str())).collect();
    let coded = ErrorCode::ALL.map(|code| (code.name(), code.layer().name()));
    assert_eq!(listed, coded);
}

#[test]
fn phases_in_their_order() {
    let registry = registry();
    let listed: Vec<_> = registry.phases.iter().map(|phase| phase.name.as_str()).collect();
    assert_eq!(listed, Phase::ALL.map(Phase::name));
}

#[test]
fn capabilities_and_their_bits() {
    let registry = registry();
    let listed: Vec<_> =
        registry.capabilities.iter().map(|capability| (capability.bit, capability.name.as_str())).collect();
    assert_eq!(listed, Capability::ALL.map(|capability| (capability.bit(), capability.name())));
}

#[test]
fn section_kinds_and_visibilities_of_every_number() {
    let registry = registry();
    for number in 0..=u8::MAX {
        let kind = registry.kinds.iter().find(|kind| (kind.first..=kind.last).contains(&number));
        assert_eq!(kind.map(|kind| kind.name.as_str()), SectionKind(number).name(), "kind {number}");
        let visibility = registry.visibilities.iter().find(|visibility| visibility.number == number);
        assert_eq!(
            visibility.map(|visibility| visibility.name.as_str()),
            Visibility(number).name(),
            "visibility {number}"
        );
    }
}

#[test]
fn the_parts_of_fixed_size() {
    let registry = registry();
    let value =
        |part: &Part, name: &str| part.fields.iter().find(|field| field.name == name).unwrap().value.clone().unwrap();
    assert_eq!((registry.header.size, registry.trailer.size), (HEADER_LEN, TRAILER_LEN));
    assert_eq!(value(&registry.header, "magic"), MAGIC.map(|byte| format!("{byte:02x}")).concat());
    assert_eq!(value(&registry.header, "format_version_major"), FORMAT_MAJOR.to_string());
    assert_eq!(value(&registry.header, "manifest_offset"), HEADER_LEN.to_string());
    assert_eq!(CRITICAL_FLAGS, 0xffff);
}

#[test]
fn limits_of_the_loader_and_of_the_protocol() {
    let registry = registry();
    let listed: Vec<_> =
        registry.limits.iter().map(|limit| (limit.name.as_str(), limit.default, limit.floor, limit.ceiling)).collect();
    let protocol =
        fayger_fcp::limits::LIMITS.iter().map(|limit| (limit.name, limit.default, limit.floor, limit.ceiling));
    assert_eq!(listed, protocol.collect::<Vec<_>>());
    let loader = fayger_loader::Limits::default();
    let defaults: Vec<_> = listed.iter().map(|(_, default, _, _)| *default).collect();
    let cbor = loader.cbor;
    assert_eq!(
        defaults,
        [
            loader.manifest_length,
            loader.section_index_length,
            loader.sections,
            cbor.text,
            cbor.depth.into(),
            loader.body
        ]
    );
}

#[test]
fn features_methods_and_classes() {
    let registry = registry();
    let listed: BTreeSet<_> = registry
        .features
        .iter()
        .flat_map(|feature| feature.methods.iter().map(|method| (feature.name.as_str(), method.as_str())))
        .collect();
    let coded = fayger_fcp::METHODS.iter().filter_map(|method| Some((method.feature?, method.name)));
    assert_eq!(listed, coded.collect());
    let classes: Vec<_> = registry.classes.iter().map(|class| (class.name.as_str(), class.features.clone())).collect();
    let coded = fayger_runner::Class::ALL
        .map(|class| (class.name(), class.features().iter().map(ToString::to_string).collect()));
    assert_eq!(classes, coded);
}

#[test]
fn events() {
    use fayger_contracts::{Digest, Event, InstanceId, Invisible};
    let instance = InstanceId::from_bytes([0; 16]);
    let id = || "org.example.a".to_owned();
    let [key_id, before, after] = [Digest([0; 32]); 3];
    let events = [
        Event::ArtifactSignatureAbsent { id: id() },
        Event::ArtifactSignatureVerified { id: id(), algorithm: "ed25519", key_id: Digest([0; 32]) },
        Event::ArtifactDeprecated { id: id(), notice: "n".into() },
        Event::TrustRootAdded { key_id, before, after },
        Event::TrustRootRevoked { key_id, before, after },
        Event::TrustRootRemoved { key_id, before, after },
        Event::InstructionInvisible { instance: None, category: 0, opcode: 0, reason: Invisible::NotGranted },
        Event::InstanceLoaded { instance, id: id() },
        Event::InstanceStateChanged { instance, from: LifecycleState::Loaded, to: LifecycleState::Failed },
        Event::InstanceFailed { instance, cause: "RT_TRAP" },
        Event::InstanceTerminated { instance, status: Some(0) },
        Event::EventDropped { instance, category: 0, opcode: 0 },
        Event::ResourceThreshold { instance, resource: "fuel", used: 4, limit: 5 },
        Event::ResourceExhausted { instance, resource: "fuel", limit: 5 },
    ];
    let registry = registry();
    // Each event above has all that it can have.
    let listed: Vec<_> = registry
        .events
        .iter()
        .map(|event| (event.name.as_str(), [event.context.as_slice(), event.optional.as_slice()].concat()))
        .collect();
    let coded = events
        .each_ref()
        .map(|event| (event.name(), event.fields().iter().map(|(key, _)| (*key).to_owned()).collect::<Vec<_>>()));
    assert_eq!(listed, coded);
    let without = Event::InstanceTerminated { instance, status: None };
    assert!(without.fields().is_empty());
}

#[test]
fn the_lifecycle_and_the_names_of_the_runtime() {
    use fayger_contracts::LifecycleCommand;
    let runtime = registry().runtime;
    let names = |list: &[Named]| list.iter().map(|named| named.name.clone()).collect::<BTreeSet<_>>();
    let coded = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(names(&runtime.methods), coded(&fayger_contracts::runtime::METHODS));
    assert_eq!(names(&runtime.traps), coded(&fayger_runtime::TrapKind::ALL.map(fayger_runtime::TrapKind::name)));
    assert_eq!(names(&runtime.resources), coded(&fayger_runtime::Resource::ALL.map(fayger_runtime::Resource::name)));
    let states: Vec<_> = runtime.states.iter().map(|state| state.name.as_str()).collect();
    assert_eq!(states, LifecycleState::ALL.map(LifecycleState::name));
    for state in LifecycleState::ALL {
        for command in LifecycleCommand::ALL {
            let coded = state.after(command).map(LifecycleState::name);
            assert_eq!(runtime.after(state.name(), command.name()), coded, "{state} {}", command.name());
        }
    }
}

#[test]
fn signature_algorithms() {
    use fayger_loader::{Algorithm, PublicKey};
    let registry = registry();
    let listed: Vec<_> = registry.algorithms.iter().map(|algorithm| algorithm.name.as_str()).collect();
    assert_eq!(listed, Algorithm::ALL.map(Algorithm::name));
    for (algorithm, judge) in
        registry.algorithms.iter().zip([PublicKey::ed25519 as fn(&[u8]) -> Result<PublicKey, _>, PublicKey::ecdsa_p256])
    {
        let length = usize::try_from(algorithm.key_length.unwrap()).unwrap();
        assert_eq!(judge(&vec![0; length + 1]).unwrap_err().context["reason"], "length".into());
        assert_ne!(judge(&vec![0; length]).map_err(|error| error.context["reason"].clone()), Err("length".into()));
    }
    // An odd number of that many bytes, its highest bit set, is a modulus.
    let modulus = |length: u64| vec![0xff; usize::try_from(length).unwrap()];
    let rsa = registry.algorithms.last().unwrap();
    for length in &rsa.value_lengths {
        let key = PublicKey::rsa_pss_sha256(&modulus(*length), &[1, 0, 1]).unwrap();
        assert_eq!(key.signature_length() as u64, *length);
    }
}

#[test]
fn rules_of_the_codec() {
    use fayger_cbor::{Malformed, NotDeterministic};
    let registry = registry();
    let rules = |code: &str| {
        let pairs = registry.error(code).unwrap().pairs();
        pairs.into_iter().filter_map(|pair| pair.value).map(|(_, rule)| rule).collect::<Vec<_>>()
    };
    let malformed = [Malformed::Truncated, Malformed::ReservedInfo, Malformed::SimpleShort, Malformed::Trailing]
        .map(Malformed::name);
    assert_eq!(rules("LDR_CBOR_MALFORMED"), malformed);
    let barred = [
        NotDeterministic::Shortest,
        NotDeterministic::Indefinite,
        NotDeterministic::Order,
        NotDeterministic::DuplicateKey,
        NotDeterministic::Utf8,
        NotDeterministic::Float,
        NotDeterministic::Tag,
        NotDeterministic::Simple,
        NotDeterministic::KeyType,
    ];
    assert_eq!(rules("LDR_CBOR_NOT_DETERMINISTIC"), barred.map(NotDeterministic::name));
}
