//! A file with headers that we do not know: which column is what, chosen by name.

use domain::errors::ErrorCode;
use domain::ids::ImportId;
use domain::imports::{FileKind, WaitingColumn, WaitingFile};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::{kind_text, upload_href};
use crate::api::files::{ChooseFileColumns, read_waiting_file};
use crate::components::{
    BusyButton, Cell, Column, Crumb, Crumbs, DataTable, FormErrors, FormState, HiddenField, LinkButton,
    Loading, PageHead, Row, TitleCell,
};
use crate::error::AppError;
use crate::i18n::{Texts, use_texts};
use crate::page_data::{PageData, suspend};
use crate::pages::lists::shown;

/// The page `/filer/:slag/kolonner/:id`.
#[component]
pub fn ColumnsPage() -> impl IntoView {
    let params = use_params_map();
    let import_id = Memo::new(move |_| params.with(|params| params.get("id")?.parse::<ImportId>().ok()));
    let file = PageData::new(
        move || import_id.get(),
        |import_id| async move { read_waiting_file(import_id.ok_or(AppError::from(ErrorCode::NotFound))?).await },
    );
    view! {
        <Transition fallback=Loading>
            {move || suspend(async move { shown(file.await, |file| view! { <Columns file/> }.into_any()) })}
        </Transition>
    }
}

#[component]
fn Columns(file: WaitingFile) -> impl IntoView {
    let t = use_texts();
    let action = ServerAction::<ChooseFileColumns>::new();
    let form = FormState::of(action);
    let WaitingFile { import_id, kind, file_name, columns } = file;
    let heads = vec![
        Column::new(t.files_their_column()).title(),
        Column::new(t.files_samples()).class("w"),
        Column::new(t.files_our_column()),
    ];
    let rows: Vec<_> = columns
        .into_iter()
        .enumerate()
        .map(|(place, column)| column_row(t, kind, form, place, column))
        .collect();
    let required = kind.columns().iter().filter(|column| column.required);
    let required: Vec<&str> = required.map(|column| column_text(t, column.name)).collect();
    let required = t.files_required(required.join(", "));
    view! {
        <Crumbs path=vec![
            Crumb::text(kind_text(t, kind)),
            Crumb::link(t.files_title(), upload_href(kind)),
            Crumb::text(t.files_choose_columns()),
        ]/>
        <PageHead title=t.files_choose_columns() below=move || view! { <span class="muted">{file_name.clone()}</span> }/>
        <p>{t.files_choose_columns_text()}" "{required}</p>
        <FormErrors form/>
        <ActionForm action attr:class="panel" attr:data-test="columns-form">
            <HiddenField name="import_id" value=import_id.to_string()/>
            <DataTable caption=t.files_choose_columns() columns=heads>{rows}</DataTable>
            <footer>
                <div class="row">
                    <BusyButton kind="p" busy=form.busy()>{t.files_bring_in()}</BusyButton>
                    <LinkButton href=upload_href(kind) kind="q">{t.frame_cancel()}</LinkButton>
                </div>
            </footer>
        </ActionForm>
    }
}

fn column_row(
    t: Texts,
    kind: FileKind,
    form: FormState,
    place: usize,
    column: WaitingColumn,
) -> impl IntoView {
    let WaitingColumn { header, samples, meant } = column;
    let name = format!("columns[{place}]");
    let chosen = form.value_or(&name, meant.unwrap_or_default());
    let label = t.files_column_is(header.clone());
    let option = |value: &'static str, text: &str| {
        view! { <option value=value selected=chosen == value>{text.to_owned()}</option> }.into_any()
    };
    let mut options = vec![option("", t.files_unused())];
    options.extend(kind.columns().iter().map(|column| option(column.name, column_text(t, column.name))));
    view! {
        <Row>
            <TitleCell text=header/>
            <Cell class="w" label=t.files_samples()>
                <span class="code wrap">{samples.join(" · ")}</span>
            </Cell>
            <Cell label=t.files_our_column()>
                <select class="input s" name=name aria-label=label>{options}</select>
            </Cell>
        </Row>
    }
}

/// What a column of ours is called.
fn column_text(t: Texts, name: &'static str) -> &'static str {
    t.label(name).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Language;

    #[test]
    fn every_column_has_a_name_for_people() {
        for language in [Language::Nb, Language::En] {
            let t = Texts::new(language);
            for kind in FileKind::ALL {
                for column in kind.columns() {
                    assert_ne!(column_text(t, column.name), column.name, "{}", kind.as_str());
                }
            }
        }
    }
}
