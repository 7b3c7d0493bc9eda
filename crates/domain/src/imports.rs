//! Files of contacts, articles and purchase orders: their columns, and what came of reading one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::errors::ErrorCode;
use crate::ids::ImportId;
use crate::roles::Permission;
use crate::time::Timestamp;

/// What the rows of a file are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    Contacts,
    Articles,
    PurchaseOrders,
}

impl FileKind {
    pub const ALL: [Self; 3] = [Self::Contacts, Self::Articles, Self::PurchaseOrders];

    /// The word in addresses and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Contacts => "contacts",
            Self::Articles => "articles",
            Self::PurchaseOrders => "purchase-orders",
        }
    }

    /// Reads [`FileKind::as_str`].
    pub fn from_code(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// Who may bring such a file in.
    pub fn permission(self) -> Permission {
        match self {
            Self::Contacts | Self::Articles => Permission::WriteRegisters,
            Self::PurchaseOrders => Permission::Purchase,
        }
    }

    /// The columns, in the order in which they are written.
    pub fn columns(self) -> &'static [FileColumn] {
        match self {
            Self::Contacts => CONTACTS,
            Self::Articles => ARTICLES,
            Self::PurchaseOrders => PURCHASE_ORDERS,
        }
    }

    /// The column of this name.
    pub fn column(self, name: &str) -> Option<&'static FileColumn> {
        self.columns().iter().find(|column| column.name == name)
    }

    /// The column that a header means, in any of its languages, however it is spaced and capitalised.
    pub fn column_of_header(self, header: &str) -> Option<&'static FileColumn> {
        let wanted = header_key(header);
        let is_meant = |name: &&str| header_key(name) == wanted;
        self.columns()
            .iter()
            .find(|column| header_key(column.name) == wanted || column.headers.iter().any(is_meant))
    }
}

/// What a cell holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellKind {
    Text,
    /// A decimal; a percent sign after it is left out.
    Number,
    Date,
}

/// One column of a file.
#[derive(Debug, PartialEq, Eq)]
pub struct FileColumn {
    /// The name in our own files.
    pub name: &'static str,
    /// A file without it cannot be read.
    pub required: bool,
    pub cell: CellKind,
    /// Other headers that mean the same, in bokmål and English.
    pub headers: &'static [&'static str],
}

/// Two headers with the same key are the same header.
pub fn header_key(header: &str) -> String {
    header.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

const fn column(
    name: &'static str,
    required: bool,
    cell: CellKind,
    headers: &'static [&'static str],
) -> FileColumn {
    FileColumn { name, required, cell, headers }
}

const CONTACTS: &[FileColumn] = &[
    column("name", true, CellKind::Text, &["navn", "firmanavn", "firma", "company name", "company"]),
    column(
        "org_number",
        false,
        CellKind::Text,
        &["organisasjonsnummer", "org.nr.", "orgnr", "organisation number", "registration number"],
    ),
    column("country", false, CellKind::Text, &["land", "landkode", "country code"]),
    column("role", true, CellKind::Text, &["rolle"]),
    column("street", false, CellKind::Text, &["adresse", "gateadresse", "address", "street address"]),
    column("postal_code", false, CellKind::Text, &["postnummer", "postnr", "zip", "zip code"]),
    column("city", false, CellKind::Text, &["sted", "poststed", "by"]),
    column("email", false, CellKind::Text, &["e-post", "epost", "e-mail"]),
    column("phone", false, CellKind::Text, &["telefon", "tlf", "telephone"]),
    column(
        "contact_person",
        false,
        CellKind::Text,
        &["kontaktperson", "kontaktpersonens navn", "contact name"],
    ),
    column(
        "contact_email",
        false,
        CellKind::Text,
        &["kontaktpersonens e-post", "e-post kontaktperson", "contact e-mail"],
    ),
];

