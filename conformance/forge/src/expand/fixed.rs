//! The parts of fixed layout, Header and Trailer: named fields, little-endian.

use crate::edn::Item;
use crate::recipe::Edit;

/// Fields in file order.
pub(super) struct Fixed(Vec<(&'static str, Vec<u8>)>);

/// The numbers of a Header that the layout computes.
pub(super) fn header(manifest_length: usize, index_length: usize) -> Fixed {
    let manifest_length = manifest_length as u64;
    Fixed(vec![
        ("magic", b"BUF\0".to_vec()),
        ("major", 1_u16.to_le_bytes().to_vec()),
        ("minor", 0_u16.to_le_bytes().to_vec()),
        ("flags", 0_u32.to_le_bytes().to_vec()),
        ("reserved", 0_u32.to_le_bytes().to_vec()),
        ("manifest_offset", 48_u64.to_le_bytes().to_vec()),
        ("manifest_length", manifest_length.to_le_bytes().to_vec()),
        ("section_index_offset", (48 + manifest_length).to_le_bytes().to_vec()),
        ("section_index_length", (index_length as u64).to_le_bytes().to_vec()),
    ])
}

/// A Trailer whose checksum is still zero.
pub(super) fn trailer(total_length: usize, manifest_digest: [u8; 32]) -> Fixed {
    Fixed(vec![
        ("total_length", (total_length as u64).to_le_bytes().to_vec()),
        ("manifest_digest", manifest_digest.to_vec()),
        ("crc32", 0_u32.to_le_bytes().to_vec()),
    ])
}

impl Fixed {
    /// The bytes of all fields.
    pub(super) fn bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|(_, bytes)| bytes).copied().collect()
    }

    /// The bytes of one field; empty for a name that there is not.
    pub(super) fn field(&self, name: &str) -> &[u8] {
        self.0.iter().find(|(field, _)| *field == name).map_or(&[], |(_, bytes)| bytes)
    }

    /// Carries out an edit that sets a field: to an unsigned integer that fits it, or to bytes of its size.
    pub(super) fn apply(&mut self, edit: &Edit) -> Result<(), String> {
        let (path, to) = match edit {
            Edit::Set(path, to) => (path, to),
            Edit::Remove(_) | Edit::Add(..) | Edit::Append(..) | Edit::Pad(..) => {
                return Err("fields of fixed layout can only be set".to_owned());
            }
            _ => return Ok(()),
        };
        let [name] = path.steps.as_slice() else {
            return Err("a field's name is needed".to_owned());
        };
        self.set(name, to)
    }

    /// Sets one field.
    pub(super) fn set(&mut self, name: &str, to: &Item) -> Result<(), String> {
        let (_, bytes) =
            self.0.iter_mut().find(|(field, _)| *field == name).ok_or_else(|| format!("`{name}` is no field"))?;
        let new = match to {
            Item::Bytes { bytes, .. } => bytes.clone(),
            Item::Int { value, .. } => {
                let all = u64::try_from(*value).map_err(|_| "the number is not unsigned")?.to_le_bytes();
                let (low, high) = all.split_at_checked(bytes.len()).ok_or("this field takes bytes")?;
                if high.iter().any(|byte| *byte != 0) {
                    return Err(format!("the number does not fit into {} bytes", bytes.len()));
                }
                low.to_vec()
            }
            _ => return Err("a field takes an integer or bytes".to_owned()),
        };
        if new.len() != bytes.len() {
            return Err(format!("the field has {} bytes", bytes.len()));
        }
        *bytes = new;
        Ok(())
    }
}
