//! A module that a C compiler made, packed, signed, inspected, verified, and tampered with.
#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "helpers of tests fail as tests do")]

use std::path::{Path, PathBuf};

use assert_cmd::Command;
use serde_json::Value as Json;

/// Where the module, its source and its draft are.
fn module() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors/modules/wordcount")
}

fn fayger(arguments: &[&str]) -> (i32, String, String) {
    let output = Command::cargo_bin("fayger").expect("built").args(arguments).output().expect("run");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (output.status.code().expect("a code"), text(output.stdout), text(output.stderr))
}

fn done(arguments: &[&str]) -> String {
    let (code, stdout, stderr) = fayger(arguments);
    assert_eq!((code, stderr.as_str()), (0, ""), "{arguments:?}");
    stdout
}

/// A directory with a key pair `alice` and the signed artifact `signed.buf`.
struct Scene {
    directory: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        let scene = Self { directory: tempfile::tempdir().expect("a directory") };
        done(&["keygen", &scene.path("alice")]);
        let draft = module().join("buf.toml");
        let draft = draft.to_str().expect("a path");
        done(&["pack", draft, "--key", &scene.path("alice.pem"), "-o", &scene.path("signed.buf")]);
        scene
    }

    fn path(&self, name: &str) -> String {
        self.directory.path().join(name).to_str().expect("a path").to_owned()
    }

    fn verify(&self, file: &str) -> (i32, String, String) {
        fayger(&["verify", &self.path(file), "--trust", &self.path("alice.pub.pem"), "--enforce"])
    }

    fn parts(&self) -> Json {
        serde_json::from_str(&done(&["inspect", "--json", &self.path("signed.buf")])).expect("JSON")
    }
}

#[test]
fn packs_signs_inspects_and_verifies_what_a_compiler_made() {
    let scene = Scene::new();
    let (code, stdout, _) = scene.verify("signed.buf");
    assert_eq!(code, 0);
    assert!(stdout.contains("hand_off          ok\n\norg.example.wordcount 1.0.0\n"), "{stdout}");
    assert!(stdout.contains("ed25519, verified with trusted key"), "{stdout}");

    let shown = scene.parts();
    assert_eq!(shown["verdict"]["whole"], true);
    assert_eq!(shown["section_index"][0]["length"], 499);
    // The hash that stands beside the module.
    let sums = std::fs::read_to_string(module().join("SHA256SUMS")).expect("sums");
    assert_eq!(shown["section_index"][0]["digest"].as_str(), sums.split_whitespace().next());
    assert_eq!(shown["manifest"]["signature"]["algorithm"], "ed25519");
    assert!(
        done(&["inspect", &scene.path("signed.buf")]).contains("  1 code, internal, 499 bytes at 0, for every profile")
    );
}

#[test]
fn says_which_part_a_changed_byte_is_in() {
    let scene = Scene::new();
    let whole = std::fs::read(scene.path("signed.buf")).expect("packed");
    let parts = scene.parts();
    let part = |name: &str| {
        let parts = parts["parts"].as_array().expect("parts").iter();
        let part = parts.clone().find(|part| part["part"] == name).expect(name);
        (part["from"].as_u64().expect("from") as usize, part["to"].as_u64().expect("to") as usize)
    };
    let tampered = |at: usize| {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        std::fs::write(scene.path("tampered.buf"), bytes).expect("written");
        let (code, stdout, stderr) = scene.verify("tampered.buf");
        assert_eq!((code, stdout.as_str()), (1, ""), "byte {at}");
        stderr
    };
    let (header, manifest, index, trailer) = (part("Header"), part("Manifest"), part("Section_Index"), part("Trailer"));
    let expectations = [
        (header.0, "tampered.buf` is refused\n  because: LDR_BAD_MAGIC in read"),
        // The Manifest's first byte is the head of its map: one pair fewer, and the last pair trails.
        (manifest.0, "LDR_CBOR_MALFORMED in parse: not well-formed CBOR (offset "),
        (index.0 + 20, "LDR_STRUCTURE_INVALID in verify_structural: Section_Index and Manifest do not agree"),
        (part("section 1").0, "LDR_DIGEST_MISMATCH in read_sections"),
        (part("section 2").1 - 1, "section_id 2, subject `section`)"),
        (trailer.0, "(actual 1294, expected 1295, rule `total_length`)"),
        (trailer.0 + 8, "LDR_DIGEST_MISMATCH in verify_digest"),
        (trailer.1 - 1, "LDR_CHECKSUM_MISMATCH in verify_digest"),
    ];
    for (at, expected) in expectations {
        let stderr = tampered(at);
        assert!(stderr.contains(expected) && stderr.contains("FAILED\nerror: "), "byte {at}: {stderr}");
    }
}

