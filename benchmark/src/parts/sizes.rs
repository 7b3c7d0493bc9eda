//! What a browser downloads, as the bundle's brotli twins.

use std::fs;

use crate::failure::{During, Outcome};
use crate::report::{Figure, Report, Target};
use crate::setting::Setting;

/// Kinds of files, and the most kilobytes of each.
const LIMITS: [(&str, f64); 3] = [("wasm", 450.0), ("js", 25.0), ("css", 20.0)];

/// Reads the sizes of the bundle that is there.
pub fn measure(setting: &Setting, report: &mut Report) -> Outcome<()> {
    let folder = setting.site.join("pkg");
    for (kind, limit) in LIMITS {
        let (mut packed, mut raw) = (0, 0);
        for entry in fs::read_dir(&folder).during(format_args!("cannot list {}", folder.display()))? {
            let file = entry?.path();
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if name.ends_with(&format!(".{kind}.br")) {
                packed += fs::metadata(&file)?.len();
            } else if name.ends_with(&format!(".{kind}")) {
                raw += fs::metadata(&file)?.len();
            }
        }
        let figure = Figure::new(format!("{kind}, brotli"), kilobytes(packed), "kB");
        let note = format!("{:.0} kB raw", kilobytes(raw));
        report.add("sizes", "", figure.reaching(Target::AtMost(limit)).noted(note));
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "files of a few megabytes")]
fn kilobytes(bytes: u64) -> f64 {
    bytes as f64 / 1000.0
}
