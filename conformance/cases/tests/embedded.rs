//! The set that is built in, held against the specification that is built in.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::path::Path;

use fayger_cases::{Suite, check};
use fayger_spec_map::SpecMap;

fn suite() -> Suite {
    Suite::embedded().unwrap()
}

#[test]
fn nothing_is_wrong_with_the_built_in_set() {
    let problems: Vec<_> = check(&suite(), &SpecMap::load().unwrap()).iter().map(ToString::to_string).collect();
    assert_eq!(problems.join("\n"), "");
}

#[test]
fn the_built_in_set_is_that_of_the_folder() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors");
    assert_eq!(Suite::from_dir(&folder).unwrap().digest(), suite().digest());
}
