//! What the checks found, in words, each with the place where it is put right.

use domain::contacts::ContactField;
use domain::decimal::{Quantity, UnitPrice};
use domain::errors::ErrorCode;
use domain::exports::{ExportCheck, Finding, Outcome};
use domain::orders::PurchaseOrderRow;
use domain::units;

use crate::components::Tone;
use crate::format;
use crate::i18n::{Texts, fill};
use crate::pages::contacts::field_name;
use crate::pages::lists::with_back;
use crate::pages::orders::{edit_href, order_href};

/// How serious an outcome is.
pub(super) fn outcome_tone(outcome: Outcome) -> Tone {
    match outcome {
        Outcome::Fine => Tone::Ok,
        Outcome::Warning => Tone::Warning,
        Outcome::Overridable | Outcome::Stops => Tone::Error,
    }
}

/// The icon of an outcome.
pub(super) fn outcome_icon(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Fine => "check",
        Outcome::Warning => "help",
        Outcome::Overridable | Outcome::Stops => "stop",
    }
}

/// An outcome in a word.
pub(super) fn outcome_text(t: Texts, outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Fine => t.check_fine(),
        Outcome::Warning => t.check_warning(),
        Outcome::Overridable | Outcome::Stops => t.check_stops(),
    }
}

/// What a check is about, as the head of its column.
pub(super) fn check_text(t: Texts, check: ExportCheck) -> &'static str {
    match check {
        ExportCheck::ModuleHere => t.check_module_here(),
        ExportCheck::ModuleThere => t.check_module_there(),
        ExportCheck::TokenRegistered => t.check_token_registered(),
        ExportCheck::TokenValid => t.check_token_valid(),
        ExportCheck::ScopesComplete => t.check_scopes(),
        ExportCheck::EndpointReachable => t.check_endpoint(),
        ExportCheck::SupplierIdentical => t.check_supplier(),
        ExportCheck::KnownThere => t.check_known_there(),
        ExportCheck::LinesExact => t.check_lines_exact(),
        ExportCheck::Quantities => t.check_quantities(),
        ExportCheck::Prices => t.check_prices(),
        ExportCheck::DeliveryDate => t.check_delivery_date(),
        ExportCheck::NotSentBefore => t.check_not_sent(),
    }
}

/// An error code in words, with what to do about it.
pub(super) fn error_text(t: Texts, code: ErrorCode, finding: Option<&Finding>) -> String {
    let value = |name: &str| {
        let params = &finding?.params;
        // The check names several rights, the error text one.
        params.get(name).or_else(|| if name == "scope" { params.get("scopes") } else { None }).cloned()
    };
    let what = fill(t.error(code.as_str()).unwrap_or(code.as_str()), value);
    match t.fix(code.as_str()) {
        Some(fix) => format!("{what} {}", fill(fix, value)),
        None => what,
    }
}

/// A finding in words.
pub fn finding_text(t: Texts, finding: &Finding, row: &PurchaseOrderRow) -> String {
    let language = t.language();
    let supplier = row.supplier_name.clone().unwrap_or_else(|| t.order_detail_the_supplier().to_owned());
    let param = |name: &str| finding.params.get(name).cloned().unwrap_or_default();
    let price = |name: &str| {
        param(name)
            .parse::<UnitPrice>()
            .map_or_else(|_| param(name), |price| format::unit_price(price, language))
    };
    match (finding.check, finding.outcome) {
        (ExportCheck::ModuleThere, _) => t.check_module_there_off(supplier),
        (ExportCheck::TokenValid, Outcome::Warning) => t.check_token_soon(supplier),
        (ExportCheck::ScopesComplete, _) => t.check_scopes_missing(param("scopes")),
        (ExportCheck::SupplierIdentical, _) if param("fields").is_empty() => {
            t.check_supplier_differs(supplier)
        }
        (ExportCheck::SupplierIdentical, _) => {
        (ExportCheck::KnownThere, _) if finding.code == Some(ErrorCode::ContactUnchecked) => {
            t.check_known_there_unchecked(supplier)
        }
            t.check_supplier_differs_in(supplier, fields(t, &param("fields")))
        }
        (ExportCheck::KnownThere, _) if param("fields").is_empty() => t.check_unknown_there(supplier),
        (ExportCheck::KnownThere, _) => t.check_differs_there(supplier, fields(t, &param("fields"))),
        (ExportCheck::EndpointReachable, Outcome::Warning) => t.check_endpoint_unsure(supplier),
        (ExportCheck::LinesExact, _) if !param("not_checked").is_empty() => {
            t.check_line_not_checked(supplier)
        }
        (ExportCheck::LinesExact, _) if param("number").is_empty() => {
            t.check_line_without_number().to_owned()
        }
        (ExportCheck::LinesExact, _) => t.check_line_unknown(param("number"), supplier),
        (ExportCheck::Quantities, _) if !param("pack_size").is_empty() => {
            let pack = param("pack_size");
            t.match_pack_size(
                pack.parse().map_or(pack.clone(), |pack: Quantity| format::quantity(pack, language)),
            )
        }
        (ExportCheck::Quantities, Outcome::Stops) => t.check_incomplete().to_owned(),
        (ExportCheck::Quantities, _) => t.match_unit_differs(
            units::label(&param("ordered"), language),
            units::label(&param("listed"), language),
        ),
        (ExportCheck::Prices, _) => t.match_price_differs(price("ordered"), price("listed")),
        (ExportCheck::DeliveryDate, _) => {
            let date =
                row.requested_delivery_date.map(|date| format::date_long(date, language)).unwrap_or_default();
            match param("reason").as_str() {
                "past" => t.check_date_past(date),
                "weekend" => t.check_date_weekend(date),
                holiday => {
                    t.check_date_holiday(date, t.status(&format!("holiday.{holiday}")).unwrap_or_default())
                }
            }
        }
        (check, _) => match finding.code {
            Some(code) => error_text(t, code, Some(finding)),
            None => check_text(t, check).to_owned(),
        },
    }
}

