//! A case as the runner takes it: what is told of it, and what is sent and expected.

use std::collections::BTreeMap;
use std::fmt;

use fayger_fcp::{BuildParams, CborValue, ContextValue, Event, LoadOk, LoadParams, SigningPayloadParams, SourceLayer};

/// A case to run. Its input is expanded only when its turn comes.
pub struct Job {
    /// What is told of the case.
    pub about: About,
    /// Expands the case; a failure is the suite's fault, and its text says which.
    pub prepare: Box<dyn Fn() -> Result<Prepared, String>>,
}

impl fmt::Debug for Job {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Job").field("about", &self.about).finish_non_exhaustive()
    }
}

/// What is told of a case without expanding it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// The permanent id, `chapter.group.slug`.
    pub id: String,
    /// The ids of the clauses that it tests.
    pub clauses: Vec<String>,
    /// How binding they are: `MUST`, `MUST NOT`, `SHOULD`, `MAY`.
    pub level: String,
    /// The features without which it is not run.
    pub features: Vec<String>,
    /// The limits whose default values it presumes, with these values.
    pub limits: BTreeMap<String, u64>,
}

impl About {
    /// Whether a conforming implementation has to pass.
    #[must_use]
    pub fn is_must(&self) -> bool {
        self.level.starts_with("MUST")
    }

    /// Chapter and group: the id without its last part.
    #[must_use]
    pub fn group(&self) -> &str {
        self.id.rsplit_once('.').map_or(self.id.as_str(), |(group, _)| group)
    }
}

/// What is sent, and what has to come back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Prepared {
    /// `cbor.decode`.
    Decode {
        /// The bytes to decode.
        bytes: Vec<u8>,
        /// The value, or the error.
        expected: Result<CborValue, ExpectedError>,
    },
    /// `cbor.encode`.
    Encode {
        /// The value to encode.
        value: CborValue,
        /// Its bytes, or the error.
        expected: Result<Vec<u8>, ExpectedError>,
    },
    /// `loader.load`, and what follows from an object.
    Load {
        /// The request.
        params: Box<LoadParams>,
        /// The object, or the error.
        expected: Result<Box<ExpectedObject>, ExpectedError>,
    },
    /// `serializer.build`, and `serializer.signing_payload` where there is a signature.
    Build {
        /// The request.
        params: Box<BuildParams>,
        /// The request for the signed bytes and these bytes, where the artifact is signed.
        payload: Option<Box<(SigningPayloadParams, Vec<u8>)>>,
        /// The artifact, or the error.
        expected: Result<Vec<u8>, ExpectedError>,
    },
}

/// An error that has to come back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectedError {
    /// The code.
    pub code: String,
    /// The phase; `None`: there must be none.
    pub phase: Option<String>,
    /// The layers of the chain of causes, outermost first.
    pub layers: Vec<SourceLayer>,
    /// The context that the clauses fix.
    pub context: BTreeMap<String, ContextValue>,
    /// Keys that the clauses fix to be absent.
    pub absent: Vec<String>,
}

/// An object that has to come of a load.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectedObject {
    /// The object's normal form; its handle is not compared.
    pub normal_form: LoadOk,
    /// The body of each section, in the order of the rows.
    pub bodies: Vec<Vec<u8>>,
    /// The artifact's bytes, which serialising the object gives again.
    pub artifact: Vec<u8>,
    /// The events that the load emits, where the case fixes them: names, and the context that has to be there.
    pub events: Option<Vec<Event>>,
}
