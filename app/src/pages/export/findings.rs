//! What the checks found, in words, each with the place where it is put right.

use domain::contacts::ContactField;
use domain::errors::ErrorCode;
use domain::exports::{ExportCheck, Finding, Outcome};
use domain::matching::LineDifference;
use domain::orders::PurchaseOrderRow;

use crate::components::{Tone, difference_text};
use crate::format;
use crate::i18n::{Texts, fill};
use crate::pages::connections::PATH as CONNECTIONS;
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

/// How serious a finding is, and its icon. A price far off stops nothing, and is told as loudly as what does.
pub(crate) fn finding_look(finding: &Finding) -> (Tone, &'static str) {
    if finding.is_far_off() {
        (Tone::Error, "warn")
    } else {
        (outcome_tone(finding.outcome), outcome_icon(finding.outcome))
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
pub fn check_text(t: Texts, check: ExportCheck) -> &'static str {
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
        ExportCheck::StillSold => t.check_still_sold(),
        ExportCheck::Quantities => t.check_quantities(),
        ExportCheck::Prices => t.check_prices(),
        ExportCheck::DeliveryDate => t.check_delivery_date(),
        ExportCheck::NotSentBefore => t.check_not_sent(),
    }
}

/// An error code in words, with what to do about it.
pub(super) fn error_text(t: Texts, code: ErrorCode, finding: Option<&Finding>) -> String {
    if finding.is_some_and(|finding| finding.check == ExportCheck::ModuleHere) {
        // The code's own words are about the partner.
        return t.check_module_here_off().to_owned();
    }
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
    if let Some(difference) = finding.difference() {
        return difference_text(t, &difference);
    }
    match (finding.check, finding.outcome) {
        (ExportCheck::ModuleThere, _) if finding.code == Some(ErrorCode::ModuleDisabled) => {
            t.check_module_there_off(supplier)
        }
        (ExportCheck::TokenRegistered, _) if finding.code == Some(ErrorCode::SupplierUnknown) => {
            t.check_no_supplier().to_owned()
        }
        (ExportCheck::TokenValid, Outcome::Warning) => t.check_token_soon(supplier),
        (ExportCheck::ScopesComplete, _) => t.check_scopes_missing(param("scopes")),
        (ExportCheck::SupplierIdentical, _) if param("fields").is_empty() => {
            t.check_supplier_differs(supplier)
        }
        (ExportCheck::SupplierIdentical, _) => {
            t.check_supplier_differs_in(supplier, fields(t, &param("fields")))
        }
        (ExportCheck::KnownThere, _) if finding.code == Some(ErrorCode::ContactUnchecked) => {
            t.check_known_there_unchecked(supplier)
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
        (ExportCheck::Quantities, Outcome::Stops) => t.check_incomplete().to_owned(),
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
pub(crate) fn fix_href(finding: &Finding, row: &PurchaseOrderRow, back: &str) -> String {
    let head = |field: &str| format!("{}#{field}", edit_href(&row.number));
    let line = |field: &str| match finding.line_number {
        Some(number) => head(&format!("lines-{}-{field}", number - 1)),
        None => edit_href(&row.number),
    };
    let connection = |field: &str| match finding.params.get("connection_id") {
        Some(connection_id) => format!("{CONNECTIONS}/{connection_id}#{field}"),
        None => CONNECTIONS.to_owned(),
    };
    let href = match finding.check {
        ExportCheck::ModuleHere => "/admin/utvidelser".to_owned(),
        ExportCheck::SupplierIdentical if finding.code == Some(ErrorCode::ContactDiffers) => {
            match finding.params.get("contact_id") {
                Some(contact_id) => format!("/kontakter/leverandorer/{contact_id}/rediger"),
                None => "/kontakter/leverandorer".to_owned(),
            }
        }
        _ if finding.code == Some(ErrorCode::SupplierUnknown) => head("supplier_id"),
        _ if finding.code == Some(ErrorCode::ConnectionMissing) => format!("{CONNECTIONS}/ny"),
        ExportCheck::TokenRegistered | ExportCheck::TokenValid | ExportCheck::ScopesComplete => {
            connection("token")
        }
        ExportCheck::SupplierIdentical
        | ExportCheck::ModuleThere
        | ExportCheck::EndpointReachable
        | ExportCheck::KnownThere => connection("test-connection"),
        ExportCheck::LinesExact | ExportCheck::StillSold => line("supplier_article_number"),
        ExportCheck::Quantities | ExportCheck::Prices => match finding.difference() {
            Some(LineDifference::Price { .. }) => line("unit_price"),
            Some(LineDifference::Currency { .. }) => head("currency"),
            Some(LineDifference::Unit { .. } | LineDifference::UnitConverted { .. }) => line("unit"),
            Some(LineDifference::PackSize { .. } | LineDifference::MinimumQuantity { .. }) => {
                line("quantity")
            }
            Some(
                LineDifference::GoingOut | LineDifference::Discontinued | LineDifference::Replaced { .. },
            ) => line("supplier_article_number"),
            None => format!("{}?kontroll=1", edit_href(&row.number)),
        },
        ExportCheck::DeliveryDate => head("requested_delivery_date"),
        ExportCheck::NotSentBefore => order_href(&row.number),
    };
    with_back(&href, back)
}

/// The link's words: what is done there.
pub(crate) fn fix_text(t: Texts, check: ExportCheck) -> &'static str {
    match check {
        ExportCheck::LinesExact | ExportCheck::StillSold => t.check_fix_article(),
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

    fn row() -> PurchaseOrderRow {
        PurchaseOrderRow {
            order_id: OrderId(domain::ids::new_uuid(Timestamp(0), [1; 10])),
            number: "PO-2026-00417".to_owned(),
            supplier_name: Some("Bolt & Feste AS".to_owned()),
            status: OrderStatus::Ready,
            message_state: None,
            next_attempt_at: None,
            held: false,
            requested_delivery_date: None,
            currency: "NOK".to_owned(),
            net_total: Money(0),
            line_count: 4,
            has_unread: false,
            marks: Default::default(),
            updated_at: Timestamp(0),
        }
    }

    fn finding(check: ExportCheck, code: ErrorCode, params: &[(&str, &str)]) -> Finding {
        let params = params.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Finding {
            check,
            outcome: Outcome::Warning,
            code: Some(code),
            line_number: None,
            params: params.collect(),
        }
    }

    #[test]
    fn a_red_line_leads_to_its_field() {
        let finding = Finding {
            line_number: Some(4),
            ..finding(ExportCheck::LinesExact, ErrorCode::LinesNotExact, &[("number", "99123")])
        };
        assert_eq!(
            fix_href(&finding, &row(), "/ordre"),
            "/ordre/innkjopsordre/PO-2026-00417/rediger?tilbake=%2Fordre#lines-3-supplier_article_number"
        );
        let text = finding_text(Texts::new(Language::Nb), &finding, &row());
        assert!(text.contains("99123") && text.contains("Bolt & Feste AS"), "{text}");
    }

    #[test]
    fn what_is_put_right_elsewhere_leads_to_the_field_there() {
        let ids = [("connection_id", "k"), ("contact_id", "c")];
        let leads = |check, code, expected: &str| {
            let href = fix_href(&finding(check, code, &ids), &row(), "/");
            let (path, field) = href.split_once("?tilbake=%2F").unwrap();
            assert_eq!(format!("{path}{field}"), expected, "{code}");
        };
        let connection = |field: &str| format!("{CONNECTIONS}/k#{field}");
        leads(ExportCheck::TokenRegistered, ErrorCode::TokenMissing, &connection("token"));
        leads(ExportCheck::TokenRegistered, ErrorCode::ConnectionMissing, &format!("{CONNECTIONS}/ny"));
        leads(
            ExportCheck::TokenRegistered,
            ErrorCode::SupplierUnknown,
            "/ordre/innkjopsordre/PO-2026-00417/rediger#supplier_id",
        );
        leads(ExportCheck::TokenValid, ErrorCode::TokenExpired, &connection("token"));
        leads(ExportCheck::ScopesComplete, ErrorCode::InsufficientScope, &connection("token"));
        leads(
            ExportCheck::EndpointReachable,
            ErrorCode::ConnectionUnverified,
            &connection("test-connection"),
        );
        leads(ExportCheck::ModuleThere, ErrorCode::ModuleDisabled, &connection("test-connection"));
        leads(ExportCheck::KnownThere, ErrorCode::UnknownThere, &connection("test-connection"));
        let contact = "/kontakter/leverandorer/c/rediger";
        leads(ExportCheck::SupplierIdentical, ErrorCode::ContactDiffers, contact);
        leads(ExportCheck::SupplierIdentical, ErrorCode::ContactUnchecked, &connection("test-connection"));
    }

    #[test]
    fn what_is_off_is_told_by_its_own_name_and_place() {
        let t = Texts::new(Language::Nb);
        let told = |check, code| finding_text(t, &finding(check, code, &[]), &row());
        let module = told(ExportCheck::ModuleThere, ErrorCode::ModuleDisabled);
        assert!(module.contains("slått av hos Bolt & Feste AS"), "{module}");
        let access = told(ExportCheck::ModuleThere, ErrorCode::ApiAccessOff);
        assert!(access.contains("API-tilgang") && !access.contains("Utvidelsen"), "{access}");
        let here = told(ExportCheck::ModuleHere, ErrorCode::ModuleDisabled);
        assert!(here.contains("slått av her") && !here.contains("partneren"), "{here}");
        let supplier = told(ExportCheck::TokenRegistered, ErrorCode::SupplierUnknown);
        assert!(supplier.contains("ingen leverandør"), "{supplier}");
    }

    #[test]
    fn a_difference_reads_as_in_the_order_and_leads_to_its_field() {
        let text = str::to_owned;
        let price = LineDifference::Price {
            ordered: "2.5".parse().unwrap(),
            ordered_base: "1".parse().unwrap(),
            listed: "260".parse().unwrap(),
            base: "100".parse().unwrap(),
        };
        let cases = [
            (price, "#lines-1-unit_price", "260,00 per 100"),
            (LineDifference::Currency { ordered: text("NOK"), listed: text("EUR") }, "#currency", "EUR"),
            (LineDifference::Unit { ordered: text("EA"), listed: text("MTR") }, "#lines-1-unit", "stk"),
            (
                LineDifference::PackSize { pack_size: "100".parse().unwrap(), below: None, above: None },
                "#lines-1-quantity",
                "100",
            ),
            (
                LineDifference::Replaced { by: text("BF-1"), name: None },
                "#lines-1-supplier_article_number",
                "Erstattet av BF-1",
            ),
        ];
        let t = Texts::new(Language::Nb);
        for (difference, field, words) in cases {
            let finding = Finding::of_difference(&difference, 2);
            let text = finding_text(t, &finding, &row());
            assert_eq!(text, difference_text(t, &difference));
            assert!(text.contains(words), "{text}");
            assert!(fix_href(&finding, &row(), "/").ends_with(field), "{text}");
        }
    }
}
