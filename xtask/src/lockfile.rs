//! Cargo.lock, as far as the tasks need it.

use std::fs;

use crate::failure::{During, Failure, Outcome};
use crate::workspace::source_root;

/// The names and versions that the lock file holds.
#[derive(Debug)]
pub struct Lockfile {
    packages: Vec<(String, String)>,
}

impl Lockfile {
    /// Reads the clone's lock file.
    pub fn read() -> Outcome<Self> {
        let text = fs::read_to_string(source_root().join("Cargo.lock")).during("cannot read Cargo.lock")?;
        Self::parse(&text)
    }

    /// Understands a lock file's text.
    pub fn parse(text: &str) -> Outcome<Self> {
        let document: toml::Table = text.parse().during("Cargo.lock is not understood")?;
        let packages = document.get("package").and_then(toml::Value::as_array).into_iter().flatten();
        let field = |package: &toml::Value, name| package.get(name)?.as_str().map(str::to_owned);
        let packages = packages
            .filter_map(|package| Some((field(package, "name")?, field(package, "version")?)))
            .collect();
        Ok(Self { packages })
    }

    /// All versions of a package.
    pub fn versions(&self, name: &str) -> Vec<&str> {
        self.packages
            .iter()
            .filter(|(package, _)| package == name)
            .map(|(_, version)| version.as_str())
            .collect()
    }

    /// The version of a package that must be there exactly once.
    pub fn only_version(&self, name: &str) -> Outcome<String> {
        match self.versions(name).as_slice() {
            [version] => Ok((*version).to_owned()),
            versions => Err(Failure::new(format!("Cargo.lock has {} versions of {name}", versions.len()))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found_by_name() {
        let text = "version = 4\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\n\
                    [[package]]\nname = \"b\"\nversion = \"1.0.0\"\n[[package]]\nname = \"b\"\nversion = \"2.0.0\"\n";
        let lockfile = Lockfile::parse(text).expect("a lock file");
        assert_eq!(lockfile.only_version("a"), Ok("1.0.0".to_owned()));
        assert_eq!(lockfile.versions("b"), ["1.0.0", "2.0.0"]);
        assert!(lockfile.only_version("b").is_err());
        assert!(lockfile.only_version("c").is_err());
    }
}
