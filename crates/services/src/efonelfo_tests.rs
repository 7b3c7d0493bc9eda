use super::*;

/// A small file with everything that occurs in real ones. The town of the head is in code page 850, the names in Windows-1252.
fn sample() -> Vec<u8> {
    let text = "VH;EFONELFO;4.0;NO313770125MVA;;;20260101;20261231;NOK;;BOLT & FESTE AS;EIGER\u{9d}YVEI 87;;4370;EGERSUND;NO\r\n\
        VL;1;1006100;MATTE 3MM;1,0 m2;1;EA;STYKK;55300;10000;20260101;1;;1004;;;J;10000;0;\r\n\
        VA;1;1006100;P;1500000\r\n\
        VL;1;1217570;KOBLINGSBOKS   IP20;2,5mm\u{fd};1;EA;STYKK;2400;1000000;20260101;3;;1202;;;J;1000000;0;\r\n\
        VX;1;1217570;BILDE;https://example.no/1.jpg\r\n\
        VL;4;1001005;3/8\" STÅLRØR;;2;RO;RULL;10000;10000;20260101;1;;H06;;;N;60000;1250;B\r\n\
        VL;4;1001006;NETTO;;2;OP;PAR;10000;10000;20260101;1;;H06;;;N;0;1250;N\r\n\
        VL;2;7070748011104;MED KOMMA;;1;KG;KILO;1872,5;;20260101;;;;;;N;;;\r\n\
        VL;1;1008141;KABEL;;2;MTR;METER;552;10000;20260101;1;;1001;;;J;10000;0;\r\n\
        VA;1;1008141;E;7070748011104\r\n\
        VL;1;;UTEN NUMMER;;1;EA;STYKK;1;10000;;1;;;;;J;10000;0;\r\n\
        VL;1;9;RAR PRIS;;1;EA;STYKK;ti;10000;;1;;;;;J;10000;0;\r\n";
    let (bytes, ..) = WINDOWS_1252.encode(text);
    bytes.into_owned()
}

fn shown(item: &Item) -> (&str, &str, &str, String, String) {
    (
        &item.number,
        &item.name,
        item.unit,
        item.price.unwrap().to_string(),
        item.price_base_quantity.to_string(),
    )
}

#[test]
fn items_have_their_price_for_their_quantity() {
    let found = read(&sample()).unwrap();
    assert_eq!((found.seller.as_str(), found.currency.as_str()), ("313770125", "NOK"));
    assert_eq!(found.prices_from, CalendarDate::from_ymd(2026, 1, 1));
    let items: Vec<_> = found.items.iter().map(shown).collect();
    let item =
        |number, name, unit, price: &str, base: &str| (number, name, unit, price.to_owned(), base.to_owned());
    assert_eq!(
        items,
        [
            item("1006100", "MATTE 3MM 1,0 m2", "EA", "553", "1"),
            item("1217570", "KOBLINGSBOKS IP20 2,5mm²", "EA", "24", "100"),
            item("1001005", "3/8\" STÅLRØR", "XRO", "87.5", "1"),
            item("1001006", "NETTO", "PR", "100", "1"),
            item("7070748011104", "MED KOMMA", "KGM", "18.725", "1"),
            item("1008141", "KABEL", "MTR", "5.52", "1"),
        ]
    );
    let packs: Vec<Option<String>> =
        found.items.iter().map(|item| item.pack_size.map(|size| size.to_string())).collect();
    assert_eq!(packs[..4], [Some("1".to_owned()), Some("100".to_owned()), Some("6".to_owned()), None]);
    assert!(found.items[1].is_going_out && !found.items[0].is_going_out);
    assert_eq!(found.items[4].gtin.as_deref(), Some("7070748011104"));
    assert_eq!(found.items[5].gtin.as_deref(), Some("7070748011104"));
    assert_eq!(found.let_be, 3);
    let refused: Vec<(u64, &str, ErrorCode)> =
        found.refused.iter().map(|row| (row.line, row.column.as_str(), row.code)).collect();
    assert_eq!(refused, [(11, "VareNr", ErrorCode::Required), (12, "Pris", ErrorCode::InvalidDecimal)]);
}

