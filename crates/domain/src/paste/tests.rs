use super::*;
use crate::errors::ErrorCode;

/// The columns, and the rows that are lines.
fn pasted(text: &str) -> (Vec<PasteColumn>, Vec<PastedLine>) {
    let sheet = read(text).unwrap();
    let columns = guess(&sheet);
    let mut found = lines(&sheet, &columns);
    found.retain(|line| line.kind == RowKind::Line);
    (columns, found)
}

fn shown(line: &PastedLine) -> [&str; 5] {
    let line = &line.line;
    [&line.article_number, &line.description, &line.quantity, &line.unit, &line.unit_price]
}

#[test]
fn a_table_with_headers_blank_rows_and_decimal_commas() {
    let text = "Bestilling uke 48\t\t\t\t\r\n\r\n\
        Varenr\tBeskrivelse\tAntall\tEnhet\tPris\tSum\r\n\
        N-100\tSekskantskrue M10\t1\u{a0}250,5\tstk\t6,10\t100\r\n\
        \t\t\t\t\t\r\n\
        Å-7\tRør, ærlig talt\t20\tm\tkr 12,50\t250\r\n\
        \tSum\t\t\t\t350\r\n";
    let (columns, found) = pasted(text);
    use PasteColumn::{ArticleNumber, Description, Ignored, Price, Quantity, Unit};
    assert_eq!(columns, [ArticleNumber, Description, Quantity, Unit, Price, Ignored]);
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(shown(&found[0]), ["N-100", "Sekskantskrue M10", "1250,5", "stk", "6,1"]);
    assert_eq!(shown(&found[1]), ["Å-7", "Rør, ærlig talt", "20", "m", "12,5"]);
    assert_eq!((found[0].row, found[1].row), (4, 6));
    assert!(found.iter().all(PastedLine::is_good));
}

#[test]
fn every_row_says_what_it_is() {
    let text = "Bestilling\t\t\t\nVarenr\tBeskrivelse\tAntall\tPris\nN-1\tSkrue\t2\t1\n\t\t\t350\n\tSum:\t\t350\n\tSum\t3\t350\n\t\t4\t1\n";
    let sheet = read(text).unwrap();
    assert_eq!((sheet.head_row, sheet.above.len()), (Some(2), 1));
    let found = lines(&sheet, &guess(&sheet));
    let kinds: Vec<(usize, RowKind)> = found.iter().map(|line| (line.row, line.kind)).collect();
    assert_eq!(
        kinds,
        [
            (3, RowKind::Line),
            (4, RowKind::Beside),
            (5, RowKind::Sum),
            // With a quantity it is ordered, whatever it is called.
            (6, RowKind::Line),
            (7, RowKind::Line),
        ]
    );
    assert_eq!(found[2].line.description, "Sum:", "it is there for whoever takes it all the same");
    assert!(!found[2].is_good() && !found[2].is_unread() && !found[2].is_unfinished());
    assert!(found[4].is_unfinished(), "no number and no name");
}

#[test]
fn what_cannot_be_read_stays_as_it_was_written() {
    let (_, found) = pasted(
        "Varenr\tAntall\tPris\nN-1\tmange\t1\nN-2\t-5\t1\nN-3\t99999999999\tto kroner\nN-4\t=1+1\t1\nN-5\t\t1\nN-6\t6\t1",
    );
    let cells: Vec<[&str; 2]> =
        found.iter().map(|line| [line.line.quantity.as_str(), line.line.unit_price.as_str()]).collect();
    assert_eq!(
        cells,
        [["mange", "1"], ["-5", "1"], ["99999999999", "to kroner"], ["=1+1", "1"], ["", "1"], ["6", "1"]]
    );
    let of = |such: fn(&PastedLine) -> bool| found.iter().map(such).collect::<Vec<bool>>();
    assert_eq!(of(PastedLine::is_unread), [true, true, true, true, false, false]);
    assert_eq!(of(PastedLine::is_unfinished), [false, false, false, false, true, false]);
    for line in &found {
        for fault in line.faults.iter().filter(|fault| fault.code != ErrorCode::FormulaRefused) {
            assert!(line.line.still_has(fault), "the form says the same of {line:?}");
        }
    }
}