const ARTICLES: &[FileColumn] = &[
    column(
        "number",
        true,
        CellKind::Text,
        &["artikkelnummer", "varenummer", "article number", "item number"],
    ),
    column(
        "name",
        true,
        CellKind::Text,
        &["navn", "artikkelnavn", "varenavn", "beskrivelse", "article name", "description"],
    ),
    column("unit", false, CellKind::Text, &["enhet", "unit of measure"]),
    column("price", true, CellKind::Number, &["pris", "enhetspris", "unit price"]),
    column(
        "price_base_quantity",
        false,
        CellKind::Number,
        &["pris per", "prisenhet", "prisen gjelder antall", "price per", "price base quantity"],
    ),
    column("currency", false, CellKind::Text, &["valuta", "valutakode"]),
    column("vat_rate", false, CellKind::Number, &["mva", "mva-sats", "mva.", "mva %", "vat", "vat rate"]),
    column("gtin", false, CellKind::Text, &["ean", "strekkode", "barcode"]),
    column(
        "pack_size",
        false,
        CellKind::Number,
        &["pakningsstørrelse", "pakning", "antall i pakning", "pack size"],
    ),
    column(
        "minimum_quantity",
        false,
        CellKind::Number,
        &["minste antall", "minimum", "minste bestilling", "minimum quantity"],
    ),
    column("status", false, CellKind::Text, &["artikkelstatus", "article status"]),
    column("replaced_by", false, CellKind::Text, &["erstattes av", "erstattet av", "replaced by"]),
    column(
        "supplier_org_number",
        false,
        CellKind::Text,
        &[
            "leverandørens organisasjonsnummer",
            "leverandørens org.nr.",
            "supplier organisation number",
            "supplier's organisation number",
        ],
    ),
    column(
        "supplier_article_number",
        false,
        CellKind::Text,
        &["leverandørens artikkelnummer", "leverandørens varenummer", "supplier's article number"],
    ),
];

const PURCHASE_ORDERS: &[FileColumn] = &[
    column(
        "order_ref",
        true,
        CellKind::Text,
        &["ordrereferanse", "ordrenummer", "innkjøpsordre", "order reference", "order number"],
    ),
    column(
        "supplier_org_number",
        true,
        CellKind::Text,
        &[
            "leverandørens organisasjonsnummer",
            "leverandørens org.nr.",
            "supplier organisation number",
            "supplier's organisation number",
        ],
    ),
    column(
        "requested_delivery_date",
        false,
        CellKind::Date,
        &["ønsket leveringsdato", "leveringsdato", "delivery date", "requested delivery date"],
    ),
    column("currency", false, CellKind::Text, &["valuta", "valutakode"]),
    column("delivery_name", false, CellKind::Text, &["leveres til", "leveringsnavn", "delivery name"]),
    column("delivery_street", false, CellKind::Text, &["leveringsadresse", "delivery street"]),
    column("delivery_postal_code", false, CellKind::Text, &["leveringspostnummer", "delivery postal code"]),
    column("delivery_city", false, CellKind::Text, &["leveringssted", "delivery city"]),
    column("article_number", true, CellKind::Text, &["artikkelnummer", "varenummer", "article number"]),
    column(
        "supplier_article_number",
        false,
        CellKind::Text,
        &["leverandørens artikkelnummer", "leverandørens varenummer", "supplier's article number"],
    ),
    column(
        "description",
        false,
        CellKind::Text,
        &["beskrivelse", "varebeskrivelse", "betegnelse", "item description"],
    ),
    column(
        "supplier_description",
        false,
        CellKind::Text,
        &["leverandørens beskrivelse", "leverandørens navn på artikkelen", "supplier's description"],
    ),
    column("quantity", true, CellKind::Number, &["antall", "mengde"]),
    column("unit", false, CellKind::Text, &["enhet", "unit of measure"]),
    column("unit_price", false, CellKind::Number, &["pris", "enhetspris", "unit price", "price"]),
    column(
        "price_base_quantity",
        false,
        CellKind::Number,
        &["pris per", "prisenhet", "prisen gjelder antall", "price per"],
    ),
    column("discount_percent", false, CellKind::Number, &["rabatt", "rabatt %", "rabattprosent", "discount"]),
    column("note", false, CellKind::Text, &["merknad", "linjemerknad", "comment"]),
];

