//! The table of rules: every page and every server function, and who may use it. What has no row is refused.

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use domain::errors::ErrorCode;
use domain::roles::Permission::{self, Administer, Purchase, Read, Sell, WriteRegisters};
use domain::tokens::Scope;
use http::HeaderMap;
use services::{Actor, Ctx};

use super::{errors, fault_page, files};

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    Public,
    SignedIn(Permission),
}

use Rule::{Public, SignedIn};

/// Pages, as the router writes them.
pub const PAGES: &[(&str, Rule)] = &[
    ("/", Public),
    ("/logg-inn", Public),
    ("/oppsett", Public),
    ("/oversikt", SignedIn(Read)),
    ("/sok", SignedIn(Read)),
    ("/hjelp", SignedIn(Read)),
    ("/innstillinger", SignedIn(Read)),
    ("/filer/{slag}", SignedIn(Read)),
    ("/filer/rapport/{id}", SignedIn(Read)),
    ("/filer/{slag}/kolonner/{id}", SignedIn(Read)),
    ("/ordre/innkjopsordre", SignedIn(Read)),
    ("/ordre/innkjopsordre/ny", SignedIn(Purchase)),
    ("/ordre/innkjopsordre/valgte", SignedIn(Purchase)),
    ("/ordre/innkjopsordre/valgte/{id}", SignedIn(Read)),
    ("/ordre/innkjopsordre/utskrift", SignedIn(Read)),
    ("/ordre/innkjopsordre/{nr}", SignedIn(Read)),
    ("/ordre/innkjopsordre/{nr}/rediger", SignedIn(Purchase)),
    ("/ordre/innkjopsordre/{nr}/lim-inn", SignedIn(Purchase)),
    ("/ordre/innkjopsordre/{nr}/forrige", SignedIn(Purchase)),
    ("/ordre/maler", SignedIn(Purchase)),
    ("/ordre/innkjopsordre/{nr}/konflikt", SignedIn(Purchase)),
    ("/ordre/eksporter-til-partner", SignedIn(Purchase)),
    ("/ordre/eksporter-til-partner/{jobb}", SignedIn(Purchase)),
    ("/salg/ordrekladder", SignedIn(Read)),
    ("/salg/ordrekladder/valgte", SignedIn(Sell)),
    ("/salg/ordrekladder/valgte/{id}", SignedIn(Read)),
    ("/salg/ordrekladder/{nr}", SignedIn(Read)),
    ("/salg/salgsordre", SignedIn(Read)),
    ("/salg/salgsordre/{nr}", SignedIn(Read)),
    ("/artikler", SignedIn(Read)),
    ("/artikler/ny", SignedIn(WriteRegisters)),
    ("/artikler/koblinger", SignedIn(Read)),
    ("/artikler/koblinger/avgjorelser", SignedIn(Read)),
    ("/artikler/{nr}", SignedIn(Read)),
    ("/kontakter/leverandorer", SignedIn(Read)),
    ("/kontakter/leverandorer/ny", SignedIn(WriteRegisters)),
    ("/kontakter/leverandorer/{id}", SignedIn(Read)),
    ("/kontakter/leverandorer/{id}/rediger", SignedIn(WriteRegisters)),
    ("/kontakter/kunder", SignedIn(Read)),
    ("/kontakter/kunder/ny", SignedIn(WriteRegisters)),
    ("/kontakter/kunder/{id}", SignedIn(Read)),
    ("/kontakter/kunder/{id}/rediger", SignedIn(WriteRegisters)),
    ("/admin/utvidelser", SignedIn(Administer)),
    ("/admin/api-tilgang/token", SignedIn(Administer)),
    ("/admin/api-tilgang/token/ny", SignedIn(Administer)),
    ("/admin/api-tilgang/token/laget", SignedIn(Administer)),
    ("/admin/integrasjoner/prodsys-to-prodsys", SignedIn(Administer)),
    ("/admin/integrasjoner/prodsys-to-prodsys/ny", SignedIn(Administer)),
    ("/admin/integrasjoner/prodsys-to-prodsys/{id}", SignedIn(Administer)),
    ("/admin/logger/integrasjonslogger", SignedIn(Administer)),
    ("/admin/logger/integrasjonslogger/{slag}/{id}", SignedIn(Administer)),
];

