//! Articles: the own register, and the supplier's number of each.

mod filter;

use serde::{Deserialize, Serialize};

use crate::decimal::{Percent, Quantity, UnitPrice};
use crate::errors::{ErrorCode, FieldError, Refusal};
use crate::ids::{ArticleId, ContactId};
use crate::money;
use crate::text;
use crate::time::Timestamp;
use crate::units;

pub use filter::{ArticleFilter, ArticleSort};

/// Longest article number.
pub const MAX_NUMBER: usize = 80;

/// Whether an article can be ordered, and for how long.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ArticleStatus {
    #[default]
    Active,
    /// Sold while there is some left: *Utgår*.
    GoingOut,
    /// Not sold any longer: *Utgått*.
    Discontinued,
}

impl ArticleStatus {
    pub const ALL: [Self; 3] = [Self::Active, Self::GoingOut, Self::Discontinued];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::GoingOut => "going_out",
            Self::Discontinued => "discontinued",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == code)
    }

    /// The status that a person or a file writes: the code, or its word in bokmål or English.
    pub fn from_written(text: &str) -> Option<Self> {
        match text.trim().to_lowercase().as_str() {
            "aktiv" | "i salg" | "in sale" => Some(Self::Active),
            "utgår" | "going out" => Some(Self::GoingOut),
            "utgått" => Some(Self::Discontinued),
            code => Self::parse(code),
        }
    }
}

/// An article with everything about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Article {
    pub article_id: ArticleId,
    pub number: String,
    pub name: String,
    /// UN/ECE Recommendation 20.
    pub unit: String,
    pub price: UnitPrice,
    /// The quantity that the price is for.
    pub price_base_quantity: Quantity,
    pub currency: String,
    pub vat_rate: Percent,
    pub gtin: Option<String>,
    pub pack_size: Option<Quantity>,
    /// Fewer are not sold.
    pub minimum_quantity: Option<Quantity>,
    pub status: ArticleStatus,
    /// The number of the article that has taken its place.
    pub replaced_by: Option<String>,
    pub suppliers: Vec<SupplierNumber>,
    pub updated_at: Timestamp,
    pub version: i64,
}

/// *Leverandørens artikkelnummer*: what a supplier calls an article of ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupplierNumber {
    pub contact_id: ContactId,
    pub supplier_name: String,
    pub supplier_article_number: String,
}

/// A row of the list *Artikler*, and a suggestion while typing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleRow {
    pub article_id: ArticleId,
    pub number: String,
    pub name: String,
    pub unit: String,
    pub price: UnitPrice,
    pub price_base_quantity: Quantity,
    pub currency: String,
    pub vat_rate: Percent,
    pub gtin: Option<String>,
    /// The number at the supplier asked for, or at the only one there is.
    pub supplier_article_number: Option<String>,
    pub supplier_name: Option<String>,
    #[serde(default)]
    pub status: ArticleStatus,
}

/// What a person or a file says about an article, as text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleInput {
    pub number: String,
    pub name: String,
    #[serde(default)]
    pub unit: String,
    #[serde(default)]
    pub price: String,
    #[serde(default)]
    pub price_base_quantity: String,
    #[serde(default)]
    pub currency: String,
    #[serde(default)]
    pub vat_rate: String,
    #[serde(default)]
    pub gtin: String,
    #[serde(default)]
    pub pack_size: String,
    #[serde(default)]
    pub minimum_quantity: String,
    #[serde(default)]
    pub status: String,
    #[serde(default)]
    pub replaced_by: String,
    #[serde(default)]
    pub supplier_org_number: String,
    #[serde(default)]
    pub supplier_article_number: String,
}

/// An article's fields after they were checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedArticle {
    pub number: String,
    pub name: String,
    pub unit: String,
    pub price: UnitPrice,
    pub price_base_quantity: Quantity,
    pub currency: String,
    pub vat_rate: Percent,
    pub gtin: Option<String>,
    pub pack_size: Option<Quantity>,
    pub minimum_quantity: Option<Quantity>,
    pub status: ArticleStatus,
    pub replaced_by: Option<String>,
    /// As it was written: see [`crate::organisation_number::Written`].
    pub supplier_org_number: Option<String>,
    pub supplier_article_number: Option<String>,
}