#[test]
fn signs_in_place_and_only_with_a_key_that_counts() {
    let scene = Scene::new();
    done(&["keygen", &scene.path("bob")]);
    done(&["sign", &scene.path("signed.buf"), "--key", &scene.path("bob.pem")]);
    let (code, _, stderr) = scene.verify("signed.buf");
    assert_eq!(code, 1);
    assert!(stderr.contains("reason `UntrustedKey`"), "{stderr}");
    done(&["sign", &scene.path("signed.buf"), "--key", &scene.path("alice.pem")]);
    assert_eq!(scene.verify("signed.buf").0, 0);
    let (store, buf) = (scene.path("store"), scene.path("signed.buf"));
    done(&["trust", "add", &store, &scene.path("alice.pub.pem"), "--label", "Alice"]);
    assert_eq!(fayger(&["verify", &buf, "--trust-store", &store, "--enforce"]).0, 0);
    let listed = done(&["trust", "list", &store]);
    let key_id = listed.lines().last().and_then(|root| root.split_whitespace().next()).expect("a key id");
    done(&["trust", "revoke", &store, key_id]);
    let (code, _, stderr) = fayger(&["verify", &buf, "--trust-store", &store]);
    assert_eq!(code, 1);
    assert!(stderr.contains("reason `RevokedKey`"), "{stderr}");
}

#[test]
fn never_overwrites_a_key() {
    let scene = Scene::new();
    let before = std::fs::read(scene.path("alice.pem")).expect("a key");
    let (code, _, stderr) = fayger(&["keygen", &scene.path("alice")]);
    assert_eq!(code, 1);
    assert!(stderr.contains("cannot create"), "{stderr}");
    assert_eq!(std::fs::read(scene.path("alice.pem")).expect("a key"), before);
}

#[test]
fn leaves_the_target_alone_when_a_draft_is_bad() {
    let scene = Scene::new();
    let before = std::fs::read(scene.path("signed.buf")).expect("packed");
    let refuse = |draft: &str, expected: &str| {
        std::fs::write(scene.path("bad.toml"), draft).expect("written");
        let (code, _, stderr) = fayger(&["pack", &scene.path("bad.toml"), "-o", &scene.path("signed.buf")]);
        assert_eq!(code, 1);
        assert!(stderr.contains(expected), "{stderr}");
        assert_eq!(std::fs::read(scene.path("signed.buf")).expect("there"), before);
    };
    let entry = "entry = { section = 1, start = \"start\" }\n";
    refuse(&format!("id = \"Not.An.Id\"\nversion = \"1.0.0\"\n{entry}"), "field `/manifest/id`, reason `syntax`");
    refuse(&format!("id = \"org.example.a\"\n{entry}"), "field `/manifest/version`, reason `missing`");
    refuse(
        &format!("id = \"org.example.a\"\nversion = \"1.0.0\"\nx-pi = 3.14\n{entry}"),
        "`/x-pi` is a floating-point number",
    );
    let absent = "[[section]]\nid = 1\nkind = \"code\"\nfile = \"absent.wasm\"\n";
    refuse(&format!("id = \"org.example.a\"\nversion = \"1.0.0\"\n{entry}{absent}"), "section 1: cannot read `");
    refuse("id = ", "is not a draft");
}

