//! What is said of a load on the command line, alike for `verify` and `run`.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use fayger_contracts::{Capability, LoadProfile, LoadStrategy, RuntimeOffer, SignatureMode};
use fayger_loader::{Limits, LoadRequest, TrustStore};

use crate::keys;

#[derive(clap::Args)]
#[command(next_help_heading = "Loading")]
pub(crate) struct LoadArguments {
    /// Trust this public key (PEM, hexadecimal or raw); may be given more than once.
    #[arg(long, value_name = "KEY")]
    trust: Vec<PathBuf>,
    /// Trust what this store trusts.
    #[arg(long, value_name = "STORE")]
    trust_store: Option<PathBuf>,
    /// Refuse an artifact without a signature.
    #[arg(long)]
    enforce: bool,
    /// The load profile's name.
    #[arg(long, default_value = "default")]
    profile: String,
    /// The host that sections may be meant for.
    #[arg(long, default_value = "server")]
    host: String,
    /// A capability of the profile; without any, all sixteen.
    #[arg(long, value_name = "NAME", value_parser = PossibleValuesParser::new(Capability::ALL.map(Capability::name)))]
    capability: Vec<String>,
    /// Bytes that the selected bodies may have together.
    #[arg(long, value_name = "BYTES")]
    max_bytes: Option<u64>,
    /// The id that the artifact must have.
    #[arg(long, value_name = "ID")]
    expect_id: Option<String>,
}

impl LoadArguments {
    /// What the loader is asked, for a runtime that offers this.
    pub(crate) fn request(&self, strategy: LoadStrategy, offer: RuntimeOffer) -> anyhow::Result<LoadRequest> {
        let mut trust = match &self.trust_store {
            Some(path) => crate::trust::read(path)?,
            None => TrustStore::new(),
        };
        for path in &self.trust {
            trust.add(keys::read_public(path)?, "", &())?;
        }
        let capabilities = match self.capability.as_slice() {
            [] => Capability::ALL.map(|capability| capability.name().to_owned()).to_vec(),
            some => some.to_vec(),
        };
        Ok(LoadRequest {
            profile: LoadProfile {
                name: self.profile.clone(),
                host: self.host.clone(),
                capabilities,
                max_bytes: self.max_bytes,
            },
            strategy,
            mode: if self.enforce { SignatureMode::Enforce } else { SignatureMode::Default },
            trust,
            offer,
            expect_id: self.expect_id.clone(),
            limits: Limits::default(),
        })
    }
}
