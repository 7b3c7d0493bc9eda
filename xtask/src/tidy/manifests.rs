//! The direction of dependencies, read from the manifests.

use std::fs;
use std::path::Path;

use super::crate_folder;
use crate::failure::{During, Failure, Outcome};

/// What a crate of this workspace may depend on.
struct Rule {
    name: &'static str,
    /// Other crates of this workspace.
    inner: &'static [&'static str],
    /// Other crates of this workspace, as optional dependencies: only the server's half has them.
    optional: &'static [&'static str],
}

/// `domain ← protocol ← store, exchange ← services ← app[ssr], server`; the browser sees `domain` alone.
const RULES: [Rule; 11] = [
    Rule { name: "domain", inner: &[], optional: &[] },
    Rule { name: "protocol", inner: &["domain"], optional: &[] },
    Rule { name: "store", inner: &["domain", "protocol"], optional: &[] },
    Rule { name: "exchange", inner: &["domain", "protocol"], optional: &[] },
    Rule { name: "services", inner: &["domain", "protocol", "store", "exchange"], optional: &[] },
    Rule { name: "app", inner: &["domain"], optional: &["services"] },
    Rule { name: "frontend", inner: &["app"], optional: &[] },
    Rule {
        name: "server",
        inner: &["domain", "protocol", "store", "exchange", "services", "app"],
        optional: &[],
    },
    // The rules alone, natively and as WebAssembly, to be compared.
    Rule { name: "equality", inner: &["domain"], optional: &[] },
    // It measures the program from outside, so it is made of nothing of ours.
    Rule { name: "benchmark", inner: &[], optional: &[] },
    Rule { name: "xtask", inner: &[], optional: &[] },
];
/// Crates from outside that one crate of ours has to itself.
const OWNED: [(&str, &str); 3] = [("sqlx", "store"), ("reqwest", "exchange"), ("hyper-rustls", "exchange")];
/// For its tests alone: the judge of the fault tests reads both databases with SQL of its own.
const FOR_TESTS: [(&str, &str); 1] = [("sqlx", "server")];
/// Not part of the program: the bare program of the bench commits rows with SQL of its own, to be compared with the store.
const OUTSIDE: [(&str, &str); 1] = [("sqlx", "benchmark")];
/// The tables of a manifest that name dependencies.
const TABLES: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];

/// Checks all manifests.
pub fn check(root: &Path, problems: &mut Vec<String>) -> Outcome<()> {
    for rule in &RULES {
        let file = crate_folder(root, rule.name).join("Cargo.toml");
        let text = fs::read_to_string(&file).during(format_args!("cannot read {}", file.display()))?;
        check_manifest(rule, &text, problems)?;
    }
    check_members(root, problems)
}

fn check_manifest(rule: &Rule, text: &str, problems: &mut Vec<String>) -> Outcome<()> {
    let manifest: toml::Table =
        text.parse().during(format_args!("the manifest of {} is not understood", rule.name))?;
    let tables = TABLES.iter().filter_map(|table| Some((*table, manifest.get(*table)?.as_table()?)));
    for (table, dependency, details) in
        tables.flat_map(|(table, rows)| rows.iter().map(move |(name, details)| (table, name, details)))
    {
        let dependency = dependency.as_str();
        let is_inner = RULES.iter().any(|rule| rule.name == dependency);
        let is_optional = details.get("optional").and_then(toml::Value::as_bool).unwrap_or(false);
        let is_allowed =
            rule.inner.contains(&dependency) || (is_optional && rule.optional.contains(&dependency));
        if is_inner && !is_allowed {
            problems.push(format!("{} must not depend on {dependency}", rule.name));
        }
        let is_for_tests = table == "dev-dependencies" && FOR_TESTS.contains(&(dependency, rule.name));
        let is_outside = OUTSIDE.contains(&(dependency, rule.name));
        if !is_for_tests
            && !is_outside
            && OWNED.iter().any(|(owned, owner)| *owned == dependency && *owner != rule.name)
        {
            problems.push(format!(
                "{} must not depend on {dependency}: another crate has it to itself",
                rule.name
            ));
        }
    }
    let features = manifest.get("features").and_then(toml::Value::as_table);
    let hydrate = features.and_then(|features| features.get("hydrate")?.as_array()).into_iter().flatten();
    for enabled in hydrate.filter_map(toml::Value::as_str) {
        if rule.optional.iter().any(|optional| enabled == format!("dep:{optional}"))
            || enabled.ends_with("ssr")
        {
            problems.push(format!("{}: the feature hydrate must not enable {enabled}", rule.name));
        }
    }
    Ok(())
}

/// Every crate has a rule, and the browser's half is not built with the rest.
fn check_members(root: &Path, problems: &mut Vec<String>) -> Outcome<()> {
    let text = fs::read_to_string(root.join("Cargo.toml")).during("cannot read Cargo.toml")?;
    let manifest: toml::Table = text.parse().during("Cargo.toml is not understood")?;
    let workspace = manifest.get("workspace").and_then(toml::Value::as_table);
    let members = workspace.and_then(|workspace| workspace.get("default-members")?.as_array());
    let members = members.ok_or_else(|| Failure::new("Cargo.toml has no default-members"))?;
    let members: Vec<&str> =
        members.iter().filter_map(toml::Value::as_str).filter_map(|path| path.rsplit('/').next()).collect();
    for name in crate::workspace::HOST_CRATES {
        if !members.contains(&name) {
            problems.push(format!("Cargo.toml: {name} is not among the default members"));
        }
    }
    for name in members {
        if !crate::workspace::HOST_CRATES.contains(&name) {
            problems.push(format!("Cargo.toml: {name} must not be among the default members"));
        }
    }
    let folders = fs::read_dir(root.join("crates")).during("cannot list crates")?;
    for folder in folders {
        let name = folder.during("cannot list crates")?.file_name();
        if !RULES.iter().any(|rule| name == rule.name) {
            problems.push(format!("crates/{}: no rule says what it may depend on", name.to_string_lossy()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_one(name: &str, text: &str, problems: usize) {
        let rule = RULES.iter().find(|rule| rule.name == name).expect("a crate of ours");
        let mut found = Vec::new();
        check_manifest(rule, text, &mut found).expect("a manifest");
        assert_eq!(found.len(), problems, "{found:?}");
    }

    #[test]
    fn dependencies_point_one_way() {
        check_one("store", "[dependencies]\ndomain.workspace = true\nsqlx.workspace = true", 0);
        check_one("domain", "[dependencies]\nstore.workspace = true", 1);
        check_one("services", "[dev-dependencies]\nserver.workspace = true", 1);
        check_one("services", "[dependencies]\nsqlx.workspace = true", 1);
        check_one("server", "[dependencies]\nsqlx.workspace = true", 1);
        check_one("server", "[dev-dependencies]\nsqlx.workspace = true", 0);
        check_one("benchmark", "[dependencies]\nsqlx.workspace = true", 0);
        check_one("benchmark", "[dependencies]\nstore.workspace = true", 1);
    }

    #[test]
    fn the_browser_sees_the_domain_alone() {
        check_one("app", "[dependencies]\nservices = { workspace = true, optional = true }", 0);
        check_one("app", "[dependencies]\nservices.workspace = true", 1);
        check_one("app", "[features]\nhydrate = [\"dep:services\"]", 1);
    }
}