#[test]
fn a_column_is_what_the_registers_know_of_its_numbers() {
    use PasteColumn::{ArticleNumber, Description, Ignored, Price, Quantity, SupplierArticleNumber};
    let check =
        |text: &str, hits: &[(usize, usize, usize)], at: Option<PasteColumn>, expected: &[PasteColumn]| {
            let sheet = read(text).unwrap();
            let asked = asked_cells(&sheet);
            let hits: Vec<ColumnHits> = hits
                .iter()
                .map(|(column, own, theirs)| ColumnHits {
                    column: *column,
                    asked: asked.iter().find(|(place, _)| place == column).unwrap().1.len(),
                    own: *own,
                    theirs: *theirs,
                    gtin: 0,
                })
                .collect();
            assert_eq!(guess_knowing(&sheet, Hints { hits: &hits, at }), expected, "{text}");
        };
    let short = "1001\t5\n1002\t10\n1003\t7";
    check(short, &[], None, &[Quantity, Price]);
    check(short, &[(0, 3, 0)], None, &[ArticleNumber, Quantity]);
    check(short, &[(0, 0, 2)], None, &[SupplierArticleNumber, Quantity]);
    check(short, &[(0, 1, 0)], None, &[Quantity, Price]);
    check(short, &[(0, 2, 0), (1, 3, 0)], None, &[Quantity, ArticleNumber]);
    check(short, &[(0, 3, 0), (1, 3, 0)], None, &[ArticleNumber, Quantity]);
    // Numbers of both: ours are short, and look like quantities.
    let both = "1001\t4310250\t5\n1002\t4310251\t9";
    check(both, &[], None, &[Quantity, ArticleNumber, Price]);
    check(both, &[(0, 2, 0), (1, 0, 2)], None, &[ArticleNumber, SupplierArticleNumber, Quantity]);
    let gtins = read("7000014412588\t71A\t5\n7000133435154\t72A\t9").unwrap();
    let known = |gtin, own| {
        let hits = [
            ColumnHits { column: 0, asked: 2, gtin, ..ColumnHits::default() },
            ColumnHits { column: 1, asked: 2, own, ..ColumnHits::default() },
        ];
        guess_knowing(&gtins, Hints { hits: &hits, at: None })
    };
    assert_eq!(known(2, 2), [Ignored, ArticleNumber, Quantity]);
    assert_eq!(known(2, 0), [ArticleNumber, SupplierArticleNumber, Quantity]);
    // Where they went says it where nothing is known.
    check(short, &[], Some(ArticleNumber), &[ArticleNumber, Quantity]);
    check(short, &[], Some(Quantity), &[Quantity, Price]);
    check("1001\n1002", &[], Some(SupplierArticleNumber), &[SupplierArticleNumber]);
    check("20\tSkrue rustfri\n5\tMutter", &[], Some(ArticleNumber), &[Quantity, Description]);
    check("20\t6,10\n5\t7,25", &[], Some(ArticleNumber), &[Quantity, Price]);
    check("20\tN-100\n5\tN-200", &[], Some(ArticleNumber), &[Quantity, ArticleNumber]);
    // What a header says stands.
    check("Antall\tKode x\n5\t1001\n7\t1002", &[(1, 2, 0)], None, &[Quantity, ArticleNumber]);
    let sheet = read("Varenr\tAntall\tGTIN\nN-1\t5\t70123").unwrap();
    assert!(asked_cells(&sheet).is_empty());
    assert_eq!(guess(&sheet), [ArticleNumber, Quantity, Ignored]);
}

