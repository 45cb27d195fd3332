//! A time of day in large digits.

/// Rows of a face.
const ROWS: usize = 5;
/// Characters of `hh:mm:ss`.
const CHARACTERS: usize = 8;
/// Bytes of a row: three and a gap for each character, and the end of the line.
const ROW: usize = CHARACTERS * 4 + 1;

/// The digits, and the colon: three bits a row, from the top.
const GLYPHS: [[u8; ROWS]; 11] = [
    [0b111, 0b101, 0b101, 0b101, 0b111],
    [0b010, 0b110, 0b010, 0b010, 0b111],
    [0b111, 0b001, 0b111, 0b100, 0b111],
    [0b111, 0b001, 0b111, 0b001, 0b111],
    [0b101, 0b101, 0b111, 0b001, 0b001],
    [0b111, 0b100, 0b111, 0b001, 0b111],
    [0b111, 0b100, 0b111, 0b101, 0b111],
    [0b111, 0b001, 0b010, 0b010, 0b010],
    [0b111, 0b101, 0b111, 0b101, 0b111],
    [0b111, 0b101, 0b111, 0b001, 0b111],
    [0b000, 0b010, 0b000, 0b010, 0b000],
];
const COLON: u32 = 10;

/// The text of a face, with an empty line behind.
pub(crate) struct Face([u8; ROW * ROWS + 1]);

impl Face {
    /// The face at so many seconds after midnight.
    pub(crate) fn new(second: u32) -> Self {
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        let characters = [hour / 10, hour % 10, COLON, minute / 10, minute % 10, COLON, second / 10, second % 10];
        let mut text = [b' '; ROW * ROWS + 1];
        for (row, line) in text.chunks_mut(ROW).enumerate() {
            for (cells, character) in line.chunks_exact_mut(4).zip(characters) {
                let glyph =
                    GLYPHS.get(character as usize).and_then(|glyph| glyph.get(row)).copied().unwrap_or_default();
                for (cell, bit) in cells.iter_mut().zip([4, 2, 1]) {
                    *cell = if glyph & bit == 0 { b' ' } else { b'#' };
                }
            }
            if let Some(last) = line.last_mut() {
                *last = b'\n';
            }
        }
        Self(text)
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_face_shows_hours_minutes_and_seconds() {
        let face = Face::new(12 * 3600 + 34 * 60 + 56);
        let text = std::str::from_utf8(face.as_bytes()).unwrap();
        let lines: Vec<_> = text.lines().map(str::trim_end).collect();
        assert_eq!(
            lines,
            [
                " #  ###     ### # #     ### ###",
                "##    #  #    # # #  #  #   #",
                " #  ###     ### ###     ### ###",
                " #  #    #    #   #  #    # # #",
                "### ###     ###   #     ### ###",
                "",
            ]
        );
    }
}