/// Routes beside the pages, which answer with something else than a page; what a service does, it judges itself as well.
pub const HANDLERS: &[(&str, &str, Rule)] = &[
    ("GET", "/hendelser", SignedIn(Read)),
    ("GET", "/filer/ned/{fil}", SignedIn(Read)),
    ("POST", "/filer/{slag}/inn", SignedIn(Read)),
    ("POST", "/filer/katalog/{id}", SignedIn(Administer)),
    ("POST", "/filer/ordrelinjer", SignedIn(Purchase)),
    ("POST", "/filer/ordrelinjer/{nr}", SignedIn(Purchase)),
];

/// Server functions, by the name after `/api/`.
pub const FUNCTIONS: &[(&str, Rule)] = &[
    // --- Session and choices
    ("current", Public),
    ("take_flash", Public),
    ("sign_in", Public),
    ("sign_out", Public),
    ("set_up", Public),
    ("set_language", Public),
    ("set_theme", Public),
    ("read_import_report", SignedIn(Read)),
    ("read_waiting_file", SignedIn(Read)),
    ("choose_file_columns", SignedIn(Read)),
    ("palette_search", SignedIn(Read)),
    ("set_keys", Public),
    ("list_administrators", SignedIn(Read)),
    ("save_view", SignedIn(Read)),
    ("change_view", SignedIn(Read)),
    // --- Overview
    ("read_overview", SignedIn(Read)),
    // --- Purchase orders and export
    ("list_orders", SignedIn(Read)),
    ("count_exact_lines", SignedIn(Read)),
    ("read_order", SignedIn(Read)),
    ("read_order_versions", SignedIn(Read)),
    ("read_order_log", SignedIn(Read)),
    ("read_order_form", SignedIn(Purchase)),
    ("save_order", SignedIn(Purchase)),
    ("autosave_order", SignedIn(Purchase)),
    ("read_order_conflict", SignedIn(Purchase)),
    ("resolve_order_conflict", SignedIn(Purchase)),
    ("note_presence", SignedIn(Read)),
    ("leave_order", SignedIn(Read)),
    ("delete_order", SignedIn(Purchase)),
    ("preview_order_batch", SignedIn(Purchase)),
    ("run_order_batch", SignedIn(Purchase)),
    ("read_order_batch", SignedIn(Read)),
    ("undo_order_batch", SignedIn(Purchase)),
    ("print_orders", SignedIn(Read)),
    ("suggest_articles", SignedIn(Purchase)),
    ("read_catalogue", SignedIn(Purchase)),
    ("export_orders", SignedIn(Purchase)),
    ("read_export", SignedIn(Purchase)),
    ("read_export_job", SignedIn(Purchase)),
    ("judge_order_lines", SignedIn(Purchase)),
    ("retry_order", SignedIn(Purchase)),
    ("duplicate_order", SignedIn(Purchase)),
    ("read_price_changes", SignedIn(Read)),
    ("list_previous_orders", SignedIn(Purchase)),
    ("lines_of_order", SignedIn(Purchase)),
    ("read_previous_lines", SignedIn(Purchase)),
    ("look_at_paste", SignedIn(Purchase)),
    ("paste_order_lines", SignedIn(Purchase)),
    ("add_previous_lines", SignedIn(Purchase)),
    ("list_order_templates", SignedIn(Purchase)),
    ("save_order_template", SignedIn(Purchase)),
    ("rename_order_template", SignedIn(Purchase)),
    ("remove_order_template", SignedIn(Purchase)),
    ("restore_order_template", SignedIn(Purchase)),
    ("start_order_from_template", SignedIn(Purchase)),
    // --- Drafts and sales orders
    ("list_drafts", SignedIn(Read)),
    ("review_draft", SignedIn(Read)),
    ("link_draft_line", SignedIn(Sell)),
    ("approve_draft", SignedIn(Sell)),
    ("reject_draft", SignedIn(Sell)),
    ("confirm_draft_customer", SignedIn(Sell)),
    ("preview_draft_batch", SignedIn(Sell)),
    ("answer_drafts", SignedIn(Sell)),
    ("read_draft_batch", SignedIn(Read)),
    ("suggest_own_articles", SignedIn(Sell)),
    ("list_sales_orders", SignedIn(Read)),
    ("get_sales_order", SignedIn(Read)),
    // --- Registers
    ("list_contacts", SignedIn(Read)),
    ("get_contact", SignedIn(Read)),
    ("compare_contact", SignedIn(Read)),
    ("add_contact", SignedIn(WriteRegisters)),
    ("edit_contact", SignedIn(WriteRegisters)),
    ("confirm_new_customer", SignedIn(WriteRegisters)),
    ("list_articles", SignedIn(Read)),
    ("read_article", SignedIn(Read)),
    ("add_article", SignedIn(WriteRegisters)),
    ("edit_article", SignedIn(WriteRegisters)),
    ("read_links", SignedIn(Read)),
    ("read_decisions", SignedIn(Read)),
    ("confirm_link", SignedIn(Purchase)),
    ("confirm_links", SignedIn(Purchase)),
    ("reject_link", SignedIn(Purchase)),
    ("undo_link", SignedIn(Purchase)),
    ("correct_number", SignedIn(WriteRegisters)),
    // --- Administration
    ("read_extension", SignedIn(Administer)),
    ("set_extension", SignedIn(Administer)),
    ("set_api_access", SignedIn(Administer)),
    ("list_tokens", SignedIn(Administer)),
    ("token_partners", SignedIn(Administer)),
    ("issue_token", SignedIn(Administer)),
    ("take_issued_token", SignedIn(Administer)),
    ("revoke_token", SignedIn(Administer)),
    ("list_connections", SignedIn(Administer)),
    ("read_connection", SignedIn(Administer)),
    ("save_connection", SignedIn(Administer)),
    ("test_connection", SignedIn(Administer)),
    ("sync_catalogue", SignedIn(Administer)),
    ("list_logs", SignedIn(Administer)),
    ("read_log", SignedIn(Administer)),
    ("retry_cause", SignedIn(Administer)),
    ("retry_message", SignedIn(Purchase)),
];