/// How a file is to be read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportOptions {
    /// Headers that are not ours: `name=CompanyName`, or `discount_percent=Discount*100` for a number times a factor. `name=#2` is the
    /// file's second column, whatever stands above it.
    pub map: Vec<String>,
    /// Values that every row has: `role=supplier`.
    pub set: Vec<String>,
    /// Reads and judges everything, and changes nothing.
    pub dry_run: bool,
    /// Takes the good rows although others are refused. Otherwise one refused row refuses the file.
    pub skip_bad: bool,
    /// What a header could mean does not count, only what `map` says.
    #[serde(default)]
    pub only_mapped: bool,
}

/// A file whose columns somebody has to name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingFile {
    pub import_id: ImportId,
    pub kind: FileKind,
    pub file_name: String,
    pub columns: Vec<WaitingColumn>,
}

/// A column of such a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingColumn {
    pub header: String,
    /// What stands in its first rows.
    pub samples: Vec<String>,
    /// The column of ours that the header seems to mean.
    pub meant: Option<String>,
}

/// A row that was refused, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedRow {
    /// The line in the file; the head is line 1.
    pub line: u64,
    /// The column as the file calls it; empty when the whole row is meant.
    pub column: String,
    pub code: ErrorCode,
    /// Values for the text.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<String, String>,
    /// What the cell holds, cut short.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub value: String,
}

/// What came of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportReport {
    pub kind: FileKind,
    /// Rows below the head that hold anything.
    pub rows: usize,
    /// Things that were new: contacts, articles or orders. With `applied` false, what would have been.
    pub imported: usize,
    /// Things that were known and were changed.
    pub updated: usize,
    /// Something was changed. False after a dry run, and when a refused row refused the file.
    pub applied: bool,
    pub dry_run: bool,
    /// Every refused row, in the file's order, up to [`MAX_REFUSED`].
    pub refused: Vec<RefusedRow>,
    /// How many faults there are, also beyond those that are listed.
    pub faults: usize,
    /// Columns of the file that mean nothing to us.
    pub ignored_columns: Vec<String>,
    /// Rows that are taken, and that somebody should look at all the same; up to [`MAX_REFUSED`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<RefusedRow>,
}

/// The most faults that a report lists.
pub const MAX_REFUSED: usize = 10_000;

/// A report that was kept, for the page that shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptReport {
    pub at: Timestamp,
    pub by: String,
    pub file_name: String,
    pub report: ImportReport,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_known_in_both_languages_however_they_are_written() {
        let meant = |kind: FileKind, header: &str| kind.column_of_header(header).map(|column| column.name);
        assert_eq!(
            meant(FileKind::Articles, "Leverandørens  artikkelnummer"),
            Some("supplier_article_number")
        );
        assert_eq!(meant(FileKind::Articles, "SUPPLIER'S ARTICLE NUMBER"), Some("supplier_article_number"));
        assert_eq!(meant(FileKind::Contacts, "Org. nr"), Some("org_number"));
        assert_eq!(meant(FileKind::PurchaseOrders, "order_ref"), Some("order_ref"));
        assert_eq!(meant(FileKind::Contacts, "Fax"), None);
    }

    #[test]
    fn no_header_means_two_columns() {
        for kind in FileKind::ALL {
            let mut keys = std::collections::BTreeSet::new();
            for column in kind.columns() {
                let names = std::iter::once(&column.name).chain(column.headers);
                let of_one: std::collections::BTreeSet<_> = names.map(|name| header_key(name)).collect();
                for key in of_one {
                    assert!(keys.insert(key.clone()), "{key} means two columns of {}", kind.as_str());
                }
            }
        }
    }
}
