//! The rules on dependencies, as data: the one place where they stand.
//!
//! ```text
//! cbor ◄─ contracts ◄─ loader ◄─ testee ─► fcp            forge ◄─ cases ◄─ runner
//!                        ▲          ▲                                          ▲
//!                     fayger        └───────────── conformance CLI ────────────┘
//! ```

/// What one package of the project may use.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rule {
    /// The package.
    pub(super) package: &'static str,
    /// The packages of the project that it may use, also in tests; every other is barred.
    pub(super) may_use: &'static [&'static str],
    /// Packages from elsewhere that it may not use, not by way of others either.
    pub(super) bars: &'static [&'static str],
    /// The reason.
    pub(super) why: &'static str,
}

/// What the reference computes with, so that the kit may not.
const REFERENCE_ONLY: &[&str] = &["ed25519-dalek", "p256", "rsa", "crc32fast", "ciborium", "ciborium-ll"];
/// What the kit computes with, so that the reference may not.
const KIT_ONLY: &[&str] = &["ed25519-compact", "num-bigint", "crc"];

/// One rule for each package.
pub(super) const RULES: &[Rule] = &[
    Rule { package: "fayger-cbor", may_use: &[], bars: KIT_ONLY, why: "the codec knows nothing of artifacts" },
    Rule {
        package: "fayger-contracts",
        may_use: &["fayger-cbor"],
        bars: KIT_ONLY,
        why: "contracts depend on no layer",
    },
    Rule {
        package: "fayger-adapters",
        may_use: &["fayger-contracts"],
        bars: KIT_ONLY,
        why: "the adapter core knows neither loader nor runtime, and no platform",
    },
    Rule {
        package: "fayger-interpreter",
        may_use: &[],
        bars: KIT_ONLY,
        why: "the interpreter runs any module, and knows nothing of artifacts",
    },
    Rule {
        package: "fayger-loader",
        may_use: &["fayger-cbor", "fayger-contracts"],
        bars: KIT_ONLY,
        why: "layers meet in the contracts alone, and the reference knows no kit",
    },
    Rule {
        package: "fayger-events",
        may_use: &["fayger-contracts"],
        bars: KIT_ONLY,
        why: "every layer tells its events in the contracts' words, and knows nobody who listens",
    },
    Rule {
        package: "fayger-runtime",
        may_use: &["fayger-cbor", "fayger-contracts"],
        bars: KIT_ONLY,
        why: "the runtime knows no engine, no adapter and no loader internals; only its tests write a Manifest",
    },
    Rule {
        package: "fayger-runtime-interpreter",
        may_use: &["fayger-contracts", "fayger-interpreter", "fayger-runtime"],
        bars: KIT_ONLY,
        why: "an engine knows the runtime that steps it, and nothing else",
    },
    Rule {
        package: "fayger-runtime-wasmi",
        may_use: &["fayger-contracts", "fayger-runtime"],
        bars: KIT_ONLY,
        why: "an engine knows the runtime that steps it, and nothing else",
    },
    Rule {
        package: "fayger-runtime-tests",
        may_use: &[
            "fayger-cbor",
            "fayger-contracts",
            "fayger-adapters",
            "fayger-events",
            "fayger-loader",
            "fayger-interpreter",
            "fayger-runtime",
            "fayger-runtime-interpreter",
            "fayger-runtime-wasmi",
        ],
        bars: KIT_ONLY,
        why: "tests of the runtime run whole artifacts, on every engine",
    },
    Rule {
        package: "fayger-sources",
        may_use: &["fayger-cbor", "fayger-contracts", "fayger-loader"],
        bars: KIT_ONLY,
        why: "a source delivers bytes; only its tests know what is made of them",
    },
    Rule {
        package: "fayger-sources-servers",
        may_use: &["fayger-cbor", "fayger-contracts", "fayger-loader", "fayger-sources"],
        bars: KIT_ONLY,
        why: "tests of sources end in a loaded artifact",
    },
    Rule {
        package: "fayger-testee",
        may_use: &[
            "fayger-cbor",
            "fayger-contracts",
            "fayger-adapters",
            "fayger-loader",
            "fayger-interpreter",
            "fayger-runtime",
            "fayger-runtime-interpreter",
            "fayger-fcp",
        ],
        bars: KIT_ONLY,
        why: "a testee knows the protocol and what it stands for, not the cases",
    },
    Rule {
        package: "fayger",
        may_use: &[
            "fayger-cbor",
            "fayger-contracts",
            "fayger-adapters",
            "fayger-console",
            "fayger-events",
            "fayger-loader",
            "fayger-runtime",
            "fayger-interpreter",
            "fayger-runtime-interpreter",
            "fayger-runtime-wasmi",
            "fayger-fays",
        ],
        bars: KIT_ONLY,
        why: "the command line tool is a user of the layers, not of the kit",
    },
    Rule {
        package: "fayger-console",
        may_use: &["fayger-contracts", "fayger-adapters"],
        bars: KIT_ONLY,
        why: "an adapter for a platform meets the bus, and no layer above it",
    },
    Rule { package: "fayger-sdk", may_use: &[], bars: &[], why: "a Fay meets a runtime by its imports alone" },
    Rule {
        package: "fayger-fay-clock",
        may_use: &["fayger-sdk"],
        bars: &[],
        why: "a Fay knows what its SDK offers, and no host",
    },
    Rule {
        package: "fayger-fays",
        may_use: &["fayger-contracts", "fayger-sdk", "fayger-fay-clock"],
        bars: KIT_ONLY,
        why: "compiled Fays are bytes; its tests hold the SDK against the contracts",
    },
    Rule {
        package: "fayger-fcp",
        may_use: &[],
        bars: REFERENCE_ONLY,
        why: "the protocol belongs to every implementation",
    },
    Rule {
        package: "fayger-forge",
        may_use: &[],
        bars: REFERENCE_ONLY,
        why: "a byte builder that shares code with the serialiser shares its faults",
    },
    Rule {
        package: "fayger-spec-map",
        may_use: &[],
        bars: &[],
        why: "the specification knows neither an implementation nor a case",
    },
    Rule {
        package: "fayger-cases",
        may_use: &["fayger-forge", "fayger-fcp", "fayger-spec-map"],
        bars: REFERENCE_ONLY,
        why: "expectations are what the files say, not what the reference does",
    },
    Rule {
        package: "fayger-runner",
        may_use: &["fayger-forge", "fayger-fcp", "fayger-spec-map", "fayger-cases"],
        bars: REFERENCE_ONLY,
        why: "the runner knows an implementation by the protocol alone",
    },
    Rule {
        package: "fayger-conformance",
        may_use: &["fayger-forge", "fayger-fcp", "fayger-spec-map", "fayger-cases", "fayger-runner", "fayger-testee"],
        bars: &[],
        why: "the kit's program links the reference as a testee, and nothing below it",
    },
    Rule {
        package: "fayger-fuzz",
        may_use: &[
            "fayger-cbor",
            "fayger-contracts",
            "fayger-interpreter",
            "fayger-adapters",
            "fayger-loader",
            "fayger-forge",
            "fayger-cases",
        ],
        bars: &[],
        why: "the fuzzers call the layers, with the cases' inputs as seeds",
    },
    Rule {
        package: "xtask",
        may_use: &[
            "fayger-cbor",
            "fayger-contracts",
            "fayger-adapters",
            "fayger-loader",
            "fayger-runtime",
            "fayger-testee",
            "fayger-fcp",
            "fayger-forge",
            "fayger-spec-map",
            "fayger-cases",
            "fayger-runner",
            "fayger-fuzz",
        ],
        bars: &[],
        why: "programs are started, not linked",
    },
];

