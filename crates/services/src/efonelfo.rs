//! Price files of Norwegian wholesalers: EFO/NELFO 4.0, record types `VH` (head), `VL` (item), `VX` and `VA` (what belongs to it).
//!
//! Fields are parted by `;` and never quoted. Prices and discounts have two implied decimals, *Mengde* and *SalgsPakning* four; a
//! price is for *Mengde* units. The files are Windows-1252 or UTF-8, and some mix in bytes of the older code page 850.

use domain::decimal::{Percent, Quantity, SCALE, UnitPrice, parse_strict};
use domain::errors::{ErrorCode, Refusal};
use domain::imports::RefusedRow;
use domain::time::CalendarDate;
use domain::units;
use encoding_rs::WINDOWS_1252;

/// The most items of one file.
pub(crate) const MAX_ITEMS: usize = 100_000;
/// How such a file begins.
const HEAD: [&str; 2] = ["VH", "EFONELFO"];
/// The version that we read; 4.1 and 4.2 add fields at the end.
const VERSION: &str = "4.";

/// What a price file says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct PriceFile {
    /// The wholesaler's organisation number.
    pub seller: String,
    pub seller_name: String,
    pub currency: String,
    /// *FraDato*: the day from which the prices hold. `None` where the file has none, or no such day.
    pub prices_from: Option<CalendarDate>,
    pub items: Vec<Item>,
    /// Items that cannot be read.
    pub refused: Vec<RefusedRow>,
    /// Lines of pictures and of alternatives, which are let be.
    pub let_be: usize,
}

/// An item of the price list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    /// The line in the file.
    pub line: u64,
    pub number: String,
    pub name: String,
    pub unit: &'static str,
    /// `None` where the file has none: that is not zero.
    pub price: Option<UnitPrice>,
    pub price_base_quantity: Quantity,
    pub gtin: Option<String>,
    pub pack_size: Option<Quantity>,
    /// Status 3: the wholesaler will not have it again.
    pub is_going_out: bool,
}

/// Whether the file says that it is one.
pub(crate) fn is_price_file(file: &[u8]) -> bool {
    let start = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    let first = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let mut fields = first.split(|byte| *byte == b';');
    HEAD.iter().all(|expected| {
        fields.next().is_some_and(|field| field.trim_ascii().eq_ignore_ascii_case(expected.as_bytes()))
    })
}

/// Reads a price file. An item that cannot be read is told and left out; bytes that mean nothing stop nothing.
///
/// # Errors
/// When it is another version, or has more than [`MAX_ITEMS`] items, or none.
pub(crate) fn read(file: &[u8]) -> Result<PriceFile, Refusal> {
    let start = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    let mut found = PriceFile { currency: "NOK".to_owned(), ..PriceFile::default() };
    for (line, bytes) in (1_u64..).zip(start.split(|byte| *byte == b'\n')) {
        let text = decoded(bytes.strip_suffix(b"\r").unwrap_or(bytes));
        let fields: Vec<&str> = text.split(';').map(str::trim).collect();
        match fields[0] {
            "VH" => head(&mut found, &fields)?,
            "VL" => match item(line, &fields) {
                Ok(item) => found.items.push(item),
                Err(refused) => found.refused.push(refused),
            },
            "VA" => {
                found.let_be += 1;
                alternative(&mut found.items, &fields);
            }
            "" => {}
            _ => found.let_be += 1,
        }
        if found.items.len() + found.refused.len() > MAX_ITEMS {
            return Err(Refusal::from(ErrorCode::BatchTooLarge).with("max", MAX_ITEMS));
        }
    }
    if found.items.is_empty() && found.refused.is_empty() {
        return Err(ErrorCode::FileMalformed.into());
    }
    Ok(found)
}

/// `VH`: 2 Versjon, 3 SelgersOrgNr, 6 FraDato, 8 Valuta, 10 the seller's name.
fn head(found: &mut PriceFile, fields: &[&str]) -> Result<(), Refusal> {
    let get = |place: usize| fields.get(place).copied().unwrap_or_default();
    if !get(2).starts_with(VERSION) {
        return Err(
            Refusal::from(ErrorCode::FileVersionUnknown).with("version", super::imports::shown(get(2)))
        );
    }
    found.seller = domain::organisation_number::normalise(get(3));
    found.seller_name = get(10).to_owned();
    found.prices_from = date(get(6));
    if !get(8).is_empty() {
        found.currency = get(8).to_uppercase();
    }
    Ok(())
}

