//! Whole artifacts against bytes assembled by hand, which are vectors themselves, and each kind of edit against the place where it must show.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests fail as tests do")]

use std::path::Path;

use fayger_forge::{Artifact, Changes, PartName, Recipe, RecipeError, expand, parse_hex};
use serde::Deserialize;

fn text(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors");
    std::fs::read_to_string(root.join(path)).unwrap()
}

fn recipe(name: &str) -> Recipe {
    toml::from_str(&text(&format!("recipes/{name}.toml"))).unwrap()
}

/// The hex of a vector that was assembled by hand.
fn by_hand(name: &str) -> Vec<u8> {
    let case: toml::Table = text(&format!("loader/accepts/{name}.toml")).parse().unwrap();
    parse_hex(case["load"]["hex"].as_str().unwrap()).unwrap()
}

#[derive(Deserialize)]
struct Given {
    #[serde(default)]
    edit: Vec<fayger_forge::Edit>,
    #[serde(default)]
    damage: Vec<fayger_forge::Damage>,
    sign: Option<fayger_forge::Sign>,
}

fn changed(name: &str, toml: &str) -> Result<Artifact, RecipeError> {
    let Given { edit, damage, sign } = toml::from_str(toml).unwrap();
    expand(&recipe(name), &Changes { edit, damage, sign })
}

fn bytes(name: &str, toml: &str) -> Vec<u8> {
    changed(name, toml).unwrap().bytes
}

fn part(artifact: &Artifact, name: PartName) -> &[u8] {
    let part = artifact.parts.iter().find(|part| part.name == name).unwrap();
    &artifact.bytes[part.span.clone()]
}

#[test]
fn the_minimal_recipe_comes_to_the_bytes_assembled_by_hand() {
    let bytes = bytes("minimal", "");
    assert_eq!(hex::encode(&bytes), hex::encode(by_hand("minimal")));
    assert_eq!(bytes.len(), 413);
}

#[test]
fn the_signed_recipe_comes_to_the_bytes_assembled_by_hand() {
    let bytes = bytes("signed", "");
    assert_eq!(hex::encode(&bytes), hex::encode(by_hand("signed")));
    assert_eq!(bytes.len(), 555);
}

#[test]
fn parts_lie_where_they_were_counted() {
    let artifact = changed("minimal", "").unwrap();
    let spans: Vec<_> = artifact.parts.iter().map(|part| (part.name.to_string(), part.span.clone())).collect();
    assert_eq!(
        spans,
        [
            ("header".to_owned(), 0..48),
            ("manifest".to_owned(), 48..319),
            ("index".to_owned(), 319..361),
            ("body:1".to_owned(), 361..369),
            ("trailer".to_owned(), 369..413),
        ]
    );
}

#[test]
fn an_edit_keeps_everything_else_consistent() {
    // The kind stands at byte 3 of the Section_Index; its digest in the Manifest and both of the Trailer's change with it.
    let plain = changed("minimal", "").unwrap();
    let edited = changed("minimal", "edit = [{ set = 'index/0/kind', to = 9 }]").unwrap();
    let mut expected = part(&plain, PartName::Index).to_vec();
    expected[3] = 9;
    assert_eq!(part(&edited, PartName::Index), expected);
    assert_ne!(part(&edited, PartName::Manifest), part(&plain, PartName::Manifest));
    assert_eq!(part(&edited, PartName::Manifest).len(), 271);
    assert_ne!(part(&edited, PartName::Trailer), part(&plain, PartName::Trailer));
}

#[test]
fn an_added_key_stands_where_it_belongs_and_an_appended_one_last() {
    let added = changed("minimal", "edit = [{ add = 'manifest/name', to = '\"n\"' }]").unwrap();
    // Behind "id" and its text, at byte 24: 64 "name" 61 "n".
    assert_eq!(&part(&added, PartName::Manifest)[24..31], b"\x64name\x61n");
    let appended = changed("minimal", "edit = [{ append = 'manifest/name', to = '\"n\"' }]").unwrap();
    assert_eq!(&part(&appended, PartName::Manifest)[271..], b"\x64name\x61n");
    for artifact in [added, appended] {
        assert_eq!(part(&artifact, PartName::Manifest)[0], 0xa9);
        assert_eq!(part(&artifact, PartName::Header)[24..26], [278_u16.to_le_bytes()[0], 1]);
    }
}

#[test]
fn fields_of_header_and_trailer_are_set_little_endian() {
    let artifact = changed(
        "minimal",
        "edit = [{ set = 'header/flags', to = 0x01020304 }, { set = 'header/magic', to = \"h'42554601'\" }, { set = 'trailer/crc32', to = 0 }]",
    )
    .unwrap();
    assert_eq!(part(&artifact, PartName::Header)[..4], *b"BUF\x01");
    assert_eq!(part(&artifact, PartName::Header)[8..12], [4, 3, 2, 1]);
    assert_eq!(part(&artifact, PartName::Trailer)[40..], [0; 4]);
}