impl ArticleInput {
    /// Checks and normalises every field; all faults are told at once. Empty fields get the usual value:
    /// unit `EA`, base quantity 1, currency `NOK`, 25 % tax.
    pub fn check(&self) -> Result<CheckedArticle, Refusal> {
        let mut errors = Vec::new();
        let number = checked_line(&mut errors, "/number", &self.number, MAX_NUMBER, true);
        let name = checked_line(&mut errors, "/name", &self.name, 200, true);
        let gtin = checked_line(&mut errors, "/gtin", &self.gtin, 14, false);
        let supplier_article_number = checked_line(
            &mut errors,
            "/supplier_article_number",
            &self.supplier_article_number,
            MAX_NUMBER,
            false,
        );
        let unit = match self.unit.trim() {
            "" => "EA".to_owned(),
            written => units::from_written(written).map_or_else(
                || {
                    errors.push(FieldError::new("/unit", ErrorCode::UnknownUnit));
                    String::new()
                },
                str::to_owned,
            ),
        };
        let currency = match self.currency.trim() {
            "" => "NOK".to_owned(),
            code => code.to_uppercase(),
        };
        if !money::is_currency(&currency) {
            errors.push(FieldError::new("/currency", ErrorCode::InvalidCurrency));
        }
        let price = checked_decimal(&mut errors, "/price", &self.price, "0");
        let base = checked_decimal(&mut errors, "/price_base_quantity", &self.price_base_quantity, "1");
        let vat_rate = checked_decimal(
            &mut errors,
            "/vat_rate",
            self.vat_rate.trim_end_matches(['%', ' ', '\u{a0}']),
            "25",
        );
        let pack_size = checked_decimal(&mut errors, "/pack_size", &self.pack_size, "0");
        if price < 0 {
            errors.push(FieldError::new("/price", ErrorCode::PriceNegative));
        }
        if base <= 0 {
            errors.push(FieldError::new("/price_base_quantity", ErrorCode::QuantityNotPositive));
        }
        if pack_size < 0 {
            errors.push(FieldError::new("/pack_size", ErrorCode::QuantityNotPositive));
        }
        if !(0..=100_000_000).contains(&vat_rate) {
            errors.push(FieldError::new("/vat_rate", ErrorCode::DiscountOutOfRange));
        }
        let minimum_quantity = checked_decimal(&mut errors, "/minimum_quantity", &self.minimum_quantity, "0");
        if minimum_quantity < 0 {
            errors.push(FieldError::new("/minimum_quantity", ErrorCode::QuantityNotPositive));
        }
        let status = match self.status.trim() {
            "" => ArticleStatus::Active,
            code => ArticleStatus::from_written(code).unwrap_or_else(|| {
                errors.push(FieldError::new("/status", ErrorCode::StatusUnknown));
                ArticleStatus::Active
            }),
        };
        let replaced_by = checked_line(&mut errors, "/replaced_by", &self.replaced_by, MAX_NUMBER, false);
        let supplier_org_number = self.supplier_org_number.trim().to_owned();
        if !errors.is_empty() {
            return Err(Refusal::of_fields(errors));
        }
        let some = |value: String| (!value.is_empty()).then_some(value);
        Ok(CheckedArticle {
            name,
            unit,
            price: UnitPrice(price),
            price_base_quantity: Quantity(base),
            currency,
            vat_rate: Percent(vat_rate),
            gtin: some(gtin),
            pack_size: (pack_size > 0).then_some(Quantity(pack_size)),
            minimum_quantity: (minimum_quantity > 0).then_some(Quantity(minimum_quantity)),
            status,
            // An article does not take its own place.
            replaced_by: some(replaced_by).filter(|other| *other != number),
            number,
            supplier_org_number: some(supplier_org_number),
            supplier_article_number: some(supplier_article_number),
        })
    }
}

/// A line of text within its bounds; faults go to `errors`.
pub fn checked_line(
    errors: &mut Vec<FieldError>,
    pointer: &str,
    value: &str,
    max: usize,
    required: bool,
) -> String {
    match text::single_line(value, max) {
        Ok(value) if value.is_empty() && required => {
            errors.push(FieldError::new(pointer, ErrorCode::Required))
        }
        Ok(value) => return value,
        Err(text::TextError::TooLong) => {
            errors.push(FieldError::new(pointer, ErrorCode::TooLong).with("max", max))
        }
        Err(text::TextError::InvalidCharacter) => {
            errors.push(FieldError::new(pointer, ErrorCode::InvalidCharacter))
        }
    }
    String::new()
}

/// A typed decimal in millionths, `default` when empty; faults go to `errors` and give the default.
pub fn checked_decimal(errors: &mut Vec<FieldError>, pointer: &str, value: &str, default: &str) -> i64 {
    let text = if value.trim().is_empty() { default } else { value };
    crate::decimal::parse_typed(text).unwrap_or_else(|error| {
        errors.push(error.at(pointer));
        crate::decimal::parse_typed(default).unwrap_or(0)
    })
}