#[test]
fn few_cells_are_asked_about() {
    let row =
        |number: usize| (0..20).map(|column| format!("A{number}x{column}")).collect::<Vec<_>>().join("\t");
    let text = (0..1_000).map(row).collect::<Vec<_>>().join("\n");
    let asked = asked_cells(&read(&text).unwrap());
    assert_eq!((asked.len(), asked.iter().map(|(_, cells)| cells.len()).max()), (6, Some(60)));
    let long = format!("{}\t1\n{}\t2", "å".repeat(500), "ø".repeat(500));
    assert!(asked_cells(&read(&long).unwrap()).iter().all(|(place, _)| *place == 1));
}

#[test]
fn answers_come_to_the_server_as_they_were_given() {
    let mut answers = Answers::default();
    answers.give_column(1, Reading::Thousands);
    answers.give(2, 1, Reading::Decimals);
    answers.give(3, 4, Reading::Thousands);
    assert_eq!(answers.list().len(), 3);
    assert_eq!(Answers::of_list(&answers.list()), answers);
}

#[test]
fn columns_are_guessed_from_what_stands_in_them() {
    let columns = |text: &str| {
        let found = guess(&read(text).unwrap());
        found.into_iter().map(PasteColumn::as_str).collect::<Vec<_>>()
    };
    let cases: [(&str, &[&str]); 9] = [
        ("4310250\t20\n4310251\t5", &["article_number", "quantity"]),
        ("4310250\n4310251", &["article_number"]),
        ("N-100\t1\nN-100\t1\nN-100\t2", &["article_number", "quantity"]),
        (
            "N-100\tSkrue rustfri\t20\t6,10\nN-101\tMutter\t10\t7,00",
            &["article_number", "description", "quantity", "unit_price"],
        ),
        ("20\tN-100\n5\tN-101\n7\tN-102", &["quantity", "article_number"]),
        ("1\tN-100\t20\n2\tN-101\t5\n3\tN-102\t9", &["ignored", "article_number", "quantity"]),
        (
            "N-1\tBF-100\t3\tstk\t10 %\nN-2\tBF-200\t4\tm\t5 %",
            &["article_number", "supplier_article_number", "quantity", "unit", "discount_percent"],
        ),
        ("Item No,Qty,Unit price\nA1,2,3.5", &["article_number", "quantity", "unit_price"]),
        (
            "Lev.art.nr.;Ant.;Pris per\nA1;2;100",
            &["supplier_article_number", "quantity", "price_base_quantity"],
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(columns(text), expected, "{text}");
    }
}

#[test]
fn words_above_columns_of_numbers_are_headers_in_any_language() {
    let sheet = read("Koodi\tKpl\nA-100\t20\nA-200\t3").unwrap();
    assert_eq!(sheet.head.as_deref(), Some(&["Koodi".to_owned(), "Kpl".to_owned()][..]));
    assert_eq!(sheet.rows.len(), 2);
    assert_eq!(read("A-100\t20").unwrap().head, None);
}

#[test]
fn cells_with_line_breaks_and_quotes() {
    let sheet = read("A-1\t\"Skrue\r\n\"\"rustfri\"\"\"\t2\r\nA-2\t3/8\" rør\t4\r\n\"A\"-3\t\"\t5").unwrap();
    let cells: Vec<Vec<&str>> =
        sheet.rows.iter().map(|row| row.cells.iter().map(String::as_str).collect()).collect();
    assert_eq!(
        cells,
        [vec!["A-1", "Skrue \"rustfri\"", "2"], vec!["A-2", "3/8\" rør", "4"], vec!["\"A\"-3", "\"", "5"]]
    );
}

#[test]
fn what_cannot_become_lines_is_told() {
    let fault = |text: &str| read(text).unwrap_err();
    assert_eq!(fault(" \r\n\t\t\r\n"), PasteFault::Empty);
    assert_eq!(fault("Antall\tPris\n"), PasteFault::NoNumbers);
    assert_eq!(fault("Hei Kari,\nkan du bestille dette?"), PasteFault::NoNumbers);
    assert_eq!(fault("Uke 48\nVarenr\tAntall\n\n"), PasteFault::Empty, "a head alone");
    assert_eq!(fault("<table><tr><td>N-100</td><td>20</td></tr></table>"), PasteFault::Html);
    let many = "N-100\t20\n".repeat(100_000);
    assert_eq!(fault(&many), PasteFault::TooManyRows { found: 100_000 });
    assert_eq!(fault(&"N-100\t20\n".repeat(1_001)), PasteFault::TooManyRows { found: 1_001 });
    assert_eq!(read(&"N-100\t20\n".repeat(1_000)).unwrap().rows.len(), 1_000);
    assert_eq!(fault(&"x".repeat(MAX_BYTES + 1)), PasteFault::TooLarge);
    assert!(read("<5 mm\t20").is_ok(), "a text that begins like a tag is none");
}

#[test]
fn numbers_that_no_order_takes_are_told_by_their_cell() {
    let code = |quantity: &str| {
        let (_, found) = pasted(&format!("Varenr\tAntall\nN-100\t{quantity}\nN-1\t1"));
        let fault = found[0].faults.first().cloned();
        assert!(found[1].is_good());
        fault.map(|fault| (fault.pointer, fault.code))
    };
    let quantity = |code| Some(("/quantity".to_owned(), code));
    assert_eq!(code("-5"), quantity(ErrorCode::QuantityNotPositive));
    assert_eq!(code("−5"), quantity(ErrorCode::QuantityNotPositive));
    assert_eq!(code("0"), quantity(ErrorCode::QuantityNotPositive));
    assert_eq!(code("99999999999"), quantity(ErrorCode::DecimalOutOfRange));
    assert_eq!(code("1E+12"), quantity(ErrorCode::InvalidDecimal));
    assert_eq!(code("=2*3"), quantity(ErrorCode::FormulaRefused));
    assert_eq!(code("tolv"), quantity(ErrorCode::InvalidDecimal));
    assert_eq!(code("1.234"), quantity(ErrorCode::NumberAmbiguous));
    assert_eq!(code(""), quantity(ErrorCode::Required));
    assert_eq!(code("20 stk."), None);
}

#[test]
fn a_number_that_asks_is_read_as_was_answered() {
    let sheet = read("Varenr\tAntall\tPris\nN-1\t1.234\t2.500\nN-2\t5.678\t1\nN-3\t9,5\t1").unwrap();
    let columns = guess(&sheet);
    let read_as = |answers: &Answers| {
        let found = lines_answered(&sheet, &columns, answers);
        let quantities: Vec<String> = found.iter().map(|line| line.line.quantity.clone()).collect();
        (quantities, found.iter().flat_map(|line| &line.faults).count())
    };
    let mut answers = Answers::default();
    assert_eq!(read_as(&answers).1, 3, "both quantities and one price ask");
    answers.give(2, 1, Reading::Decimals);
    let (quantities, asked) = read_as(&answers);
    assert_eq!((quantities[0].as_str(), quantities[1].as_str(), asked), ("1,234", "5.678", 2));
    answers.give_column(1, Reading::Thousands);
    let (quantities, asked) = read_as(&answers);
    assert_eq!((quantities[0].as_str(), quantities[1].as_str(), asked), ("1,234", "5678", 1));
    assert_eq!(quantities[2], "9,5", "what can be read in one way only stays");
    answers.give(2, 2, Reading::Thousands);
    assert_eq!(read_as(&answers).1, 0);
}

#[test]
fn formulas_are_text_and_emoji_stay() {
    let (_, found) = pasted(
        "Varenr\tBeskrivelse\tAntall\n=\"00123\"\t=HYPERLINK(\"http://x\")\t1\n@SUM(A1)\t+47 22\t2\nN-3\tSkrue 🔩 👷🏽\t3",
    );
    assert_eq!(shown(&found[0])[..2], ["00123", "=HYPERLINK(\"http://x\")"]);
    assert_eq!(shown(&found[1])[..2], ["@SUM(A1)", "+47 22"]);
    assert_eq!(shown(&found[2])[..2], ["N-3", "Skrue 🔩 👷🏽"]);
    assert!(found.iter().all(PastedLine::is_good), "{found:?}");
}

#[test]
fn a_mapping_can_be_chosen_anew() {
    let sheet = read("4310250\t20\n4310251\t5").unwrap();
    let found = lines(&sheet, &[PasteColumn::SupplierArticleNumber, PasteColumn::Quantity]);
    assert_eq!(found[0].line.supplier_article_number, "4310250");
    for columns in [&[PasteColumn::Ignored, PasteColumn::Quantity][..], &[]] {
        assert!(lines(&sheet, columns).iter().all(|line| line.kind == RowKind::Beside));
    }
    for column in PasteColumn::ALL {
        assert_eq!(PasteColumn::from_code(column.as_str()), Some(column));
    }
}

#[test]
fn no_header_means_two_columns() {
    let mut keys = std::collections::BTreeMap::new();
    for column in PasteColumn::ALL {
        for header in column.headers() {
            let other = keys.insert(crate::imports::header_key(header), column);
            assert!(other.is_none_or(|other| other == column), "{header}");
        }
    }
}

/// A few numbers that look random and are always the same.
fn dice(seed: u64) -> impl FnMut(usize) -> usize {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    move |sides| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % sides as u64).unwrap()
    }
}

