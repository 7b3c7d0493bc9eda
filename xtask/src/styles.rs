//! One style sheet out of many: puts imported files in the place of their imports and leaves comments out.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::{During, Failure, Outcome};

/// The text of a style sheet with everything that it imports.
pub fn inline(sheet: &Path) -> Outcome<String> {
    let mut open = Vec::new();
    let text = read(sheet, &mut open)?;
    Ok(squeeze(&text))
}

fn read(sheet: &Path, open: &mut Vec<PathBuf>) -> Outcome<String> {
    if open.iter().any(|file| file == sheet) {
        return Err(Failure::new(format!("{} imports itself", sheet.display())));
    }
    open.push(sheet.to_path_buf());
    let text = fs::read_to_string(sheet).during(format_args!("cannot read {}", sheet.display()))?;
    let folder = sheet.parent().unwrap_or(Path::new("."));
    let mut inlined = String::with_capacity(text.len());
    for line in without_comments(&text).lines() {
        if let Some(import) = line.trim().strip_prefix("@import") {
            let Import { file, layer } = Import::parse(import)
                .ok_or_else(|| Failure::new(format!("{}: not understood: {line}", sheet.display())))?;
            let content = read(&folder.join(file), open)?;
            match layer {
                Some(layer) => inlined.push_str(&format!("@layer {layer} {{\n{content}}}\n")),
                None => inlined.push_str(&content),
            }
        } else {
            inlined.push_str(line);
            inlined.push('\n');
        }
    }
    open.pop();
    Ok(inlined)
}

/// `"./file.css" layer(name);`, where the layer may be left out.
#[derive(Debug, PartialEq, Eq)]
struct Import<'a> {
    file: &'a str,
    layer: Option<&'a str>,
}

impl<'a> Import<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let text = text.trim().strip_suffix(';')?.trim_end();
        let (file, rest) = text.strip_prefix('"')?.split_once('"')?;
        let file = file.strip_prefix("./").unwrap_or(file);
        match rest.trim() {
            "" => Some(Self { file, layer: None }),
            rest => {
                let layer = rest.strip_prefix("layer(")?.strip_suffix(')')?;
                Some(Self { file, layer: Some(layer) })
            }
        }
    }
}

/// Takes comments out, and leaves what is between quotation marks alone.
fn without_comments(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(position) = rest.find(['/', '"', '\'']) {
        let (before, from_here) = rest.split_at(position);
        kept.push_str(before);
        let length = if let Some(comment) = from_here.strip_prefix("/*") {
            comment.find("*/").map_or(from_here.len(), |end| end + 4)
        } else {
            let length = quotation_length(from_here);
            kept.push_str(&from_here[..length]);
            length
        };
        rest = &from_here[length..];
    }
    kept.push_str(rest);
    kept
}

/// How many bytes the text's first item has: a quotation with both its marks, or else one character.
fn quotation_length(text: &str) -> usize {
    let mut characters = text.char_indices();
    let Some((_, mark @ ('"' | '\''))) = characters.next() else { return 1 };
    let mut escaped = false;
    for (position, character) in characters {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if character == mark => return position + mark.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

/// Takes indentation and empty lines out.
fn squeeze(text: &str) -> String {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).fold(String::new(), |mut squeezed, line| {
        squeezed.push_str(line);
        squeezed.push('\n');
        squeezed
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_name_a_file_and_perhaps_a_layer() {
        assert_eq!(Import::parse(" \"./base.css\";"), Some(Import { file: "base.css", layer: None }));
        let layered = Import { file: "a/b.css", layer: Some("components") };
        assert_eq!(Import::parse(" \"a/b.css\" layer(components);"), Some(layered));
        assert_eq!(Import::parse(" url(base.css);"), None);
        assert_eq!(Import::parse(" \"base.css\" print;"), None);
    }

    #[test]
    fn comments_go_and_quotations_stay() {
        check("a /* b */ c", "a  c");
        check("a /* b", "a ");
        check("a: \"/* no */\"; /* yes */", "a: \"/* no */\"; ");
        check("a: '\\'/*'; b: 1/2", "a: '\\'/*'; b: 1/2");
        check("/* it's */ a", " a");
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(without_comments(text), expected);
    }

    #[test]
    fn imported_files_stand_where_they_are_imported() {
        let folder = std::env::temp_dir().join(format!("prodsys-styles-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let main = folder.join("main.css");
        fs::write(&main, "@layer base, parts;\n@import \"./base.css\" layer(base);\n/* x */\n  p { a: b }\n")
            .expect("main.css");
        fs::write(folder.join("base.css"), "html {\n  c: d;\n}\n").expect("base.css");
        let inlined = inline(&main).expect("an inlined sheet");
        fs::write(folder.join("base.css"), "@import \"./main.css\";\n").expect("base.css");
        let circular = inline(&main);
        fs::remove_dir_all(&folder).expect("the folder goes");
        assert_eq!(inlined, "@layer base, parts;\n@layer base {\nhtml {\nc: d;\n}\n}\np { a: b }\n");
        assert!(circular.is_err());
    }
}
