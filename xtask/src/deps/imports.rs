//! The rules against the sources: `use`, `extern crate`, paths, and paths inside macros and attributes.

use anyhow::{Context as _, Result};
use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, Item, ItemExternCrate, ItemUse, Macro, Meta, Path, UseTree};

use super::Violation;
use super::rules::{Rule, rule_of};

/// What the text of one file of `package` imports against its rule. `members` are the packages of the project.
pub(super) fn check(
    rules: &[Rule],
    members: &[String],
    package: &str,
    file: &str,
    text: &str,
) -> Result<Vec<Violation>> {
    // A package without a rule is told once, by the metadata.
    let Some(rule) = rule_of(rules, package) else { return Ok(Vec::new()) };
    let syntax = syn::parse_file(text).with_context(|| format!("cannot parse `{file}`"))?;
    let mut imports = Imports::default();
    imports.visit_file(&syntax);
    let barred: Vec<&str> = rules.iter().flat_map(|rule| rule.bars).copied().collect();
    let named = |name: &str| {
        let ours = members.iter().map(String::as_str);
        ours.chain(barred.iter().copied()).find(|package| package.replace('-', "_") == name)
    };
    let mut violations = Vec::new();
    for ident in &imports.0 {
        if let Some(on) = named(&ident.to_string())
            && !rule.allows(on, members)
        {
            let place = format!("{file}:{}", ident.span().start().line);
            let violation = Violation { place, package: package.to_owned(), on: on.to_owned(), why: Some(rule.why) };
            if !violations.contains(&violation) {
                violations.push(violation);
            }
        }
    }
    Ok(violations)
}

/// The first name of everything that may come from another crate.
#[derive(Default)]
struct Imports(Vec<Ident>);

impl Imports {
    fn add_tree(&mut self, tree: &UseTree) {
        match tree {
            UseTree::Path(path) => self.0.push(path.ident.clone()),
            UseTree::Name(name) => self.0.push(name.ident.clone()),
            UseTree::Rename(rename) => self.0.push(rename.ident.clone()),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.add_tree(tree)),
            UseTree::Glob(_) => {}
        }
    }

    /// In tokens that are not parsed: every name that is not a path's later one.
    fn add_tokens(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let before = |at: usize, by: usize| at.checked_sub(by).and_then(|at| tokens.get(at));
        let is_colon =
            |token: Option<&TokenTree>| matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == ':');
        for (at, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Group(group) => self.add_tokens(group.stream()),
                TokenTree::Ident(ident) => {
                    let is_later = is_colon(before(at, 1))
                        && is_colon(before(at, 2))
                        && matches!(before(at, 3), Some(TokenTree::Ident(_)));
                    if !is_later {
                        self.0.push(ident.clone());
                    }
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }
}

impl<'ast> Visit<'ast> for Imports {
    fn visit_item(&mut self, item: &'ast Item) {
        // What `syn` has no form for, such as `use {::a, b}`.
        if let Item::Verbatim(tokens) = item {
            self.add_tokens(tokens.clone());
        }
        visit::visit_item(self, item);
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        self.add_tree(&item.tree);
        visit::visit_item_use(self, item);
    }

    fn visit_item_extern_crate(&mut self, item: &'ast ItemExternCrate) {
        self.0.push(item.ident.clone());
        visit::visit_item_extern_crate(self, item);
    }

    fn visit_path(&mut self, path: &'ast Path) {
        if path.segments.len() > 1
            && let Some(first) = path.segments.first()
        {
            self.0.push(first.ident.clone());
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, mac: &'ast Macro) {
        self.add_tokens(mac.tokens.clone());
        visit::visit_macro(self, mac);
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        if let Meta::List(list) = &attribute.meta {
            self.add_tokens(list.tokens.clone());
        }
        visit::visit_attribute(self, attribute);
    }
}

#[cfg(test)]
mod tests {
    use super::super::rules::RULES;
    use super::*;

    fn members() -> Vec<String> {
        RULES.iter().map(|rule| rule.package.to_owned()).collect()
    }

    fn found(package: &str, text: &str) -> Vec<String> {
        let violations = check(RULES, &members(), package, "src/lib.rs", text).expect("a file");
        violations.into_iter().map(|violation| violation.on).collect()
    }

    /// Every way in which a source can name another crate.
    fn plants(name: &str) -> [String; 12] {
        [
            format!("use {name}::load;"),
            format!("use {name};"),
            format!("use {name} as other;"),
            format!("use {{::std::fmt, {name}}};"),
            format!("use {{std::fmt, ::{name}::{{load, Limits}}}};"),
            format!("pub use {name}::*;"),
            format!("extern crate {name};"),
            format!("fn f() -> {name}::Limits {{ todo() }}"),
            format!("fn f() {{ ::{name}::load(); }}"),
            format!("fn f() {{ println!(\"{{}}\", vec![::{name}::load(), {name}::load()][0]); }}"),
            format!("#[derive({name}::Derived)] struct S;"),
            format!("macro_rules! m {{ () => {{ use {name}; }} }}"),
        ]
    }

    #[test]
    fn each_crate_that_a_rule_bars_is_found_however_it_is_named() {
        for rule in RULES {
            let ours = RULES.iter().map(|other| other.package);
            let barred = ours.filter(|other| *other != rule.package && !rule.may_use.contains(other));
            for on in barred.chain(rule.bars.iter().copied()) {
                for text in plants(&on.replace('-', "_")) {
                    assert_eq!(found(rule.package, &text), [on], "{}: {text}", rule.package);
                }
            }
        }
    }

    #[test]
    fn what_a_rule_allows_is_no_violation() {
        for rule in RULES {
            for on in rule.may_use.iter().chain([&rule.package, &"serde"]) {
                for text in plants(&on.replace('-', "_")) {
                    assert_eq!(found(rule.package, &text), Vec::<String>::new(), "{}: {text}", rule.package);
                }
            }
        }
    }

    #[test]
    fn the_same_name_elsewhere_is_another_thing() {
        let text = "//! See fayger_loader::load.\n/// `fayger_loader::load`\nfn f() { crate::fayger_loader::load(); \
                    println!(\"fayger_loader::load\", crate::fayger_loader::X); let fayger_loader = 1; }";
        assert_eq!(found("fayger-contracts", text), Vec::<String>::new());
    }

    #[test]
    fn a_violation_says_where() {
        let text = "//! A header.\n\nuse std::fmt;\nuse fayger_loader::load;\n";
        let violations = check(RULES, &members(), "fayger-contracts", "src/lib.rs", text).expect("a file");
        assert_eq!(
            violations[0].to_string(),
            "src/lib.rs:4: `fayger-contracts` may not use `fayger-loader`: contracts depend on no layer"
        );
    }
}
