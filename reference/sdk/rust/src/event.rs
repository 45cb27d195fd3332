//! Events from the host. Written by `cargo xtask opcodes --bless` from the registry; do not edit.

use crate::Values;

/// Something that happened on the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event<'a> {
    /// `ui.key`: a key was pressed: its name or its text; modifier bits 1 shift, 2 control, 4 alt, 8 meta.
    UiKey {
        /// Text, 1 bytes or more.
        key: &'a str,
        /// An unsigned number, up to 15.
        modifiers: u64,
    },
    /// `ui.pointer`: the pointer moved or a button changed: bits 1 left, 2 right, 4 middle.
    UiPointer {
        /// An unsigned number, up to 65535.
        column: u64,
        /// An unsigned number, up to 65535.
        row: u64,
        /// An unsigned number, up to 7.
        buttons: u64,
    },
    /// `ui.resize`: the grid has another size.
    UiResize {
        /// An unsigned number, up to 65535.
        columns: u64,
        /// An unsigned number, up to 65535.
        rows: u64,
    },
    /// `time.timer`: a timer ran off; how often it has.
    TimeTimer {
        /// A handle: timer.
        timer: u32,
        /// An unsigned number, 1 or more.
        count: u64,
    },
    /// `proc.signal`: a signal came: 1 interrupt, 2 terminate, 4 hang-up, 8 user 1, 16 user 2.
    ProcSignal {
        /// An unsigned number, 1 to 16.
        signal: u64,
    },
    /// `host.message`: the host or the embedding application says something under a name.
    HostMessage {
        /// Text, 1 to 255 bytes.
        name: &'a str,
        /// Bytes.
        data: &'a [u8],
    },
    /// One that this version does not know.
    Other {
        /// Its category.
        category: u8,
        /// Its number.
        number: u16,
        /// Its values.
        values: Values<'a>,
    },
}

impl<'a> Event<'a> {
    /// The event of this kind with these values; none where they are others.
    pub(crate) fn new(category: u8, number: u16, mut values: Values<'a>) -> Option<Self> {
        Some(match (category, number) {
            (2, 1) => Self::UiKey { key: values.text().ok()?, modifiers: values.unsigned().ok()? },
            (2, 2) => Self::UiPointer {
                column: values.unsigned().ok()?,
                row: values.unsigned().ok()?,
                buttons: values.unsigned().ok()?,
            },
            (2, 3) => Self::UiResize { columns: values.unsigned().ok()?, rows: values.unsigned().ok()? },
            (3, 1) => Self::TimeTimer { timer: values.handle().ok()?, count: values.unsigned().ok()? },
            (6, 1) => Self::ProcSignal { signal: values.unsigned().ok()? },
            (7, 1) => Self::HostMessage { name: values.text().ok()?, data: values.bytes().ok()? },

            _ => Self::Other { category, number, values },
        })
    }
}
