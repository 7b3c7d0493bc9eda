//! The columns that a pasted sheet can have, and what people write above them.

use serde::{Deserialize, Serialize};

use crate::imports::header_key;

/// What a column is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PasteColumn {
    ArticleNumber,
    SupplierArticleNumber,
    Description,
    Quantity,
    Unit,
    Price,
    /// The quantity that the price is for.
    Per,
    Discount,
    #[default]
    Ignored,
}

impl PasteColumn {
    pub const ALL: [Self; 9] = [
        Self::ArticleNumber,
        Self::SupplierArticleNumber,
        Self::Description,
        Self::Quantity,
        Self::Unit,
        Self::Price,
        Self::Per,
        Self::Discount,
        Self::Ignored,
    ];

    /// The word in forms and in what is remembered.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ArticleNumber => "article_number",
            Self::SupplierArticleNumber => "supplier_article_number",
            Self::Description => "description",
            Self::Quantity => "quantity",
            Self::Unit => "unit",
            Self::Price => "unit_price",
            Self::Per => "price_base_quantity",
            Self::Discount => "discount_percent",
            Self::Ignored => "ignored",
        }
    }

    /// Reads [`PasteColumn::as_str`].
    pub fn from_code(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.as_str() == text)
    }

    /// Headers that mean it, in bokmål and English.
    pub(super) fn headers(self) -> &'static [&'static str] {
        match self {
            Self::ArticleNumber => &[
                "artikkelnummer",
                "artikkelnr",
                "artikkel nr",
                "art.nr.",
                "artnr",
                "artikkel",
                "varenummer",
                "varenr",
                "vare nr",
                "vare",
                "vårt varenummer",
                "vårt artikkelnummer",
                "nummer",
                "nr",
                "article number",
                "article no",
                "article",
                "item number",
                "item no",
                "item",
                "part number",
                "part no",
                "product number",
                "sku",
                "number",
                "code",
                "kode",
            ],
            Self::SupplierArticleNumber => &[
                "leverandørens artikkelnummer",
                "leverandørens varenummer",
                "leverandørens nummer",
                "leverandørens nr",
                "lev.art.nr.",
                "lev. artikkelnr",
                "lev. varenr",
                "lev.nr.",
                "leverandørnummer",
                "deres varenummer",
                "deres artikkelnummer",
                "el-nummer",
                "elnummer",
                "el nr",
                "elnr",
                "nobb",
                "nobb-nummer",
                "nobb nr",
                "nrf",
                "nrf-nummer",
                "nrf nr",
                "supplier's article number",
                "supplier article number",
                "supplier's number",
                "supplier number",
                "supplier item",
                "supplier sku",
                "vendor part number",
                "vendor number",
                "vendor item",
                "your number",
                "manufacturer part number",
                "mpn",
            ],
            Self::Description => &[
                "beskrivelse",
                "varebeskrivelse",
                "betegnelse",
                "varebetegnelse",
                "navn",
                "varenavn",
                "artikkelnavn",
                "tekst",
                "varetekst",
                "produkt",
                "produktnavn",
                "description",
                "item description",
                "name",
                "article name",
                "product",
                "product name",
                "text",
            ],
            Self::Quantity => &[
                "antall",
                "ant",
                "mengde",
                "kvantum",
                "bestilt",
                "bestilles",
                "bestillingsantall",
                "antall bestilt",
                "quantity",
                "qty",
                "amount ordered",
                "ordered",
                "order quantity",
                "count",
            ],
            Self::Unit => &["enhet", "enh", "måleenhet", "salgsenhet", "unit", "unit of measure", "uom"],
            Self::Price => &[
                "pris",
                "enhetspris",
                "nettopris",
                "stykkpris",
                "stk pris",
                "pris per stk",
                "pris kr",
                "pris nok",
                "à pris",
                "innpris",
                "innkjøpspris",
                "unit price",
                "price",
                "net price",
                "cost",
                "unit cost",
            ],
            Self::Per => &[
                "per",
                "pr",
                "pris per",
                "pris pr",
                "prisenhet",
                "priskvantum",
                "prisen gjelder antall",
                "price per",
                "price base quantity",
                "price unit",
            ],
            Self::Discount => &[
                "rabatt",
                "rabatt %",
                "rabattprosent",
                "rab",
                "rab %",
                "discount",
                "discount %",
                "discount percent",
            ],
            Self::Ignored => &[
                "linje",
                "linjenr",
                "pos",
                "posisjon",
                "sum",
                "beløp",
                "total",
                "totalt",
                "linjesum",
                "line",
                "line no",
                "amount",
                "merknad",
                "kommentar",
                "note",
                "comment",
                "gtin",
                "ean",
                "strekkode",
                // In the file of an order: the line has its own description.
                "leverandørens beskrivelse",
                "supplier description",
                "supplier's description",
                // What is about the whole order, and no line of it.
                "ordrereferanse",
                "order ref",
                "order reference",
                "leverandørens organisasjonsnummer",
                "supplier org number",
                "supplier's organisation number",
                "ønsket leveringsdato",
                "requested delivery date",
                "valuta",
                "currency",
                "leveres til",
                "delivery name",
                "leveringsadresse",
                "delivery street",
                "leveringspostnummer",
                "delivery postal code",
                "leveringssted",
                "delivery city",
            ],
        }
    }

    /// What a header says, however it is spaced and capitalised.
    pub(super) fn of_header(header: &str) -> Option<Self> {
        let wanted = header_key(header);
        let is_meant = |column: &Self| column.headers().iter().any(|name| header_key(name) == wanted);
        if wanted.is_empty() { None } else { Self::ALL.into_iter().find(is_meant) }
    }
}

/// Whether a column of this name means something here.
pub fn is_header(text: &str) -> bool {
    PasteColumn::of_header(text).is_some()
}
