//! A gigabyte, opened lazily over HTTP: few reads, few bytes, little memory.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests fail as tests do"
)]

use std::sync::Arc;

use fayger_contracts::{BufObject, LoadStrategy, Reader};
use fayger_loader::load;
use fayger_sources::{Counting, HttpOptions, HttpSource};
use fayger_sources_servers::{Nginx, Sections, request, write};
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const MIB: u64 = 1 << 20;
const ENTRY: u64 = 3 * MIB;

#[test]
fn a_lazy_gigabyte_over_http_costs_its_front_and_its_entry() {
    let root = tempfile::tempdir().unwrap();
    let length = write(&root.path().join("a.buf"), Sections([ENTRY, 1 << 30, 50 * MIB]));
    assert!(length > 1 << 30);
    let Some(server) = Nginx::start(root.path(), "") else { return };

    let before = MEMORY.current_usage() as u64;
    MEMORY.reset_peak_usage();
    let source = HttpSource::new(&server.url("a.buf"), HttpOptions::default()).unwrap();
    let source = Arc::new(Counting::new(source));
    let object = load(Arc::clone(&source) as Arc<_>, &request(LoadStrategy::Lazy { cache_bytes: MIB }), &()).unwrap();
    let peak = (MEMORY.peak_usage() as u64).saturating_sub(before);
    let counted = source.counted();

    assert_eq!(object.body(1, Reader::Runtime).unwrap().unwrap().len() as u64, ENTRY);
    // Two reads to the end of resolve, the one that learns the size included, and the entry's.
    assert_eq!(counted.reads, 2 + 1);
    assert_eq!(counted.bytes, 65_536 + 44 + ENTRY);
    assert!(counted.bytes <= 6 * MIB + ENTRY);
    assert!(peak <= 16 * MIB + ENTRY, "{peak} bytes");
    println!("reads {}, bytes {}, peak of memory {peak}", counted.reads, counted.bytes);
}
