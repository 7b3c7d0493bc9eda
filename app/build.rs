//! Turns `i18n/nb.txt` and `i18n/en.txt` into a typed table, and stops the build where they disagree.
//!
//! A line is `key = text with {placeholder}`. Lines that begin with `#` and empty lines are left out.
//! `key.one` and `key.other` are the two forms of one text; the number is `{count}`.
//! Keys of the groups in [`GROUPS`] are looked up by name (`t.error("not_found")`); every other key becomes a method.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;
use std::{env, fs};

/// First parts of keys whose texts are looked up at run time, with what each is for.
const GROUPS: [(&str, &str); 8] = [
    ("cause", "Why a partner's request was refused here, by error code."),
    ("column", "The head of a column in the file of a list, by its name."),
    ("error", "What went wrong, by error code."),
    ("field", "What is wrong with one field, by error code."),
    ("fix", "What to do about it, by error code."),
    ("key", "What a key does, and what it is called, see `domain::keyboard`."),
    ("label", "What a field is called, by its name."),
    ("status", "A state in words, by its code."),
];
/// More than this would be a function that nobody can call without counting.
const PLACEHOLDERS_MAX: usize = 6;

/// The texts of one language, in the order of the file.
struct Language {
    file: &'static str,
    texts: Vec<(String, String)>,
}

fn main() {
    let mut faults = Vec::new();
    let nb = read("i18n/nb.txt", &mut faults);
    let en = read("i18n/en.txt", &mut faults);
    compare(&nb, &en, &mut faults);
    let code = generate(&nb, &en, &mut faults);
    for fault in &faults {
        println!("cargo::error={fault}");
    }
    if faults.is_empty() {
        let folder = env::var_os("OUT_DIR").map(PathBuf::from).unwrap_or_default();
        if let Err(error) = fs::write(folder.join("texts.rs"), code) {
            println!("cargo::error=texts.rs could not be written: {error}");
        }
    }
}

fn read(file: &'static str, faults: &mut Vec<String>) -> Language {
    println!("cargo::rerun-if-changed={file}");
    let mut texts: Vec<(String, String)> = Vec::new();
    let mut lines: BTreeMap<String, usize> = BTreeMap::new();
    let content = match fs::read_to_string(file) {
        Ok(content) => content,
        Err(error) => {
            faults.push(format!("app/{file} could not be read: {error}"));
            String::new()
        }
    };
    for (index, line) in content.lines().enumerate() {
        let number = index + 1;
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let Some((key, text)) = line.split_once('=') else {
            faults.push(format!("app/{file}:{number}: a line is `key = text`, this one has no `=`"));
            continue;
        };
        let (key, text) = (key.trim(), text.trim());
        if !key_is_well_formed(key) {
            faults.push(format!(
                "app/{file}:{number}: the key `{key}` must be lower-case words joined by dots, at least two"
            ));
        } else if text.is_empty() {
            faults.push(format!("app/{file}:{number}: the key `{key}` has no text"));
        } else if let Some(first) = lines.insert(key.to_owned(), number) {
            faults.push(format!("app/{file}:{number}: the key `{key}` is already on line {first}"));
        } else if let Err(fault) = placeholders(text) {
            faults.push(format!("app/{file}:{number}: `{key}`: {fault}"));
        } else {
            texts.push((key.to_owned(), text.to_owned()));
        }
    }
    Language { file, texts }
}

fn key_is_well_formed(key: &str) -> bool {
    let word = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_lowercase())
            && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    };
    key.contains('.') && key.split('.').all(word)
}

/// The names between braces, in order of first appearance.
fn placeholders(text: &str) -> Result<Vec<String>, String> {
    let mut names: Vec<String> = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find(['{', '}']) {
        let inside = rest[open..].strip_prefix('{').ok_or("a `}` without its `{`")?;
        let close = inside
            .find(['{', '}'])
            .filter(|at| inside[*at..].starts_with('}'))
            .ok_or("a `{` without its `}`")?;
        let name = &inside[..close];
        let well_formed = name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if !well_formed {
            return Err(format!("the placeholder `{{{name}}}` must be a lower-case word"));
        }
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
        rest = &inside[close + 1..];
    }
    if names.len() > PLACEHOLDERS_MAX {
        return Err(format!("more than {PLACEHOLDERS_MAX} placeholders"));
    }
    Ok(names)
}

/// Both files must have the same keys, and each text the same placeholders.
fn compare(nb: &Language, en: &Language, faults: &mut Vec<String>) {
    for (one, other) in [(nb, en), (en, nb)] {
        let known: BTreeSet<&str> = other.texts.iter().map(|(key, _)| key.as_str()).collect();
        for (key, _) in one.texts.iter().filter(|(key, _)| !known.contains(key.as_str())) {
            faults.push(format!("app/{}: the key `{key}` is missing; it is in app/{}", other.file, one.file));
        }
    }
    let english: BTreeMap<&str, &str> =
        en.texts.iter().map(|(key, text)| (key.as_str(), text.as_str())).collect();
    for (key, text) in &nb.texts {
        let Some(translated) = english.get(key.as_str()) else { continue };
        let set = |text: &str| -> BTreeSet<String> {
            // The singular may spell the number out.
            let spelled_out = key.ends_with(".one");
            placeholders(text)
                .unwrap_or_default()
                .into_iter()
                .filter(|name| !(spelled_out && name == "count"))
                .collect()
        };
        let (wanted, found) = (set(text), set(translated));
        for name in wanted.symmetric_difference(&found) {
            let file = if wanted.contains(name) { en.file } else { nb.file };
            faults.push(format!("app/{file}: the text of `{key}` lacks the placeholder `{{{name}}}`"));
        }
    }
}

