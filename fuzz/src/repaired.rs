//! Any bytes, with everything that is computed made right: so the fuzzer gets behind lengths, digests and checksum.

use fayger_cbor::{Map, Value, encode};
use sha2::{Digest as _, Sha256};

use crate::artifact::artifact;
use crate::parts::{container, value};

/// Any bytes with lengths, offsets, digests and checksum made right, where their parts are CBOR at all: as [`artifact`].
pub fn repaired(data: &[u8]) {
    artifact(&repair(data).unwrap_or_else(|| data.to_vec()));
}

/// The artifact that `data` nearly is.
fn repair(data: &[u8]) -> Option<Vec<u8>> {
    let field = |at: usize| Some(u64::from_le_bytes(data.get(at..at.checked_add(8)?)?.try_into().ok()?));
    let manifest_end = 48_usize.checked_add(usize::try_from(field(24)?).ok()?)?;
    let index_end = manifest_end.checked_add(usize::try_from(field(40)?).ok()?)?;
    let Value::Map(mut manifest) = value(data.get(48..manifest_end)?)? else { return None };
    let Value::Array(mut rows) = value(data.get(manifest_end..index_end)?)? else { return None };
    let bodies = data.get(index_end..data.len().checked_sub(44)?)?;

    let digests = repair_rows(&mut rows, bodies)?;
    let index = encode(&Value::Array(rows));
    repair_manifest(&mut manifest, &index, &digests);
    let mut bytes = container(&encode(&Value::Map(manifest.clone())), &index, bodies);
    // What the first twelve bytes say stays said: version and flags.
    for (to, from) in bytes.iter_mut().zip(data.iter().take(12)) {
        *to = *from;
    }
    repair_trailer(&mut bytes, &encode(&Value::Map(manifest)), index.len(), bodies.len());
    Some(bytes)
}

/// Lays the rows over the bodies, the last one over all that is left, and gives the digests.
fn repair_rows(rows: &mut [Value], bodies: &[u8]) -> Option<Vec<Value>> {
    let (count, mut offset, mut digests) = (rows.len(), 0_usize, Vec::new());
    for (position, row) in rows.iter_mut().enumerate() {
        let Value::Array(elements) = row else { return None };
        let [_, _, at, length, digest, _, _] = elements.as_mut_slice() else { return None };
        let claimed = length.as_integer().and_then(|length| usize::try_from(length).ok()).unwrap_or_default();
        let left = bodies.len().saturating_sub(offset);
        let taken = if position.saturating_add(1) == count { left } else { claimed.min(left) };
        let end = offset.saturating_add(taken);
        *at = Value::from(offset as u64);
        *length = Value::from(taken as u64);
        *digest = Value::Bytes(Sha256::digest(bodies.get(offset..end)?).to_vec());
        digests.push(digest.clone());
        offset = end;
    }
    Some(digests)
}

fn repair_manifest(manifest: &mut Map, index: &[u8], digests: &[Value]) {
    manifest.insert("index_digest", Value::Bytes(Sha256::digest(index).to_vec()));
    let Some(Value::Array(mut sections)) = manifest.remove("sections") else { return };
    for (section, digest) in sections.iter_mut().zip(digests) {
        if let Value::Map(section) = section {
            section.insert("digest", digest.clone());
        }
    }
    manifest.insert("sections", Value::Array(sections));
}

fn repair_trailer(bytes: &mut Vec<u8>, manifest: &[u8], index_length: usize, bodies_length: usize) {
    let total = bytes.len() as u64;
    let front = 48_usize.saturating_add(manifest.len()).saturating_add(index_length);
    bytes.truncate(front.saturating_add(bodies_length));
    let trailer = [total.to_le_bytes().as_slice(), Sha256::digest(manifest).as_slice()].concat();
    let mut checksum = crc32fast::Hasher::new();
    checksum.update(bytes.get(..front).unwrap_or_default());
    checksum.update(&trailer);
    bytes.extend(trailer);
    bytes.extend(checksum.finalize().to_le_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::sample;

    #[test]
    fn makes_a_good_artifact_of_one_whose_computed_fields_are_all_wrong() {
        let good = sample();
        let mut bad = good.clone();
        let last = bad.len();
        bad[last - 44..].fill(0);
        // The digest of a body stands in the Manifest and in the Section_Index.
        let body = Sha256::digest(b"body");
        for at in 0..last - 32 {
            if bad[at..at + 32] == *body {
                bad[at] ^= 1;
            }
        }
        assert_ne!(bad, good);
        assert_eq!(repair(&bad), Some(good));
    }
}
