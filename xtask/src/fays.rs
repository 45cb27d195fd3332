//! `fays`: the SDK compiled for WebAssembly, where that target is installed; the example Fays built anew by their recipes, and compared with the
//! committed modules. Another compiler may give other bytes, so a recipe is followed only with the compilers that it names; `FAY_RUSTC` may say
//! where that of the Fay in Rust is.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

use anyhow::{Context as _, Result};

use crate::project::{Outcome, cargo, root};

/// A recipe, and what its compilers have to say of themselves.
struct Recipe {
    /// The folder with `build.sh`, from the root.
    folder: &'static str,
    /// The module that it builds.
    module: &'static str,
    compilers: &'static [Compiler],
}

struct Compiler {
    program: &'static str,
    argument: &'static str,
    says: &'static str,
}

const WASM_LD: Compiler = Compiler { program: "wasm-ld", argument: "--version", says: "LLD 14.0.6" };

const RECIPES: &[Recipe] = &[
    Recipe {
        folder: "reference/fays/c/report",
        module: "report.wasm",
        compilers: &[Compiler { program: "clang", argument: "--version", says: "clang version 14.0.6" }, WASM_LD],
    },
    Recipe {
        folder: "reference/fays/rust/clock",
        module: "clock.wasm",
        compilers: &[
            Compiler { program: "rustc", argument: "-vV", says: "ac68faa20c58cbccd01ee7208bf3b6e93a7d7f96" },
            Compiler { program: "rustc", argument: "-vV", says: "LLVM version: 22.1.8" },
            WASM_LD,
        ],
    },
];

const TARGET: &str = "wasm32-unknown-unknown";

/// Whether Rust's libraries for the target are here.
fn has_target() -> bool {
    let output = Command::new("rustc").args(["--print", "target-libdir", "--target", TARGET]).output();
    output.is_ok_and(|output| Path::new(String::from_utf8_lossy(&output.stdout).trim()).is_dir())
}

/// Follows every recipe whose compilers are here.
pub(crate) fn run() -> Result<Outcome> {
    let (mut built, mut skipped, mut problems) = (Vec::new(), Vec::new(), Vec::new());
    if !has_target() {
        skipped.push(format!("the SDK, as `{TARGET}` is not installed"));
    } else if cargo()?
        .args(["check", "--quiet", "--package", "fayger-fay-clock", "--target", TARGET])
        .status()?
        .success()
    {
        built.push("the SDK".to_owned());
    } else {
        problems.push(format!("the SDK does not compile for `{TARGET}`"));
    }
    for recipe in RECIPES {
        let module = recipe.module;
        match recipe.compilers.iter().find(|compiler| !compiler.is_here()) {
            Some(Compiler { program, argument, says }) => {
                skipped.push(format!("`{module}`, as `{program} {argument}` does not say `{says}`"));
            }
            None if recipe.gives_the_same()? => built.push(format!("`{module}`")),
            None => problems.push(format!("`{}/build.sh` gives another `{module}`", recipe.folder)),
        }
    }
    if !problems.is_empty() || skipped.is_empty() {
        return Ok(Outcome::of(problems, format!("built: {}", built.join(", "))));
    }
    Ok(Outcome::Skipped(format!("not built: {}; built: {}", skipped.join("; "), built.join(", "))))
}

impl Compiler {
    fn is_here(&self) -> bool {
        let output = Command::new(self.program()).arg(self.argument).output();
        output.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains(self.says))
    }

    fn program(&self) -> String {
        rustc().filter(|_| self.program == "rustc").unwrap_or_else(|| self.program.to_owned())
    }
}

/// The rustc of the recipes, where it is not the one that builds all else.
fn rustc() -> Option<String> {
    ["FAY_RUSTC", "RUSTC"].iter().find_map(|name| env::var(name).ok())
}

impl Recipe {
    fn gives_the_same(&self) -> Result<bool> {
        let folder = root()?.join(self.folder);
        let temporary = tempfile::tempdir()?;
        let to = temporary.path().join(self.module);
        let script = folder.join("build.sh");
        let status = Command::new(&script).arg(&to).envs(rustc().map(|rustc| ("RUSTC", rustc))).status();
        let status = status.with_context(|| format!("cannot start `{}`", script.display()))?;
        Ok(status.success() && fs::read(to)? == fs::read(folder.join(self.module))?)
    }
}
