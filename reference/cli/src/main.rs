//! `fayger`: packs, inspects, verifies, signs and runs BuF artifacts with the reference implementation.
//!
//! Exit codes: 0 done, 1 the artifact, draft or key was refused, or a file could not be read or written, 2 the command line was wrong. `run` has
//! its own.

mod inspect;
mod keys;
mod load;
mod output;
mod pack;
mod run;
mod sign;
mod trust;
mod verify;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Packs, inspects, verifies, signs and runs BuF artifacts.
#[derive(Parser)]
#[command(name = "fayger", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Writes an artifact from a draft: a TOML file that names the Manifest's fields and the files of the sections.
    Pack {
        /// The draft; paths in it are relative to it.
        draft: PathBuf,
        /// The artifact to write.
        #[arg(short, long)]
        output: PathBuf,
        /// Sign it with this private key (PKCS#8 PEM).
        #[arg(long)]
        key: Option<PathBuf>,
    },
    /// Shows what an artifact says of itself, and whether its parts are whole. No section body is read.
    Inspect {
        /// The artifact.
        file: PathBuf,
        /// As one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Runs the whole loading chain, phase by phase, then checks the bodies that the profile does not select.
    Verify(verify::Arguments),
    /// Runs an artifact. Its exit status becomes this command's; 125 is a refusal, 126 a fault, 130 an interrupt.
    ///
    /// It may use the standard streams, the clock and timers, and nothing else that is not granted.
    Run(run::Arguments),
    /// Makes a key pair: `NAME.pem`, to be kept secret, and `NAME.pub.pem`.
    Keygen {
        /// Path of the two files, without `.pem`. Neither may exist.
        name: PathBuf,
        /// What the key is for.
        #[arg(long, value_enum, default_value = "ed25519")]
        algorithm: keys::KeyKind,
    },
    /// Signs an artifact, in place of any signature that it has.
    Sign(sign::Arguments),
    /// Keeps a store of the keys that count.
    #[command(subcommand)]
    Trust(trust::Command),
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Pack { draft, output, key } => pack::run(&draft, &output, key.as_deref()),
        Command::Inspect { file, json } => match inspect::run(&file, json) {
            Ok((text, is_whole)) if !is_whole => {
                output::print(&text);
                return ExitCode::FAILURE;
            }
            other => other.map(|(text, _)| text),
        },
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Run(arguments) => return run::run(&arguments),
        Command::Keygen { name, algorithm } => keys::generate(&name, algorithm),
        Command::Sign(arguments) => sign::run(&arguments),
        Command::Trust(command) => trust::run(&command),
    };
    match result {
        Ok(text) => output::print(&text),
        Err(error) => {
            output::complain(&output::explain(&error));
            ExitCode::FAILURE
        }
    }
}
