//! The fields of the order form by name, and when two texts in a field say the same.

use super::{OrderInput, OrderLineInput};
use crate::decimal::parse_typed;
use crate::text;
use crate::units;

impl OrderInput {
    /// The names of the fields of the head, as in pointers: `/our_reference`.
    pub const FIELDS: [&str; 10] = [
        "supplier_id",
        "requested_delivery_date",
        "currency",
        "delivery_name",
        "delivery_street",
        "delivery_postal_code",
        "delivery_city",
        "our_reference",
        "their_reference",
        "note",
    ];

    /// What stands in a field of the head; empty for a name that is none.
    pub fn field(&self, name: &str) -> &str {
        match name {
            "supplier_id" => &self.supplier_id,
            "requested_delivery_date" => &self.requested_delivery_date,
            "currency" => &self.currency,
            "delivery_name" => &self.delivery_name,
            "delivery_street" => &self.delivery_street,
            "delivery_postal_code" => &self.delivery_postal_code,
            "delivery_city" => &self.delivery_city,
            "our_reference" => &self.our_reference,
            "their_reference" => &self.their_reference,
            "note" => &self.note,
            _ => "",
        }
    }

    /// The field of the head, to be written; `None` for a name that is none.
    pub fn field_mut(&mut self, name: &str) -> Option<&mut String> {
        Some(match name {
            "supplier_id" => &mut self.supplier_id,
            "requested_delivery_date" => &mut self.requested_delivery_date,
            "currency" => &mut self.currency,
            "delivery_name" => &mut self.delivery_name,
            "delivery_street" => &mut self.delivery_street,
            "delivery_postal_code" => &mut self.delivery_postal_code,
            "delivery_city" => &mut self.delivery_city,
            "our_reference" => &mut self.our_reference,
            "their_reference" => &mut self.their_reference,
            "note" => &mut self.note,
            _ => return None,
        })
    }
}

impl OrderLineInput {
    /// The names of a line's fields, as in pointers: `/lines/3/quantity`.
    pub const FIELDS: [&str; 9] = [
        "article_number",
        "description",
        "supplier_article_number",
        "quantity",
        "unit",
        "unit_price",
        "price_base_quantity",
        "discount_percent",
        "note",
    ];

    /// What stands in a field; empty for a name that is none.
    pub fn field(&self, name: &str) -> &str {
        match name {
            "article_number" => &self.article_number,
            "description" => &self.description,
            "supplier_article_number" => &self.supplier_article_number,
            "quantity" => &self.quantity,
            "unit" => &self.unit,
            "unit_price" => &self.unit_price,
            "price_base_quantity" => &self.price_base_quantity,
            "discount_percent" => &self.discount_percent,
            "note" => &self.note,
            _ => "",
        }
    }

    /// The field, to be written; `None` for a name that is none.
    pub fn field_mut(&mut self, name: &str) -> Option<&mut String> {
        Some(match name {
            "article_number" => &mut self.article_number,
            "description" => &mut self.description,
            "supplier_article_number" => &mut self.supplier_article_number,
            "quantity" => &mut self.quantity,
            "unit" => &mut self.unit,
            "unit_price" => &mut self.unit_price,
            "price_base_quantity" => &mut self.price_base_quantity,
            "discount_percent" => &mut self.discount_percent,
            "note" => &mut self.note,
            _ => return None,
        })
    }

    /// Says the same as another line, whatever their ids.
    pub fn is_alike(&self, other: &Self) -> bool {
        Self::FIELDS.into_iter().all(|name| alike(name, self.field(name), other.field(name)))
    }

    /// The line on one line of text: `10250, Sekskantskrue M10x50, 40`. Never empty, since in a conflict that is a line that was taken away.
    pub fn summary(&self) -> String {
        let number =
            if self.article_number.is_empty() { &self.supplier_article_number } else { &self.article_number };
        let joined = |parts: &[&str]| {
            parts.iter().copied().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
        };
        let told = joined(&[number.trim(), self.description.trim(), self.quantity.trim()]);
        if !told.is_empty() {
            return told;
        }
        let told = joined(&Self::FIELDS.map(|field| self.field(field).trim()));
        if told.is_empty() { "–".to_owned() } else { told }
    }
}

/// Whether two texts in the field say the same: `1 200` and `1200,0`, `stk` and `EA`, nothing and what nothing stands for.
pub fn alike(name: &str, one: &str, other: &str) -> bool {
    one == other || meaning(name, one) == meaning(name, other)
}

fn meaning(name: &str, written: &str) -> String {
    let text = text::normalise(written);
    let text = match (name, text.as_str()) {
        ("price_base_quantity", "") => "1",
        ("discount_percent", "") => "0",
        ("unit", "") => "EA",
        ("currency", "") => "NOK",
        (_, text) => text,
    };
    match name {
        "quantity" | "unit_price" | "price_base_quantity" => number(text),
        "discount_percent" => number(text.trim_end_matches('%').trim_end()),
        "unit" => units::from_written(text).unwrap_or(text).to_owned(),
        "currency" => text.to_uppercase(),
        _ => text.to_owned(),
    }
}

fn number(text: &str) -> String {
    parse_typed(text).map_or_else(|_| text.to_owned(), |value| value.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_its_name() {
        let mut order = OrderInput::default();
        for name in OrderInput::FIELDS {
            name.clone_into(order.field_mut(name).unwrap());
            assert_eq!(order.field(name), name);
        }
        let mut line = OrderLineInput::default();
        for name in OrderLineInput::FIELDS {
            name.clone_into(line.field_mut(name).unwrap());
            assert_eq!(line.field(name), name);
        }
        assert!(line.field_mut("line_id").is_none());
    }

    #[test]
    fn texts_that_say_the_same_are_alike() {
        let same = [
            ("quantity", "1 200", "1200,0"),
            ("unit", "stk", ""),
            ("unit", "stk.", "EA"),
            ("discount_percent", "5 %", "5,00"),
            ("discount_percent", "", "0"),
            ("price_base_quantity", "1", ""),
            ("currency", "nok", ""),
            ("note", " Hall B ", "Hall B"),
        ];
        for (name, one, other) in same {
            assert!(alike(name, one, other), "{name}: {one} and {other}");
        }
        let different = [
            ("quantity", "1,2", "12"),
            ("unit_price", "", "0"),
            ("quantity", "1.200", "1200"),
            ("note", "a", "A"),
        ];
        for (name, one, other) in different {
            assert!(!alike(name, one, other), "{name}: {one} and {other}");
        }
    }
}
