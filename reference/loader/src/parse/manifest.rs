//! The Manifest's schema: one function a map, its fields in the order of their encoded keys.

use std::cmp::Ordering;

use fayger_cbor::{Value, key_order};
use fayger_contracts::artifact::{SCHEMA_MAJOR, SCHEMA_MINOR};
use fayger_contracts::manifest::{CapabilityDeclaration, Entry, Resources, SectionDeclaration, Signature};
use fayger_contracts::version::{VersionError, is_numeric_identifier};
use fayger_contracts::{Capability, FaygerError, InterfaceVersion, Manifest, Phase};

use super::fields::{Fields, UnknownKeys, array, child, text};
use crate::error::{self, manifest_field, manifest_keys};
use crate::limits::Limits;

/// Longest artifact id, in bytes.
const ID_MAX: usize = 255;
/// Longest label of an artifact id, in bytes (RFC 1035 §2.3.4).
const LABEL_MAX: usize = 63;

/// The Manifest that `value` is.
pub(crate) fn from_value(value: &Value, limits: &Limits) -> Result<Manifest, FaygerError> {
    let schema_version = schema_version(value)?;
    let unknown_keys = unknown_keys(schema_version);
    //= ART-MANIFEST-001
    let root = Fields::open(
        value,
        String::new(),
        &[
            "schema_version",
            "id",
            "version",
            "runtime_interface_min",
            "entry",
            "capabilities",
            "sections",
            "index_digest",
        ],
        &["name", "description", "vendor", "runtime_capabilities", "resources", "deprecation_notice", "signature"],
        unknown_keys,
        is_vendor_extension,
    )?;
    //= LDR-PARSE-003
    let id = id(&root)?;
    let name = root.optional_text("name")?;
    let entry = entry(&root, unknown_keys)?;
    let vendor = root.optional_text("vendor")?;
    let version = artifact_version(&root)?;
    let sections = sections(&root, unknown_keys, limits)?;
    let resources = resources(&root, unknown_keys)?;
    let signature = signature(&root)?;
    let description = root.optional_text("description")?;
    let capabilities = capabilities(&root, unknown_keys)?;
    let index_digest = root.digest("index_digest")?;
    let deprecation_notice = root.optional_text("deprecation_notice")?;
    let runtime_capabilities = runtime_capabilities(&root)?;
    let runtime_interface_min =
        interface_version(root.text("runtime_interface_min")?, || root.pointer("runtime_interface_min"))?;
    Ok(Manifest {
        schema_version,
        id,
        version,
        runtime_interface_min,
        entry,
        capabilities,
        sections,
        index_digest,
        name,
        description,
        vendor,
        runtime_capabilities,
        resources,
        deprecation_notice,
        signature,
        other: root.other(),
    })
}

/// The schema that the rest is to be judged by. A Manifest of another major cannot be judged.
//= LDR-PARSE-002
fn schema_version(value: &Value) -> Result<InterfaceVersion, FaygerError> {
    let Value::Map(map) = value else { return Err(manifest_field("", "type")) };
    let pointer = || "/schema_version".to_owned();
    let Some(value) = map.get("schema_version") else {
        return Err(manifest_keys(vec![pointer()], Vec::new()));
    };
    let declared = interface_version(text(value, pointer)?, pointer)?;
    //= LDR-PARSE-004
    if declared.major != SCHEMA_MAJOR {
        let available = InterfaceVersion::new(SCHEMA_MAJOR, SCHEMA_MINOR, 0);
        return Err(error::version(Phase::Parse, "schema_version", declared, available));
    }
    Ok(declared)
}

/// Whether this loader knows every key, kind and name that a schema of that minor can hold.
//= ART-MANIFEST-002
#[expect(clippy::absurd_extreme_comparisons, reason = "the newest known minor is 0 only for now")]
pub(super) fn is_known_minor(schema_version: InterfaceVersion) -> bool {
    schema_version.minor <= SCHEMA_MINOR
}

fn unknown_keys(schema_version: InterfaceVersion) -> UnknownKeys {
    if is_known_minor(schema_version) { UnknownKeys::Refused } else { UnknownKeys::Kept }
}

/// `x-` and at least one more byte: a vendor's own, kept untouched.
//= ART-MANIFEST-003
fn is_vendor_extension(key: &str) -> bool {
    key.strip_prefix("x-").is_some_and(|rest| !rest.is_empty())
}

/// Below the top, no key is exempt from the schema.
fn none_exempt(_key: &str) -> bool {
    false
}

//= ART-MANIFEST-013
fn interface_version(text: &str, pointer: impl FnOnce() -> String) -> Result<InterfaceVersion, FaygerError> {
    InterfaceVersion::parse(text).map_err(|failure| {
        manifest_field(
            pointer(),
            match failure {
                VersionError::Syntax => "syntax",
                VersionError::Range => "range",
            },
        )
    })
}

