//! An artifact, written by the serialiser and loaded by the loader.

use std::sync::Arc;

use bytes::Bytes;
use fayger_cbor::{Map, Value};
use fayger_contracts::{
    BufObject, BufSource, Capability, InterfaceVersion, LoadProfile, LoadStrategy, Observer, RuntimeOffer,
    SignatureMode,
};
use fayger_loader::{BufBuilder, Draft, DraftSection, Limits, LoadRequest, MemorySource, TrustStore, load};

/// The five imports, as text to begin a module with.
pub const IMPORTS: &str = r#"
    (import "fayger_v1" "emit" (func $emit (param i32 i32) (result i32)))
    (import "fayger_v1" "reply_read" (func $reply_read (param i32 i32) (result i32)))
    (import "fayger_v1" "event_read" (func $event_read (param i32 i32) (result i32)))
    (import "fayger_v1" "section_len" (func $section_len (param i32) (result i64)))
    (import "fayger_v1" "section_read" (func $section_read (param i32 i64 i32 i32) (result i32)))
"#;

/// An artifact in the making: code that declares every capability optional, and data.
#[derive(Clone, Debug)]
pub struct Fay {
    module: Vec<u8>,
    init: bool,
    on_event: bool,
    resources: Vec<(&'static str, u64)>,
    runtime_capabilities: Vec<&'static str>,
    data: Vec<Data>,
}

#[derive(Clone, Debug)]
struct Data {
    section_id: u32,
    visibility: u32,
    profiles: Vec<&'static str>,
    body: Vec<u8>,
}

impl Fay {
    /// A module of these fields, with the five imports and one page of memory; its entry names `start` alone.
    pub fn new(fields: &str) -> Self {
        Self::raw(format!(r#"(module {IMPORTS} (memory (export "memory") 1) {fields})"#))
    }

    /// This module, in text or binary form.
    pub fn raw(module: impl AsRef<[u8]>) -> Self {
        let module = wat::parse_bytes(module.as_ref()).expect("a module").into_owned();
        Self::of_bytes(module)
    }

    /// These bytes in place of a module.
    pub fn of_bytes(module: Vec<u8>) -> Self {
        let (resources, runtime_capabilities, data) = (Vec::new(), Vec::new(), Vec::new());
        Self { module, init: false, on_event: false, resources, runtime_capabilities, data }
    }

    /// Its entry names `init` too.
    #[must_use]
    pub fn with_init(mut self) -> Self {
        self.init = true;
        self
    }

    /// Its entry names `on_event` too.
    #[must_use]
    pub fn with_on_event(mut self) -> Self {
        self.on_event = true;
        self
    }

    /// With a bound of its own.
    #[must_use]
    pub fn with_resource(mut self, key: &'static str, bound: u64) -> Self {
        self.resources.push((key, bound));
        self
    }

    /// That needs a runtime with this.
    #[must_use]
    pub fn with_runtime_capability(mut self, name: &'static str) -> Self {
        self.runtime_capabilities.push(name);
        self
    }

    /// With a data section; the ids ascend.
    #[must_use]
    pub fn with_data(mut self, section_id: u32, visibility: u32, body: &[u8]) -> Self {
        self.data.push(Data { section_id, visibility, profiles: Vec::new(), body: body.to_vec() });
        self
    }

    /// With a data section that no profile of these tests selects.
    #[must_use]
    pub fn with_unselected(mut self, section_id: u32, body: &[u8]) -> Self {
        self.data.push(Data { section_id, visibility: 1, profiles: vec!["elsewhere"], body: body.to_vec() });
        self
    }

    /// The artifact's bytes.
    pub fn bytes(&self) -> Vec<u8> {
        let mut entry = map([("section", Value::from(1)), ("start", Value::from("start"))]);
        if self.init {
            entry.insert("init", Value::from("init"));
        }
        if self.on_event {
            entry.insert("on_event", Value::from("on_event"));
        }
        let mut capabilities: Vec<&str> = Capability::ALL.into_iter().map(Capability::name).collect();
        capabilities.sort_by_key(|name| (name.len(), *name));
        let code = map([("id", Value::from(1)), ("format", Value::from("wasm-core-2"))]);
        let declared = self.data.iter().map(|data| map([("id", Value::from(u64::from(data.section_id)))]));
        let declared: Vec<Value> = std::iter::once(code).chain(declared).map(Value::Map).collect();
        let mut manifest = map([
            ("schema_version", Value::from("1.0.0")),
            ("id", Value::from("org.example.fay")),
            ("version", Value::from("1.0.0")),
            ("runtime_interface_min", Value::from("1.0.0")),
            ("entry", entry.into()),
            ("capabilities", map([("required", names(&[])), ("optional", names(&capabilities))]).into()),
            ("sections", Value::Array(declared)),
        ]);
        if !self.resources.is_empty() {
            let resources: Map = self.resources.iter().map(|(key, bound)| (*key, Value::from(*bound))).collect();
            manifest.insert("resources", resources.into());
        }
        if !self.runtime_capabilities.is_empty() {
            manifest.insert("runtime_capabilities", names(&self.runtime_capabilities));
        }
        let body = |body: &[u8]| Box::new(Bytes::copy_from_slice(body));
        let code = DraftSection {
            section_id: 1,
            kind: 1,
            visibility: 0,
            profile_constraints: Map::new().into(),
            input: body(&self.module),
        };
        let data = self.data.iter().map(|data| {
            let constraints =
                if data.profiles.is_empty() { Map::new() } else { map([("profiles", names(&data.profiles))]) };
            DraftSection {
                section_id: data.section_id,
                kind: 2,
                visibility: data.visibility,
                profile_constraints: constraints.into(),
                input: body(&data.body),
            }
        });
        let draft = Draft { flags: 0, manifest, sections: std::iter::once(code).chain(data).collect() };
        let mut bytes = Vec::new();
        let builder = BufBuilder::new(draft).expect("a good draft");
        builder.artifact().and_then(|artifact| artifact.write_to(&mut bytes)).expect("written");
        bytes
    }

    /// The artifact, loaded lazily.
    pub fn object(&self) -> Arc<dyn BufObject> {
        loaded(self.bytes())
    }

    /// The artifact, loaded lazily, with the last byte of its last section changed.
    pub fn damaged(&self) -> Arc<dyn BufObject> {
        loaded(self.damaged_bytes())
    }

    /// The artifact's bytes, with the last of its last section changed.
    pub fn damaged_bytes(&self) -> Vec<u8> {
        let mut bytes = self.bytes();
        // The Trailer's 44 bytes come after it.
        let last = bytes.iter_mut().rev().nth(44).expect("a body");
        *last ^= 1;
        bytes
    }
}

fn loaded(bytes: Vec<u8>) -> Arc<dyn BufObject> {
    load_from(Arc::new(MemorySource::new(bytes)), &())
}

/// The artifact that a source has, loaded lazily.
pub fn load_from(source: Arc<dyn BufSource>, observer: &dyn Observer) -> Arc<dyn BufObject> {
    let request = LoadRequest {
        profile: LoadProfile { name: "here".into(), host: "server".into(), capabilities: vec![], max_bytes: None },
        strategy: LoadStrategy::Lazy { cache_bytes: 1 << 20 },
        mode: SignatureMode::Default,
        trust: TrustStore::new(),
        offer: RuntimeOffer {
            runtime_interface: InterfaceVersion::new(1, 0, 0),
            // As a whole registry of runtimes offers.
            runtime_capabilities: vec!["runtime.fuel-exact".into(), "runtime.nan-canonical".into()],
            formats: vec![fayger_runtime::FORMAT.into()],
        },
        expect_id: None,
        limits: Limits::default(),
    };
    Arc::new(load(source, &request, observer).expect("loaded"))
}

fn map<const N: usize>(pairs: [(&str, Value); N]) -> Map {
    pairs.into_iter().collect()
}

fn names(names: &[&str]) -> Value {
    Value::Array(names.iter().map(|name| Value::from(*name)).collect())
}
