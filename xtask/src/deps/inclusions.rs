//! The rules against files that a source takes in by their path: `include!` and its kin, `#[path = "…"] mod`.

use std::path::{Component, Path, PathBuf};

use anyhow::{Context as _, Result};
use proc_macro2::{Span, TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, Expr, ExprLit, Lit, LitStr, Macro, Meta};

use super::Violation;
use super::metadata::Graph;
use super::rules::{Rule, rule_of};

/// What the text of the file at `path`, shown as `file`, takes in from the folders of other packages against its rule.
pub(super) fn check(
    rules: &[Rule],
    graph: &Graph,
    package: &str,
    file: &str,
    path: &Path,
    text: &str,
) -> Result<Vec<Violation>> {
    let Some(rule) = rule_of(rules, package) else { return Ok(Vec::new()) };
    let syntax = syn::parse_file(text).with_context(|| format!("cannot parse `{file}`"))?;
    let mut inclusions = Inclusions::default();
    inclusions.visit_file(&syntax);
    let members = graph.member_names();
    // A path counts from the file, or from the package where it is put together with `CARGO_MANIFEST_DIR`.
    let own = graph.members.iter().find(|member| member.name == package).map(|member| Path::new(&member.folder));
    let folders: Vec<&Path> = path.parent().into_iter().chain(own).collect();
    let mut violations = Vec::new();
    for (target, span) in inclusions.0 {
        let mut owners = folders.iter().filter_map(|folder| graph.owner_of(&plain(&folder.join(&target))));
        if let Some(on) = owners.find(|on| !rule.allows(on, &members)) {
            let place = format!("{file}:{}", span.start().line);
            violations.push(Violation { place, package: package.to_owned(), on: on.to_owned(), why: Some(rule.why) });
        }
    }
    Ok(violations)
}

/// A path without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => drop(plain.pop()),
            Component::CurDir => {}
            other => plain.push(other),
        }
    }
    plain
}

#[derive(Default)]
struct Inclusions(Vec<(String, Span)>);

impl Inclusions {
    /// Every text in the tokens: what is no path of a package's file does no harm.
    fn add_tokens(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => self.add_tokens(group.stream()),
                TokenTree::Literal(literal) => {
                    let span = literal.span();
                    if let Ok(text) = syn::parse_str::<LitStr>(&literal.to_string()) {
                        // After a folder that is put together at build time.
                        let path = text.value();
                        self.0.push((path.trim_start_matches('/').to_owned(), span));
                    }
                }
                TokenTree::Ident(_) | TokenTree::Punct(_) => {}
            }
        }
    }
}

impl<'ast> Visit<'ast> for Inclusions {
    fn visit_macro(&mut self, mac: &'ast Macro) {
        if mac.path.segments.last().is_some_and(|name| name.ident.to_string().starts_with("include")) {
            self.add_tokens(mac.tokens.clone());
        }
        visit::visit_macro(self, mac);
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        if let Meta::NameValue(pair) = &attribute.meta
            && pair.path.is_ident("path")
            && let Expr::Lit(ExprLit { lit: Lit::Str(path), .. }) = &pair.value
        {
            self.0.push((path.value(), path.span()));
        }
        visit::visit_attribute(self, attribute);
    }
}

#[cfg(test)]
mod tests {
    use super::super::metadata::Member;
    use super::super::rules::RULES;
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let member = |name: &str, folder: &str| Member {
            name: name.to_owned(),
            folder: folder.to_owned(),
            manifest: String::new(),
            dependencies: Default::default(),
        };
        let members = vec![
            member("fayger-runner", "/project/conformance/runner"),
            member("fayger-cases", "/project/conformance/cases"),
            member("fayger-loader", "/project/reference/loader"),
        ];
        let graph = Graph { members, others: Default::default() };
        let path = Path::new("/project/conformance/runner/src/judge/load.rs");
        let violations = check(RULES, &graph, "fayger-runner", "load.rs", path, text).expect("a file");
        violations.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_file_of_a_barred_package_is_found_however_it_is_taken_in() {
        for text in [
            "#[path = \"../../../../reference/loader/src/chain.rs\"] mod chain;",
            "const A: &str = include_str!(\"../../../../reference/loader/src/chain.rs\");",
            "fn f() { let a = std::include_bytes!(\"../../../../reference/./loader/Cargo.toml\"); }",
            "include!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/../../reference/loader/src/chain.rs\"));",
            "include!(concat!(\"../../../../\", \"x\", \"../../../../reference/loader/src/chain.rs\"));",
        ] {
            let violations = found(text);
            assert_eq!(violations.len(), 1, "{text}");
            assert!(
                violations[0].starts_with("load.rs:1: `fayger-runner` may not use `fayger-loader`: "),
                "{violations:?}"
            );
        }
    }

    #[test]
    fn files_of_its_own_of_what_it_may_use_and_of_no_package_are_no_violation() {
        for text in [
            "#[path = \"../other.rs\"] mod other;",
            "const A: &str = include_str!(\"../../../cases/src/case.rs\");",
            "const A: &str = include_str!(\"../../../../vectors/README.md\");",
            "const A: &str = \"../../../../reference/loader/src/chain.rs\";",
        ] {
            assert_eq!(found(text), Vec::<String>::new(), "{text}");
        }
    }
}
