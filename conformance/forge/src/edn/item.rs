//! A data item together with how it is to be written.

/// How the head of an item carries its argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// In as few bytes as it fits: the deterministic way.
    Shortest,
    /// In 1, 2, 4 or 8 bytes behind the initial byte: `_0`, `_1`, `_2`, `_3`.
    Bytes(u8),
    /// As an indefinite length, ended by a break: `_`.
    Indefinite,
}

/// What a recipe computes, as it stands in a Manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Placeholder {
    /// `$digest(ID)`: the SHA-256 of a section's body, as a byte string.
    Digest(u32),
    /// `$index_digest`: the SHA-256 of the Section_Index, as a byte string.
    IndexDigest,
    /// `$sections`: an array with `{"id": …, "digest": …}` for each section, and a `format` where it is of code.
    Sections,
    /// The value of the signature, of this many bytes; it has no notation.
    SignatureValue(usize),
}

/// A data item, well-formed or not.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// An integer from −2^64 to 2^64−1.
    Int {
        /// The integer.
        value: i128,
        /// The width of its argument.
        width: Width,
    },
    /// A byte string.
    Bytes {
        /// Its bytes.
        bytes: Vec<u8>,
        /// The width of its length.
        width: Width,
    },
    /// A text string, maybe of bytes that are not UTF-8.
    Text {
        /// Its bytes.
        bytes: Vec<u8>,
        /// The width of its length.
        width: Width,
    },
    /// A string of indefinite length: `(_ h'01', h'02')`. The chunks are not held to the major type.
    Chunks {
        /// Its chunks.
        chunks: Vec<Item>,
        /// Whether it is a text.
        text: bool,
    },
    /// An array.
    Array {
        /// Its elements.
        items: Vec<Item>,
        /// The width of the count.
        width: Width,
    },
    /// A map, in the order in which it is written.
    Map {
        /// Its pairs; keys may be anything and may repeat.
        pairs: Vec<(Item, Item)>,
        /// The width of the count.
        width: Width,
    },
    /// A tag and its content.
    Tag {
        /// The tag's number.
        number: u64,
        /// The width of the number.
        width: Width,
        /// The content.
        content: Box<Item>,
    },
    /// A simple value: 20 false, 21 true, 22 null, 23 undefined.
    Simple {
        /// Its number, 0–23 or 32–255 unless the width says otherwise.
        number: u8,
        /// The width of the number.
        width: Width,
    },
    /// A floating-point number.
    Float {
        /// The number.
        value: f64,
        /// Two, four or eight bytes: `_1`, `_2`, `_3`; shortest is the narrowest that keeps the value.
        width: Width,
    },
    /// Bytes that stand for one item, whatever they are.
    Raw(Vec<u8>),
    /// A value that the recipe computes.
    Placeholder(Placeholder),
}

impl Item {
    /// A byte string with the shortest head.
    #[must_use]
    pub fn bytes(bytes: Vec<u8>) -> Self {
        Self::Bytes { bytes, width: Width::Shortest }
    }

    /// A text with the shortest head.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self::Text { bytes: text.as_bytes().to_vec(), width: Width::Shortest }
    }

    /// An unsigned integer with the shortest head.
    #[must_use]
    pub fn unsigned(value: impl Into<u64>) -> Self {
        Self::Int { value: value.into().into(), width: Width::Shortest }
    }

    /// An array with the shortest head.
    #[must_use]
    pub fn array(items: Vec<Item>) -> Self {
        Self::Array { items, width: Width::Shortest }
    }

    /// A map with the shortest head, its pairs in the order given.
    #[must_use]
    pub fn map(pairs: Vec<(Item, Item)>) -> Self {
        Self::Map { pairs, width: Width::Shortest }
    }

    /// A simple value with the shortest head.
    #[must_use]
    pub fn simple(number: u8) -> Self {
        Self::Simple { number, width: Width::Shortest }
    }

    /// Whether it is this text.
    pub(crate) fn is_text(&self, text: &str) -> bool {
        matches!(self, Self::Text { bytes, .. } if bytes == text.as_bytes())
    }
}
