//! The browser half: compiled by Trunk, made small by wasm-opt, with one style sheet and compressed twins beside
//! everything that is text or WASM.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest, Sha256};

use crate::failure::{During, Failure, Outcome};
use crate::workspace::{BROWSER_TARGET, Workspace, environment};
use crate::{files, process, progress, styles, tools};

/// What the bundle is made from. A change of any of these makes a new one, and nothing else does.
const INPUTS: [&str; 9] = [
    "frontend",
    "app",
    "crates/domain",
    "style",
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    ".cargo/config.toml",
    "rust-toolchain.toml",
];
/// This recipe is an input as well.
const RECIPE: [&str; 3] = [include_str!("bundle.rs"), include_str!("styles.rs"), include_str!("tools.rs")];
/// What must be there for a bundle to be whole.
const OUTPUTS: [&str; 3] = ["pkg/frontend.js", "pkg/frontend_bg.wasm", "pkg/prodsys.css"];
/// Kinds of files that are worth compressing.
const COMPRESSED: [&str; 4] = ["wasm", "js", "css", "svg"];
/// What the compiler emits today and wasm-opt must understand.
const WASM_FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-multivalue",
    "--enable-sign-ext",
    "--enable-mutable-globals",
];

/// Makes the bundle, unless the one that is there is made from the same input.
pub fn make(workspace: &Workspace) -> Outcome<()> {
    let site = workspace.site();
    let stamp = workspace.root.join("target/site.stamp");
    let fingerprint = fingerprint(workspace)?;
    let is_whole = OUTPUTS.iter().all(|output| site.join(output).is_file());
    if is_whole && fs::read_to_string(&stamp).is_ok_and(|made_from| made_from == fingerprint) {
        progress::note("nothing has changed since the last one");
        return Ok(());
    }
    if stamp.exists() {
        fs::remove_file(&stamp).during("cannot remove the old bundle's stamp")?;
    }
    if site.exists() {
        fs::remove_dir_all(&site).during("cannot remove the old bundle")?;
    }
    build_wasm(workspace)?;
    shrink_wasm(workspace, &site.join("pkg/frontend_bg.wasm"))?;
    let styles = styles::inline(&workspace.root.join("style/main.css"))?;
    fs::write(site.join("pkg/prodsys.css"), styles).during("cannot write the style sheet")?;
    copy_static_files(&workspace.root.join("style"), &site)?;
    let sizes = compress(&site)?;
    progress::note(&sizes);
    fs::write(&stamp, fingerprint).during("cannot note what the bundle is made from")
}

fn build_wasm(workspace: &Workspace) -> Outcome<()> {
    // Trunk builds without the network, so everything the browser half needs is fetched first.
    let mut fetch = process::cargo();
    fetch.args(["fetch", "--locked", "--target", BROWSER_TARGET]).current_dir(&workspace.root);
    process::run(&mut fetch)?;

    let programs = tools::programs(workspace);
    let mut path = vec![programs.clone()];
    path.extend(environment("PATH").iter().flat_map(std::env::split_paths));
    let path = std::env::join_paths(path).during("cannot put the tools first in PATH")?;
    let mut trunk = Command::new(programs.join("trunk"));
    trunk.args(["build", "--release"]).current_dir(&workspace.root);
    trunk.env("PATH", path).env("CARGO_TARGET_DIR", &workspace.target);
    // Trunk takes NO_COLOR for an option of its own and fails at its usual value.
    trunk.env_remove("NO_COLOR");
    process::run(&mut trunk)?;

    // It was Trunk's list of what to build, and must not be served.
    fs::remove_file(workspace.site().join("pkg/index.html")).during("cannot remove Trunk's page")
}

fn shrink_wasm(workspace: &Workspace, wasm: &Path) -> Outcome<()> {
    let smaller = wasm.with_extension("smaller");
    let mut command = tools::wasm_opt(workspace);
    process::run(command.arg("-Oz").args(WASM_FEATURES).arg(wasm).arg("-o").arg(&smaller))?;
    fs::rename(&smaller, wasm).during("cannot put the smaller WASM in place")
}