/// What a partner's token must be good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartnerRule {
    Open,
    AnyToken,
    Needs(Scope),
}

/// Routes of the partner API: method, path below `/partner/v1`, and who may use it.
pub const PARTNER: &[(&str, &str, PartnerRule)] = &[
    ("GET", "/openapi.json", PartnerRule::Open),
    ("GET", "/docs", PartnerRule::Open),
    ("GET", "/identity", PartnerRule::AnyToken),
    ("GET", "/articles", PartnerRule::Needs(Scope::ArticlesRead)),
    ("POST", "/articles/lookup", PartnerRule::Needs(Scope::ArticlesRead)),
    ("GET", "/contacts", PartnerRule::Needs(Scope::ContactsReadWrite)),
    ("PUT", "/contacts/{uid}", PartnerRule::Needs(Scope::ContactsReadWrite)),
    ("POST", "/purchase-orders", PartnerRule::Needs(Scope::PurchaseOrdersCreate)),
    ("POST", "/purchase-orders/batch", PartnerRule::Needs(Scope::PurchaseOrdersCreate)),
    ("POST", "/purchase-orders/check", PartnerRule::Needs(Scope::PurchaseOrdersCreate)),
    ("GET", "/purchase-orders/{uid}", PartnerRule::Needs(Scope::PurchaseOrdersCreate)),
    ("GET", "/events", PartnerRule::Needs(Scope::PurchaseOrdersCreate)),
];

