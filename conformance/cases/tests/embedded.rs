//! The set that is built in.

use fayger_cases::Suite;

#[test]
fn every_case_of_the_built_in_set_can_be_prepared() {
    let suite = Suite::embedded().unwrap_or_else(|error| panic!("{error}"));
    let problems: Vec<_> = suite.cases().filter_map(|case| suite.prepare(case).err()).collect();
    assert_eq!(problems, []);
}
