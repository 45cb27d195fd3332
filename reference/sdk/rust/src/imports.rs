//! The five imports, and nothing else: the one place of this crate with unsafe code.
//!
//! Each wrapper is sound because the pointer and length that it hands over are those of a slice that it borrows for the whole call, shared where
//! the runtime reads and exclusive where it writes; the runtime writes within that range alone, and traps on one beyond memory.
#![expect(unsafe_code, reason = "a function of the host is foreign, and takes addresses")]

mod raw {
    #[link(wasm_import_module = "fayger_v1")]
    unsafe extern "C" {
        pub(super) fn emit(instruction: *const u8, length: usize) -> i32;
        pub(super) fn reply_read(to: *mut u8, capacity: usize) -> i32;
        pub(super) fn event_read(to: *mut u8, capacity: usize) -> i32;
        pub(super) safe fn section_len(section: u32) -> i64;
        pub(super) fn section_read(section: u32, offset: i64, to: *mut u8, length: usize) -> i32;
    }
}

/// Emits an instruction; the length of the reply.
pub(crate) fn emit(instruction: &[u8]) -> i32 {
    // SAFETY: see above.
    unsafe { raw::emit(instruction.as_ptr(), instruction.len()) }
}

/// Copies what fits of the last reply; its full length, or −1.
pub(crate) fn reply_read(to: &mut [u8]) -> i32 {
    // SAFETY: see above.
    unsafe { raw::reply_read(to.as_mut_ptr(), to.len()) }
}

/// Copies what fits of the event that is handled; its full length, or −1.
pub(crate) fn event_read(to: &mut [u8]) -> i32 {
    // SAFETY: see above.
    unsafe { raw::event_read(to.as_mut_ptr(), to.len()) }
}

/// The length of a section, or −1.
pub(crate) fn section_len(section: u32) -> i64 {
    raw::section_len(section)
}

/// Copies what there is of a section from `offset` on; how many bytes, or −1.
pub(crate) fn section_read(section: u32, offset: i64, to: &mut [u8]) -> i32 {
    // SAFETY: see above.
    unsafe { raw::section_read(section, offset, to.as_mut_ptr(), to.len()) }
}

/// Ends execution at once; only a fault comes here.
pub(crate) fn trap() -> ! {
    core::arch::wasm32::unreachable()
}