/// The prefix of the partner API.
pub const PARTNER_PREFIX: &str = "/partner/v1";
const FUNCTION_PREFIX: &str = "/api/";
const SIGN_IN: &str = "/logg-inn";
/// What a page without scripts may load.
pub const PLAIN_PAGE: &str = "default-src 'none'; style-src 'self'; img-src data:; font-src 'self'; base-uri 'none'; \
     frame-ancestors 'none'; form-action 'none'";

/// The rule of a route, by the path that the router matched.
pub fn rule_of(matched: &str) -> Option<Rule> {
    let find =
        |table: &[(&str, Rule)], name| table.iter().find(|(known, _)| *known == name).map(|(_, rule)| *rule);
    match matched.strip_prefix(FUNCTION_PREFIX) {
        Some(name) => find(FUNCTIONS, name),
        None => find(PAGES, matched)
            .or_else(|| HANDLERS.iter().find(|(_, path, _)| *path == matched).map(|(_, _, rule)| *rule)),
    }
}

/// Refuses whoever may not, before the handler runs.
pub async fn enforce(request: Request, next: Next) -> Response {
    let function = request.uri().path().starts_with(FUNCTION_PREFIX);
    let matched = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let rule = match &matched {
        Some(matched) => rule_of(matched),
        // No route: the page that says so is for everybody, but an unknown server function is nobody's.
        None if function => return errors::refused(ErrorCode::NotFound.into()),
        None => Some(Public),
    };
    let Some(rule) = rule else {
        tracing::error!(path = matched, "a route has no row in the table of rules");
        return refuse(function, ErrorCode::Forbidden, &request);
    };
    let actor = request.extensions().get::<Ctx>().map_or(Actor::Anonymous, |ctx| ctx.actor.clone());
    match (rule, actor) {
        (Public, _) => next.run(request).await,
        (SignedIn(_), Actor::Anonymous) => refuse(function, ErrorCode::NotSignedIn, &request),
        (SignedIn(permission), actor) if actor.may(permission) => next.run(request).await,
        (SignedIn(_), _) if is_page(function, &request) => {
            let (headers, ctx) = (request.headers().clone(), request.extensions().get::<Ctx>().cloned());
            no_access(&headers, ctx).await
        }
        (SignedIn(_), _) => refuse(function, ErrorCode::Forbidden, &request),
    }
}

/// A person waits for a page, and not a script for an answer.
fn is_page(function: bool, request: &Request) -> bool {
    !function && fault_page::is_wanted(request.headers()) && request.uri().path() != "/hendelser"
}

/// The page for who may not, with the names of those who can change that.
async fn no_access(headers: &HeaderMap, ctx: Option<Ctx>) -> Response {
    let names = match ctx {
        Some(ctx) => services::users::administrators(&ctx).await.unwrap_or_else(|error| {
            tracing::warn!(?error, "who can change that could not be read");
            Vec::new()
        }),
        None => Vec::new(),
    };
    fault_page::no_access_page(headers, &names)
}

fn refuse(function: bool, code: ErrorCode, request: &Request) -> Response {
    if function
        && code == ErrorCode::NotSignedIn
        && errors::is_plain_form(request.method(), request.headers())
    {
        // The session ran out while the form was open: to *Logg inn*, and back to the page of the form.
        return to_sign_in(&errors::return_path(request.headers()));
    }
    if !is_page(function, request) {
        return errors::refused(code.into());
    }
    if code == ErrorCode::NotSignedIn {
        let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
        return to_sign_in(files::page_of(request.uri().path()).as_deref().unwrap_or(target));
    }
    fault_page::fault_page(request.headers(), &code.into(), fault_page::OVERVIEW)
}

fn to_sign_in(next: &str) -> Response {
    let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
    Redirect::to(&format!("{SIGN_IN}?neste={next}")).into_response()
}
