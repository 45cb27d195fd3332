//! Conformance classes: what an implementation can claim to be.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use fayger_fcp::features;
use serde::{Serialize, Serializer};

/// A set of features that an implementation claims as a whole. A class lands with the features that it needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// Loads artifacts and verifies their signatures.
    Loader,
    /// Takes instructions to adapters.
    AdapterCore,
    /// Runs artifacts.
    Runtime,
    /// Everything that every implementation can have.
    #[default]
    Full,
}

/// A name that is no class.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{name}` is no class; there is {}", Class::ALL.map(Class::name).join(", "))]
pub struct UnknownClass {
    name: String,
}

impl Class {
    /// Every class.
    pub const ALL: [Self; 4] = [Self::Loader, Self::AdapterCore, Self::Runtime, Self::Full];

    /// The features that it needs.
    #[must_use]
    pub fn features(self) -> &'static [&'static str] {
        match self {
            Self::Loader => &[features::CBOR, features::LOADER, features::SIGNATURE_ED25519],
            Self::AdapterCore => &[features::INSTRUCTION, features::CAPABILITY, features::BUS, features::REGISTRY],
            Self::Runtime => &[
                features::CBOR,
                features::LOADER,
                features::SIGNATURE_ED25519,
                features::INSTRUCTION,
                features::CAPABILITY,
                features::RUNTIME,
                features::EVENTS,
            ],
            Self::Full => &[
                features::CBOR,
                features::LOADER,
                features::LOADER_LAZY,
                features::LOADER_SOURCES,
                features::SERIALIZER,
                features::SIGNATURE_ED25519,
                features::SIGNATURE_ECDSA_P256,
                features::SIGNATURE_RSA_PSS_SHA256,
                features::TRUST,
                features::EVENTS,
                features::INSTRUCTION,
                features::CAPABILITY,
                features::BUS,
                features::REGISTRY,
                features::RUNTIME,
            ],
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Loader => "loader",
            Self::AdapterCore => "adapter-core",
            Self::Runtime => "runtime",
            Self::Full => "full",
        }
    }
}

/// The classes whose verdict is asked for, together: at least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Classes(Vec<Class>);

impl Classes {
    /// Every class.
    #[must_use]
    pub fn all() -> Self {
        Self(Class::ALL.to_vec())
    }

    /// The features that they need.
    #[must_use]
    pub fn features(&self) -> BTreeSet<&'static str> {
        self.0.iter().flat_map(|class| class.features()).copied().collect()
    }
}

impl From<Class> for Classes {
    fn from(class: Class) -> Self {
        Self(vec![class])
    }
}

impl fmt::Display for Classes {
    /// `class loader`, or `classes loader, runtime`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.0.iter().map(|class| class.name()).collect();
        write!(formatter, "{} {}", if names.len() == 1 { "class" } else { "classes" }, names.join(", "))
    }
}

impl FromStr for Classes {
    type Err = UnknownClass;

    /// Names with commas between them.
    fn from_str(names: &str) -> Result<Self, UnknownClass> {
        names.split(',').map(|name| name.trim().parse()).collect::<Result<_, _>>().map(Self)
    }
}

impl Serialize for Classes {
    /// One name as text, several as a list.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [class] => class.serialize(serializer),
            classes => classes.serialize(serializer),
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for Class {
    type Err = UnknownClass;

    fn from_str(name: &str) -> Result<Self, UnknownClass> {
        Self::ALL.into_iter().find(|class| class.name() == name).ok_or_else(|| UnknownClass { name: name.to_owned() })
    }
}