/// A day as `YYYYMMDD`.
fn date(text: &str) -> Option<CalendarDate> {
    if text.len() != 8 || !text.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let (year, rest) = text.split_at(4);
    let (month, day) = rest.split_at(2);
    CalendarDate::from_ymd(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// `VL`: 1 VareMrk, 2 VareNr, 3 and 4 VaBetg, 6 PrisEnhet, 7 PrisEnhetTxt, 8 Pris, 9 Mengde, 11 Status, 17 SalgsPakning, 18 Rabatt,
/// 19 Pristype.
fn item(line: u64, fields: &[&str]) -> Result<Item, RefusedRow> {
    let get = |place: usize| fields.get(place).copied().unwrap_or_default();
    let refused = |column: &str, code: ErrorCode, value: &str| RefusedRow {
        line,
        column: column.to_owned(),
        code,
        params: Default::default(),
        value: super::imports::shown(value),
    };
    let number = get(2).to_owned();
    if number.is_empty() {
        return Err(refused("VareNr", ErrorCode::Required, ""));
    }
    let name = [get(3), get(4)].join(" ");
    let name: Vec<&str> = name.split_whitespace().collect();
    let unit = unit(get(6), get(7)).ok_or_else(|| refused("PrisEnhet", ErrorCode::UnknownUnit, get(6)))?;
    let price = implied(get(8), 2).map_err(|code| refused("Pris", code, get(8)))?;
    if price < 0 {
        return Err(refused("Pris", ErrorCode::PriceNegative, get(8)));
    }
    let base = implied(get(9), 4).map_err(|code| refused("Mengde", code, get(9)))?;
    let pack_size = implied(get(17), 4).map_err(|code| refused("SalgsPakning", code, get(17)))?;
    let discount = implied(get(18), 2).map_err(|code| refused("Rabatt", code, get(18)))?;
    if !(0..=100 * SCALE).contains(&discount) {
        return Err(refused("Rabatt", ErrorCode::DiscountOutOfRange, get(18)));
    }
    // A net price has its discount taken off already.
    let discount = if get(19).eq_ignore_ascii_case("N") { 0 } else { discount };
    Ok(Item {
        line,
        gtin: (get(1) == "2").then(|| number.clone()),
        number,
        name: name.join(" "),
        unit,
        price: (!get(8).is_empty()).then(|| UnitPrice(less(price, Percent(discount)))),
        price_base_quantity: if base > 0 { Quantity(base) } else { Quantity::whole(1) },
        pack_size: (pack_size > 0).then_some(Quantity(pack_size)),
        is_going_out: get(11) == "3",
    })
}

/// `VA` of type E names the GTIN of the item before it.
fn alternative(items: &mut [Item], fields: &[&str]) {
    let [_, _, number, kind, value, ..] = fields else { return };
    let is_gtin = (8..=14).contains(&value.len()) && value.bytes().all(|digit| digit.is_ascii_digit());
    if *kind == "E"
        && is_gtin
        && let Some(item) = items.last_mut().filter(|item| item.number == *number && item.gtin.is_none())
    {
        item.gtin = Some((*value).to_owned());
    }
}

/// The price after the discount, rounded half up in the sixth decimal.
fn less(price: i64, discount: Percent) -> i64 {
    let whole = i128::from(100 * SCALE);
    let net = (i128::from(price) * (whole - i128::from(discount.0)) + whole / 2) / whole;
    i64::try_from(net).unwrap_or(price)
}

/// A number with so many implied decimals, in millionths; empty is zero. Some files write a comma as well: it stands where the
/// units of the number itself end.
fn implied(text: &str, decimals: u32) -> Result<i64, ErrorCode> {
    if text.is_empty() {
        return Ok(0);
    }
    let digits = text.strip_prefix('-').unwrap_or(text);
    let trimmed = digits.trim_start_matches('0');
    let trimmed = if trimmed.is_empty() || trimmed.starts_with(',') {
        format!("0{trimmed}")
    } else {
        trimmed.to_owned()
    };
    let (whole, rest) = trimmed.split_once(',').unwrap_or((&trimmed, ""));
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits(whole) || !is_digits(rest) || whole.len() > 15 || rest.len() > 6 {
        return Err(ErrorCode::InvalidDecimal);
    }
    let places = usize::try_from(decimals).unwrap_or_default();
    let padded = format!("{whole:0>width$}", width = places + 1);
    let (units, hundredths) = padded.split_at(padded.len() - places);
    let units = units.trim_start_matches('0');
    let units = if units.is_empty() { "0" } else { units };
    let number =
        parse_strict(&format!("{units}.{hundredths}{rest}")).map_err(|_| ErrorCode::DecimalOutOfRange)?;
    Ok(if text.starts_with('-') { -number } else { number })
}

/// The Rec 20 code of a unit of the trade. Packages have an X in front there.
fn unit(code: &str, text: &str) -> Option<&'static str> {
    let code = code.to_uppercase();
    let known = match code.as_str() {
        "RO" => "XRO",
        "BK" => "XBK",
        "PK" => "XPK",
        "PA" => "XPA",
        "BX" => "XBX",
        "CT" => "XCT",
        "BG" => "XBG",
        "PF" | "PX" => "XPX",
        "OP" => "PR",
        "KG" => "KGM",
        "M2" => "MTK",
        "M3" => "MTQ",
        other => other,
    };
    units::UNITS.iter().find(|(unit, ..)| *unit == known).map(|(unit, ..)| *unit).or_else(|| of_text(text))
}

/// What is written out beside a code that we do not know.
fn of_text(text: &str) -> Option<&'static str> {
    match text.to_uppercase().as_str() {
        "STYKK" | "STK" => Some("EA"),
        "METER" => Some("MTR"),
        "RULL" => Some("XRO"),
        "KURV" => Some("XBK"),
        "PAKKE" => Some("XPK"),
        "PAR" => Some("PR"),
        other => units::from_written(other),
    }
}

/// UTF-8 where the line is UTF-8, Windows-1252 elsewhere. Bytes that mean nothing there are letters of code page 850, and so is the
/// `ý` (0xFD) after a metre: `²`.
fn decoded(line: &[u8]) -> String {
    let text = match std::str::from_utf8(line) {
        Ok(text) => text.to_owned(),
        Err(_) => {
            let (text, _) = WINDOWS_1252.decode_without_bom_handling(line);
            let mut mended = String::with_capacity(text.len());
            for letter in text.chars() {
                let before_is_metre = mended.ends_with(['m', 'M']);
                mended.push(match letter {
                    '\u{81}' => 'ü',
                    '\u{8d}' => 'ì',
                    '\u{8f}' => 'Å',
                    '\u{90}' => 'É',
                    '\u{9d}' => 'Ø',
                    'ý' if before_is_metre => '²',
                    other => other,
                });
            }
            mended
        }
    };
    text.chars().map(|letter| if domain::text::is_hidden(letter) { ' ' } else { letter }).collect()
}

#[cfg(test)]
#[path = "efonelfo_tests.rs"]
mod tests;
