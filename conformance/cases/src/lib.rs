//! The case files of the suite: their model, the set that is built in, and the checks of a set.
//!
//! A case is a file under `vectors/`, and its id is the file's path with dots: `vectors/loader/header/refuses-a-wrong-magic.toml` is
//! `loader.header.refuses-a-wrong-magic`. It names clauses, one action and one expectation. A [`Suite`] holds the cases and the recipes that they
//! share; [`Suite::prepare`] turns a case into the request to send and the answer to expect.
//!
//! Nothing of the implementations under test is linked here: expectations are what the files say.

mod case;
mod check;
mod exchange;
mod fay;
mod prepare;
mod property;
mod raw;
mod scenario;
mod source;
mod suite;

pub use case::{
    Action, ArtifactSource, Build, Case, Decode, Encode, Expect, ExpectedError, ExpectedOk, Gets, KeyForm, KeyName,
    Load, LoadExpectation, Read, Root, SignatureStatus, Trust, TrustExpectation, TrustKey, TrustRequest, TrustResult,
    TrustStep,
};
pub use check::check;
pub use exchange::{Exchange, Request};
pub use fay::Fay;
pub use prepare::{ExpectedObject, ExpectedTrust, Prepared, PreparedStep, TrustCall};
pub use property::Property;
pub use scenario::{EVERY, HostCall, NOBODY, Scenario, Step, StepExpect};
pub use source::{Bound, Fault, Gives, OF_THE_READ, SOURCE, Source};
pub use suite::{Problem, Suite, SuiteError};
