//! Files of rows, as the imports read them: `;` between the columns, names in the first row.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    // The reader drops a mark at the very beginning, and a file of ours could begin with the one of a later row.
    if text.contains('\u{feff}') {
        return;
    }
    let read = |text: &[u8]| -> Result<Vec<csv::StringRecord>, csv::Error> {
        csv::ReaderBuilder::new()
            .delimiter(b';')
            .has_headers(false)
            .from_reader(text)
            .into_records()
            .collect()
    };
    if let Ok(rows) = read(text.as_bytes()) {
        let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
        for row in &rows {
            writer.write_record(row).expect("a row can be written");
        }
        let written = writer.into_inner().expect("the rows are in memory");
        assert_eq!(read(&written).expect("our own file"), rows);
        for field in rows.iter().flatten() {
            let _ = domain::decimal::parse_typed(field);
        }
    }
});