/// Two or more lower-case LDH labels (RFC 5890 §2.3.1) of at most 63 bytes, joined by dots.
//= ART-MANIFEST-004
fn id(root: &Fields<'_>) -> Result<String, FaygerError> {
    let id = root.text("id")?;
    if id.len() > ID_MAX {
        return Err(manifest_field(root.pointer("id"), "range"));
    }
    let is_label = |label: &str| {
        (1..=LABEL_MAX).contains(&label.len())
            && label.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    if !id.contains('.') || !id.split('.').all(is_label) {
        return Err(manifest_field(root.pointer("id"), "syntax"));
    }
    Ok(id.to_owned())
}

/// SemVer 2.0.0, with numbers of any size: the loader never orders it, so it need not hold one.
//= ART-MANIFEST-005
fn artifact_version(root: &Fields<'_>) -> Result<String, FaygerError> {
    let version = root.text("version")?;
    if !is_semver(version) {
        return Err(manifest_field(root.pointer("version"), "syntax"));
    }
    Ok(version.to_owned())
}

/// The grammar of SemVer 2.0.0, points 2, 9 and 10.
fn is_semver(text: &str) -> bool {
    let (rest, build) = match text.split_once('+') {
        Some((rest, build)) => (rest, Some(build)),
        None => (text, None),
    };
    let (core, prerelease) = match rest.split_once('-') {
        Some((core, prerelease)) => (core, Some(prerelease)),
        None => (rest, None),
    };
    let is_identifier = |identifier: &str| {
        !identifier.is_empty() && identifier.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let is_prerelease = |identifier: &str| {
        let is_number = identifier.bytes().all(|byte| byte.is_ascii_digit());
        is_identifier(identifier) && (!is_number || is_numeric_identifier(identifier))
    };
    core.split('.').count() == 3
        && core.split('.').all(is_numeric_identifier)
        && prerelease.is_none_or(|prerelease| prerelease.split('.').all(is_prerelease))
        && build.is_none_or(|build| build.split('.').all(is_identifier))
}

//= ART-MANIFEST-006
fn entry(root: &Fields<'_>, unknown_keys: UnknownKeys) -> Result<Entry, FaygerError> {
    let fields = Fields::open(
        root.required("entry")?,
        root.pointer("entry"),
        &["section", "start"],
        &["init", "on_event"],
        unknown_keys,
        none_exempt,
    )?;
    let init = fields.optional_text("init")?;
    let start = fields.text("start")?.to_owned();
    let section = fields.u32("section")?;
    let on_event = fields.optional_text("on_event")?;
    Ok(Entry { section, start, init, on_event, other: fields.other() })
}

//= ART-MANIFEST-007
fn sections(
    root: &Fields<'_>,
    unknown_keys: UnknownKeys,
    limits: &Limits,
) -> Result<Vec<SectionDeclaration>, FaygerError> {
    let items = root.array("sections")?;
    let count = items.len() as u64;
    //= ART-LIMIT-002
    if count > limits.sections {
        return Err(error::limit(Phase::Parse, "sections", limits.sections, count));
    }
    let pointer = root.pointer("sections");
    items
        .iter()
        .enumerate()
        .map(|(position, item)| section(item, child(&pointer, &position.to_string()), unknown_keys))
        .collect()
}

fn section(value: &Value, pointer: String, unknown_keys: UnknownKeys) -> Result<SectionDeclaration, FaygerError> {
    let fields =
        Fields::open(value, pointer, &["id", "digest"], &["name", "media_type", "format"], unknown_keys, none_exempt)?;
    let id = fields.u32("id")?;
    let name = fields.optional_text("name")?;
    let digest = fields.digest("digest")?;
    let format = fields.optional_text("format")?;
    let media_type = fields.optional_text("media_type")?;
    Ok(SectionDeclaration { id, digest, name, media_type, format, other: fields.other() })
}

//= ART-MANIFEST-008
fn resources(root: &Fields<'_>, unknown_keys: UnknownKeys) -> Result<Option<Resources>, FaygerError> {
    let Some(value) = root.value("resources") else { return Ok(None) };
    let fields = Fields::open(
        value,
        root.pointer("resources"),
        &[],
        &["memory_bytes", "table_elements", "event_queue", "open_handles"],
        unknown_keys,
        none_exempt,
    )?;
    let event_queue = fields.optional_unsigned("event_queue")?;
    let memory_bytes = fields.optional_unsigned("memory_bytes")?;
    let open_handles = fields.optional_unsigned("open_handles")?;
    let table_elements = fields.optional_unsigned("table_elements")?;
    Ok(Some(Resources { memory_bytes, table_elements, event_queue, open_handles, other: fields.other() }))
}

/// The signature has exactly its three keys at every minor: what is signed must not depend on who reads it.
//= ART-MANIFEST-009
fn signature(root: &Fields<'_>) -> Result<Option<Signature>, FaygerError> {
    let Some(value) = root.value("signature") else { return Ok(None) };
    let fields = Fields::open(
        value,
        root.pointer("signature"),
        &["algorithm", "key_id", "value"],
        &[],
        UnknownKeys::Refused,
        none_exempt,
    )?;
    let value = fields.bytes("value")?.to_vec();
    let key_id = fields.digest("key_id")?;
    let algorithm = fields.text("algorithm")?.to_owned();
    Ok(Some(Signature { algorithm, key_id, value }))
}

//= ART-MANIFEST-010
fn capabilities(root: &Fields<'_>, unknown_keys: UnknownKeys) -> Result<CapabilityDeclaration, FaygerError> {
    let fields = Fields::open(
        root.required("capabilities")?,
        root.pointer("capabilities"),
        &["required", "optional"],
        &[],
        unknown_keys,
        none_exempt,
    )?;
    //= ART-MANIFEST-015
    //= ART-MANIFEST-016
    let known = |name: &str| match unknown_keys {
        UnknownKeys::Refused if Capability::from_name(name).is_none() => Err("unknown"),
        _ => Ok(()),
    };
    let optional = names(fields.required("optional")?, &fields.pointer("optional"), known, |_| Ok(()))?;
    //= ART-MANIFEST-017
    let disjoint = |name: &str| match optional.binary_search_by(|other| key_order(other, name)) {
        Ok(_found) => Err("duplicate"),
        Err(_absent) => Ok(()),
    };
    let required = names(fields.required("required")?, &fields.pointer("required"), known, disjoint)?;
    Ok(CapabilityDeclaration { required, optional, other: fields.other() })
}

//= ART-MANIFEST-019
fn runtime_capabilities(root: &Fields<'_>) -> Result<Option<Vec<String>>, FaygerError> {
    let Some(value) = root.value("runtime_capabilities") else { return Ok(None) };
    names(value, &root.pointer("runtime_capabilities"), |_| Ok(()), |_| Ok(())).map(Some)
}

/// A strictly ascending array of texts; `before` and `after` judge each one before and after its order.
//= ART-MANIFEST-011
fn names(
    value: &Value,
    pointer: &str,
    before: impl Fn(&str) -> Result<(), &'static str>,
    after: impl Fn(&str) -> Result<(), &'static str>,
) -> Result<Vec<String>, FaygerError> {
    let mut names: Vec<String> = Vec::new();
    //= LDR-PARSE-007
    for (position, item) in array(value, || pointer.to_owned())?.iter().enumerate() {
        let place = || child(pointer, &position.to_string());
        let name = text(item, place)?;
        let follows = names.last().is_none_or(|last| key_order(last, name) == Ordering::Less);
        let ordered = if follows { Ok(()) } else { Err("order") };
        before(name).and(ordered).and_then(|()| after(name)).map_err(|reason| manifest_field(place(), reason))?;
        names.push(name.to_owned());
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::is_semver;

    #[test]
    fn takes_what_semver_takes() {
        // The examples of SemVer 2.0.0, points 9 to 11, and numbers beyond any machine word.
        for version in [
            "0.0.0",
            "1.9.0",
            "1.0.0-alpha.1",
            "1.0.0-0.3.7",
            "1.0.0-x.7.z.92",
            "1.0.0-x-y-z.--",
            "1.0.0-alpha+001",
            "1.0.0+20130313144700",
            "1.0.0-beta+exp.sha.5114f85",
            "1.0.0+21AF26D3----117B344092BD",
            "1.0.0+a-b",
            "1.0.0-0A",
            "99999999999999999999999.999999999999999999.99999999999999999",
        ] {
            assert!(is_semver(version), "{version}");
        }
    }

    #[test]
    fn refuses_what_semver_refuses() {
        for version in [
            "",
            "1",
            "1.2",
            "1.2.3.4",
            "01.2.3",
            "1.02.3",
            "1.2.03",
            "v1.2.3",
            "1.2.3-",
            "1.2.3+",
            "1.2.3-+b",
            "1.2.3-01",
            "1.2.3-a..b",
            "1.2.3-a_b",
            "1.2.3+a+b",
            "1.2.3+a..b",
            "1.2.3+é",
            " 1.2.3",
            "1.2.3 ",
            "1.2.-3",
            "+1.2.3",
            "-1.2.3",
            "1.2.3-٣",
        ] {
            assert!(!is_semver(version), "{version}");
        }
    }
}
