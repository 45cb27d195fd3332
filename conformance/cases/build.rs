//! Embeds the files under `vectors/`, so that the kit is one binary.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = Path::new("../../vectors");
    let mut paths = Vec::new();
    walk(root, &mut paths)?;
    paths.sort();
    let mut code = String::from("&[\n");
    for path in paths {
        let name: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
        let name = name.join("/");
        let _ = writeln!(
            code,
            "    ({name:?}, include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/../../vectors/\", {name:?}))),"
        );
    }
    code.push_str("]\n");
    let out = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("cargo sets OUT_DIR"))?;
    fs::write(PathBuf::from(out).join("vectors.rs"), code)
}

/// Collects the TOML files below `root`, relative to it. Watching each folder too makes a new file rebuild the crate.
fn walk(root: &Path, paths: &mut Vec<PathBuf>) -> io::Result<()> {
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        println!("cargo::rerun-if-changed={}", folder.display());
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "toml") {
                println!("cargo::rerun-if-changed={}", path.display());
                paths.push(path.strip_prefix(root).map_err(io::Error::other)?.to_owned());
            }
        }
    }
    Ok(())
}
