//! An artifact of any size: 1 code, 2 assets, 3 data that no profile selects.

use std::io::Write;
use std::path::Path;

use fayger_cbor::{Map, Value};
use fayger_contracts::{InterfaceVersion, LoadProfile, LoadStrategy, RuntimeOffer, SignatureMode};
use fayger_loader::{BufBuilder, Draft, DraftSection, Limits, LoadRequest, SectionInput, TrustStore};

/// Bytes of the three bodies: the entry section's, the assets', the unselected data's.
#[derive(Clone, Copy, Debug)]
pub struct Sections(pub [u64; 3]);

/// A body of one byte, so many times, that nobody holds in memory.
struct Fill(u8, u64);

impl SectionInput for Fill {
    fn open(&self) -> std::io::Result<Box<dyn std::io::Read + '_>> {
        Ok(Box::new(std::io::Read::take(std::io::repeat(self.0), self.1)))
    }
}

/// Writes the artifact, and gives its length.
pub fn write(path: &Path, sections: Sections) -> u64 {
    let map = |pairs: &[(&str, Value)]| pairs.iter().map(|(key, value)| (*key, value.clone())).collect::<Map>();
    let none = || Value::Array(Vec::new());
    let declared = |id: u64| {
        let code = (id == 1).then(|| ("format", Value::from("wasm-core-2")));
        Value::Map([("id", Value::from(id))].into_iter().chain(code).collect())
    };
    let manifest = map(&[
        ("schema_version", Value::from("1.0.0")),
        ("id", Value::from("org.example.served")),
        ("version", Value::from("1.0.0")),
        ("runtime_interface_min", Value::from("1.0.0")),
        ("entry", map(&[("section", Value::from(1)), ("start", Value::from("start"))]).into()),
        ("capabilities", map(&[("required", none()), ("optional", none())]).into()),
        ("sections", Value::Array((1..=3).map(declared).collect())),
    ]);
    let drones = map(&[("profiles", Value::Array(vec![Value::from("drone")]))]);
    let section = |section_id: u8, kind: u32, constraints: &Map, length: u64| DraftSection {
        section_id: section_id.into(),
        kind,
        visibility: 1,
        profile_constraints: constraints.clone().into(),
        input: Box::new(Fill(section_id, length)),
    };
    let (everyone, Sections([code, assets, data])) = (Map::default(), sections);
    let sections = vec![section(1, 1, &everyone, code), section(2, 3, &everyone, assets), section(3, 2, &drones, data)];
    let builder = BufBuilder::new(Draft { flags: 0, manifest, sections }).expect("a good draft");
    let mut file = std::io::BufWriter::new(std::fs::File::create(path).unwrap());
    let length = builder.artifact().and_then(|artifact| artifact.write_to(&mut file)).expect("written");
    file.flush().unwrap();
    length
}

/// A load that selects the first two sections.
pub fn request(strategy: LoadStrategy) -> LoadRequest {
    LoadRequest {
        profile: LoadProfile {
            name: "default".into(),
            host: "server".into(),
            capabilities: Vec::new(),
            max_bytes: None,
        },
        strategy,
        mode: SignatureMode::Default,
        trust: TrustStore::new(),
        offer: RuntimeOffer {
            runtime_interface: InterfaceVersion::new(1, 0, 0),
            runtime_capabilities: Vec::new(),
            formats: vec!["wasm-core-2".into()],
        },
        expect_id: None,
        limits: Limits::default(),
    }
}
