//! Files of contacts, articles and purchase orders, as `services::imports` takes them apart before anything is asked of a database:
//! encoding, separator, head, cells, numbers and dates. The first byte says which kind the file is of.

#![no_main]

use domain::imports::{CellKind, FileKind, ImportOptions};
use libfuzzer_sys::fuzz_target;
use services::imports::{Mapped, read};

fuzz_target!(|bytes: &[u8]| {
    let Some((first, file)) = bytes.split_first() else { return };
    let kind = FileKind::ALL[usize::from(*first) % FileKind::ALL.len()];
    let options = ImportOptions::default();
    let Ok(mapped) = read(kind, file, &options) else { return };
    judge(kind, &mapped);
    // The mark of UTF-8 changes nothing. Text that begins with one of its own would have two.
    if std::str::from_utf8(file).is_ok_and(|text| !text.starts_with('\u{feff}')) {
        let marked = ["\u{feff}".as_bytes(), file].concat();
        assert_eq!(read(kind, &marked, &options).expect("the same file"), mapped);
    }
});

/// What is handed on can be read, and every row is either there or told.
fn judge(kind: FileKind, mapped: &Mapped) {
    for row in &mapped.rows {
        assert!(row.line > 0);
        let is_told = mapped.refused.iter().any(|refused| refused.line == row.line);
        assert!(!row.is_bad || is_told);
        for column in kind.columns().iter().filter(|_| !row.is_bad) {
            let cell = row.get(column.name);
            match column.cell {
                CellKind::Text => assert_eq!(cell, cell.trim()),
                CellKind::Number if cell.is_empty() => {}
                CellKind::Number => assert!(domain::decimal::parse_typed(cell).is_ok(), "{cell}"),
                CellKind::Date => assert!(cell.is_empty() || cell.len() >= 10, "{cell}"),
            }
        }
    }
    assert!(mapped.rows.len() <= mapped.all);
    assert!(mapped.has_broken == (mapped.rows.len() < mapped.all));
}
