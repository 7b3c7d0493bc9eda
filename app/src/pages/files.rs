//! Files: bringing registers and orders in, the report of what came of it, and getting them out.

use domain::errors::{ErrorCode, Refusal};
use domain::ids::ImportId;
use domain::imports::{FileKind, ImportReport, KeptReport, RefusedRow};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use super::lists::{ListQuery, address, shown, use_list_query};
use super::{contacts, orders};

mod catalogue;
mod columns;
mod downloads;

use crate::api::files::read_import_report;
use crate::components::{
    Alert, Cell, Choice, Column, Crumb, Crumbs, DataTable, LinkButton, Loading, Note, PageFault, PageHead,
    Receipt, Row, TextArea, Tone,
};
use crate::error::{AppError, value_text};
use crate::format;
use crate::i18n::{Texts, fill, use_texts};
use crate::page_data::{PageData, suspend};
use crate::session::use_shell;
pub use catalogue::{CatalogueUpload, catalogue_query};
pub use columns::ColumnsPage;
pub use downloads::{Downloads, list_file};

const PATH: &str = "/filer";

/// The word for a kind in addresses.
fn slug(kind: FileKind) -> &'static str {
    match kind {
        FileKind::Contacts => "kontakter",
        FileKind::Articles => "artikler",
        FileKind::PurchaseOrders => "innkjopsordre",
    }
}

/// Reads [`slug`].
pub fn kind_of(text: &str) -> Option<FileKind> {
    FileKind::ALL.into_iter().find(|kind| slug(*kind) == text)
}

/// The page on which a file of this kind is brought in.
pub fn upload_href(kind: FileKind) -> String {
    format!("{PATH}/{}", slug(kind))
}

/// The same page, where what is taken out is what a list shows: everything that its address asks.
pub fn files_href_of(kind: FileKind, query: &ListQuery) -> String {
    query.page_href(&upload_href(kind), 1)
}

/// The file with what a list shows.
fn download_href(kind: FileKind, extension: &str, shown: &ListQuery) -> String {
    let path = format!("{PATH}/ned/{}.{extension}", slug(kind));
    shown.page_href(&path, 1)
}