/// The rule of a package.
pub(super) fn rule_of<'a>(rules: &'a [Rule], package: &str) -> Option<&'a Rule> {
    rules.iter().find(|rule| rule.package == package)
}

impl Rule {
    /// Whether the rule allows its package to use another; `members` are the packages of the project.
    pub(super) fn allows(&self, other: &str, members: &[String]) -> bool {
        let is_ours = members.iter().any(|member| member == other);
        other == self.package || if is_ours { self.may_use.contains(&other) } else { !self.bars.contains(&other) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_under_conformance_but_its_program_reaches_the_reference() {
        let reference =
            ["fayger-cbor", "fayger-contracts", "fayger-adapters", "fayger-loader", "fayger-testee", "fayger"];
        for kit in ["fayger-fcp", "fayger-forge", "fayger-cases", "fayger-runner", "fayger-spec-map"] {
            let mut reached = vec![kit];
            let mut at = 0;
            while let Some(package) = reached.get(at).copied() {
                reached.extend(rule_of(RULES, package).expect("a rule").may_use);
                at += 1;
            }
            assert!(!reached.iter().any(|package| reference.contains(package)), "{kit} reaches {reached:?}");
        }
    }

    #[test]
    fn the_rules_allow_no_cycle() {
        fn depth(package: &str, above: usize) {
            assert!(above < RULES.len(), "`{package}` is on a cycle");
            for other in rule_of(RULES, package).expect("a rule").may_use {
                depth(other, above + 1);
            }
        }
        RULES.iter().for_each(|rule| depth(rule.package, 0));
    }
}