/// Fonts, icons and whatever else lies among the styles and is neither one nor a note about them.
fn copy_static_files(styles: &Path, site: &Path) -> Outcome<()> {
    for file in files::below(styles)? {
        if file.extension().is_some_and(|extension| extension == "css" || extension == "md") {
            continue;
        }
        let relative = file.strip_prefix(styles).during("a file is outside its folder")?;
        let target = site.join(relative);
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder).during(format_args!("cannot make {}", folder.display()))?;
        }
        fs::copy(&file, &target).during(format_args!("cannot copy {}", file.display()))?;
    }
    Ok(())
}

/// Puts a brotli and a gzip twin beside each file, and gives back a line with the sizes by kind.
fn compress(site: &Path) -> Outcome<String> {
    let mut line = String::new();
    let all = files::below(site)?;
    for kind in COMPRESSED {
        let of_kind = all.iter().filter(|file| file.extension().is_some_and(|extension| extension == kind));
        let (mut raw, mut packed) = (0, 0);
        for file in of_kind {
            let content = fs::read(file).during(format_args!("cannot read {}", file.display()))?;
            let brotli = brotli(&content)?;
            raw += content.len();
            packed += brotli.len();
            write_twin(file, "br", &brotli)?;
            write_twin(file, "gz", &gzip(&content)?)?;
        }
        if raw > 0 {
            let separator = if line.is_empty() { "" } else { ", " };
            let (raw, packed) = (kilobytes(raw), kilobytes(packed));
            write!(line, "{separator}{kind} {raw} kB ({packed} kB brotli)")
                .during("cannot tell the sizes")?;
        }
    }
    Ok(line)
}

fn brotli(content: &[u8]) -> Outcome<Vec<u8>> {
    let mut packed = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut packed, 64 * 1024, 11, 24);
    writer.write_all(content).and_then(|()| writer.flush()).during("cannot compress")?;
    drop(writer);
    Ok(packed)
}

fn gzip(content: &[u8]) -> Outcome<Vec<u8>> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(content).and_then(|()| writer.finish()).during("cannot compress")
}

fn write_twin(file: &Path, ending: &str, content: &[u8]) -> Outcome<()> {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    let twin = PathBuf::from(name);
    fs::write(&twin, content).during(format_args!("cannot write {}", twin.display()))
}

fn kilobytes(bytes: usize) -> usize {
    bytes.div_ceil(1000)
}

/// A digest of everything the bundle is made from.
fn fingerprint(workspace: &Workspace) -> Outcome<String> {
    let mut digest = Sha256::new();
    for text in RECIPE {
        digest.update(text);
    }
    for input in INPUTS {
        let input = workspace.root.join(input);
        if !input.exists() {
            return Err(Failure::new(format!("{} is missing", input.display())));
        }
        for file in files::below(&input)? {
            let content = fs::read(&file).during(format_args!("cannot read {}", file.display()))?;
            let name = file.strip_prefix(&workspace.root).during("a file is outside the clone")?;
            // Lengths first, so that no two different inputs are the same sequence of bytes.
            let name = name.to_string_lossy();
            digest.update(name.len().to_be_bytes());
            digest.update(name.as_bytes());
            digest.update(content.len().to_be_bytes());
            digest.update(&content);
        }
    }
    let mut text = String::new();
    for byte in digest.finalize() {
        write!(text, "{byte:02x}").during("cannot write the fingerprint")?;
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compressed_content_is_smaller_and_the_same() {
        let content = "prodsys ".repeat(2000).into_bytes();
        let packed = brotli(&content).expect("brotli");
        assert!(packed.len() < 100, "{} bytes", packed.len());
        let mut unpacked = Vec::new();
        brotli::BrotliDecompress(&mut packed.as_slice(), &mut unpacked).expect("a brotli stream");
        assert_eq!(unpacked, content);
        assert!(gzip(&content).expect("gzip").len() < 200);
    }
}