#[test]
fn warns_of_what_no_loader_accepts() {
    let scene = Scene::new();
    let draft = "id = \"org.example.a\"\nversion = \"1.0.0\"\nentry = { section = 1, start = \"start\" }\n\
                 [[section]]\nid = 1\nkind = \"assets\"\nfile = \"bad.toml\"\n\
                 [[section]]\nid = 2\nkind = 1\nfile = \"bad.toml\"\n";
    std::fs::write(scene.path("bad.toml"), draft).expect("written");
    let (code, _, stderr) = fayger(&["pack", &scene.path("bad.toml"), "-o", &scene.path("odd.buf")]);
    assert_eq!(code, 0);
    assert_eq!(
        stderr,
        "warning: section 1 is the entry and is not code: no loader accepts that\n\
         warning: section 2 is code without a `format`: no loader accepts it where it is selected\n"
    );
    assert_eq!(fayger(&["verify", &scene.path("odd.buf")]).0, 1);
}

#[test]
fn an_artifact_that_is_not_whole_is_shown_and_is_an_error() {
    let scene = Scene::new();
    let mut bytes = std::fs::read(scene.path("signed.buf")).expect("packed");
    // The last byte is the checksum's.
    *bytes.last_mut().expect("bytes") ^= 1;
    std::fs::write(scene.path("bad.buf"), bytes).expect("written");
    let (code, stdout, _) = fayger(&["inspect", &scene.path("bad.buf")]);
    assert_eq!(code, 1);
    assert!(stdout.contains("NOT WHOLE"), "{stdout}");
    let (code, _, stderr) = fayger(&["verify", &scene.path("signed.buf"), "--capability", "io.stdoi"]);
    assert_eq!(code, 2);
    assert!(stderr.contains("io.stdio"), "{stderr}");
}

#[test]
fn writes_the_same_bytes_for_the_same_draft() {
    let scene = Scene::new();
    let first = std::fs::read(scene.path("signed.buf")).expect("packed");
    let draft = module().join("buf.toml");
    let draft = draft.to_str().expect("a path");
    done(&["pack", draft, "--key", &scene.path("alice.pem"), "-o", &scene.path("signed.buf")]);
    assert_eq!(std::fs::read(scene.path("signed.buf")).expect("packed"), first);
}

#[cfg(unix)]
#[test]
fn changes_of_a_trust_store_at_once_are_all_kept() {
    let scene = Scene::new();
    let store = scene.path("store");
    let names: Vec<String> = (0..12).map(|number| format!("key{number}")).collect();
    for name in &names {
        done(&["keygen", &scene.path(name)]);
    }
    std::thread::scope(|scope| {
        for name in &names {
            let (store, key) = (&store, scene.path(&format!("{name}.pub.pem")));
            scope.spawn(move || done(&["trust", "add", store, &key, "--label", name]));
        }
    });
    let listed = done(&["trust", "list", &store]);
    // The digest, and a line a key.
    assert_eq!(listed.lines().count(), 1 + names.len(), "{listed}");
}

#[cfg(target_os = "linux")]
#[test]
fn writes_to_a_device_and_never_replaces_it() {
    use std::os::unix::fs::FileTypeExt;
    let draft = module().join("buf.toml");
    let draft = draft.to_str().expect("a path");
    let (code, _, stderr) = fayger(&["pack", draft, "-o", "/dev/full"]);
    assert_eq!(code, 1);
    assert!(stderr.contains("SER_IO"), "{stderr}");
    assert!(std::fs::metadata("/dev/full").expect("there").file_type().is_char_device());
}

#[test]
fn never_replaces_a_file_that_is_no_artifact() {
    let scene = Scene::new();
    let key = std::fs::read(scene.path("alice.pem")).expect("a key");
    let (pem, buf) = (scene.path("alice.pem"), scene.path("signed.buf"));
    let (code, _, stderr) = fayger(&["sign", &buf, "--key", &pem, "-o", &pem]);
    assert_eq!(code, 1);
    assert!(stderr.contains("it exists and is no artifact"), "{stderr}");
    assert_eq!(std::fs::read(&pem).expect("a key"), key);
}
