//! *Last ned* on the page of a list: the list as it is shown, as CSV and XLSX.

use leptos::prelude::*;

use super::PATH;
use crate::i18n::use_texts;

/// The name of each list's file in addresses.
pub mod list_file {
    pub const ORDERS: &str = "innkjopsordreliste";
    pub const DRAFTS: &str = "ordrekladder";
    pub const SALES_ORDERS: &str = "salgsordre";
    pub const ARTICLES: &str = "artikkelliste";
    pub const SUPPLIERS: &str = "leverandorer";
    pub const CUSTOMERS: &str = "kunder";
    pub const LOG: &str = "integrasjonslogg";
    pub const LINKS: &str = "koblinger";
}

/// Two links behind *Last ned*.
#[component]
pub fn Downloads(
    /// One of [`list_file`].
    file: &'static str,
    /// What the list is asked, as its address says it, without the page.
    #[prop(into)]
    question: String,
) -> impl IntoView {
    let t = use_texts();
    let joint = if question.is_empty() { "" } else { "?" };
    let href = |extension: &str| format!("{PATH}/ned/{file}.{extension}{joint}{question}");
    view! {
        <details class="filters menu-of" data-test="downloads">
            <summary>{t.files_out()}</summary>
            <div class="stack s">
                <p class="sm muted">{t.files_list_text()}</p>
                <div class="row">
                    // Without `download`: the answer says that it is a file, and a refusal is shown instead of saved.
                    <a class="btn s" href=href("csv") rel="external">"CSV"</a>
                    <a class="btn s" href=href("xlsx") rel="external">"XLSX"</a>
                </div>
            </div>
        </details>
    }
}