#[test]
fn a_part_is_padded_to_exactly_the_length_asked_for() {
    for length in [512, 66_000, 1_048_576] {
        let artifact = changed("signed", &format!("edit = [{{ pad = 'manifest', to = {length} }}]")).unwrap();
        assert_eq!(part(&artifact, PartName::Manifest).len(), length);
    }
    let edit = |length| {
        format!(
            "edit = [{{ set = 'index/0/profile_constraints', to = '{{\"profiles\": [\"default\"]}}' }}, {{ pad = 'index', to = {length} }}]"
        )
    };
    for length in [1_000, 9_999, 4_194_304] {
        let artifact = changed("minimal", &edit(length)).unwrap();
        assert_eq!(part(&artifact, PartName::Index).len(), length);
    }
}

#[test]
fn damage_comes_last_and_leaves_the_rest_alone() {
    let plain = bytes("minimal", "");
    let mut expected = plain.clone();
    expected[368] ^= 1;
    expected[412] ^= 0x80;
    expected[0] = 0;
    let damage = "damage = [{ flip = 'body:1', at = -1 }, { flip = 'trailer', at = 43, xor = 128 }, { overwrite = 'file', at = 0, hex = '00' }]";
    assert_eq!(bytes("minimal", damage), expected);
    assert_eq!(bytes("minimal", "damage = [{ truncate = 47 }]"), plain[..47]);
    assert_eq!(bytes("minimal", "damage = [{ truncate_by = 1 }]"), plain[..412]);
    assert_eq!(bytes("minimal", "damage = [{ append_hex = '00' }]"), [&plain[..], &[0]].concat());
    let inserted = [&plain[..361], &[0xee], &plain[361..]].concat();
    assert_eq!(bytes("minimal", "damage = [{ insert = 'body:1', at = 0, hex = 'ee' }]"), inserted);
}

#[test]
fn the_model_says_what_the_file_says_and_the_draft_what_a_serialiser_needs() {
    let artifact = changed("signed", "").unwrap();
    let model = artifact.model.unwrap();
    assert_eq!(model.rows.len(), 1);
    assert_eq!((model.rows[0].section_id, model.rows[0].length), (1, 8));
    assert_eq!(model.signature.as_ref().unwrap().value.len(), 64);
    let draft = artifact.draft.unwrap();
    assert_eq!(draft.manifest.get("signature"), None);
    assert_eq!(draft.manifest.get("index_digest"), None);
    let entries = draft.manifest.get("sections").unwrap().items().unwrap();
    assert_eq!(entries[0].get("digest"), None);
    assert_eq!(entries[0].get("format").unwrap().text(), Some("wasm-core-2"));
    assert_eq!(draft.signature, model.signature);
}

#[test]
fn an_artifact_bent_out_of_shape_has_no_model() {
    let artifact = changed("minimal", "edit = [{ append = 'index/0/-', to = 0 }]").unwrap();
    assert_eq!((artifact.model, artifact.draft), (None, None));
}

#[test]
fn a_bad_step_is_named() {
    for (toml, message) in [
        ("edit = [{ remove = 'manifest/nothing' }]", "edit 1: `nothing` is not there"),
        ("edit = [{ set = 'index/1/kind', to = 1 }]", "edit 1: `1` is not there"),
        ("edit = [{ add = 'manifest/id', to = 1 }]", "edit 1: `id` is there already"),
        ("edit = [{ set = 'header/flag', to = 1 }]", "edit 1: `flag` is no field"),
        ("edit = [{ set = 'header/major', to = 65536 }]", "edit 1: the number does not fit into 2 bytes"),
        ("edit = [{ cut = 'index', at = 40, count = 3 }]", "edit 1: past the end"),
        ("edit = [{ pad = 'trailer', to = 90 }]", "edit 1: this edit cannot be made in `trailer`"),
        ("edit = [{ pad = 'manifest', to = 270 }]", "edit 1: it has 278 bytes already"),
        ("damage = [{ truncate = 414 }]", "damage 1: past the end"),
        ("damage = [{ flip = 'body:2', at = 0 }]", "damage 1: there is no part `body:2`"),
        ("sign = { key = 'mallory' }", "sign: `mallory` is no test key"),
    ] {
        let error = changed("minimal", toml).unwrap_err().to_string();
        assert!(error.starts_with(message), "{toml}: {error}");
    }
}

#[test]
fn an_unknown_or_unused_key_is_refused() {
    for toml in [
        "edit = [{ set = 'header/flags', too = 1 }]",
        "edit = [{ set = 'header/flags', to = 1, at = 3 }]",
        "edit = [{ to = 1 }]",
        "edit = [{ set = 'header/flags', remove = 'header/flags', to = 1 }]",
        "edit = [{ set = 'heder/flags', to = 1 }]",
        "damage = [{ flip = 'file' }]",
        "damage = [{ truncate = 1, xor = 2 }]",
        "sign = { key = 'alice', over = 'nothing' }",
    ] {
        assert!(toml::from_str::<Given>(toml).is_err(), "{toml}");
    }
}
