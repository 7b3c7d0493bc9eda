//! The cells of the sheet: columns, places, rectangles.

use super::super::OrderLineInput;

/// A column that can be typed into, from left to right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    ArticleNumber,
    Description,
    SupplierArticleNumber,
    Quantity,
    Unit,
    UnitPrice,
    PriceBaseQuantity,
    DiscountPercent,
}

impl Column {
    /// From left to right.
    pub const ALL: [Self; 8] = [
        Self::ArticleNumber,
        Self::Description,
        Self::SupplierArticleNumber,
        Self::Quantity,
        Self::Unit,
        Self::UnitPrice,
        Self::PriceBaseQuantity,
        Self::DiscountPercent,
    ];

    /// The name of the field in forms, pointers and texts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ArticleNumber => "article_number",
            Self::Description => "description",
            Self::SupplierArticleNumber => "supplier_article_number",
            Self::Quantity => "quantity",
            Self::Unit => "unit",
            Self::UnitPrice => "unit_price",
            Self::PriceBaseQuantity => "price_base_quantity",
            Self::DiscountPercent => "discount_percent",
        }
    }

    /// The column of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.as_str() == name)
    }

    /// Its place from the left, from 0.
    pub fn index(self) -> usize {
        Self::ALL.into_iter().position(|column| column == self).unwrap_or_default()
    }

    /// The column at the place; past the last it is the last.
    pub fn at(index: usize) -> Self {
        Self::ALL.get(index).copied().unwrap_or(Self::DiscountPercent)
    }

    /// Holds a decimal number.
    pub fn is_decimal(self) -> bool {
        matches!(self, Self::Quantity | Self::UnitPrice | Self::PriceBaseQuantity | Self::DiscountPercent)
    }

    /// The text in this column.
    pub fn of(self, line: &OrderLineInput) -> &str {
        match self {
            Self::ArticleNumber => &line.article_number,
            Self::Description => &line.description,
            Self::SupplierArticleNumber => &line.supplier_article_number,
            Self::Quantity => &line.quantity,
            Self::Unit => &line.unit,
            Self::UnitPrice => &line.unit_price,
            Self::PriceBaseQuantity => &line.price_base_quantity,
            Self::DiscountPercent => &line.discount_percent,
        }
    }

    /// Puts a text into this column.
    pub fn set(self, line: &mut OrderLineInput, text: String) {
        let field = match self {
            Self::ArticleNumber => &mut line.article_number,
            Self::Description => &mut line.description,
            Self::SupplierArticleNumber => &mut line.supplier_article_number,
            Self::Quantity => &mut line.quantity,
            Self::Unit => &mut line.unit,
            Self::UnitPrice => &mut line.unit_price,
            Self::PriceBaseQuantity => &mut line.price_base_quantity,
            Self::DiscountPercent => &mut line.discount_percent,
        };
        *field = text;
    }
}

/// A cell: the line's place from 0, and the column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub line: usize,
    pub column: Column,
}

/// A rectangle of cells, both corners included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Area {
    pub first: Place,
    pub last: Place,
}

impl Area {
    /// The rectangle between two cells, whichever way it was drawn.
    pub fn between(one: Place, other: Place) -> Self {
        let (first_line, last_line) = (one.line.min(other.line), one.line.max(other.line));
        let (first_column, last_column) = (one.column.min(other.column), one.column.max(other.column));
        Self {
            first: Place { line: first_line, column: first_column },
            last: Place { line: last_line, column: last_column },
        }
    }

    /// Its columns from left to right.
    pub fn columns(self) -> impl Iterator<Item = Column> {
        Column::ALL.into_iter().filter(move |column| (self.first.column..=self.last.column).contains(column))
    }

    /// How many cells it has.
    pub fn cells(self) -> usize {
        (self.last.line - self.first.line + 1) * self.columns().count()
    }
}