fn generate(nb: &Language, en: &Language, faults: &mut Vec<String>) -> String {
    let english: BTreeMap<&str, &str> =
        en.texts.iter().map(|(key, text)| (key.as_str(), text.as_str())).collect();
    let mut code = String::new();
    for (name, language) in [("NB", "bokmål"), ("EN", "English")] {
        let _ =
            writeln!(code, "/// Every text in {language}.\nstatic {name}: [&str; {}] = [", nb.texts.len());
        for (key, text) in &nb.texts {
            let text = if name == "NB" {
                text.as_str()
            } else {
                english.get(key.as_str()).copied().unwrap_or_default()
            };
            let _ = writeln!(code, "    {text:?},");
        }
        code.push_str("];\n\n");
    }
    let mut methods = String::new();
    let mut names: BTreeMap<String, &str> = BTreeMap::new();
    for (index, (key, text)) in nb.texts.iter().enumerate() {
        let Some((name, method)) = method(&nb.texts, index, key, text, faults) else { continue };
        if let Some(other) = names.insert(name.clone(), key) {
            faults.push(format!(
                "app/{}: the keys `{other}` and `{key}` would both be the method `{name}`",
                nb.file
            ));
        }
        methods.push_str(&method);
    }
    let _ = writeln!(code, "impl Texts {{\n{methods}{}}}", lookups());
    code.push_str(&tables(nb));
    code
}

fn group(key: &str) -> Option<(&str, &str)> {
    let (first, name) = key.split_once('.')?;
    GROUPS.iter().any(|(group, _)| *group == first).then_some((first, name))
}

/// The method of one key: its name and its code. `None` for a key of a group and for the second form of a plural.
fn method(
    texts: &[(String, String)],
    index: usize,
    key: &str,
    text: &str,
    faults: &mut Vec<String>,
) -> Option<(String, String)> {
    if group(key).is_some() {
        return None;
    }
    let at = |wanted: &str| texts.iter().position(|(key, _)| key == wanted);
    if let Some(stem) = key.strip_suffix(".other") {
        if at(&format!("{stem}.one")).is_none() {
            faults.push(format!("app/i18n: `{key}` needs a `{stem}.one` beside it"));
        }
        return None;
    }
    let stem = key.strip_suffix(".one").unwrap_or(key);
    let name = stem.replace('.', "_");
    let mut wanted = placeholders(text).unwrap_or_default();
    let mut position = index.to_string();
    let plural = key.ends_with(".one");
    if plural {
        let Some(other) = at(&format!("{stem}.other")) else {
            faults.push(format!("app/i18n: `{key}` needs a `{stem}.other` beside it"));
            return None;
        };
        for name in placeholders(&texts[other].1).unwrap_or_default() {
            if !wanted.contains(&name) {
                wanted.push(name);
            }
        }
        wanted.retain(|name| name != "count");
        wanted.insert(0, "count".to_owned());
        position = format!("if count == 1 {{ {index} }} else {{ {other} }}");
    }
    let mut code = format!("    /// {text}\n");
    if wanted.is_empty() {
        let _ = writeln!(
            code,
            "    pub fn {name}(self) -> &'static str {{\n        self.text({position})\n    }}"
        );
    } else {
        let kind = |name: &str| if plural && name == "count" { "i64" } else { "impl Display" };
        let parameters: String = wanted.iter().map(|name| format!(", {name}: {}", kind(name))).collect();
        let values: Vec<String> = wanted.iter().map(|name| format!("({name:?}, &{name})")).collect();
        let _ = writeln!(
            code,
            "    pub fn {name}(self{parameters}) -> String {{\n        self.filled({position}, &[{}])\n    }}",
            values.join(", ")
        );
    }
    Some((name, code))
}

/// One method for each group.
fn lookups() -> String {
    let mut code = String::new();
    for (group, what) in GROUPS {
        let _ = writeln!(
            code,
            "    /// {what} Placeholders stay in the text, see [`fill`].\n    pub fn {group}(self, name: &str) -> Option<&'static str> {{\n        self.named(&{}, name)\n    }}",
            group.to_uppercase()
        );
    }
    code
}

/// One sorted table of names for each group.
fn tables(texts: &Language) -> String {
    let mut code = String::new();
    for (wanted, _) in GROUPS {
        let members: BTreeMap<&str, usize> = texts
            .texts
            .iter()
            .enumerate()
            .filter_map(|(index, (key, _))| {
                group(key).filter(|(group, _)| *group == wanted).map(|(_, name)| (name, index))
            })
            .collect();
        let _ = writeln!(code, "\nstatic {}: [(&str, usize); {}] = [", wanted.to_uppercase(), members.len());
        for (name, index) in members {
            let _ = writeln!(code, "    ({name:?}, {index}),");
        }
        code.push_str("];\n");
    }
    code
}
