//! Where things are: the clone, cargo's output, the tools, and what the environment says.

use std::path::{Path, PathBuf};

use crate::failure::{Failure, Outcome};
use crate::process;

/// The crates that are built for the host.
/// They are always named one by one: building the whole workspace at once would give the server the browser's
/// features and the browser the server's.
pub const HOST_CRATES: [&str; 9] =
    ["domain", "protocol", "store", "exchange", "services", "app", "server", "benchmark", "xtask"];

/// The target that the browser half is compiled for.
pub const BROWSER_TARGET: &str = "wasm32-unknown-unknown";

/// The folders that the tasks work with.
#[derive(Debug, Clone)]
pub struct Workspace {
    /// The clone.
    pub root: PathBuf,
    /// Cargo's target folder.
    pub target: PathBuf,
    /// Tools installed by this program.
    pub tools: PathBuf,
}

impl Workspace {
    /// Finds the folders.
    pub fn locate() -> Outcome<Self> {
        let root = source_root();
        let executable = std::env::current_exe()
            .map_err(|error| Failure::new(format!("cannot find out where this program is: {error}")))?;
        // <target>/debug/xtask
        let target = executable.ancestors().nth(2).map_or_else(|| root.join("target"), Path::to_path_buf);
        Ok(Self { root, target, tools: tools_folder()? })
    }

    /// The folder that the server serves static files from.
    /// It belongs to the clone, also where cargo's output lies elsewhere.
    pub fn site(&self) -> PathBuf {
        self.root.join("target/site")
    }

    /// The server's executable, built in the profile that has this output folder.
    pub fn server_binary(&self, profile_folder: &str) -> PathBuf {
        self.target.join(profile_folder).join(format!("prodsys{}", std::env::consts::EXE_SUFFIX))
    }

    /// The browser tests' folder.
    pub fn end_to_end(&self) -> PathBuf {
        self.root.join("end2end")
    }
}

/// The clone that this program was started from, or else the one it was compiled in.
pub fn source_root() -> PathBuf {
    let manifest = environment("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").to_owned());
    let manifest = PathBuf::from(manifest);
    manifest.parent().map_or_else(|| manifest.clone(), Path::to_path_buf)
}

fn tools_folder() -> Outcome<PathBuf> {
    if let Some(folder) = environment("XTASK_TOOLS") {
        return Ok(PathBuf::from(folder));
    }
    if let Some(folder) = environment("XDG_CACHE_HOME") {
        return Ok(Path::new(&folder).join("prodsys/tools"));
    }
    match environment("HOME") {
        Some(home) => Ok(Path::new(&home).join(".cache/prodsys/tools")),
        None => Err(Failure::new("neither XTASK_TOOLS, XDG_CACHE_HOME nor HOME is set: no place for tools")),
    }
}

/// A variable of the environment, where it is set and not empty.
#[expect(clippy::disallowed_methods, reason = "the one place of this program that reads the environment")]
pub fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The first file of that name in the folders of PATH.
pub fn find_in_path(program: &str) -> Option<PathBuf> {
    let path = environment("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// True where this program runs as root.
pub fn is_root() -> bool {
    process::answer_of("id", &["-u"]).is_some_and(|answer| answer == "0")
}
