use std::io::Write;

use rust_xlsxwriter::{ExcelDateTime as Date, Format, Formula, Workbook};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::super::mapping;
use super::super::table;
use super::*;
use domain::imports::{FileKind, ImportOptions};

fn known(header: &str) -> bool {
    FileKind::Articles.column_of_header(header).is_some()
}

fn shown(table: &Table) -> Vec<Vec<String>> {
    let row = |row: &TableRow| row.cells.iter().map(|cell| cell.shown().into_owned()).collect();
    table.rows.iter().map(row).collect()
}

/// A workbook with a first sheet of notes, and articles on the second below a title.
fn articles() -> Vec<u8> {
    let mut book = Workbook::new();
    book.add_worksheet().write_string(0, 0, "Notater").unwrap();
    let sheet = book.add_worksheet();
    sheet.write_string(0, 0, "Prisliste 2026").unwrap();
    for (column, header) in ["Varenummer", "Navn", "Pris", "EAN", "Pakning"].into_iter().enumerate() {
        sheet.write_string(2, u16::try_from(column).unwrap(), header).unwrap();
    }
    let euro = Format::new().set_num_format("#,##0.00 kr");
    sheet.write_number(3, 0, 4_310_250).unwrap();
    sheet.write_string(3, 1, "=1+1 er tekst").unwrap();
    sheet.write_number_with_format(3, 2, 1_234.567, &euro).unwrap();
    sheet.write_number(3, 3, 7_040_000_000_001_f64).unwrap();
    sheet.write_string(5, 0, "007").unwrap();
    sheet.write_string(5, 1, "Ærlig rør").unwrap();
    sheet.write_formula(5, 2, Formula::new("=1/3").set_result("0.3333333333333333")).unwrap();
    sheet.write_string(5, 8, "uten overskrift").unwrap();
    sheet.write_string(6, 0, "N-3").unwrap();
    sheet.write_string(6, 1, "Feil").unwrap();
    sheet.write_formula(6, 2, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    book.save_to_buffer().unwrap()
}

#[test]
fn numbers_are_numbers_and_text_is_text() {
    let table = table::read(&articles(), &known).unwrap();
    assert_eq!(table.head, ["Varenummer", "Navn", "Pris", "EAN", "Pakning"]);
    let lines: Vec<u64> = table.rows.iter().map(|row| row.line).collect();
    assert_eq!(lines, [4, 6, 7], "as the program numbers them, blank rows left out");
    assert_eq!(shown(&table)[0], ["4310250", "=1+1 er tekst", "1234,567", "7040000000001", ""]);

    let mapped = mapping::map(FileKind::Articles, &table, &ImportOptions::default()).unwrap();
    let first = &mapped.rows[0];
    assert_eq!(
        [first.get("number"), first.get("name"), first.get("price"), first.get("gtin")],
        ["4310250", "=1+1 er tekst", "1234,567", "7040000000001"]
    );
    assert_eq!([mapped.rows[1].get("number"), mapped.rows[1].get("price")], ["007", "0,333333"]);
    let refused: Vec<(u64, &str, ErrorCode)> =
        mapped.refused.iter().map(|row| (row.line, row.column.as_str(), row.code)).collect();
    assert_eq!(refused, [(7, "Pris", ErrorCode::FormulaRefused)]);
}

#[test]
fn dates_are_dates() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let of_date = Format::new().set_num_format("dd.mm.yyyy");
    for (column, header) in
        ["order_ref", "supplier_org_number", "leveringsdato", "varenummer", "antall"].into_iter().enumerate()
    {
        sheet.write_string(0, u16::try_from(column).unwrap(), header).unwrap();
    }
    sheet.write_string(1, 0, "R-1").unwrap();
    sheet.write_datetime_with_format(1, 2, Date::from_ymd(2026, 12, 1).unwrap(), &of_date).unwrap();
    sheet.write_number(1, 4, 1.5).unwrap();
    let file = book.save_to_buffer().unwrap();
    let kind = FileKind::PurchaseOrders;
    let table = table::read(&file, &|name| kind.column_of_header(name).is_some()).unwrap();
    let mapped = mapping::map(kind, &table, &ImportOptions::default()).unwrap();
    let row = &mapped.rows[0];
    assert_eq!((row.get("requested_delivery_date"), row.get("quantity")), ("2026-12-01", "1,5"));
}

#[test]
fn a_sheet_as_wide_and_long_as_there_is_costs_nothing() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, header) in ["number", "name", "price"].into_iter().enumerate() {
        sheet.write_string(0, u16::try_from(column).unwrap(), header).unwrap();
    }
    sheet.write_string(1_048_575, 0, "siste").unwrap();
    sheet.write_string(1_048_575, 16_383, "helt ute").unwrap();
    let table = table::read(&book.save_to_buffer().unwrap(), &known).unwrap();
    assert_eq!((table.rows.len(), table.rows[0].line), (1, 1_048_576));
}

fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn what_unpacks_to_too_much_is_not_read() {
    let bomb = vec![b' '; 51 * 1024 * 1024];
    let file = archive(&[("xl/workbook.xml", b"<workbook/>"), ("xl/sharedStrings.xml", &bomb)]);
    assert!(file.len() < 1024 * 1024);
    assert_eq!(table::read(&file, &known).unwrap_err().code, ErrorCode::PayloadTooLarge);
    let many: Vec<(String, &[u8])> = (0..2_001).map(|number| (format!("{number}"), &b""[..])).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(name, content)| (name.as_str(), *content)).collect();
    assert_eq!(table::read(&archive(&many), &known).unwrap_err().code, ErrorCode::PayloadTooLarge);
}

#[test]
fn what_is_no_workbook_is_told() {
    let code = |file: &[u8]| table::read(file, &known).unwrap_err().code;
    assert_eq!(
        code(&archive(&[("mimetype", b"application/vnd.oasis.opendocument.spreadsheet")])),
        ErrorCode::FileIsSpreadsheet
    );
    assert_eq!(code(&archive(&[("xl/workbook.xml", b"<workbook")])), ErrorCode::FileMalformed);
    let whole = articles();
    for cut in [10, 100, whole.len() / 2, whole.len() - 10] {
        assert!(
            matches!(code(&whole[..cut]), ErrorCode::FileMalformed | ErrorCode::FileIsSpreadsheet),
            "{cut}"
        );
    }
    // One byte after the other is wrong: nothing but an answer comes of it.
    for at in (0..whole.len()).step_by(97) {
        let mut spoiled = whole.clone();
        spoiled[at] ^= 0xff;
        let _ = table::read(&spoiled, &known);
    }
}

#[test]
fn numbers_are_written_as_a_spreadsheet_shows_them() {
    for (number, expected) in [
        (0.1 + 0.2, "0.3"),
        (7_040_000_000_001.0, "7040000000001"),
        (-0.0, "0"),
        (1e-9, "0"),
        (-12.5, "-12.5"),
        (2.675, "2.675"),
        (99_999_999_999_999_999.0, "100000000000000000"),
    ] {
        assert_eq!(written(number), expected);
    }
}