/// What a list shows, in words; `None` for everything.
fn shown_text(t: Texts, kind: FileKind, shown: &ListQuery) -> Option<String> {
    let view = match kind {
        FileKind::PurchaseOrders => orders::chosen_view_text(t, &shown.view),
        FileKind::Contacts => contacts::role_of(&shown.view).map(|role| contacts::title(t, role)),
        FileKind::Articles => None,
    };
    let search = shown.search().map(|search| t.files_searched_for(search));
    let filters = (shown.filters() > 0).then(|| t.files_filtered().to_owned());
    let parts: Vec<String> = view.map(str::to_owned).into_iter().chain(search).chain(filters).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// The same page, with why the file could not be read.
pub fn refused_href(kind: FileKind, refusal: &Refusal) -> String {
    let mut parameters = vec![("feil", refusal.code.as_str())];
    parameters.extend(refusal.params.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    address(&upload_href(kind), &parameters)
}

fn kind_text(t: Texts, kind: FileKind) -> &'static str {
    match kind {
        FileKind::Contacts => t.nav_contacts(),
        FileKind::Articles => t.nav_articles(),
        FileKind::PurchaseOrders => t.nav_purchase_orders(),
    }
}

/// Rows worth a look that are listed; their number is told in any case.
const SHOWN_WARNINGS: usize = 50;

/// The page `/filer/:slag`.
#[component]
pub fn FilesPage() -> impl IntoView {
    let params = use_params_map();
    let kind = Memo::new(move |_| params.with(|params| kind_of(&params.get("slag").unwrap_or_default())));
    move || match kind.get() {
        Some(kind) => view! { <Files kind/> }.into_any(),
        None => view! { <PageFault error=AppError::from(ErrorCode::NotFound)/> }.into_any(),
    }
}

#[component]
fn Files(kind: FileKind) -> impl IntoView {
    let t = use_texts();
    let may_bring = use_shell().user.is_some_and(|user| user.role.may(kind.permission()));
    let query = use_query_map();
    let fault = query.with_untracked(|query| {
        let code = ErrorCode::from_code(&query.get("feil")?)?;
        Some(fill(t.error(code.as_str())?, |name| query.get(name)))
    });
    let columns: Vec<&str> = kind.columns().iter().map(|column| column.name).collect();
    let columns = columns.join("; ");
    view! {
        <Crumbs path=vec![Crumb::text(kind_text(t, kind)), Crumb::text(t.files_title())]/>
        <PageHead title=t.files_title_of(kind_text(t, kind).to_lowercase())/>
        {fault.map(|text| view! { <Alert tone=Tone::Error title=t.files_refused() text/> })}
        <Out kind/>
        {may_bring.then(|| view! { <Upload kind columns/> })}
    }
}

/// *Last ned*: everything, or what the list showed from which the reader came.
#[component]
fn Out(kind: FileKind) -> impl IntoView {
    let t = use_texts();
    let asked = use_list_query();
    let what = move || match shown_text(t, kind, &asked.get()) {
        None => view! { <p>{t.files_out_text()}</p> }.into_any(),
        Some(what) => view! {
            <p data-test="taken-out">{t.files_out_shown(what)}</p>
            <p><a href=upload_href(kind)>{t.files_out_all()}</a></p>
        }
        .into_any(),
    };
    let file = move |extension: &'static str| move || download_href(kind, extension, &asked.get());
    view! {
        <section class="card" aria-labelledby="h-out">
            <h2 id="h-out">{t.files_out()}</h2>
            {what}
            <div class="row">
                // Without `download`: the answer says that it is a file, and a refusal is shown instead of saved.
                <a class="btn" href=file("csv") rel="external">"CSV"</a>
                <a class="btn" href=file("xlsx") rel="external">"XLSX"</a>
            </div>
        </section>
    }
}

#[component]
fn Upload(kind: FileKind, columns: String) -> impl IntoView {
    let t = use_texts();
    view! {
        <form
            class="card"
            method="post"
            enctype="multipart/form-data"
            action=format!("{}/inn", upload_href(kind))
            aria-labelledby="h-in"
            data-test="import-form"
        >
            <h2 id="h-in">{t.files_in()}</h2>
            <p>{t.files_in_text()}</p>
            <p class="sm muted">{t.files_columns()}" "<span class="code wrap">{columns}</span></p>
            <div class="field">
                <label for="file">{t.files_file()}</label>
                <input class="input" id="file" name="file" type="file" accept=".xlsx,.csv,.txt,text/csv" required/>
            </div>
            <details>
                <summary>{t.files_other_headers()}</summary>
                <div class="fields">
                    <TextArea name="map" label=t.files_map() hint=t.files_map_hint() optional=true/>
                    <TextArea name="set" label=t.files_set() hint=t.files_set_hint() optional=true/>
                </div>
            </details>
            <Choice name="skip_bad" value="1" label=t.files_skip_bad() hint=t.files_skip_bad_hint()/>
            <Choice name="dry_run" value="1" label=t.files_dry_run() hint=t.files_dry_run_hint()/>
            <div class="row">
                <button class="btn p" type="submit">{t.files_bring_in()}</button>
            </div>
        </form>
    }
}

/// The page `/filer/rapport/:id`.
#[component]
pub fn ImportReportPage() -> impl IntoView {
    let params = use_params_map();
    let import_id = Memo::new(move |_| params.with(|params| params.get("id")?.parse::<ImportId>().ok()));
    let report = PageData::new(
        move || import_id.get(),
        |import_id| async move { read_import_report(import_id.ok_or(AppError::from(ErrorCode::NotFound))?).await },
    );
    view! {
        <Transition fallback=Loading>
            {move || suspend(async move { shown(report.await, |kept| view! { <Report kept/> }.into_any()) })}
        </Transition>
    }
}

#[component]
fn Report(kept: KeptReport) -> impl IntoView {
    let t = use_texts();
    let KeptReport { at, by, file_name, report } = kept;
    let kind = report.kind;
    let below = format!("{file_name}, {}, {by}", format::date_time(at, t.language()));
    let unused = report.ignored_columns.join(", ");
    let ignored = (!unused.is_empty())
        .then(|| view! { <Note tone=Tone::Info icon="info">{t.files_ignored(unused)}</Note> });
    let rows: Vec<_> = report.refused.iter().cloned().map(|row| view! { <RefusedLine row kind/> }).collect();
    let columns = vec![
        Column::new(t.files_line()).title(),
        Column::new(t.files_column()),
        Column::new(t.files_value()),
        Column::new(t.files_reason()).class("w"),
    ];
    view! {
        <Crumbs path=vec![
            Crumb::text(kind_text(t, kind)),
            Crumb::link(t.files_title(), upload_href(kind)),
            Crumb::text(t.files_report()),
        ]/>
        <PageHead title=headline(t, &report) below=move || view! { <span class="muted">{below.clone()}</span> }>
            <LinkButton href=upload_href(kind)>{t.files_another()}</LinkButton>
        </PageHead>
        <Outcome report=report.clone()/>
        {ignored}
        {warned(t, kind, &report)}
        {(!rows.is_empty())
            .then(|| {
                view! {
                    <section class="panel" aria-label=t.files_refused_rows() data-test="refused-rows">
                        <DataTable caption=t.files_refused_rows() columns>
                            {rows}
                        </DataTable>
                    </section>
                }
            })}
    }
}

/// Rows that were taken and are worth a look, each with its reason.
fn warned(t: Texts, kind: FileKind, report: &ImportReport) -> Option<AnyView> {
    let count = i64::try_from(report.warnings.len()).unwrap_or(i64::MAX);
    if count == 0 {
        return None;
    }
    let rows = report.warnings.iter().take(SHOWN_WARNINGS).map(|row| {
        let line = format::whole(i64::try_from(row.line).unwrap_or(i64::MAX), t.language());
        let text = t.files_warning(line, row.column.clone(), row.value.clone(), refused_text(t, kind, row));
        view! { <li>{text}</li> }.into_any()
    });
    let rows: Vec<AnyView> = rows.collect();
    Some(
        view! {
            <div class="alert" data-test="warned-rows">
                <div>
                    <p><strong>{t.files_warnings(count)}</strong></p>
                    <ul class="sm">{rows}</ul>
                </div>
            </div>
        }
        .into_any(),
    )
}

fn headline(t: Texts, report: &ImportReport) -> String {
    match (report.dry_run, report.applied || report.faults == 0) {
        (true, _) => t.files_was_dry_run().to_owned(),
        (false, true) => t.files_brought_in(report.imported, report.updated),
        (false, false) => t.files_nothing_brought_in().to_owned(),
    }
}

#[component]
fn Outcome(report: ImportReport) -> impl IntoView {
    let t = use_texts();
    let figures = t.files_figures(report.rows, report.imported, report.updated, report.faults);
    if report.dry_run {
        view! { <Alert tone=Tone::Info title=t.files_nothing_changed() text=figures/> }.into_any()
    } else if report.applied || report.faults == 0 {
        view! { <Receipt title=figures/> }.into_any()
    } else {
        view! { <Alert tone=Tone::Error title=t.files_nothing_changed() text=t.files_put_right(report.faults)/> }.into_any()
    }
}

/// Why a row was refused, in words. What rows have in common that make one thing depends on the kind of file.
pub fn refused_text(t: Texts, kind: FileKind, row: &RefusedRow) -> String {
    let code = row.code.as_str();
    let of_kind = format!("{code}_{}", kind.as_str().replace('-', "_"));
    let text = t.field(&of_kind).or_else(|| t.field(code)).or_else(|| t.error(code)).unwrap_or(code);
    fill(text, |name| value_text(t, &row.params, name))
}

#[component]
fn RefusedLine(row: RefusedRow, kind: FileKind) -> impl IntoView {
    let t = use_texts();
    let reason = refused_text(t, kind, &row);
    view! {
        <Row>
            <Cell class="num" label=t.files_line()>{format::whole(i64::try_from(row.line).unwrap_or(i64::MAX), t.language())}</Cell>
            <Cell label=t.files_column()>{row.column}</Cell>
            <Cell label=t.files_value()><span class="code wrap">{row.value}</span></Cell>
            <Cell class="w" label=t.files_reason()>{reason}</Cell>
        </Row>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Language;

    #[test]
    fn rows_of_one_thing_are_told_by_what_makes_them_one() {
        let row = RefusedRow {
            line: 3,
            column: "price".to_owned(),
            code: ErrorCode::RowsDiffer,
            params: Default::default(),
            value: "2".to_owned(),
        };
        for (kind, words) in [
            (FileKind::Contacts, "samme organisasjonsnummer"),
            (FileKind::Articles, "samme artikkelnummer"),
            (FileKind::PurchaseOrders, "samme ordrereferanse"),
        ] {
            let text = refused_text(Texts::new(Language::Nb), kind, &row);
            assert!(text.contains(words), "{text}");
        }
    }

    #[test]
    fn a_pair_without_its_sign_is_told_as_such() {
        let t = Texts::new(Language::Nb);
        let told =
            |name: &str| AppError::from(Refusal::from(ErrorCode::ColumnUnknown).with(name, "name")).text(t);
        assert_eq!(told("column"), "Vi har ingen kolonne som heter name.");
        assert!(told("map_entry").ends_with("for eksempel name=Overskrift."), "{}", told("map_entry"));
        assert!(told("set_entry").ends_with("for eksempel name=verdi."), "{}", told("set_entry"));
    }
}