#[test]
fn every_encoding_gives_the_same_letters_and_no_byte_stops_a_file() {
    let line = "VL;1;7;IFØ ærlig rør;;1;EA;STYKK;100;10000;;1;;;;;J;10000;0;";
    let head = "VH;EFONELFO;4.0;NO313770125MVA;;;;;NOK;;X;;;;;NO";
    let name = |bytes: &[u8]| read(bytes).unwrap().items[0].name.clone();
    let text = format!("{head}\n{line}");
    assert_eq!(name(text.as_bytes()), "IFØ ærlig rør");
    assert_eq!(name(format!("\u{feff}{text}").as_bytes()), "IFØ ærlig rør");
    let (latin, ..) = WINDOWS_1252.encode(line);
    let mixed = [format!("{head} øl\n").as_bytes(), &latin].concat();
    assert_eq!(name(&mixed), "IFØ ærlig rør", "each line by itself");
    for byte in 0x80..=0xff {
        let file = [head.as_bytes(), b"\nVL;1;7;A", &[byte], b"B;;1;EA;STYKK;100;10000;"].concat();
        assert!(domain::text::single_line(&name(&file), 200).is_ok(), "{byte:#x}");
    }
}

#[test]
fn what_is_no_such_file_is_told() {
    assert!(is_price_file(b"VH;EFONELFO;4.0;NO"));
    assert!(is_price_file(b"\xef\xbb\xbfvh;EFONELFO;4.0"));
    assert!(!is_price_file(b"BH;EFONELFO;4.0;NO"));
    assert!(!is_price_file(b"number;name;price\n"));
    let code = |file: &str| read(file.as_bytes()).unwrap_err().code;
    assert_eq!(code("VH;EFONELFO;3.0;NO\nVL;1;7;A;;1;EA;;1;1"), ErrorCode::FileVersionUnknown);
    assert_eq!(code("VH;EFONELFO;4.0;NO\nVX;1\n"), ErrorCode::FileMalformed);
}

#[test]
fn no_price_is_not_zero() {
    let price = |price: &str| {
        let file = format!("VH;EFONELFO;4.0;NO\nVL;1;7;A;;1;EA;STYKK;{price};10000;;1;;;;;J;10000;1000;");
        read(file.as_bytes()).unwrap().items[0].price
    };
    assert_eq!((price(""), price("0"), price("100")), (None, Some(UnitPrice(0)), Some(UnitPrice(900_000))));
}

#[test]
fn implied_decimals() {
    let number = |text: &str, decimals| implied(text, decimals).map(domain::decimal::format_plain);
    for (text, decimals, expected) in [
        ("55300", 2, "553"),
        ("5", 2, "0.05"),
        ("10000", 4, "1"),
        ("5000", 4, "0.5"),
        ("1872,5", 2, "18.725"),
        ("-100", 2, "-1"),
        ("007", 2, "0.07"),
        ("", 2, "0"),
        ("0", 4, "0"),
    ] {
        assert_eq!(number(text, decimals), Ok(expected.to_owned()), "{text}");
    }
    for text in ["ti", "1.5", "1e3", "1,2,3", "--1", "99999999999999999"] {
        assert!(number(text, 2).is_err(), "{text}");
    }
}

/// A real wholesaler's file, where it is beside the project.
#[test]
fn a_real_price_file_is_read() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/trade/efonelfo/V4_varefil.csv");
    let Ok(file) = std::fs::read(&path) else {
        println!("the real price file is not beside the project");
        return;
    };
    let found = read(&file).unwrap();
    assert_eq!((found.items.len(), found.let_be, found.refused.len()), (2165, 973, 0));
    assert_eq!(found.items.iter().filter(|item| item.is_going_out).count(), 0);
    let item = |number: &str| shown(found.items.iter().find(|item| item.number == number).unwrap());
    let expected =
        |number, name, unit, price: &str, base: &str| (number, name, unit, price.to_owned(), base.to_owned());
    assert_eq!(
        item("1006100"),
        expected("1006100", "MATTE 3MM 100W/M2 100W 1,0 m2 0,5 x 2,0 m", "EA", "553", "1")
    );
    assert_eq!(item("1217570").1, "KOBLINGSBOKS IP20 M/5 KLEMMER 65x65x29 5-pol 2,5mm²");
    assert_eq!(item("1008800"), expected("1008800", "PN 1,5MM 750V GRÅ 150M SNELLE", "MTR", "2.55", "1"));
    let rolls = found.items.iter().filter(|item| item.unit == "XRO").count();
    let hundreds = found.items.iter().filter(|item| item.price_base_quantity == Quantity::whole(100)).count();
    assert_eq!((rolls, hundreds), (39, 41));
}

#[test]
fn a_day_that_is_none_is_no_day() {
    for (text, day) in [
        ("20261101", CalendarDate::from_ymd(2026, 11, 1)),
        ("20260231", None),
        ("", None),
        ("01.11.2026", None),
        ("2026110", None),
        ("2026æ101", None),
    ] {
        let file = format!(
            "VH;EFONELFO;4.0;NO313770125MVA;;;{text};;NOK;;BOLT\r\nVL;1;1;BOLT;;1;EA;STYKK;100;10000;;1\r\n"
        );
        assert_eq!(read(file.as_bytes()).unwrap().prices_from, day, "{text}");
    }
}
