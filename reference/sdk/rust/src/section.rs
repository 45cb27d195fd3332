//! Sections of the artifact that the Fay can read.

use crate::fayger_v1;

/// A section that is there, selected, and not internal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Section {
    id: u32,
    length: u64,
}

impl Section {
    /// The section of this id; none where the Fay can read none, for whatever reason.
    pub fn open(id: u32) -> Option<Self> {
        u64::try_from(fayger_v1::section_len(id)).ok().map(|length| Self { id, length })
    }

    /// Its length in bytes.
    pub fn length(self) -> u64 {
        self.length
    }

    /// Copies what there is from `offset` on, at most as much as `to` holds; how many bytes, 0 at its end.
    pub fn read(self, offset: u64, to: &mut [u8]) -> usize {
        let Ok(offset) = i64::try_from(offset) else { return 0 };
        usize::try_from(fayger_v1::section_read(self.id, offset, to)).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted;

    #[test]
    fn a_section_is_read_in_pieces_up_to_its_end() {
        scripted::section(2, b"hello");
        let section = Section::open(2).unwrap();
        let mut piece = [0; 3];
        assert_eq!((section.length(), section.read(0, &mut piece), piece), (5, 3, *b"hel"));
        assert_eq!((section.read(3, &mut piece), &piece[..2]), (2, b"lo".as_slice()));
        assert_eq!((section.read(5, &mut piece), section.read(u64::MAX, &mut piece)), (0, 0));
        assert_eq!(Section::open(3), None);
    }
}
