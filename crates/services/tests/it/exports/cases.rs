//! Each check, and what makes it find something.

use domain::connections::{ConnectionState, KnownThere};
use domain::contacts::{ContactDifference, ContactField};
use domain::errors::ErrorCode as Code;
use domain::exports::ExportCheck as Check;
use domain::exports::Outcome::{self, Overridable, Stops, Warning};
use domain::time::Timestamp;
use domain::tokens::Scope;

use super::Setup;

/// Check, outcome, code, line, and values without the ids.
pub(super) type Told = (Check, Outcome, Option<Code>, Option<i32>, &'static str);
pub(super) type Case = (&'static str, fn(&mut Setup), &'static [Told]);

pub(super) const CASES: &[Case] = &[
    // The first, since a test is not forgotten.
    (
        "6 never tested",
        |setup| setup.test = None,
        &[(Check::EndpointReachable, Warning, Some(Code::ConnectionUnverified), None, "")],
    ),
    ("fine", |_| {}, &[]),
    (
        "1",
        |setup| setup.extension_on = false,
        &[(Check::ModuleHere, Stops, Some(Code::ModuleDisabled), None, "")],
    ),
    (
        "2",
        |setup| setup.identity().extension_on = false,
        &[(Check::ModuleThere, Stops, Some(Code::ModuleDisabled), None, "")],
    ),
    (
        "3 no token",
        |setup| setup.has_token = false,
        &[(Check::TokenRegistered, Stops, Some(Code::TokenMissing), None, "")],
    ),
    (
        "3 no connection",
        |setup| setup.has_connection = false,
        &[
            (Check::TokenRegistered, Stops, Some(Code::ConnectionMissing), None, ""),
            (
                Check::LinesExact,
                Overridable,
                Some(Code::LinesNotExact),
                Some(1),
                "not_checked=true number=BF-1",
            ),
        ],
    ),
    (
        "3 no supplier",
        |setup| setup.order.supplier_id = String::new(),
        &[
            (Check::TokenRegistered, Stops, Some(Code::SupplierUnknown), None, ""),
            (
                Check::LinesExact,
                Overridable,
                Some(Code::LinesNotExact),
                Some(1),
                "not_checked=true number=BF-1",
            ),
            (Check::Quantities, Stops, Some(Code::OrderIncomplete), None, ""),
        ],
    ),
    (
        "4",
        |setup| setup.identity().token_expires_at = Timestamp(1),
        &[(Check::TokenValid, Stops, Some(Code::TokenExpired), None, "")],
    ),
    (
        "4 soon",
        |setup| {
            let at = setup.test().at;
            setup.identity().token_expires_at = at.plus_seconds(3 * 86_400);
        },
        &[(Check::TokenValid, Warning, Some(Code::TokenExpiresSoon), None, "")],
    ),
    ("4 not told", |setup| setup.identity().token_expires_at = Timestamp(0), &[]),
    (
        "5 what sends",
        |setup| setup.test().missing_scopes = vec![Scope::PurchaseOrdersCreate],
        &[(
            Check::ScopesComplete,
            Stops,
            Some(Code::InsufficientScope),
            None,
            "scopes=PurchaseOrders:Create",
        )],
    ),
    (
        "5 another",
        |setup| setup.test().missing_scopes = vec![Scope::ArticlesRead],
        &[(Check::ScopesComplete, Warning, Some(Code::InsufficientScope), None, "scopes=Articles:Read")],
    ),
    (
        "6 silent",
        |setup| {
            setup.test().failure = Some(Code::ConnectRefused);
            setup.test().identity = None;
        },
        &[(Check::EndpointReachable, Warning, Some(Code::ConnectRefused), None, "")],
    ),
    (
        "6 stopped",
        |setup| {
            setup.state = ConnectionState::Paused;
            setup.test().failure = Some(Code::InstanceConflict);
        },
        &[(Check::EndpointReachable, Stops, Some(Code::InstanceConflict), None, "")],
    ),
    (
        "7",
        |setup| setup.test().differences = Some(vec![difference()]),
        &[(Check::SupplierIdentical, Warning, Some(Code::ContactDiffers), None, "fields=street")],
    ),
    (
        "7 not compared",
        |setup| setup.test().differences = None,
        &[(Check::SupplierIdentical, Warning, Some(Code::ContactUnchecked), None, "")],
    ),
    (
        "8 unknown",
        |setup| setup.test().known_there = Some(KnownThere::No),
        &[(Check::KnownThere, Warning, Some(Code::UnknownThere), None, "")],
    ),
    (
        "8 differs",
        |setup| setup.test().known_there = Some(KnownThere::Yes { differences: vec![difference()] }),
        &[(Check::KnownThere, Warning, Some(Code::ContactDiffers), None, "fields=street")],
    ),
    (
        "8 not read",
        |setup| setup.test().known_there = None,
        &[(Check::KnownThere, Warning, Some(Code::ContactUnchecked), None, "")],
    ),
    (
        "9",
        |setup| setup.order.lines[0].supplier_article_number = "BF-l".into(),
        &[(Check::LinesExact, Overridable, Some(Code::LinesNotExact), Some(1), "number=BF-l")],
    ),
    (
        "9 an exact line of an article that goes out",
        |setup| setup.order.lines[0].supplier_article_number = "BF-3".into(),
        &[(Check::StillSold, Warning, None, Some(1), "article_status=going_out")],
    ),
    (
        "9 an exact line of an article that was replaced",
        |setup| setup.order.lines[0].supplier_article_number = "BF-2".into(),
        &[(Check::StillSold, Warning, None, Some(1), "replaced_by=BF-1 replaced_by_name=Skrue")],
    ),
    (
        "10 pack",
        |setup| setup.order.lines[0].quantity = "15".into(),
        &[(Check::Quantities, Warning, None, Some(1), "above=20 below=10 pack_size=10")],
    ),
    (
        "10 unit",
        |setup| setup.order.lines[0].unit = "MTR".into(),
        &[(Check::Quantities, Warning, None, Some(1), "listed=EA ordered=MTR")],
    ),
    (
        "10 incomplete",
        |setup| setup.order.lines.clear(),
        &[(Check::Quantities, Stops, Some(Code::OrderIncomplete), None, "")],
    ),
    (
        "11",
        |setup| setup.order.lines[0].unit_price = "2,60".into(),
        &[(Check::Prices, Warning, None, Some(1), "base=100 listed=250 ordered=2.6 ordered_base=1")],
    ),
    (
        "11 currency",
        |setup| setup.order.currency = "EUR".into(),
        &[(Check::Prices, Warning, None, Some(1), "listed_currency=NOK ordered_currency=EUR")],
    ),
    (
        "12",
        |setup| setup.order.requested_delivery_date = "17.05.2032".into(),
        &[(Check::DeliveryDate, Warning, Some(Code::InvalidDate), None, "reason=constitution_day")],
    ),
    (
        "13",
        |setup| setup.sent_before = true,
        &[(Check::NotSentBefore, Stops, Some(Code::AlreadySent), None, "")],
    ),
];

fn difference() -> ContactDifference {
    ContactDifference { field: ContactField::Street, ours: "Gata 1".into(), theirs: "Gata 2".into() }
}