#[test]
fn nothing_panics_and_a_line_never_comes_from_nothing() {
    let pieces = [
        "\t",
        "\n",
        "\r\n",
        "\r",
        "\"",
        "\"\"",
        ";",
        ",",
        " ",
        "\u{a0}",
        "1",
        "20",
        "1,5",
        "1.234",
        "-",
        "−",
        "=",
        "+",
        "@",
        "%",
        "kr",
        "Antall",
        "Varenr",
        "N-100",
        "æøå",
        "Å",
        "🔩",
        "\u{200d}",
        "\u{0}",
        "\u{feff}",
        "İ",
        "stk",
        "<b>",
        "99999999999999999999",
        "'",
    ];
    for seed in 1..3_000 {
        let mut next = dice(seed);
        let length = next(60);
        let text: String = (0..length).map(|_| pieces[next(pieces.len())]).collect();
        let Ok(sheet) = read(&text) else { continue };
        assert!(sheet.rows.iter().all(|row| row.cells.len() == sheet.width), "{text:?}");
        let columns = guess(&sheet);
        assert_eq!(columns.len(), sheet.width);
        let found = lines(&sheet, &columns);
        assert_eq!(found.len(), sheet.rows.len(), "no row is lost");
        for line in found {
            assert!(!line.is_good() || line.line.faults().is_empty(), "{text:?}");
            let ways = [line.is_good(), line.is_unread(), line.is_unfinished(), line.kind != RowKind::Line];
            assert_eq!(ways.iter().filter(|is_so| **is_so).count(), 1, "{text:?}");
        }
    }
}

#[test]
fn what_is_copied_is_pasted_as_it_was() {
    let letters = ["a", "Å", "\"", "\t", "\n", ";", ",", "1", " ", "=", "'", "🔩"];
    for seed in 1..2_000 {
        let mut next = dice(seed);
        let rows: Vec<[String; 3]> = (0..1 + next(4))
            .map(|_| std::array::from_fn(|_| (0..next(6)).map(|_| letters[next(letters.len())]).collect()))
            .collect();
        let written = write(&rows);
        let tidied: Vec<Vec<String>> =
            rows.iter().map(|row| row.iter().map(|cell| tidy(cell)).collect()).collect();
        let expected: Vec<&Vec<String>> =
            tidied.iter().filter(|row| row.iter().any(|cell| !cell.is_empty())).collect();
        let found: Vec<Vec<String>> = cells(&written, '\t')
            .into_iter()
            .map(|mut row| {
                row.cells.resize(3, String::new());
                row.cells
            })
            .collect();
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{written:?}");
    }
}
