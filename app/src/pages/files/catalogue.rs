//! A supplier's catalogue from a price file, on the supplier's page.

use domain::errors::ErrorCode;
use domain::ids::ContactId;
use domain::roles::Permission;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::components::{Alert, Receipt, Tone};
use crate::i18n::{fill, use_texts};
use crate::session::use_shell;

/// The receipt in the address after a price file was read: how many articles, how many that could not be read, and whose file it was
/// where it was not the supplier's.
pub fn catalogue_query(articles: usize, faults: usize, seller: Option<&str>) -> Vec<(&'static str, String)> {
    let mut query = vec![("katalog", articles.to_string()), ("avvist", faults.to_string())];
    query.extend(seller.map(|seller| ("fra", seller.to_owned())));
    query
}

/// The form, for those who may; and what came of the file before.
#[component]
pub fn CatalogueUpload(contact_id: ContactId, supplier_name: String) -> impl IntoView {
    let t = use_texts();
    if !use_shell().user.is_some_and(|user| user.role.may(Permission::Administer)) {
        return None;
    }
    let query = use_query_map().get_untracked();
    let number = |name: &str| query.get(name).and_then(|text| text.parse::<i64>().ok());
    let receipt = number("katalog").map(|articles| {
        let mut text: Vec<String> = Vec::new();
        text.extend(number("avvist").filter(|count| *count > 0).map(|count| t.catalogue_refused(count)));
        text.extend(query.get("fra").map(|seller| t.catalogue_from_another(seller)));
        view! { <Receipt title=t.catalogue_brought_in(articles, supplier_name) text=text.join(" ")/> }
    });
    let fault = query.get("feil").and_then(|code| {
        let code = ErrorCode::from_code(&code)?;
        let text = fill(t.error(code.as_str())?, |name| query.get(name));
        Some(view! { <Alert tone=Tone::Error title=t.files_refused() text/> })
    });
    Some(view! {
        {receipt}
        {fault}
        <form
            class="card"
            method="post"
            enctype="multipart/form-data"
            action=format!("/filer/katalog/{contact_id}")
            aria-labelledby="h-catalogue"
            data-test="catalogue-form"
        >
            <h2 id="h-catalogue">{t.catalogue_from_file()}</h2>
            <div class="field">
                <label for="catalogue-file">{t.files_file()}</label>
                <p class="hint" id="catalogue-file-hint">{t.catalogue_from_file_text()}</p>
                <input class="input" id="catalogue-file" name="file" type="file" accept=".csv,.txt,.v4" aria-describedby="catalogue-file-hint"/>
            </div>
            <div class="row">
                <button class="btn" type="submit">{t.files_bring_in()}</button>
            </div>
        </form>
    })
}