/// The names of a contact's fields, from a list such as `name,street`.
fn fields(t: Texts, names: &str) -> String {
    let names: Vec<String> = names
        .split(',')
        .filter_map(ContactField::from_code)
        .map(|field| field_name(t, field).to_lowercase())
        .collect();
    names.join(", ")
}

/// Where a finding is put right.
pub(super) fn fix_href(finding: &Finding, row: &PurchaseOrderRow, back: &str) -> String {
    let line = |field: &str| {
        let edit = edit_href(&row.number);
        match finding.line_number {
            Some(number) => format!("{edit}#lines-{}-{field}", number - 1),
            None => edit,
        }
    };
    let href = match finding.check {
        ExportCheck::ModuleHere => "/admin/utvidelser".to_owned(),
        ExportCheck::SupplierIdentical => "/kontakter/leverandorer".to_owned(),
        ExportCheck::ModuleThere
        | ExportCheck::TokenRegistered
        | ExportCheck::TokenValid
        | ExportCheck::ScopesComplete
        | ExportCheck::EndpointReachable
        | ExportCheck::KnownThere => "/admin/integrasjoner/prodsys-to-prodsys".to_owned(),
        ExportCheck::LinesExact => line("supplier_article_number"),
        ExportCheck::Quantities if finding.line_number.is_none() => {
            format!("{}?kontroll=1", edit_href(&row.number))
        }
        ExportCheck::Quantities => line("quantity"),
        ExportCheck::Prices => line("unit_price"),
        ExportCheck::DeliveryDate => format!("{}#requested_delivery_date", edit_href(&row.number)),
        ExportCheck::NotSentBefore => order_href(&row.number),
    };
    with_back(&href, back)
}

/// The link's words: what is done there.
pub(super) fn fix_text(t: Texts, check: ExportCheck) -> &'static str {
    match check {
        ExportCheck::LinesExact => t.check_fix_article(),
        ExportCheck::Prices => t.check_fix_price(),
        ExportCheck::DeliveryDate => t.check_fix_date(),
        ExportCheck::NotSentBefore => t.check_see_order(),
        _ => t.frame_fix(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Language;
    use domain::ids::OrderId;
    use domain::money::Money;
    use domain::orders::OrderStatus;
    use domain::time::Timestamp;
    use std::collections::BTreeMap;

    #[test]
    fn a_red_line_leads_to_its_field() {
        let row = PurchaseOrderRow {
            order_id: OrderId(domain::ids::new_uuid(Timestamp(0), [1; 10])),
            number: "PO-2026-00417".to_owned(),
            supplier_name: Some("Bolt & Feste AS".to_owned()),
            status: OrderStatus::Ready,
            message_state: None,
            next_attempt_at: None,
            requested_delivery_date: None,
            currency: "NOK".to_owned(),
            net_total: Money(0),
            line_count: 4,
            updated_at: Timestamp(0),
        };
        let finding = Finding {
            check: ExportCheck::LinesExact,
            outcome: Outcome::Overridable,
            code: Some(ErrorCode::LinesNotExact),
            line_number: Some(4),
            params: BTreeMap::from([("number".to_owned(), "99123".to_owned())]),
        };
        assert_eq!(
            fix_href(&finding, &row, "/ordre"),
            "/ordre/innkjopsordre/PO-2026-00417/rediger?tilbake=%2Fordre#lines-3-supplier_article_number"
        );
        let text = finding_text(Texts::new(Language::Nb), &finding, &row);
        assert!(text.contains("99123") && text.contains("Bolt & Feste AS"), "{text}");
    }
}
